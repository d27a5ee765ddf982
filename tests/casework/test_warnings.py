"""Warnings of lateness in the database: each share once in a cycle, whoever looks and how many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from pytest_django import DjangoAssertNumQueries

from otklik.casework import operations as casework
from otklik.casework.models import Incident, LateWarning, Move
from otklik.casework.operations import warnings
from otklik.casework.operations.warnings import Mark, write_warnings
from otklik.flow import clock
from tests import cast

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the clock of the region; NOW of the tests is the 18th, 11:00."""
    return datetime(2026, 11, day, hour, minute, tzinfo=cast.ZONE)


def all_of(now: datetime) -> int:
    """The whole look of a minute; returns how many batches it took."""
    after, batches = write_warnings(now=now), 1
    while after:
        after, batches = write_warnings(now=now, after=after), batches + 1
    return batches


def rows(incident: Incident) -> list[tuple[int, int, str]]:
    found = incident.warnings.order_by("pk")
    return [(each.cycle, each.percent, each.addressee) for each in found]


def received(state: str = "in_progress", **fields: Any) -> Incident:
    """An incident whose message came at 11:00 of the 18th, due at 11:00 of the 19th."""
    incident = cast.incident(state, **fields)
    Incident.objects.filter(pk=incident.pk).update(received_at=cast.NOW, due_at=at(19, 11))
    return Incident.objects.get(pk=incident.pk)


def test_each_share_is_told_once_to_whom_it_concerns() -> None:
    cast.region()
    incident = received()
    all_of(at(18, 15, 59))
    assert rows(incident) == []
    for now, told in [
        (at(18, 16), (1, 50, "assignee")),
        (at(19, 9, 24), (1, 80, "curator")),
        (at(19, 11), (1, 100, "body_head")),
        (at(19, 16), (1, 150, "center_head")),
        (at(23, 11), (1, 300, "vice_governor")),
    ]:
        before = rows(incident)
        all_of(now)
        assert rows(incident) == [*before, told]
        all_of(now)
        assert len(rows(incident)) == len(before) + 1
    first = incident.warnings.get(percent=50)
    assert (first.at, first.written_at, first.account_id) == (at(18, 16), at(18, 16), incident.assignee_id)
    assert {each.organization_id for each in incident.warnings.all()} == {incident.executor_id}
    assert incident.warnings.get(percent=80).account_id is None


def test_after_a_silence_of_the_timetable_all_that_came_is_there_with_its_moments() -> None:
    cast.region()
    incident = received()
    all_of(at(19, 17))
    assert [each.at for each in incident.warnings.order_by("percent")] == [
        at(18, 16), at(19, 9, 24), at(19, 11), at(19, 16),
    ]  # fmt: skip


def test_the_centre_is_told_of_its_own() -> None:
    cast.region()
    incident = received("triage")
    all_of(at(19, 11))
    assert [told for _cycle, _percent, told in rows(incident)] == ["dispatcher", "dispatcher", "center_head"]


def test_critical_runs_at_night_and_the_rest_waits_for_the_morning() -> None:
    cast.region()
    usual, critical = received(), received(priority="critical")
    Incident.objects.filter(pk=critical.pk).update(received_at=at(18, 22), due_at=at(18, 23))
    Incident.objects.filter(pk=usual.pk).update(due_at=at(18, 18), received_at=at(18, 9))
    all_of(at(18, 23))
    assert [percent for _cycle, percent, _to in rows(critical)] == [50, 80, 100]
    # Due with the end of work: it is told of when people are there again.
    assert [percent for _cycle, percent, _to in rows(usual)] == [50, 80]
    all_of(at(19, 9))
    assert [percent for _cycle, percent, _to in rows(usual)] == [50, 80, 100]


def test_nobody_is_warned_of_what_is_answered_stands_still_or_is_put_aside() -> None:
    cast.region()
    answered, asked, rejected = received("answered"), received("clarification"), received("rejected")
    all_of(at(30, 12))
    assert [rows(each) for each in (answered, asked, rejected)] == [[], [], []]


