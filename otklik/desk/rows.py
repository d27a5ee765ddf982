"""A row of the queue, ready to be shown: every decision is made here, the template only places it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework import rules as casework
from otklik.casework.enums import State
from otklik.casework.models import Incident
from otklik.casework.operations import masked_line, sla_limits
from otklik.casework.operations.basis import calendar_of
from otklik.common.text import excerpt, strip_mentions
from otklik.common.when import in_full, when
from otklik.desk import choices, shown
from otklik.desk.access import Desk
from otklik.desk.ordering import order_key
from otklik.desk.rules import Clock, clock

LONGEST_EXCERPT = 220


@dataclass(frozen=True, slots=True)
class Row:
    """What two lines of a queue say of an incident."""

    pk: int
    url: str
    source: str
    time: str
    time_in_full: str
    text: str
    about: str
    body: str
    clock: Clock | None
    clock_title: str
    state: str
    day: "Day | None"
    priority: str
    marks: list[tuple[str, str]]
    # Where the row stands in the order of its list: the browser puts a new row at its place by it.
    key: str


def rows(found: Iterable[Incident], desk: Desk, column: str) -> list[Row]:
    """Incidents as rows of a list that is sorted by the column."""
    # One look-up of the address for the whole list: forty of them are a tenth of the page's time.
    base = reverse("desk:incident", args=[0]).removesuffix("0")
    topics, places = choices.topic_names(), choices.municipality_names()
    return [
        _row(
            incident,
            desk,
            column,
            base=base,
            topic=topics.get(incident.topic_id, ("", "", ""))[0],
            place=places.get(incident.municipality_id or 0, ""),
        )
        for incident in found
    ]


def _row(incident: Incident, desk: Desk, column: str, *, base: str, topic: str, place: str) -> Row:
    ticking = clock_of(incident, desk)
    return Row(
        pk=incident.pk,
        url=f"{base}{incident.pk}",
        source=f"{shown.network(incident.page.network)} · {incident.page.organization}",
        time=when(incident.received_at, desk.now),
        time_in_full=in_full(incident.received_at),
        text=excerpt(strip_mentions(masked_line(incident.question)), LONGEST_EXCERPT) or _("Без текста"),
        about=" · ".join(part for part in (topic, place) if part),
        body=str(incident.executor) if incident.executor else "",
        clock=ticking,
        clock_title=clock_title(incident.due_at, ticking) if ticking else "",
        state="" if ticking else _state(incident),
        day=day_of(incident, desk),
        priority=incident.priority if incident.priority != "normal" else "",
        marks=_marks(incident),
        key=order_key(incident, column),
    )


def _state(incident: Incident) -> str:
    return _("часы стоят") if incident.paused_at else str(State(incident.state).label)


@dataclass(frozen=True, slots=True)
class Day:
    """The day that counts once the first answer is given: in short, in full, and how near it is."""

    text: str
    title: str
    tone: str


def day_of(incident: Incident, desk: Desk) -> Day | None:
    """What was promised to the resident for which day, or by when an answer is to be checked."""
    if incident.state in _PROMISED and incident.final_due_at:
        at, words = incident.final_due_at, _("Обещано до: %(until)s")
    elif incident.state == State.ANSWERED and incident.stage_due_at:
        at, words = incident.stage_due_at, _("Закроется само, если никто не возразит: %(until)s")
    else:
        return None
    late, soon = at < desk.now, at < desk.now + SOON_DAYS
    tone = "late" if late and incident.state in _PROMISED else ("warn" if soon else "ok")
    return Day(_("до %(until)s") % {"until": when(at, desk.now)}, words % {"until": in_full(at)}, tone)


_PROMISED = frozenset({State.INTERIM_ANSWERED, State.DEFERRED})
# A promise warns from the day before it.
SOON_DAYS = timedelta(days=1)


def _marks(incident: Incident) -> list[tuple[str, str]]:
    """Small signs with their words: attachments, edits, a further message, trouble with the delivery."""
    message = incident.message
    signs: list[tuple[str, object, object]] = [
        ("clip", _FILES, message.attachments.all()),
        ("lock", _DIRECT, message.place == "direct"),
        ("edit", _EDITED, message.edited_at),
        ("trash", _DELETED, message.deleted_at),
        ("reply", _REPLIED, incident.author_replied_at),
        ("alert", incident.get_delivery_note_display, incident.delivery_note),
    ]
    return [(icon, str(words() if callable(words) else words)) for icon, words, present in signs if present]


# Lazy: a word is looked up in the catalogue only for the rows that have its sign.
_FILES = gettext_lazy("есть вложения")
_DIRECT = gettext_lazy("личное сообщение")
_EDITED = gettext_lazy("текст изменён автором")
_DELETED = gettext_lazy("сообщение удалено в сети")
_REPLIED = gettext_lazy("автор написал ещё")


def clock_of(incident: Incident, desk: Desk) -> Clock | None:
    """The clock to the first answer; None when it has been given, it stands still, or nobody waits any more."""
    if not _runs(incident) or incident.first_answer_at is not None:
        return None
    limit = sla_limits().primary[incident.priority].length
    return clock(incident.due_at, desk.now, incident.priority, desk.calendar, limit)


def _runs(incident: Incident) -> bool:
    return incident.state in casework.TICKING and incident.paused_at is None


def stage_clock_of(incident: Incident, desk: Desk) -> Clock | None:
    """The clock of the present stage."""
    if not _runs(incident) or incident.stage_due_at is None:
        return None
    stage = sla_limits().stages.get(incident.state)
    limit = stage[incident.priority].length if stage else timedelta(hours=1)
    hours = calendar_of(incident, incident.state)
    return clock(incident.stage_due_at, desk.now, incident.priority, hours, limit)


def clock_title(due: datetime, ticking: Clock) -> str:
    """The clock in words, for a title and a screen reader."""
    words = {"until": in_full(due), "time": shown.hours(ticking.minutes)}
    if ticking.tone == "late":
        return _("Ответить надо было до: %(until)s. Просрочено на %(time)s рабочего времени") % words
    return _("Ответить до: %(until)s. Осталось %(time)s рабочего времени") % words
