"""Passports at the desk: a list that filters truly, a passport that says everything, verbs within their rights."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from otklik.audit.models import AuditLine
from otklik.desk.passports import listing
from otklik.desk.passports.listing import PageQuery
from otklik.people.models import Account
from otklik.registry.models import (
    OfficialPage,
    PageCheck,
    PageTask,
    PageWeek,
    Passport,
    Sphere,
    TaskEvent,
    TierNorm,
)
from otklik.registry.operations.reference import load_reference
from tests import cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 9)


@pytest.fixture(autouse=True)
def _set_up(db: None) -> Iterator[None]:
    cast.region()
    load_reference()
    with time_machine.travel(cast.NOW, tick=False):
        yield


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def passport(
    of: OfficialPage, *, light: int | None = 70, gaps: tuple[str, ...] = (), **fields: Any
) -> OfficialPage:
    """A page that was looked at: its light, its gaps with a task each, due in a week unless `late`."""
    late = fields.pop("late", False)
    Passport.objects.create(
        page=of, score=100 - 5 * len(gaps), gaps=len(gaps), checked_at=cast.NOW, taken_at=cast.NOW,
        **{"last_post_at": cast.NOW - timedelta(days=3)} | fields,
    )  # fmt: skip
    if light is not None:
        zone = "green" if light >= 80 else "yellow" if light >= 50 else "red"
        PageWeek.objects.create(
            page=of,
            monday=MONDAY,
            score=light,
            zone=zone,
            followers=120,
            posts=4,
            parts={"badge": 10, "reach": None},
        )
    for code in gaps:
        since = cast.NOW - timedelta(days=20)
        PageCheck.objects.create(
            page=of, code=code, state="gap", found="Не указано", since=since, checked_at=cast.NOW
        )
        PageTask.objects.create(
            page=of, code=code, found="Не указано", opened_at=since,
            due_at=cast.NOW + timedelta(days=-4 if late else 7),
        )  # fmt: skip
    return of


def titles(client: Client, **asked: str) -> set[str]:
    response = client.get(reverse("desk:register_passports"), asked)
    assert response.status_code == 200
    return {row.title for row in response.context["rows"]}


def test_each_filter_narrows_the_list_and_the_totals_follow() -> None:
    place = cast.municipality()
    school = cast.school(place, spheres=["education"])
    passport(cast.page(school, title="Школа", tier="card"), light=90)
    passport(cast.page(title="Отстающая", network="ok"), light=30, gaps=("phone", "cover"), late=True)
    passport(cast.page(title="Средняя"), light=60, gaps=("phone",), problem="Ключ не действует")
    cast.page(title="Новая")
    client = browser(cast.account("methodist"))
    expected: dict[tuple[str, str], set[str]] = {
        ("zone", "green"): {"Школа"},
        ("zone", "red"): {"Отстающая"},
        ("zone", "none"): {"Новая"},
        ("zone", "odd"): set(),
        ("gap", "phone"): {"Отстающая", "Средняя"},
        ("gap", "cover"): {"Отстающая"},
        ("tasks", "overdue"): {"Отстающая"},
        ("tasks", "open"): {"Отстающая", "Средняя"},
        ("tasks", "unread"): {"Средняя"},
        ("municipality", str(place.pk)): {"Школа"},
        ("municipality", "²"): {"Школа", "Отстающая", "Средняя", "Новая"},
        ("sphere", "education"): {"Школа"},
        ("network", "ok"): {"Отстающая"},
        ("tier", "card"): {"Школа"},
        ("q", "отста"): {"Отстающая"},
        ("q", school.name): {"Школа"},
        ("mine", "1"): set(),
    }
    assert {asked: titles(client, **dict([asked])) for asked in expected} == expected
    together = client.get(reverse("desk:register_passports")).context["totals"]
    assert (together.pages, together.green, together.yellow, together.red, together.unlit) == (4, 1, 1, 1, 1)
    assert (together.open, together.overdue) == (3, 2)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "Хуже"), ("ready", "Хуже"), ("deadline", "Хуже"),
        ("followers", "Лучше"), ("silence", "Лучше"), ("title", "Лучше"),
    ],
)  # fmt: skip
def test_the_list_stands_in_the_order_asked_for(sort: str, first: str) -> None:
    passport(cast.page(title="Лучше", followers=900), light=90, last_post_at=cast.NOW - timedelta(days=40))
    passport(cast.page(title="Хуже", followers=10), light=20, gaps=("phone",))
    response = browser(cast.account("viewer")).get(reverse("desk:register_passports"), {"sort": sort})
    assert response.context["rows"][0].title == first


def test_a_week_of_which_only_the_first_pages_are_seen_is_not_yet_the_light() -> None:
    pages = [passport(cast.page()) for _ in range(5)]
    PageWeek.objects.create(page=pages[0], monday=MONDAY + timedelta(days=7), score=90, zone="green")
    assert listing.last_monday() == MONDAY
    cache.clear()
    for page in pages[1:4]:
        PageWeek.objects.create(page=page, monday=MONDAY + timedelta(days=7), score=90, zone="green")
    assert listing.last_monday() == MONDAY + timedelta(days=7)


def test_a_body_sees_its_subtree_and_nobody_sees_more() -> None:
    city = cast.administration()
    ours = passport(cast.page(cast.school(parent=city), title="Своя"))
    theirs = passport(cast.page(title="Чужая"))
    client = browser(cast.account("curator", organization=city))
    assert titles(client) == titles(client, mine="1") == {"Своя"}
    assert client.get(reverse("desk:register_passport", args=[ours.pk])).status_code == 200
    assert client.get(reverse("desk:register_passport", args=[theirs.pk])).status_code == 404
    assert titles(browser(cast.account("live_host"))) == set()


def test_silence_is_late_by_the_norm_of_the_tier() -> None:
    TierNorm.objects.update_or_create(tier="flagship", defaults={"posts_a_week": 7, "silence_days": 2})
    passport(cast.page(title="Флагман", tier="flagship"))
    passport(cast.page(title="Визитка", tier="card"))
    response = browser(cast.account("viewer")).get(reverse("desk:register_passports"))
    assert {row.title: row.silence_is_long for row in response.context["rows"]} == {
        "Флагман": True,
        "Визитка": False,
    }


def test_the_list_asks_the_database_as_often_for_many_pages_as_for_one(
    django_assert_max_num_queries: Any,
) -> None:
    place = cast.municipality()
    for number in range(60):
        passport(cast.page(cast.school(place)), light=number, gaps=("phone", "cover"))
    client = browser(cast.account("methodist"))
    client.get(reverse("desk:register_passports"))
    with django_assert_max_num_queries(9):
        response = client.get(reverse("desk:register_passports"), {"gap": "phone", "zone": "red"})
    assert len(response.context["rows"]) == listing.PAGE_SIZE
    second = client.get(reverse("desk:register_passports"), {"gap": "phone", "zone": "red", "page": "2"})
    assert second.context["page"].number == 1 + (response.context["totals"].red > listing.PAGE_SIZE)


def test_any_address_is_a_query() -> None:
    client = browser(cast.account("viewer"))
    odd = {"zone": "\0", "municipality": "9" * 40, "page": "x", "sort": "'", "q": "%" * 300}
    assert client.get(reverse("desk:register_passports"), odd).status_code == 200
    assert PageQuery.of({}).narrowed is False


def test_a_passport_says_what_is_wrong_since_when_and_what_it_breaks(
    django_assert_max_num_queries: Any,
) -> None:
    page = passport(cast.page(title="Наша"), gaps=("phone",), problem="Сеть не отвечает")
    PageCheck.objects.create(
        page=page, code="two_factor", state="fine", since=cast.NOW, checked_at=cast.NOW, attested_by="Иван Попов",
        attested_at=cast.NOW, attested_until=date(2027, 2, 1), evidence="https://example.org/act.pdf",
    )  # fmt: skip
    client = browser(cast.account("methodist"))
    client.get(reverse("desk:register_passport", args=[page.pk]))
    with django_assert_max_num_queries(10):
        response = client.get(reverse("desk:register_passport", args=[page.pk]))
    lines = {line.code: line for group in response.context["groups"] for line in group.lines}
    assert len(lines) == 22
    assert (lines["phone"].state, lines["phone"].found) == ("gap", "Не указано")
    assert lines["phone"].task is not None
    assert lines["phone"].since == cast.NOW - timedelta(days=20)
    assert lines["cover"].state == "unknown"
    text = response.content.decode()
    assert lines["phone"].act in text
    assert "https://example.org/act.pdf" in text
    assert "Сеть не отвечает" in text
    assert [part.points for part in response.context["weeks"].parts][:2] == [None, 10.0]


def test_looking_again_puts_the_page_first_in_the_turn() -> None:
    page = passport(cast.page())
    methodist = cast.account("methodist")
    response = browser(methodist).post(reverse("desk:register_passport_check", args=[page.pk]))
    assert response.status_code == 302
    assert Passport.objects.get(page=page).taken_at is None
    assert AuditLine.objects.filter(verb="check_soon", actor_id=methodist.pk).exists()
    refused = browser(cast.account("viewer")).post(reverse("desk:register_passport_check", args=[page.pk]))
    assert refused.status_code == 403


def test_a_page_that_was_never_looked_at_can_be_asked_for() -> None:
    page = cast.page()
    browser(cast.account("methodist")).post(reverse("desk:register_passport_check", args=[page.pk]))
    assert Passport.objects.get(page=page).taken_at is None


def test_what_no_network_shows_is_attested_with_evidence_and_taken_back() -> None:
    page = passport(cast.page(), gaps=("site_link",))
    client = browser(cast.account("page_admin", page=page))
    address = reverse("desk:register_passport_attest", args=[page.pk, "site_link"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"evidence": " "}).status_code == 422
    back = reverse("desk:register_my_pages")
    response = client.post(address, {"evidence": "https://school.example.org", "next": back})
    assert response["Location"] == back
    check = PageCheck.objects.get(page=page, code="site_link")
    assert (check.state, check.evidence) == ("fine", "https://school.example.org")
    assert PageTask.objects.get(page=page).state == "done"
    away = client.post(address, {"evidence": "ещё раз", "next": "https://evil.example.org/"})
    assert away["Location"].startswith("/desk/register/passports/")
    withdraw = reverse("desk:register_passport_withdraw", args=[page.pk, "site_link"])
    client.post(withdraw, {"reason": "Ссылку убрали"})
    check.refresh_from_db()
    assert check.attested_by == ""


def test_what_a_network_shows_cannot_be_attested() -> None:
    page = passport(cast.page(), gaps=("phone",))
    client = browser(cast.account("page_admin", page=page))
    assert client.get(reverse("desk:register_passport_attest", args=[page.pk, "phone"])).status_code == 404
    assert client.get(reverse("desk:register_passport_attest", args=[page.pk, "nothing"])).status_code == 404


def test_a_term_is_postponed_and_a_task_taken_off_only_by_the_centre() -> None:
    page = passport(cast.page(), gaps=("phone",))
    task = PageTask.objects.get(page=page)
    centre, own = browser(cast.account("methodist")), browser(cast.account("page_admin", page=page))
    postpone = reverse("desk:register_task_postpone", args=[task.pk])
    cancel = reverse("desk:register_task_cancel", args=[task.pk])
    moved = {"until": "2026-12-20", "reason": "Ждут номер телефона"}
    assert own.post(postpone, moved).status_code == 403
    assert own.post(cancel, {"reason": "Не нужно"}).status_code == 403
    assert centre.post(postpone, moved | {"until": "2026-11-18"}).status_code == 422
    assert centre.post(postpone, {"until": "2026-12-20"}).status_code == 422
    assert centre.post(postpone, moved).status_code == 302
    task.refresh_from_db()
    assert task.due_at.astimezone(cast.ZONE).date() == date(2026, 12, 20)
    assert centre.post(cancel, {"reason": ""}).status_code == 422
    assert centre.post(cancel, {"reason": "Учреждение закрыто"}).status_code == 302
    task.refresh_from_db()
    assert task.state == "cancelled"
    shown = centre.get(reverse("desk:register_task", args=[task.pk]))
    assert [event.words for event in shown.context["events"]] == ["Срок перенесён", "Снята"]
    # Somebody was faster: the fact is said, nothing breaks.
    again = centre.post(cancel, {"reason": "Ещё раз"}, follow=True)
    assert "Эта задача уже закрыта" in again.content.decode()


def test_a_task_out_of_reach_does_not_exist() -> None:
    task = PageTask.objects.get(page=passport(cast.page(), gaps=("phone",)))
    stranger = browser(cast.account("page_admin", page=cast.page()))
    assert stranger.get(reverse("desk:register_task", args=[task.pk])).status_code == 404
    assert stranger.post(reverse("desk:register_task_done", args=[task.pk])).status_code == 404
    assert not TaskEvent.objects.exists()
    assert Sphere.objects.exists()