def test_a_deadline_that_moved_is_not_told_of_twice_and_shares_follow_it() -> None:
    cast.region()
    incident = received()
    all_of(at(18, 16))
    Incident.objects.filter(pk=incident.pk).update(due_at=at(20, 11))
    all_of(at(19, 17))
    assert [percent for _cycle, percent, _to in rows(incident)] == [50]
    all_of(at(20, 11))
    assert [percent for _cycle, percent, _to in rows(incident)] == [50, 80, 100]


def test_a_new_cycle_warns_anew() -> None:
    cast.region()
    incident = received()
    all_of(at(23, 11))
    assert len(rows(incident)) == 5
    Move.objects.create(
        incident=incident, verb="reopen", before="answered", after="in_progress", at=at(24, 9)
    )
    Incident.objects.filter(pk=incident.pk).update(due_at=at(24, 11))
    all_of(at(24, 10))
    assert rows(incident)[5:] == [(2, 50, "assignee")]


def test_batches_go_through_everything_and_the_queries_do_not_grow(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast.region()
    monkeypatch.setattr(warnings, "BATCH", 3)
    made = [received() for _ in range(7)]
    assert all_of(at(18, 16)) == 3
    assert [rows(each) for each in made] == [[(1, 50, "assignee")]] * 7
    last = write_warnings(now=at(18, 16))
    assert last == Mark(made[2].due_at, made[2].pk)
    monkeypatch.setattr(warnings, "BATCH", 500)
    # Nothing to write: the incidents and what was said; else also the lock, what was said, the rows, the news.
    with django_assert_num_queries(2):
        write_warnings(now=at(18, 16))
    with django_assert_num_queries(8):
        write_warnings(now=at(19, 11))
    assert LateWarning.objects.count() == 21


def test_the_timetable_writes_and_the_desks_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.region()
    incident = received()
    told: list[int] = []
    monkeypatch.setattr(warnings, "announce", lambda incidents: told.extend(each.pk for each in incidents))
    monkeypatch.setattr(clock.timezone, "now", lambda: at(19, 10))
    clock.warn_of_lateness(0)
    assert told == [incident.pk]
    assert [percent for _cycle, percent, _to in rows(incident)] == [50, 80]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_warning_once() -> None:
    cast.region()
    made = [received() for _ in range(30)]
    start = Barrier(4)

    def work(_number: int) -> None:
        close_old_connections()
        try:
            start.wait(timeout=30)
            all_of(at(19, 11))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert all(len(rows(each)) in {0, 3} for each in made)
    # Who was held by another worker at that moment is served by the next look.
    all_of(at(19, 12))
    assert [rows(each) for each in made] == [
        [(1, 50, "assignee"), (1, 80, "curator"), (1, 100, "body_head")]
    ] * 30


@pytest.mark.django_db(transaction=True)
def test_an_incident_in_somebodys_hands_is_left_for_the_next_look() -> None:
    cast.region()
    incident = received()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)

        def look() -> None:
            try:
                all_of(at(19, 11))
            finally:
                connection.close()

        pool.submit(look).result(timeout=30)
    assert rows(incident) == []
    all_of(at(19, 11))
    assert len(rows(incident)) == 3


@pytest.mark.parametrize(("name", "percent"), [("warning_once", 50), ("warning_percent", 60)])
def test_a_promise_holds(name: str, percent: int) -> None:
    given: dict[str, Any] = {"incident": cast.incident(), "at": cast.NOW, "written_at": cast.NOW}
    LateWarning.objects.create(percent=50, **given)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LateWarning.objects.create(percent=percent, **given)


def test_an_answer_ends_the_warnings() -> None:
    cast.region()
    incident = received()
    all_of(at(18, 16))
    cast.settle(cast.publish(incident), "delivered")
    all_of(at(23, 11) + timedelta(days=1))
    assert [percent for _cycle, percent, _to in rows(incident)] == [50]
    assert casework.sla_limits().primary["normal"].length == timedelta(hours=8)
