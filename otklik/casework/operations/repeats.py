"""Repeats: an author asks again, elsewhere, what was answered to them less than thirty days ago.

The new incident is what is worked on, at least of high importance as a new cycle would be; the earlier one stays as
it ended, so one matter has one clock. What the author writes in the old thread reopens the old incident instead.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import State
from otklik.casework.models import Incident
from otklik.casework.operations.basis import locked, sla_limits, touch
from otklik.common.actor import Actor
from otklik.triage.enums import DuplicateState
from otklik.triage.models import DuplicateHint, Verdict
from otklik.triage.operations import duplicates
from otklik.triage.rules.sameness import Place, sameness

# What was answered whole; a promise is still worked on.
ANSWERED = (State.ANSWERED, State.CLOSED)
MOST_READ = 2000
_READ = (
    "message__author", "part", "topic", "settlement", "street", "street_name", "house", "object_name", "state",
    "entered_at", "received_at",
)  # fmt: skip


class NotARepeat(Exception):
    """Этот вопрос и так не отмечен повтором."""


class NoEarlierQuestion(Exception):
    """Повтором бывает вопрос того же автора, на который ему уже ответили."""


def repeats_among(verdicts: Iterable[Verdict], now: datetime) -> dict[int, Incident]:
    """Of these verdicts, by their id, those that repeat what the same author was answered lately: the latest such.

    The same topic in the same place, or nearly the same words. One statement for a batch; a second only where an
    author is met whose earlier question was another, or elsewhere.
    """
    asked = [each for each in verdicts if each.message.author_id is not None]
    earlier = _answered_to({each.message.author_id for each in asked}, now) if asked else []
    if not earlier:
        return {}
    found: dict[int, Incident] = {}
    left: list[tuple[Verdict, Incident]] = []
    for each in asked:
        mine = [one for one in earlier if _is_before(one, each)]
        same = next((one for one in mine if _same_matter(one, each)), None)
        if same is not None:
            found[each.pk] = same
        else:
            left += [(each, one) for one in mine]
    return found | _by_words(left)


def _answered_to(authors: set[int | None], now: datetime) -> Sequence[Incident]:
    rows = Incident.objects.filter(
        message__author__in=authors, state__in=ANSWERED, entered_at__gte=now - sla_limits().repeat.length
    )
    return list(rows.select_related("message").only(*_READ).order_by("-entered_at", "-pk")[:MOST_READ])


def _is_before(earlier: Incident, verdict: Verdict) -> bool:
    """Whether the verdict is about a later message of the same author."""
    return (
        earlier.message.author_id == verdict.message.author_id
        and earlier.message_id != verdict.message_id
        and earlier.received_at <= verdict.message.received_at
    )


def _same_matter(earlier: Incident, verdict: Verdict) -> bool:
    if earlier.topic_id != verdict.topic_id:
        return False
    return sameness(Place.of(earlier), Place.of(verdict)) is not None


def _by_words(pairs: Sequence[tuple[Verdict, Incident]]) -> dict[int, Incident]:
    """Pairs that the search for duplicates found and nobody called different."""
    if not pairs:
        return {}
    hints = DuplicateHint.objects.filter(
        later__in={verdict.message_id for verdict, _one in pairs},
        earlier__in={one.message_id for _verdict, one in pairs},
    ).exclude(state=DuplicateState.DISMISSED)
    near = set(hints.values_list("earlier_id", "earlier_part", "later_id", "later_part"))
    found: dict[int, Incident] = {}
    for verdict, one in pairs:
        if (one.message_id, one.part, verdict.message_id, verdict.part) in near:
            found.setdefault(verdict.pk, one)
    return found


def live_repeat(incident: Incident) -> Incident | None:
    """The repeat of an ended incident that is worked on now, locked: it has taken the matter over."""
    open_ones = Incident.objects.filter(repeat_of=incident, state__in=sorted(rules.OPEN))
    return open_ones.select_for_update(of=("self",)).order_by("-pk").first()


@transaction.atomic
def deny_repeat(*, incident: Incident, by: Actor, now: datetime, version: int | None = None) -> Incident:
    """A person says that it is about something else; the importance stays, a person may change it as ever.

    Raises NotARepeat, StaleCard.
    """
    incident = locked(incident, version=version)
    earlier = incident.repeat_of
    if earlier is None:
        raise NotARepeat
    duplicates.note_detached(question=incident, other=earlier, by=by, now=now)
    return touch(incident, verb="deny_repeat", by=by, now=now, reason=earlier.number, repeat_of=None)


@transaction.atomic
def mark_repeat(
    *, incident: Incident, earlier: Incident, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """A person says that it repeats what the author was answered before. Raises NoEarlierQuestion, StaleCard."""
    incident = locked(incident, version=version)
    author = incident.message.author_id
    is_answered = earlier.state in {*ANSWERED, State.ARCHIVED}
    if author is None or earlier.message.author_id != author or not is_answered:
        raise NoEarlierQuestion
    if earlier.message_id == incident.message_id or earlier.received_at > incident.received_at:
        raise NoEarlierQuestion
    return touch(incident, verb="mark_repeat", by=by, now=now, reason=earlier.number, repeat_of=earlier)
