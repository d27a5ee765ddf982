"""The lines of one passport: what is so, what is not, what it breaks, and what is being done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from otklik.desk.passports import words
from otklik.registry.enums import CheckState, TaskState
from otklik.registry.models import CheckNorm, OfficialPage, PageCheck, PageTask, TaskEvent

CLOSED_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Attested:
    """A person's word for what no network shows."""

    by: str
    at: datetime | None
    until: date | None
    evidence: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A task as a line of a passport and a page's administrator see it."""

    pk: int
    code: str
    title: str
    found: str
    state: str
    state_label: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    left: str
    tone: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a task's history."""

    at: datetime
    words: str
    actor: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of the passport."""

    code: str
    title: str
    state: str
    state_label: str
    tone: str
    found: str
    since: datetime | None
    advice: str
    act: str
    url: str
    is_automatic: bool
    attested_days: int
    attested: Attested | None
    task: Task | None

    @property
    def can_attest(self) -> bool:
        """Where the network is silent a person's word stands; where it speaks it outweighs any word."""
        return not self.is_automatic or self.state == CheckState.UNKNOWN or self.attested is not None


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements of one kind under a heading."""

    label: str
    lines: tuple[Line, ...]
    gaps: int


def groups(page: OfficialPage, tasks: Sequence[Task], now: datetime) -> list[Group]:
    """Every active requirement in its group; one that was never looked at is not known."""
    checks = {check.code: check for check in PageCheck.objects.filter(page=page)}
    norms = words.norms()
    wanted = {code for code, norm in norms.items() if norm.is_active} | set(checks)
    open_tasks = {task.code: task for task in tasks if task.state == TaskState.OPEN}
    grouped = {code for _label, codes in words.GROUPS for code in codes}
    everything = [*words.GROUPS, (words.OTHERS, tuple(sorted(wanted - grouped)))]
    today, found = timezone.localtime(now).date(), []
    for label, codes in everything:
        lines = tuple(
            line_of(code, checks.get(code), norms.get(code), open_tasks.get(code), today)
            for code in codes
            if code in wanted
        )
        if lines:
            found.append(Group(str(label), lines, sum(line.state == CheckState.GAP for line in lines)))
    return found


def line(code: str, check: PageCheck | None, today: date) -> Line | None:
    """One requirement without the work on it; None when neither the region nor the page knows the code."""
    norm = words.norms().get(code)
    return line_of(code, check, norm, None, today) if norm or check else None


def line_of(
    code: str, check: PageCheck | None, norm: CheckNorm | None, task: Task | None, today: date
) -> Line:
    """One requirement with what is known of it."""
    state = CheckState(check.state) if check else CheckState.UNKNOWN
    return Line(
        code=code,
        title=norm.title if norm else words.check(code),
        state=state,
        state_label=str(state.label),
        tone=words.STATE_TONES[state],
        found=check.found if check else "",
        since=check.since if check and state != CheckState.UNKNOWN else None,
        advice=norm.advice if norm else "",
        act=norm.act if norm else "",
        url=norm.url if norm else "",
        is_automatic=norm.is_automatic if norm else True,
        attested_days=norm.attested_days if norm else 0,
        attested=_attested(check, today) if check and check.attested_by else None,
        task=task,
    )


def _attested(check: PageCheck, today: date) -> Attested:
    until = check.attested_until
    return Attested(
        check.attested_by,
        check.attested_at,
        until,
        check.evidence,
        is_over=until is not None and until < today,
    )


def tasks_of(page: OfficialPage, now: datetime) -> list[Task]:
    """The tasks of the page, open ones first, then the latest closed ones."""
    rows = PageTask.objects.filter(page=page).order_by("closed_at", "due_at", "pk")
    found = [task_of(row, now) for row in rows]
    opened = [task for task in found if task.state == TaskState.OPEN]
    closed = [task for task in found if task.state != TaskState.OPEN]
    return [*opened, *list(reversed(closed))[:CLOSED_SHOWN]]


def task_of(task: PageTask, now: datetime) -> Task:
    """A task in words."""
    left, tone = words.deadline(task.due_at, now)
    is_open = task.state == TaskState.OPEN
    norm = words.norms().get(task.code)
    return Task(
        pk=task.pk,
        code=task.code,
        title=norm.title if norm else words.check(task.code),
        found=task.found,
        state=task.state,
        state_label=task.get_state_display(),
        opened_at=task.opened_at,
        due_at=task.due_at,
        closed_at=task.closed_at,
        left=left if is_open else "",
        tone=tone if is_open else "muted",
    )


def events_of(task: PageTask) -> list[Event]:
    """The history of a task, the oldest first."""
    rows = TaskEvent.objects.filter(task=task).order_by("at", "pk")
    return [Event(row.at, words.event(row.verb), row.actor_name, row.note) for row in rows]
