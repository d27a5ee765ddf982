"""Every job of the road and of the timetable, by its name."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from otklik.channels.models import Receipt
from otklik.common import jobs, wakeup
from otklik.common.wakeup import ring, wake_up
from otklik.desk.operations import save_view
from otklik.desk.tasks import forget_searches
from otklik.flow import clock, gathering, road, tasks
from otklik.inbox.models import RefusedRequest
from tests import cast

TIMETABLE = {
    "flow.forget_exchange": "7 4 * * * 20",
    "flow.close_settled": "* * * * * 55",
    "flow.close_quiet_problems": "* * * * * 5",
    "flow.end_bans": "* * * * * 25",
    "flow.archive_old": "7 2 * * * 30",
    "flow.look_again": "* * * * * */5",
    "flow.retry_stalled": "* * * * * */30",
    "flow.reject_silent": "* * * * * 40",
    "flow.watch_surges": "* * * * * */20",
    "flow.warn_of_lateness": "* * * * * 50",
    "flow.forget_likeness": "27 2 * * * 30",
    "flow.keep_terms": "37 4 * * * 30",
    "flow.sweep": "* * * * * */10",
    "flow.long_poll": "* * * * * */5",
    "flow.author_names": "* * * * * */30",
    "flow.passports": "* * * * * */30",
    "flow.find_lookalikes": "*/10 * * * *",
    "flow.learn_routes": "47 2 * * * 30",
    "flow.search_index": "* * * * * 15",
    "flow.rebuild_search": "17 3 * * * 30",
}


def test_the_timetable_is_registered() -> None:
    registered = {
        task.task.name: task.cron
        for task in app.periodic_registry.periodic_tasks.values()
        if task.task.name.startswith("flow.")
    }
    assert registered == TIMETABLE


def test_every_name_that_a_lower_context_may_put_off_is_a_task() -> None:
    assert {jobs.READ_EVENTS, jobs.DRAIN_RECEIPTS, jobs.DELIVER} <= set(app.tasks)
    assert set(jobs.WAKE_UP_LOCK) <= set(app.tasks)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that does not linger: it looks until nothing is left and ends."""
    monkeypatch.setattr(wakeup, "LOOK_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(
        wakeup.until_quiet, "__kwdefaults__", wakeup.until_quiet.__kwdefaults__ | {"linger": 0.0}
    )


class Context:
    """What the queue hands to a job that asks: whether somebody wants it to stop."""

    def __init__(self, *, stopped: bool = False) -> None:
        self.stopped = stopped

    def should_abort(self) -> bool:
        return self.stopped


@pytest.mark.usefixtures("hurried")
@pytest.mark.django_db
def test_read_events_brings_what_waits_to_its_incident() -> None:
    message = cast.message()
    tasks.read_events(Context())
    assert message.incidents.count() == 1


@pytest.mark.django_db
def test_a_job_that_is_told_to_stop_leaves_the_rest_to_another() -> None:
    message = cast.message()
    tasks.read_events(Context(stopped=True))
    assert message.incidents.count() == 0
    assert road.what_waits(now=cast.NOW) == [jobs.READ_EVENTS]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("step", ["read_events", "drain_receipts"])
def test_a_job_goes_on_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    left = [3, 1, 0]
    monkeypatch.setattr(road, "judge_messages", lambda **_given: 0)
    monkeypatch.setattr(road, step, lambda **_given: left.pop(0) if left else 0)
    getattr(tasks, step)(Context())
    assert left == []


@pytest.mark.parametrize(("found", "looks"), [([0], 1), ([2, 0, 1, 0, 0], 5)])
def test_a_run_that_finds_nothing_ends_at_once_and_one_that_found_work_looks_again(
    monkeypatch: pytest.MonkeyPatch, found: list[int], looks: int
) -> None:
    passed, asked = [0.0], []
    monkeypatch.setattr(wakeup.time, "monotonic", lambda: passed[0])
    monkeypatch.setattr(wakeup.time, "sleep", lambda seconds: passed.append(passed.pop() + 0.3))

    def step(now: datetime) -> int:
        asked.append(now)
        passed[0] += 0.01
        return found[len(asked) - 1] if len(asked) <= len(found) else 0

    wakeup.until_quiet(step, linger=0.5)
    assert len(asked) >= looks
    assert passed[0] < wakeup.LONGEST_RUN_SECONDS


def test_a_run_ends_even_in_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(wakeup.time, "monotonic", lambda: passed[0])

    def flood(_now: datetime) -> int:
        passed[0] += 1
        return 400

    wakeup.until_quiet(flood)
    assert passed[0] == wakeup.LONGEST_RUN_SECONDS


