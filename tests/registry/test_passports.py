"""A look at a page keeps its lines, opens and closes tasks; people vouch, postpone and take off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from otklik.audit.models import AuditLine
from otklik.common import jobs
from otklik.common.actor import Actor
from otklik.registry import operations as registry
from otklik.registry.models import (
    CheckNorm,
    FieldChange,
    OfficialPage,
    PageCheck,
    PageTask,
    PageWeek,
    Passport,
    TaskEvent,
    TierNorm,
)
from otklik.registry.operations import page_tasks, passports
from otklik.registry.rules.passport import Facts, Week
from tests import cast
from tests.registry.test_passport_rules import MONDAY, WHOLE

pytestmark = pytest.mark.django_db
MARIA = Actor(7, "Мария Крылова")
FACTS = replace(WHOLE, followers=1000, has_badge=None)


@pytest.fixture
def page() -> OfficialPage:
    cast.region()
    school = cast.school(site_url="https://school7.example")
    return cast.page(school, badge_status="confirmed", badge_type="gosorg", badge_confirmed_at=date(2026, 2, 1),
                     opened_on=date(2025, 1, 1), component_connected=True, widgets=2)  # fmt: skip


def look(page: OfficialPage, at: datetime = cast.NOW, **parts: Any) -> None:
    passports.record_facts(page=page, facts=replace(FACTS, **parts), now=at)


def check(page: OfficialPage, code: str) -> PageCheck:
    return PageCheck.objects.get(page=page, code=code)


def task(page: OfficialPage, code: str) -> PageTask:
    return PageTask.objects.get(page=page, code=code, state="open")


def events(of: PageTask) -> list[tuple[str, str]]:
    return list(TaskEvent.objects.filter(task=of).order_by("pk").values_list("verb", "actor_name"))


def test_a_page_in_order_gets_its_lines_and_no_task(page: OfficialPage) -> None:
    look(page)
    assert set(PageCheck.objects.filter(page=page).values_list("code", flat=True)) == set(
        CheckNorm.objects.values_list("code", flat=True)
    )
    assert not PageTask.objects.exists()
    passport = Passport.objects.get(page=page)
    assert (passport.gaps, passport.score, passport.problem) == (0, 100, "")
    assert passport.checked_at == cast.NOW
    assert passport.last_post_at == FACTS.last_post_at
    assert passport.facts["title"] == FACTS.title
    page.refresh_from_db()
    assert page.followers == 1000


def test_a_gap_becomes_a_task_and_the_task_closes_with_it(page: OfficialPage) -> None:
    look(page, has_cover=False)
    found = task(page, "cover")
    assert (found.found, found.opened_at) == ("Обложки нет", cast.NOW)
    # Ten working days after a Wednesday, at the end of work: 18:00 in Novosibirsk.
    assert found.due_at == datetime(2026, 12, 2, 18, 0, tzinfo=cast.ZONE)
    look(page, cast.after(days=1), has_cover=False)
    assert PageTask.objects.filter(page=page, code="cover").count() == 1
    assert check(page, "cover").since == cast.NOW
    assert check(page, "cover").checked_at == cast.after(days=1)
    look(page, cast.after(days=2))
    found.refresh_from_db()
    assert (found.state, found.closed_at) == ("done", cast.after(days=2))
    assert events(found) == [("opened", "Отклик"), ("closed", "Отклик")]
    assert check(page, "cover").since == cast.after(days=2)
    look(page, cast.after(days=3), has_cover=False)
    assert task(page, "cover").pk != found.pk


def test_a_holiday_moves_the_term(page: OfficialPage) -> None:
    region = registry.region()
    assert region is not None
    cast.day_off(region.calendar, cast.after(days=1))
    cache.clear()
    look(page, last_post_at=cast.NOW - timedelta(days=20))
    assert task(page, "silence").due_at == datetime(2026, 11, 23, 18, 0, tzinfo=cast.ZONE)


def test_silence_of_the_network_neither_opens_nor_closes(page: OfficialPage) -> None:
    look(page, has_cover=False)
    passports.record_facts(page=page, facts=Facts(title=FACTS.title), now=cast.after(days=1))
    assert check(page, "cover").state == "gap"
    assert check(page, "cover").checked_at == cast.NOW
    assert task(page, "cover")
    assert check(page, "avatar").state == "fine"
    assert Passport.objects.get(page=page).facts["category"] == FACTS.category


def test_a_check_that_the_region_does_not_make_is_not_made(page: OfficialPage) -> None:
    CheckNorm.objects.filter(code="avatar").update(is_active=False)
    look(page, has_cover=False, has_avatar=False)
    assert not PageCheck.objects.filter(code="avatar").exists()
    assert not PageTask.objects.filter(code="avatar").exists()
    opened = task(page, "cover")
    CheckNorm.objects.filter(code="cover").update(is_active=False)
    look(page, cast.after(days=1), has_cover=False)
    opened.refresh_from_db()
    assert opened.state == "cancelled"
    assert events(opened)[-1][0] == "cancelled"
    assert not PageCheck.objects.filter(code="cover").exists()


def test_the_norm_of_posts_is_that_of_the_tier(page: OfficialPage) -> None:
    look(page)
    assert check(page, "rhythm").state == "fine"
    TierNorm.objects.filter(tier="active").update(posts_a_week=4)
    look(page, cast.after(days=1))
    assert check(page, "rhythm").state == "gap"


def test_a_lost_badge_is_a_gap_and_a_fact_of_the_register(page: OfficialPage) -> None:
    look(page, has_badge=False)
    page.refresh_from_db()
    assert (page.badge_status, page.badge_lost_at) == ("lost", date(2026, 11, 18))
    assert check(page, "badge").state == "gap"
    found = task(page, "badge")
    assert FieldChange.objects.filter(subject_id=page.pk, field="badge_status", new="lost").exists()
    # The network is silent: the register still says that it is lost.
    look(page, cast.after(days=1), has_badge=None)
    assert task(page, "badge") == found
    look(page, cast.after(days=2), has_badge=True)
    page.refresh_from_db()
    assert (page.badge_status, page.badge_lost_at) == ("confirmed", None)
    found.refresh_from_db()
    assert found.state == "done"
    assert AuditLine.objects.filter(verb="set_badge", subject_id=page.pk).count() == 2


def test_silence_about_the_badge_leaves_the_register_alone(page: OfficialPage) -> None:
    look(page, has_badge=None)
    page.refresh_from_db()
    assert page.badge_status == "confirmed"
    assert check(page, "badge").found == "По реестру подтверждена 01.02.2026"


def test_a_blue_tick_is_another_badge(page: OfficialPage) -> None:
    OfficialPage.objects.filter(pk=page.pk).update(badge_type="blue_tick")
    look(page, has_badge=False)
    page.refresh_from_db()
    assert (page.badge_status, page.badge_type) == ("confirmed", "blue_tick")
    assert check(page, "badge").state == "gap"


def test_a_person_vouches_for_what_no_network_shows(page: OfficialPage) -> None:
    look(page)
    with pytest.raises(registry.EvidenceNeeded):
        passports.attest(page=page, code="two_factor", evidence=" ", by=MARIA, now=cast.NOW)
    with pytest.raises(passports.UnknownCheck):
        passports.attest(page=page, code="no_such", evidence="снимок", by=MARIA, now=cast.NOW)
    with pytest.raises(passports.NetworkSpeaks):
        passports.attest(page=page, code="cover", evidence="снимок", by=MARIA, now=cast.NOW)
    row = passports.attest(page=page, code="two_factor", evidence="снимок экрана", by=MARIA, now=cast.NOW)
    assert (row.state, row.attested_by, row.attested_until) == ("fine", "Мария Крылова", date(2027, 2, 16))
    look(page, cast.after(days=90))
    assert check(page, "two_factor").state == "fine"
    look(page, cast.after(days=91))
    assert check(page, "two_factor").state == "gap"
    again = task(page, "two_factor")
    passports.attest(
        page=page,
        code="two_factor",
        evidence="снимок",
        by=MARIA,
        now=cast.after(days=92),
        until=date(2027, 3, 1),
    )
    again.refresh_from_db()
    assert again.state == "done"
    assert events(again)[-1] == ("attested", "Мария Крылова")
    assert AuditLine.objects.filter(verb="attest", subject_id=page.pk).count() == 2


def test_what_is_vouched_for_stands_in_the_register_too(page: OfficialPage) -> None:
    OfficialPage.objects.filter(pk=page.pk).update(
        component_connected=False, widgets=0, badge_status="none", badge_type="", badge_confirmed_at=None
    )
    look(page)
    assert set(PageTask.objects.values_list("code", flat=True)) == {"component", "widgets", "badge"}
    for code in ("component", "widgets", "badge"):
        passports.attest(page=page, code=code, evidence="снимок", by=MARIA, now=cast.NOW)
    page.refresh_from_db()
    assert (page.component_connected, page.widgets, page.badge_status) == (True, 2, "confirmed")
    assert not PageTask.objects.filter(state="open").exists()
    assert Passport.objects.get(page=page).gaps == 0


def test_a_word_is_taken_back(page: OfficialPage) -> None:
    look(page)
    with pytest.raises(passports.NotAttested):
        passports.withdraw_attestation(page=page, code="component", reason="ошибка", by=MARIA, now=cast.NOW)
    for code in ("component", "badge", "widgets", "site_link"):
        passports.attest(page=page, code=code, evidence="снимок", by=MARIA, now=cast.NOW)
    with pytest.raises(registry.ReasonNeeded):
        passports.withdraw_attestation(page=page, code="component", reason="", by=MARIA, now=cast.NOW)
    states = {
        code: passports.withdraw_attestation(
            page=page, code=code, reason="не та страница", by=MARIA, now=cast.NOW
        ).state
        for code in ("component", "badge", "widgets", "site_link")
    }
    assert states == {"component": "gap", "badge": "gap", "widgets": "unknown", "site_link": "unknown"}
    assert {each.code for each in PageTask.objects.filter(state="open")} == {"component", "badge"}
    page.refresh_from_db()
    assert (page.component_connected, page.widgets, page.badge_status) == (False, None, "lost")
    assert check(page, "badge").evidence == ""


def test_a_later_fact_outweighs_a_word(page: OfficialPage) -> None:
    passports.record_facts(page=page, facts=Facts(title="Школа № 7"), now=cast.NOW)
    passports.attest(page=page, code="administrators", evidence="нас двое", by=MARIA, now=cast.NOW)
    look(page, cast.after(days=1), administrators=1)
    assert check(page, "administrators").state == "gap"
    assert task(page, "administrators")


def test_a_term_is_moved_with_a_reason(page: OfficialPage) -> None:
    look(page, has_cover=False)
    found = task(page, "cover")
    with pytest.raises(registry.ReasonNeeded):
        passports.postpone_task(task=found, due_on=date(2026, 12, 20), reason=" ", by=MARIA, now=cast.NOW)
    with pytest.raises(passports.PastTerm):
        passports.postpone_task(
            task=found, due_on=date(2026, 11, 17), reason="отпуск", by=MARIA, now=cast.NOW
        )
    moved = passports.postpone_task(
        task=found, due_on=date(2026, 12, 20), reason="дизайнер в отпуске", by=MARIA, now=cast.NOW
    )
    assert moved.due_at == datetime(2026, 12, 20, 23, 59, tzinfo=cast.ZONE)
    last = TaskEvent.objects.filter(task=found).order_by("pk").last()
    assert last is not None
    assert (last.verb, last.note) == ("postponed", "02.12.2026 → 20.12.2026. дизайнер в отпуске")
    assert AuditLine.objects.get(verb="postpone_task").reason == "дизайнер в отпуске"


def test_a_task_taken_off_stays_off_while_the_same_gap_lasts(page: OfficialPage) -> None:
    look(page, has_cover=False)
    found = passports.cancel_task(task=task(page, "cover"), reason="здание сдаётся", by=MARIA, now=cast.NOW)
    with pytest.raises(passports.TaskClosed):
        passports.cancel_task(task=found, reason="ещё раз", by=MARIA, now=cast.NOW)
    look(page, cast.after(days=1), has_cover=False)
    assert not PageTask.objects.filter(state="open").exists()
    assert check(page, "cover").state == "gap"
    look(page, cast.after(days=2))
    look(page, cast.after(days=3), has_cover=False)
    assert task(page, "cover").opened_at == cast.after(days=3)


def test_the_week_that_ended_gets_its_light_once(page: OfficialPage) -> None:
    look(page)
    last = PageWeek.objects.get(page=page, monday=MONDAY - timedelta(days=7))
    assert (last.posts, last.reach, last.mean_reach, last.followers) == (3, 900, 300, 1000)
    assert (last.score, last.zone) == (95, "green")
    assert last.parts["mean_reach"] == 0
    running = PageWeek.objects.get(page=page, monday=MONDAY)
    assert (running.posts, running.followers, running.score, running.zone) == (1, 1000, None, "")
    look(
        page,
        cast.after(days=1),
        has_cover=False,
        followers=1200,
        weeks=(Week(last.monday, 1), Week(MONDAY, 2)),
    )
    last.refresh_from_db()
    running.refresh_from_db()
    assert (last.score, last.posts) == (95, 3)
    assert (running.posts, running.followers) == (2, 1200)


def test_a_wall_that_was_not_read_kindles_no_light(page: OfficialPage) -> None:
    look(page, weeks=())
    assert list(PageWeek.objects.values_list("monday", "score")) == [(MONDAY, None)]


def test_a_failed_look_leaves_the_passport_as_it_was(page: OfficialPage) -> None:
    look(page, has_cover=False)
    passports.note_failure(page=page, problem="Сеть не ответила вовремя.", now=cast.after(days=1))
    passport = Passport.objects.get(page=page)
    assert (passport.problem, passport.checked_at, passport.gaps) == (
        "Сеть не ответила вовремя.",
        cast.NOW,
        1,
    )
    look(page, cast.after(days=2))
    assert Passport.objects.get(page=page).problem == ""


def _taken(at: datetime, limit: int = 10) -> list[OfficialPage]:
    return passports.take_pages(now=at, limit=limit)


def test_pages_take_turns_once_a_day(page: OfficialPage) -> None:
    second = cast.page()
    assert _taken(cast.NOW, 1) == [page]
    assert _taken(cast.NOW, 1) == [second]
    assert _taken(cast.NOW) == []
    look(page)
    assert _taken(cast.after(minutes=4)) == [second], "whoever had taken it died"
    look(second, cast.after(minutes=5))
    assert _taken(cast.after(hours=19)) == []
    assert _taken(cast.after(hours=21)) == [page, second]


def test_a_page_that_fails_waits_an_hour_and_asked_for_goes_first(page: OfficialPage) -> None:
    second = cast.page()
    assert _taken(cast.NOW) == [page, second]
    passports.note_failure(page=page, problem="не ответила", now=cast.NOW)
    look(second)
    assert _taken(cast.after(minutes=30)) == []
    assert _taken(cast.after(minutes=61)) == [page]
    look(page, cast.after(minutes=61))
    cast.page()
    passports.check_soon(page=second, by=MARIA, now=cast.after(minutes=70))
    assert _taken(cast.after(minutes=70), 1) == [second]
    assert ProcrastinateJob.objects.filter(task_name=jobs.PASSPORTS).count() == 1
    assert AuditLine.objects.filter(verb="check_soon").count() == 1


def test_what_was_taken_and_not_looked_at_goes_back(page: OfficialPage) -> None:
    taken = _taken(cast.NOW)
    passports.give_back(pages=taken)
    assert _taken(cast.NOW) == taken


def test_only_open_communities_of_vk_take_turns() -> None:
    cast.page(network="ok")
    shut = cast.page()
    registry.close_page(page=shut, reason="закрыта", by=MARIA, now=cast.NOW)
    cast.page(kind="personal", person_name="Иван Сидоров", url="https://vk.com/id100")
    head = cast.page(kind="personal", person_name="Иван Сидоров")
    assert _taken(cast.NOW) == [head]


def test_somebody_says_that_it_is_done(page: OfficialPage) -> None:
    look(page, has_cover=False)
    found = task(page, "cover")
    passports.check_soon(page=page, by=MARIA, now=cast.after(hours=1), task=found)
    assert events(found)[-1] == ("said_done", "Мария Крылова")


def test_many_pages_cost_as_many_questions_as_one(
    page: OfficialPage, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    rows = [(cast.page(), replace(FACTS, has_cover=False)) for _number in range(20)]
    with django_assert_max_num_queries(40):
        passports.record_many(rows=rows, now=cast.NOW)
    with django_assert_max_num_queries(40):
        passports.record_many(rows=rows, now=cast.after(days=1))
    assert PageTask.objects.filter(code="cover").count() == 20


def test_promises_about_passports_are_kept_by_the_database(page: OfficialPage) -> None:
    look(page, has_cover=False)
    about: dict[str, Any] = {"page": page, "code": "cover", "opened_at": cast.NOW, "due_at": cast.NOW}
    for name, break_it in {
        "page_check_unique": lambda: PageCheck.objects.create(
            page=page, code="cover", state="gap", since=cast.NOW, checked_at=cast.NOW
        ),
        "page_task_one_open": lambda: PageTask.objects.create(**about),
        "page_task_closed_has_time": lambda: PageTask.objects.create(**about, state="done"),
        "page_week_unique": lambda: PageWeek.objects.create(page=page, monday=MONDAY),
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            break_it()


def test_lines_are_followed_by_tasks_and_a_task_tells_its_story(page: OfficialPage) -> None:
    """What the verbs above are made of."""
    row = PageCheck.objects.create(
        page=page, code="cover", state="gap", found="Обложки нет", since=cast.NOW, checked_at=cast.NOW
    )
    norms = CheckNorm.objects.in_bulk(field_name="code")
    page_tasks.follow_checks(checks=[row], norms=norms, by=MARIA, now=cast.NOW)
    opened = task(page, "cover")
    row.found = "Обложка не загружается"
    page_tasks.follow_checks(checks=[row], norms=norms, by=MARIA, now=cast.NOW)
    opened.refresh_from_db()
    assert opened.found == "Обложка не загружается"
    page_tasks.note_event(opened, "said_done", by=MARIA, now=cast.NOW, note="готово")
    row.state = "unknown"
    page_tasks.follow_checks(checks=[row], norms=norms, by=MARIA, now=cast.NOW)
    assert task(page, "cover") == opened
    row.state = "exempt"
    page_tasks.follow_checks(checks=[row], norms=norms, by=MARIA, now=cast.NOW)
    assert events(opened) == [(verb, "Мария Крылова") for verb in ("opened", "said_done", "attested")]
