"""Personal data stay masked at the desk until somebody opens them with a reason, and the officer sees who did."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import Incident, PersonalRead
from otklik.casework.rules.personal import is_unusual
from otklik.common.actor import SYSTEM
from otklik.desk.marks import hidden, segments
from otklik.inbox.models import Author, MessageVersion
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.operations import local_date
from tests.desk.world import World

At = Callable[..., Client]
TEXT = "Яма у дома 12 по Тельмана, кв. 45. Звоните +7 913 912-34-56, Сидорова Мария Петровна, mp@example.org"
SECRETS = ("912-34-56", "Сидорова", "mp@example.org", "кв. 45", "Петрова")


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def story(client: Client, incident: Incident) -> str:
    return client.get(url("incident", incident)).content.decode()


def officer(world: World) -> Account:
    account = Account.objects.create(username="officer", full_name="Вера Строгова", email="v@example.org")
    registry.grant(account=account, role="security_officer", by=SYSTEM, now=world.now)
    world.people["officer"] = account
    return account


def test_everything_personal_is_masked_until_it_is_opened(world: World, at: At) -> None:
    incident = world.incident(TEXT)
    other = world.incident(f"Опять. {TEXT}", root=incident.message.thread.root_id)
    MessageVersion.objects.create(message=incident.message, text=TEXT, replaced_at=world.now)
    world.photo(incident.message, kind="doc", title=f"Жалоба {TEXT}")
    incident.message.edited_at = world.now
    incident.message.save()
    Author.objects.filter(pk=incident.message.author_id).update(url="https://vk.com/anna.petrova")
    client = at("dispatcher")
    page = story(client, incident)
    for secret in (*SECRETS, "anna.petrova"):
        assert secret not in page, secret
    for shown in ("[телефон]", "[ФИО]", "[почта]", "[квартира]", "Анна П.", "Персональные данные скрыты"):
        assert shown in page, shown
    for address in ("/desk/", f"/desk/rows?ids={incident.pk},{other.pk}"):
        queue = client.get(address).content.decode()
        assert "Яма у дома 12" in queue
        assert "912-34-56" not in queue

    answer = client.post(url("open_personal", incident), {"reason": "contact"})
    assert answer.status_code == 302
    page = story(client, incident)
    for shown in ("Анна Петрова", "912-34-56", "Сидорова", "mp@example.org", "https://vk.com/anna.petrova"):
        assert shown in page, shown
    assert "Персональные данные открыты вам до конца дня: связаться с автором." in " ".join(
        page.replace("</span>", "").replace("<span>", "").split()
    )
    # For this person and this incident only.
    assert "912-34-56" not in story(at("second"), incident)
    assert "Персональные данные скрыты" in story(client, other)


def test_an_opening_is_one_line_of_the_journal_and_ends_with_the_day(world: World) -> None:
    incident, by = world.incident(TEXT), world.people["dispatcher"]
    first = casework.open_personal(incident=incident, reason="visit", by=by, now=world.now)
    again = casework.open_personal(incident=incident, reason="check", by=by, now=world.now)
    assert (again.pk, again.reason) == (first.pk, "visit")
    (line,) = AuditLine.objects.filter(verb="open_personal")
    assert (line.subject_id, line.actor_id, line.details) == (incident.pk, by.pk, {"code": "visit"})
    tomorrow = world.now + timedelta(days=1)
    assert casework.opened_by(incident=incident, reader=by, now=world.now) == first
    assert casework.opened_by(incident=incident, reader=by, now=tomorrow) is None
    casework.open_personal(incident=incident, reason="visit", by=by, now=tomorrow)
    assert PersonalRead.objects.count() == 2


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("любопытно", ""), ("other", " \n ")])
def test_without_a_reason_nothing_opens(world: World, at: At, reason: str, words: str) -> None:
    incident = world.incident(TEXT)
    with pytest.raises(casework.NeedsReadingReason):
        casework.open_personal(
            incident=incident, reason=reason, words=words, by=world.people["dispatcher"], now=world.now
        )
    answer = at("dispatcher").post(url("open_personal", incident), {"reason": reason, "words": words})
    assert answer.status_code == 422
    assert "Скажите, зачем открываете персональные данные" in answer.content.decode()
    assert not PersonalRead.objects.exists()


def test_a_reason_of_ones_own_is_kept_in_words(world: World, at: At) -> None:
    incident = world.incident(TEXT, action="open")
    given = {"reason": "other", "words": "просит  прокуратура"}
    assert at("executor").post(url("open_personal", incident), given).status_code == 302
    read = PersonalRead.objects.get()
    assert (read.words, read.body_id) == ("просит прокуратура", world.city.pk)
    assert "просит прокуратура" in story(at("executor"), incident)


def test_who_only_looks_opens_nothing(world: World, at: At) -> None:
    incident = world.incident(TEXT)
    for username in ("viewer", "methodist"):
        client = at(username)
        assert "Персональные данные скрыты" in story(client, incident)
        assert client.post(url("open_personal", incident), {"reason": "check"}).status_code == 403
    assert at("stranger").post(url("open_personal", incident), {"reason": "check"}).status_code == 404


def test_the_panel_offers_reasons_by_keys(world: World, at: At) -> None:
    incident = world.incident(TEXT)
    assert 'data-key="h"' in story(at("dispatcher"), incident)
    address = reverse("desk:panel", args=[incident.pk, "open_personal"])
    panel = at("dispatcher").get(address).content.decode()
    for key, value in enumerate(("contact", "visit", "find", "check"), 1):
        assert f'value="{value}"' in panel
        assert f'data-key="{key}"' in panel
    assert '<input type="hidden" name="reason" value="other">' in panel


NAMES = [
    "personal_read_once_a_day",
    "personal_read_reason_known",
    "personal_read_other_says_why",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_database_keeps_the_openings(world: World, name: str) -> None:
    incident, by = world.incident(TEXT), world.people["dispatcher"]
    fields = {
        "incident": incident,
        "reader": by,
        "day": local_date(world.now),
        "at": world.now,
        "reason": "visit",
    }
    broken = {
        "personal_read_reason_known": {"reason": "x"},
        "personal_read_other_says_why": {"reason": "other"},
    }
    if name == "personal_read_once_a_day":
        PersonalRead.objects.create(**fields)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        PersonalRead.objects.create(**fields | broken.get(name, {}))
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name


def test_an_opening_is_never_changed_or_forgotten(world: World) -> None:
    incident, by = world.incident(TEXT), world.people["dispatcher"]
    read = casework.open_personal(incident=incident, reason="visit", by=by, now=world.now)
    for change in (read.delete, lambda: PersonalRead.objects.update(reason="check")):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


def test_the_officer_sees_who_opened_what(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    officer(world)
    client = at("officer")
    assert "никто ничего не открывал" in client.get("/desk/security/reads/").content.decode()
    shown = [world.incident(f"Яма {number}", action="open") for number in range(22)]
    for incident in shown:
        casework.open_personal(incident=incident, reason="find", by=world.people["executor"], now=world.now)
    casework.open_personal(
        incident=shown[0], reason="other", words="сверка", by=world.people["second"], now=world.now
    )
    with django_assert_max_num_queries(10):
        page = client.get("/desk/security/reads/").content.decode()
    assert "Необычно много" in page
    assert "22 открыти" in page
    assert "сверка" in page
    assert shown[3].number in page
    # The officer reads the journal, not the incidents.
    assert f'href="/desk/incidents/{shown[3].pk}"' not in page
    assert "Яма 3" not in page

    def rows(**filters: str) -> str:
        text: str = client.get("/desk/security/reads/", filters).content.decode()
        return text.partition("<tbody>")[2]

    assert "Олег Сергеев" not in rows(person="Попов")
    assert "сверка" in rows(person="Попов")
    assert rows(body="Новосибирского").count("<tr>") == 23
    assert rows(body="Минтранс") == ""
    assert rows(since="2001-01-01", until="2001-02-01") == ""
    assert rows(since="вчера", until="\0", person="Олег\0 Сергеев").count("<tr>") == 22


def test_the_log_is_for_those_who_read_the_journal(world: World, at: At) -> None:
    officer(world)
    for username, status in (("officer", 200), ("admin", 200), ("dispatcher", 403), ("curator", 403)):
        assert at(username).get("/desk/security/reads/").status_code == status, username
    # Nothing else at the desk is theirs, so the way there stands on the page they come to.
    assert "/desk/security/reads/" in at("officer").get("/desk/").content.decode()


def test_unusual_is_many_and_far_above_what_is_usual() -> None:
    assert not is_unusual(19, [])
    assert is_unusual(20, [])
    assert not is_unusual(90, [30, 30])
    assert is_unusual(91, [30, 30])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Анна Петрова", "Анна П."),
        ("Анна", "Анна"),
        ("  Анна   Мария  Петрова ", "Анна М."),
        ("Анна 89139123456", "Анна"),
        ("anna@example.org", ""),
        ("", ""),
    ],
)
def test_a_name_is_shown_as_much_as_an_answer_needs(name: str, shown: str) -> None:
    assert casework.masked_name(name) == shown


def test_a_long_text_is_masked_by_its_beginning() -> None:
    text = "Звоните 8 913 912-34-56. " + "яма " * 1000
    assert casework.masked_line(text).startswith("Звоните [телефон]. яма")
    assert len(casework.masked_line(text)) < 1300
    assert casework.masked(text).endswith("яма ")


SPANS = st.lists(st.tuples(st.just("phone"), st.integers(-3, 40), st.integers(-3, 40)), max_size=3)


@given(st.text(alphabet="аб1 ", max_size=30), SPANS)
def test_no_character_of_a_span_is_left(text: str, spans: list[tuple[str, int, int]]) -> None:
    cut = segments(text, [], spans)
    made = hidden(cut, spans, len(text))
    assert [(each.at, each.length) for each in made] == [(each.at, each.length) for each in cut]
    fit = [(start, end) for _kind, start, end in spans if 0 <= start < end <= len(text)]
    for each in made:
        inside = any(start < each.at + each.length and each.at < end for start, end in fit)
        assert (each.kind == "personal") == inside
        assert each.text in ({"[телефон]", ""} if inside else {text[each.at : each.at + each.length]})