@pytest.mark.django_db
def test_look_again_wakes_exactly_what_has_something_to_do() -> None:
    clock.look_again(0)
    assert not ProcrastinateJob.objects.exists()
    cast.message()
    answer = cast.publish(cast.incident())
    Receipt.objects.create(delivery_id=answer.delivery_id, state="manual", at=cast.NOW)
    clear_queue()
    clock.look_again(0)
    waiting = ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True)
    # The rest is the timetable's own, or is woken up by whoever makes work for it.
    others = {jobs.AUTHOR_NAMES, jobs.PASSPORTS, jobs.TABLES, jobs.SEARCH_INDEX, jobs.TRAIN, jobs.EXAMPLES}
    others |= {jobs.EXCHANGE, jobs.FAN_OUT, jobs.MODERATE, jobs.ASSEMBLE, jobs.SEARCHES}
    assert sorted(waiting) == sorted(jobs.WAKE_UP_LOCK.keys() - others)


@pytest.mark.parametrize("name", ["sweep", "long_poll", "author_names"])
def test_a_periodic_job_makes_one_call(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    asked: list[datetime] = []
    monkeypatch.setattr(gathering, name, lambda *, now: asked.append(now))
    getattr(clock, name)(0)
    assert len(asked) == 1
    assert asked[0].tzinfo is not None


@pytest.mark.django_db
def test_however_often_it_is_woken_a_job_waits_once() -> None:
    for _ in range(3):
        wake_up(jobs.READ_EVENTS)
    assert ProcrastinateJob.objects.filter(task_name=jobs.READ_EVENTS).count() == 1


@pytest.mark.django_db
def test_ringing_twice_in_a_pause_is_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr("otklik.common.wakeup.wake_up", woken.append)
    ring(jobs.READ_EVENTS)
    ring(jobs.READ_EVENTS)
    ring(jobs.DELIVER)
    assert woken == [jobs.READ_EVENTS, jobs.DELIVER]


def test_a_run_outlives_the_pause_between_rings() -> None:
    assert wakeup.LINGER_SECONDS > 2 * wakeup.PAUSE_SECONDS


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_runs_again() -> None:
    wake_up(jobs.READ_EVENTS)
    _sql(
        "insert into procrastinate_workers (id, last_heartbeat) overriding system value"
        " values (77, now() - interval '1 hour')"
    )
    _sql("update procrastinate_jobs set status = 'doing', worker_id = 77")
    _retry_stalled()
    job = ProcrastinateJob.objects.get(task_name=jobs.READ_EVENTS)
    assert job.status == "todo"


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_living_worker_is_left_alone() -> None:
    wake_up(jobs.READ_EVENTS)
    _sql("insert into procrastinate_workers (id, last_heartbeat) overriding system value values (78, now())")
    _sql("update procrastinate_jobs set status = 'doing', worker_id = 78")
    _retry_stalled()
    assert ProcrastinateJob.objects.get(task_name=jobs.READ_EVENTS).status == "doing"


def _retry_stalled() -> None:
    task: Any = clock.retry_stalled
    async_to_sync(task.func)(0)


def clear_queue() -> None:
    _sql("delete from procrastinate_events")
    _sql("delete from procrastinate_jobs")


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_jobs_of_the_clock_end_what_is_settled_and_put_away_what_is_old() -> None:
    answered, closed = cast.incident("answered"), cast.incident("closed")
    type(closed).objects.filter(pk=closed.pk).update(entered_at=timezone.now() - timedelta(days=366))
    type(answered).objects.filter(pk=answered.pk).update(stage_due_at=timezone.now() - timedelta(seconds=1))
    clock.archive_old(Context(stopped=True), timestamp=0)
    closed.refresh_from_db()
    assert closed.state == "closed"
    clock.close_settled(timestamp=0)
    clock.archive_old(Context(), timestamp=0)
    answered.refresh_from_db()
    closed.refresh_from_db()
    assert (answered.state, closed.state) == ("closed", "archived")


@pytest.mark.django_db
def test_the_night_erases_what_was_kept_for_long_enough() -> None:
    cast.region()
    long_ago = timezone.now() - timedelta(days=91)
    refused = RefusedRequest.objects.create(
        at=long_ago, minute=long_ago, reason="bad_json", address="10.0.0.7", path="/"
    )
    clock.keep_terms(Context(stopped=True), timestamp=0)
    assert RefusedRequest.objects.get() == refused
    clock.keep_terms(Context(), timestamp=0)
    assert not RefusedRequest.objects.exists()


@pytest.mark.django_db
def test_the_desk_looks_through_saved_searches_after_an_erasure() -> None:
    cast.region()
    view = save_view(account=cast.dispatcher(), name="Никого", query="q=nobody", now=timezone.now())
    wake_up(jobs.SEARCHES)
    forget_searches()
    view.refresh_from_db()
    assert (view.query, view.name.startswith("[стёрто ")) == ("", True)
