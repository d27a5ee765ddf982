"""A row of the queue, ready to be shown: every decision is made here, the template only places it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from otklik.casework import rules as casework
from otklik.casework.enums import DeliveryNote, State
from otklik.casework.models import Incident
from otklik.casework.operations import sla_limits
from otklik.common.text import excerpt, strip_mentions
from otklik.common.when import in_full, when
from otklik.desk import shown
from otklik.desk.access import Desk
from otklik.desk.enums import Sort
from otklik.desk.rules import Clock, clock

LONGEST_EXCERPT = 220


@dataclass(frozen=True, slots=True)
class Row:
    """What two lines of a queue say of an incident."""

    pk: int
    source: str
    time: str
    time_in_full: str
    text: str
    about: str
    body: str
    clock: Clock | None
    clock_title: str
    state: str
    priority: str
    marks: list[tuple[str, str]]
    # Where the row stands in the order of its list: the browser puts a new row at its place by it.
    key: str


def rows(found: Iterable[Incident], desk: Desk, order: str) -> list[Row]:
    """Incidents as rows."""
    return [_row(incident, desk, order) for incident in found]


def _row(incident: Incident, desk: Desk, order: str) -> Row:
    place = incident.municipality.short_name if incident.municipality else ""
    ticking = clock_of(incident, desk)
    return Row(
        pk=incident.pk,
        source=f"{shown.network(incident.page.network)} · {incident.page.organization}",
        time=when(incident.received_at, desk.now),
        time_in_full=in_full(incident.received_at),
        text=excerpt(strip_mentions(incident.question), LONGEST_EXCERPT) or _("Без текста"),
        about=" · ".join(part for part in (incident.topic.name, place) if part),
        body=str(incident.executor) if incident.executor else "",
        clock=ticking,
        clock_title=clock_title(incident.due_at, ticking) if ticking else "",
        state=str(State(incident.state).label),
        priority=incident.priority if incident.priority != "normal" else "",
        marks=_marks(incident),
        key=order_key(incident, order),
    )


def order_key(incident: Incident, order: str) -> str:
    """A text that sorts as the queue does: equal length, smaller first."""
    at = incident.due_at if order == Sort.DEADLINE else incident.received_at
    micros = int(at.timestamp() * 1_000_000)
    if order == Sort.DEADLINE:
        return f"{micros:017d}{incident.pk:019d}"
    return f"{10**17 - micros:017d}{10**19 - 1 - incident.pk:019d}"


def _marks(incident: Incident) -> list[tuple[str, str]]:
    """Small signs with their words: attachments, edits, a further message, trouble with the delivery."""
    message = incident.message
    signs: list[tuple[str, str, object]] = [
        ("clip", _("есть вложения"), getattr(incident, "has_files", False)),
        ("lock", _("личное сообщение"), message.place == "direct"),
        ("edit", _("текст изменён автором"), message.edited_at),
        ("trash", _("сообщение удалено в сети"), message.deleted_at),
        ("reply", _("автор написал ещё"), incident.author_replied_at),
        ("alert", DeliveryNote(incident.delivery_note).label, incident.delivery_note),
    ]
    return [(icon, str(words)) for icon, words, present in signs if present]


def clock_of(incident: Incident, desk: Desk) -> Clock | None:
    """The clock to the first answer; None when it has been given or nobody waits for it any more."""
    if not incident.is_open or incident.first_answer_at is not None:
        return None
    limit = sla_limits().primary.get(incident.priority, timedelta(hours=8))
    return clock(incident.due_at, desk.now, incident.priority, desk.calendar, limit)


def stage_clock_of(incident: Incident, desk: Desk) -> Clock | None:
    """The clock of the present stage."""
    if not incident.is_open or incident.stage_due_at is None:
        return None
    stages = sla_limits().stages.get(incident.state, casework.STAGE_LIMITS.get(incident.state, {}))
    limit = stages.get(incident.priority, timedelta(hours=1))
    return clock(incident.stage_due_at, desk.now, incident.priority, desk.calendar, limit)


def clock_title(due: datetime, ticking: Clock) -> str:
    """The clock in words, for a title and a screen reader."""
    words = {"until": in_full(due), "time": shown.hours(ticking.minutes)}
    if ticking.tone == "late":
        return _("Ответить надо было до: %(until)s. Просрочено на %(time)s рабочего времени") % words
    return _("Ответить до: %(until)s. Осталось %(time)s рабочего времени") % words
