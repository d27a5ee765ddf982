"""The card tells the truth of the network, keeps drafts whole, and lets no text of a resident act as code."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.desk.models import Presence
from otklik.desk.rules import pieces, safe_url, without_greeting
from otklik.inbox.models import MessageVersion
from otklik.registry.models import Municipality, Settlement
from tests.desk.world import World

At = Callable[..., Client]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def working(world: World) -> Incident:
    incident = world.incident(action="open")
    return casework.accept(incident=incident, by=world.people["executor"], now=world.now)


def test_a_city_is_not_named_twice_and_a_joined_incident_is_called_so_once(world: World, at: At) -> None:
    incident, fellow = world.incident(action="open"), world.incident(action="open")
    town = Settlement.objects.create(municipality=world.municipality, name="Заречный", kind="г.")
    Municipality.objects.filter(pk=world.municipality.pk).update(short_name="Заречный")
    Incident.objects.filter(pk=incident.pk).update(
        municipality=world.municipality, settlement=town, street=None, street_name="улица Мира", house="5"
    )
    by = world.people["dispatcher"].actor
    casework.attach(incident=fellow, parent=incident, by=by, now=world.now)
    page = at("dispatcher").get(url("incident", incident)).content.decode()
    assert "Заречный · улица Мира, 5" in page
    assert "Заречный · Заречный" not in page
    assert "<span>присоединён, " in page
    assert "присоединён, присоединено" not in page


def test_hostile_text_is_only_text(world: World, at: At) -> None:
    incident = world.incident(HOSTILE, author=HOSTILE, words=("script",), action="open")
    world.photo(
        incident.message,
        title=HOSTILE,
        url="javascript:alert(3)",
        sizes=[{"url": "javascript:1", "width": 400}],
    )
    world.photo(incident.message, kind="doc", title=HOSTILE, url='https://vk.com/doc1?a="><script>')
    world.photo(incident.message, kind="doc", title=HOSTILE, url="data:text/html,<script>alert(4)</script>")
    MessageVersion.objects.create(message=incident.message, text=HOSTILE, replaced_at=world.now)
    incident.message.edited_at = world.now
    incident.message.save()
    casework.save_draft(
        incident=incident,
        text=f"</textarea>{HOSTILE}",
        by=world.people["executor"],
        now=world.now,
        draft_version=0,
    )
    casework.route(
        incident=incident, executor=world.city, reason=HOSTILE, by=world.people["second"].actor, now=world.now
    )
    page = at("dispatcher").get(url("incident", incident)).content.decode()
    for code in ("<script>alert", "<img src=x", "javascript:", 'href="data:', "</textarea>&lt;script>"):
        assert code not in page.replace("&lt;/textarea&gt;", "")
    assert "&lt;script&gt;alert(1)" in page
    preview = at("executor").post(url("preview", incident), {"text": HOSTILE}).content.decode()
    assert "<script>alert" not in preview
    assert "<script>alert" not in at("dispatcher").get("/desk/", {"q": HOSTILE}).content.decode()


def test_pages_carry_no_inline_code(world: World, at: At) -> None:
    incident = world.incident()
    for address in ("/desk/", url("incident", incident), "/accounts/2fa/", "/accounts/login/"):
        answer = at("dispatcher").get(address)
        page = answer.content.decode()
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://vk.com/a?b=1", True),
        ("http://vk.com", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("//evil.example", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_plain_web_addresses_are_links(address: str, safe: bool) -> None:
    assert bool(safe_url(address)) is safe


@given(
    text=st.text(max_size=60),
    words=st.lists(
        st.tuples(st.integers(0, 2), st.tuples(st.text(max_size=5), st.integers(-5, 70), st.integers(-5, 70)))
    ),
)
def test_marking_words_never_changes_the_text(
    text: str, words: list[tuple[int, tuple[str, int, int]]]
) -> None:
    assert "".join(piece.text for piece in pieces(text, words)) == text


def test_words_are_found_again_after_an_edit() -> None:
    marked = pieces("Опять яма!", [(0, ["Яма", 0, 3])])
    assert [(piece.text, piece.part) for piece in marked] == [("Опять ", None), ("яма", 0), ("!", None)]


@given(st.text(max_size=80))
def test_a_title_is_never_emptied(text: str) -> None:
    assert bool(without_greeting(text)) == bool(text)


def test_a_title_begins_with_the_matter() -> None:
    assert without_greeting("Здравствуйте! яма у дома") == "Яма у дома"
    assert without_greeting("Добрый день") == "Добрый день"
    assert without_greeting("Приветствуем победителей") == "Приветствуем победителей"


def test_the_card_shows_what_became_of_the_message(world: World, at: At) -> None:
    incident = world.incident("Яма у дома 12")
    message = incident.message
    MessageVersion.objects.create(message=message, text="Яма у дома 21", replaced_at=world.now)
    message.edited_at, message.deleted_at = world.now, world.now
    message.save()
    world.message("Подтверждаю, машину там оставил", root=message.external_id, author="Сосед")
    page = at("dispatcher").get(url("incident", incident)).content.decode()
    for words in (
        "Яма у дома 21",
        "Изменено автором",
        "Удалено в сети",
        "Подтверждаю, машину там оставил",
        "План ремонта дорог",
    ):
        assert words in page
    assert '<mark class="q0" data-at="0" data-length="3">Яма</mark>' in " ".join(page.split())


def test_earlier_messages_of_the_author_to_this_page_are_beside(world: World, at: At) -> None:
    before = world.incident("Тротуар не чищен", words=(), at=world.now - timedelta(days=3))
    elsewhere = world.incident("Автобус опоздал", words=(), page="ministry", body="ministry")
    incident = world.incident("Яма у дома 12")
    page = at("dispatcher", htmx=True).get(url("incident", incident)).content.decode()
    assert "Автор писал раньше" in page
    assert url("incident", before) in page.split("Автор писал раньше")[1]
    assert url("incident", elsewhere) not in page.split("Автор писал раньше")[1]


def test_a_draft_is_kept_while_it_is_typed(world: World, at: At) -> None:
    incident = working(world)
    client, json = at("executor"), {"headers": {"Accept": "application/json"}}
    first = client.post(url("draft", incident), {"text": "Здравствуйте", "draft_version": 0}, **json).json()
    second = client.post(
        url("draft", incident), {"text": "Здравствуйте!", "draft_version": first["version"]}, **json
    )
    assert second.json()["version"] == first["version"] + 1
    assert Answer.objects.get().text == "Здравствуйте!"


def test_two_people_do_not_overwrite_each_other(world: World, at: At) -> None:
    incident = working(world)
    casework.save_draft(
        incident=incident, text="Текст Нины", by=world.people["curator"], now=world.now, draft_version=0
    )
    mine = {"text": "Текст Олега", "draft_version": 0}
    refused = at("executor").post(url("draft", incident), mine, headers={"Accept": "application/json"})
    assert refused.status_code == 409
    assert refused.json()["theirs"] == {"text": "Текст Нины", "version": 1}
    assert "Нина Л." in refused.json()["problem"]
    plain = at("executor").post(url("draft", incident), mine)
    page = plain.content.decode()
    assert plain.status_code == 409
    assert "Текст Олега</textarea>" in page
    assert "Текст Нины" in page
    assert Answer.objects.get().text == "Текст Нины"


def test_a_draft_is_thrown_away_only_as_it_was_seen(world: World, at: At) -> None:
    incident = working(world)
    casework.save_draft(
        incident=incident, text="Черновик", by=world.people["curator"], now=world.now, draft_version=0
    )
    assert at("executor").post(url("discard", incident), {"draft_version": 0}).status_code == 409
    assert at("executor").post(url("discard", incident), {"draft_version": 1}).status_code == 200
    assert not Answer.objects.exists()


def test_people_at_one_card_see_each_other(world: World, at: At) -> None:
    incident = world.incident()
    assert (
        at("dispatcher").post(url("presence", incident), {"doing": "reading"}).content.decode().strip() == ""
    )
    seen = at("second").post(url("presence", incident), {"doing": "writing"}).content.decode()
    assert "Мария К. — читает" in seen
    assert "Иван П. — пишет ответ" in at("dispatcher").get(url("incident", incident)).content.decode()
    another = world.incident()
    at("second").post(url("presence", another), {"doing": "reading", "left": incident.pk})
    assert "Иван П." not in at("dispatcher").get(url("here", incident)).content.decode()
    at("second").post(url("presence", another), {"doing": "left"})
    assert not Presence.objects.filter(account=world.people["second"]).exists()
    Presence.objects.update(seen_at=world.now - timedelta(minutes=2))
    assert at("second").get(url("here", incident)).content.decode().strip() == ""


def test_english_interface_is_english(world: World, at: At) -> None:
    from django.core.management import call_command

    call_command("catalogue", "compile", verbosity=0)
    person = world.people["dispatcher"]
    person.language = "en"
    person.save()
    page = at("dispatcher").get(url("incident", world.incident())).content.decode()
    assert '<html lang="en">' in page
    assert "Triage" in page
    assert "Отклонить" not in page


@pytest.mark.parametrize(
    "address",
    ["/desk/incidents/999999", f"/desk/incidents/{10**30}", "/desk/incidents/1/panel/nothing", "/nowhere"],
)
def test_what_is_not_there_is_said_in_plain_words(world: World, at: At, address: str) -> None:
    world.incident()
    answer = at("dispatcher").get(address)
    assert answer.status_code == 404
    assert "Такой страницы нет" in answer.content.decode()


def test_a_broken_page_says_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from otklik.desk.views import browsing

    def broken(*_args: object) -> None:
        raise RuntimeError("a test breaks it")

    monkeypatch.setattr(browsing, "show", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.people["dispatcher"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/desk/")
    assert answer.status_code == 500
    assert "Ничего из того, что вы сохранили, не потеряно" in answer.content.decode()


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
def test_doors_that_staff_do_not_use_are_shut(client: Client, world: World, address: str) -> None:
    assert client.get(address).status_code == 404


def test_login_and_the_second_factor_have_pages_of_their_own(client: Client, world: World, at: At) -> None:
    assert "Вход для сотрудников" in client.get("/accounts/login/").content.decode()
    person = world.people["dispatcher"]
    person.set_password("долгий-пароль-стола")
    person.save()
    wrong = client.post("/accounts/login/", {"login": "dispatcher", "password": "нет"})
    assert 'role="alert"' in wrong.content.decode()
    right = client.post("/accounts/login/", {"login": "dispatcher", "password": "долгий-пароль-стола"})
    assert right.headers["Location"] == "/desk/"
    assert "Второй фактор входа" in client.get("/accounts/2fa/").content.decode()
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Подтвердите, что это вы" in asked.content.decode()
    shown = client.post(
        asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"],
        {"password": "долгий-пароль-стола"},
        follow=True,
    )
    assert "Включить приложение для кодов" in shown.content.decode()
    assert "Сменить пароль" in client.get("/accounts/password/change/").content.decode()
    assert "Выйти из Отклика?" in client.get("/accounts/logout/").content.decode()
