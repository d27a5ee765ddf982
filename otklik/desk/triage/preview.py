"""What a rule would do, before it is saved: questions of the last month, the test table, rules that cross it."""

from dataclasses import dataclass
from datetime import datetime

from otklik.desk.triage.words import Bit, conditions, target_words
from otklik.triage.models import RoutingRule
from otklik.triage.operations.routing_cases import Impact, impact_of
from otklik.triage.operations.routing_catch import Catch, caught_by
from otklik.triage.operations.routing_overlaps import Meeting, meetings_of

MOST_MOVED = 8
MOST_MEETINGS = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """A rule in words, with its consequences."""

    conditions: list[Bit]
    target: str
    catch: Catch
    moved: list[tuple[object, object, int]]
    impact: Impact
    meetings: list[Meeting]
    more_meetings: int


def of_rule(draft: RoutingRule, now: datetime) -> Preview:
    """The preview of a rule, saved or not."""
    catch, meetings = caught_by(draft, now=now), meetings_of(draft)
    return Preview(
        conditions=conditions(draft),
        target=target_words(draft),
        catch=catch,
        moved=[(old, new, count) for old, new, count in catch.moved[:MOST_MOVED]],
        impact=impact_of([draft]) if draft.is_active else Impact(0, []),
        meetings=meetings[:MOST_MEETINGS],
        more_meetings=max(0, len(meetings) - MOST_MEETINGS),
    )
