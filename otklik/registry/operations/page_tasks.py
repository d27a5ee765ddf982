"""Tasks of pages: opened and closed by what a look at the page brings, postponed and taken off by people."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.audit import operations as audit
from otklik.common.actor import SYSTEM, Actor
from otklik.common.bulk import insert_many, update_many
from otklik.registry.enums import CheckState, TaskState
from otklik.registry.models import CheckNorm, PageCheck, PageTask, TaskEvent
from otklik.registry.operations.pages import ReasonNeeded
from otklik.registry.operations.worktimes import working_calendar


class TaskClosed(Exception):
    """Эта задача уже закрыта."""


class PastTerm(Exception):
    """Новый срок должен быть в будущем."""


# States of a line in which there is nothing left to mend.
MENDED = frozenset({CheckState.FINE, CheckState.EXEMPT})


def follow_checks(
    *, checks: Iterable[PageCheck], norms: Mapping[str, CheckNorm], by: Actor, now: datetime
) -> None:
    """Open a task for each gap that has none, close those whose line is mended; silence leaves them as they are.

    A task somebody took off is not opened again while the same gap lasts. Call it with the pages' passports locked.
    """
    lines = {(check.page_id, check.code): check for check in checks}
    pages = {page for page, _code in lines}
    opened: dict[tuple[int, str], PageTask] = {}
    taken_off: dict[tuple[int, str], datetime] = {}
    rows = PageTask.objects.filter(page__in=pages, state__in=[TaskState.OPEN, TaskState.CANCELLED])
    for task in rows.order_by("opened_at"):
        key = (task.page_id, task.code)
        if task.state == TaskState.OPEN:
            opened[key] = task
        else:
            taken_off[key] = task.opened_at
    gaps = [
        check
        for key, check in lines.items()
        if check.state == CheckState.GAP and key not in opened
        and not (key in taken_off and taken_off[key] >= check.since)
    ]  # fmt: skip
    _open(gaps, norms, by, now)
    mended = [task for key, task in opened.items() if key in lines and lines[key].state in MENDED]
    _close(mended, {key: check.found for key, check in lines.items()}, by, now)
    _renew([task for key, task in opened.items() if key in lines], lines)


def _open(gaps: list[PageCheck], norms: Mapping[str, CheckNorm], by: Actor, now: datetime) -> None:
    if not gaps:
        return
    calendar = working_calendar()
    # The same few terms again and again: each is reckoned once.
    terms = {norms[check.code].term_days for check in gaps}
    due = {days: calendar.working_days_after(now, max(days, 1)) for days in terms}
    made = [
        PageTask(
            page_id=check.page_id,
            code=check.code,
            found=check.found,
            opened_at=now,
            due_at=due[norms[check.code].term_days],
        )
        for check in gaps
    ]
    insert_many(made)
    _note(made, "opened", by, now, {task.pk: task.found for task in made})


def _close(tasks: list[PageTask], found: Mapping[tuple[int, str], str], by: Actor, now: datetime) -> None:
    PageTask.objects.filter(pk__in=[task.pk for task in tasks]).update(state=TaskState.DONE, closed_at=now)
    verb = "closed" if by == SYSTEM else "attested"
    _note(tasks, verb, by, now, {task.pk: found[task.page_id, task.code] for task in tasks})


def _renew(tasks: list[PageTask], lines: Mapping[tuple[int, str], PageCheck]) -> None:
    """What was found may say more than on the day the task was opened."""
    changed = []
    for task in tasks:
        check = lines[task.page_id, task.code]
        if check.state == CheckState.GAP and check.found != task.found:
            task.found = check.found
            changed.append(task)
    update_many(changed, ["found"])


def drop_unchecked(*, pages: Iterable[int], codes: Iterable[str], now: datetime) -> None:
    """Lines that the region checks no more go, and their tasks with them."""
    codes = list(codes)
    PageCheck.objects.filter(page__in=list(pages)).exclude(code__in=codes).delete()
    tasks = list(PageTask.objects.filter(page__in=list(pages), state=TaskState.OPEN).exclude(code__in=codes))
    PageTask.objects.filter(pk__in=[task.pk for task in tasks]).update(
        state=TaskState.CANCELLED, closed_at=now
    )
    _note(
        tasks, "cancelled", SYSTEM, now, {task.pk: _("Эта проверка больше не проводится") for task in tasks}
    )


def _note(tasks: Iterable[PageTask], verb: str, by: Actor, now: datetime, notes: Mapping[int, str]) -> None:
    rows = [
        TaskEvent(
            task=task, at=now, verb=verb, actor_id=by.id, actor_name=by.name, note=notes.get(task.pk, "")
        )
        for task in tasks
    ]
    insert_many(rows)


def note_event(task: PageTask, verb: str, *, by: Actor, now: datetime, note: str = "") -> None:
    """One line of the task's history."""
    _note([task], verb, by, now, {task.pk: note})


@transaction.atomic
def postpone_task(*, task: PageTask, due_on: date, reason: str, by: Actor, now: datetime) -> PageTask:
    """Another term: the end of that day in the region. Raises ReasonNeeded, TaskClosed, PastTerm."""
    task = _open_task(task, reason)
    zone = working_calendar().tz
    due_at = datetime.combine(due_on, time(23, 59), zone)
    if due_at <= now:
        raise PastTerm
    old, task.due_at = task.due_at, due_at
    task.save(update_fields=["due_at"])
    dates = f"{old.astimezone(zone):%d.%m.%Y} → {due_on:%d.%m.%Y}"
    note_event(task, "postponed", by=by, now=now, note=f"{dates}. {reason.strip()}")
    audit.record(
        by=by, verb="postpone_task", subject=task, now=now, reason=reason.strip(),
        old=old.isoformat(), new=due_at.isoformat(),
    )  # fmt: skip
    return task


@transaction.atomic
def cancel_task(*, task: PageTask, reason: str, by: Actor, now: datetime) -> PageTask:
    """Take the task off without its being done; the line stays a gap. Raises ReasonNeeded, TaskClosed."""
    task = _open_task(task, reason)
    task.state, task.closed_at = TaskState.CANCELLED, now
    task.save(update_fields=["state", "closed_at"])
    note_event(task, "cancelled", by=by, now=now, note=reason.strip())
    audit.record(by=by, verb="cancel_task", subject=task, now=now, reason=reason.strip(), code=task.code)
    return task


def _open_task(task: PageTask, reason: str) -> PageTask:
    if not reason.strip():
        raise ReasonNeeded
    task = PageTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.state != TaskState.OPEN:
        raise TaskClosed
    return task
