"""The steps of an incident with their times: where it has been, where it is, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from otklik.casework.enums import State
from otklik.casework.models import Incident, Move
from otklik.common.when import in_full, when
from otklik.desk.access import Desk

_ROAD = (State.TRIAGE, State.ROUTED, State.IN_PROGRESS, State.ANSWERED, State.CLOSED)
# An answer on its way stands at the step of the answer, under its own name.
# What stands at a step of the road under its own name: an answer on its way, seen by another, promised, returned.
_SHOWN_AS = {
    State.NEW: State.TRIAGE,
    State.APPROVAL: State.IN_PROGRESS,
    State.REWORK: State.IN_PROGRESS,
    State.REOPENED: State.IN_PROGRESS,
    State.PUBLISHING: State.ANSWERED,
    State.UNCERTAIN: State.ANSWERED,
    State.INTERIM_ANSWERED: State.ANSWERED,
    State.DEFERRED: State.ANSWERED,
    State.ARCHIVED: State.CLOSED,
}
_ENDS = (State.REJECTED, State.ATTACHED, State.TRANSFERRED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, when it was reached, and `done`, `now` or `ahead`."""

    name: str
    time: str
    title: str
    status: str


def steps(incident: Incident, moves: Sequence[Move], desk: Desk) -> list[Step]:
    """Received, then the states on the road; moves come oldest first."""
    reached = {str(move.after): move.at for move in moves}
    here = _SHOWN_AS.get(State(incident.state), State(incident.returns_to or incident.state))
    found = [Step(_("Принято"), when(incident.received_at, desk.now), in_full(incident.received_at), "done")]
    names = _names()
    for state in (State.TRIAGE, here) if here in _ENDS else _ROAD:
        at = reached.get(state)
        if state == here:
            status, at = "now", incident.entered_at
        else:
            # A step that the verdict jumped over is behind, too; it only has no time.
            status = "done" if _before(state, here) else "ahead"
        seen = at if status != "ahead" else None
        found.append(
            Step(names[state], when(seen, desk.now) if seen else "", in_full(seen) if seen else "", status)
        )
    if incident.state == State.CLARIFICATION:
        # It stands where it was asked from, and it is the author's turn.
        waits = names[State.CLARIFICATION]
        found = [replace(each, name=waits) if each.status == "now" else each for each in found]
    if State(incident.state) in _SHOWN_AS and incident.state != State.NEW:
        found = [
            replace(each, name=names[State(incident.state)]) if each.status == "now" else each
            for each in found
        ]
    if here not in (*_ENDS, State.ANSWERED) and incident.first_answer_at is None and incident.is_open:
        found[4] = _promise(found[4], incident, desk)
    return found


def _before(state: State, here: State) -> bool:
    return here in _ENDS or _ROAD.index(state) < _ROAD.index(here)


def _promise(step: Step, incident: Incident, desk: Desk) -> Step:
    """The answer is not there yet: the step says by when it must be."""
    until = when(incident.due_at, desk.now)
    return Step(_("Ответ"), _("до %(until)s") % {"until": until}, in_full(incident.due_at), step.status)


def _names() -> dict[str, str]:
    return {
        State.TRIAGE: _("Разбор"),
        State.CLARIFICATION: _("Ждём автора"),
        State.ROUTED: _("В органе"),
        State.IN_PROGRESS: _("В работе"),
        State.PUBLISHING: _("Публикуется"),
        State.UNCERTAIN: _("Вышел ли ответ?"),
        State.ANSWERED: _("Ответ"),
        State.CLOSED: _("Закрыто"),
        State.APPROVAL: _("Согласуют"),
        State.REWORK: _("На доработке"),
        State.REOPENED: _("Возобновлено"),
        State.INTERIM_ANSWERED: _("Обещан ответ"),
        State.DEFERRED: _("Запланировано"),
        State.ARCHIVED: _("Архив"),
        State.TRANSFERRED: _("Передано"),
        State.REJECTED: _("Отклонено"),
        State.ATTACHED: _("Присоединено"),
    }
