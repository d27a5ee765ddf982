"""Questions of one message: a person cuts one out, joins two again, moves a piece from one to another."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AttachReason, State
from otklik.casework.models import Incident
from otklik.casework.operations.basis import StaleCard, move
from otklik.casework.operations.family import Family, NothingLeft, OtherMessage, as_kept
from otklik.casework.operations.opening import Opening, open_many
from otklik.casework.rules import spans as pieces
from otklik.common.actor import Actor
from otklik.triage import operations as triage
from otklik.triage.enums import PlaceStatus
from otklik.triage.rules import Action

Spans = Iterable[Sequence[int]]
CUT_OUT = "cut_out"  # why an incident that a person cut out is in triage
_PLACE = ("municipality", "settlement", "street", "street_name", "house", "object_name", "place_status")


@transaction.atomic
def split(
    *, incident: Incident, spans: Spans, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Cut pieces of the message off into a question of its own: a new incident in triage, judged by its own words.

    `spans` are [start, end) in characters of the message. Undone by `join`. Raises NotItsPiece, NothingLeft,
    AlreadyAnswered, TextHasChanged, StaleCard, IllegalMove.
    """
    family = Family.of(incident.message_id, by, now)
    incident = family.member(incident.pk, "split", version)
    taken, left = family.cut(incident, spans)
    judged = triage.judge_part(message=family.message, part=family.next_part(), spans=as_kept(taken), now=now)
    assert judged is not None  # noqa: S101 — a new part has no word of a person yet
    opening = Opening(
        verdict=judged.verdict,
        question="",
        action=Action.ASK,
        reason=CUT_OUT,
        suggested_id=judged.suggested_id,
        municipality_id=judged.municipality_id,
    )
    (made,) = open_many(openings=[opening], now=now, by=by)
    _inherit_place(made, incident)
    family.rewrite(incident, "split", as_kept(left), made.number)
    return made


@transaction.atomic
def join(
    *, incident: Incident, other: Incident, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Make two questions of one message one again: the pieces of `other` go to `incident`, `other` is attached to it.

    Undone by `detach`. Raises OtherMessage, AlreadyAnswered, TextHasChanged, StaleCard, IllegalMove.
    """
    if other.pk == incident.pk:
        raise OtherMessage
    family = Family.of(incident.message_id, by, now)
    incident, other = family.member(incident.pk, "take_in", version), family.member(other.pk, "take_in")
    both = [*family.pieces_of(incident), *family.pieces_of(other)]
    other.reason = AttachReason.JOINED
    move(other, verb="join", by=by, now=now, reason=incident.number, parent=incident, assignee=None)
    return family.rewrite(incident, "take_in", pieces.kept(both, family.message.text), other.number)


@transaction.atomic
def move_span(
    *, incident: Incident, other: Incident, spans: Spans, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Move pieces from one question of a message to another; the same with both exchanged undoes it.

    Raises NotItsPiece, NothingLeft, OtherMessage, AlreadyAnswered, TextHasChanged, StaleCard, IllegalMove.
    """
    if other.pk == incident.pk:
        raise OtherMessage
    family = Family.of(incident.message_id, by, now)
    incident, other = family.member(incident.pk, "move_span", version), family.member(other.pk, "move_span")
    taken, left = family.cut(incident, spans)
    more = pieces.tidy([*family.pieces_of(other), *taken], family.message.text)
    family.rewrite(other, "move_span", as_kept(more), incident.number)
    return family.rewrite(incident, "move_span", as_kept(left), other.number)


def take_apart(*, incident: Incident, by: Actor, now: datetime, version: int | None) -> Incident:
    """Undo a `join`: the attached question gets its pieces back and returns to triage."""
    family = Family.of(incident.message_id, by, now)
    incident = family.incidents[incident.pk]
    if version is not None and incident.version != version:
        raise StaleCard
    rules.check_move("detach", incident.state)
    parent = family.member(incident.parent_id or 0, "take_in")
    text, own = family.message.text, family.pieces_of(parent)
    mine = pieces.common(pieces.tidy(incident.spans, text), own, text)
    left = pieces.without(own, mine, text)
    if not mine or not left:
        raise NothingLeft
    family.rewrite(parent, "split", as_kept(left), incident.number)
    incident.reason = CUT_OUT
    changes = family.read_again(incident, as_kept(mine), State.TRIAGE)
    return move(incident, verb="detach", by=by, now=now, parent=None, **changes)


def _inherit_place(made: Incident, origin: Incident) -> None:
    """A place is named once in a message: a question that names none is about the same."""
    if made.place_status in {PlaceStatus.UNKNOWN, PlaceStatus.FROM_PAGE}:
        for name in _PLACE:
            setattr(made, name, getattr(origin, name))
        made.save(update_fields=_PLACE)
