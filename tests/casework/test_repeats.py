"""The same author asks again what was answered lately: marked, not reopened, one clock for one matter."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.casework.operations.repeats import (
    NoEarlierQuestion,
    NotARepeat,
    deny_repeat,
    live_repeat,
    mark_repeat,
)
from otklik.inbox.models import Author, SourceMessage
from otklik.registry.models import Settlement
from otklik.triage.enums import DuplicateState
from otklik.triage.models import DuplicateHint, Verdict
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.after(days=3)
HERE = {"street_name": "Мира", "house": "5"}


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


@pytest.fixture
def town() -> Settlement:
    return Settlement.objects.create(municipality=cast.municipality(), name="Посёлок", kind="п.")


def answered(
    town: Settlement | None, state: str = "closed", by: Author | None = None, **place: str
) -> Incident:
    """A question of the author about a place, answered or closed on the first day."""
    made = cast.incident(state, message=cast.message(by=by or cast.author()))
    Incident.objects.filter(pk=made.pk).update(settlement=town, **place)
    made.refresh_from_db()
    return made


def asked(earlier: Incident, at: datetime = LATER, *, by: Author | None = None, **fields: Any) -> Verdict:
    """What the same author writes later, elsewhere, as triage judged it; not opened yet."""
    message = cast.message(
        "Опять снег во дворе!", by=by or earlier.message.author, received_at=at, sent_at=at
    )
    place = {"settlement": earlier.settlement, "street_name": earlier.street_name, "house": earlier.house}
    return cast.verdict(message, **{"topic": earlier.topic, **place, **fields})


def opened(verdict: Verdict, at: datetime = LATER, action: str = "open", **given: Any) -> Incident:
    opening = cast.opening(verdict.message, action, verdict=verdict, **given)
    made = casework.open_many(openings=[opening], now=at)[0]
    return Incident.objects.get(pk=made.pk)


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_a_repeat_is_marked_important_and_leaves_the_earlier_as_it_ended(
    state: str, town: Settlement
) -> None:
    earlier = answered(town, state, **HERE)
    again = opened(asked(earlier))
    assert (again.repeat_of, again.state, again.priority, again.cycle) == (earlier, "routed", "high", 1)
    assert again.due_at < opened(asked(answered(None))).due_at
    earlier.refresh_from_db()
    assert (earlier.state, earlier.cycle) == (state, 1)
    line = AuditLine.objects.get(verb="open", subject_id=again.pk)
    assert line.details["repeat_of"] == earlier.pk


def test_thirty_days_after_the_end_and_no_longer(town: Settlement) -> None:
    earlier = answered(town, **HERE)
    last = earlier.entered_at + timedelta(days=30)
    assert opened(asked(earlier, last), last).repeat_of == earlier
    over = last + timedelta(seconds=1)
    other = answered(town, **HERE)
    assert opened(asked(other, over), over).repeat_of is None


def test_another_author_topic_or_house_is_no_repeat(town: Settlement) -> None:
    earlier = answered(town, **HERE)
    assert opened(asked(earlier, by=cast.author())).repeat_of is None
    assert opened(asked(earlier, topic=cast.topic("ROADS.lighting"))).repeat_of is None
    assert opened(asked(earlier, house="7")).repeat_of is None
    assert opened(asked(earlier, settlement=None)).repeat_of is None
    nowhere = answered(None)
    assert opened(asked(nowhere)).repeat_of is None


@pytest.mark.parametrize("state", ["in_progress", "interim_answered", "deferred", "reopened", "rejected"])
def test_what_was_not_answered_whole_is_not_repeated(state: str, town: Settlement) -> None:
    assert opened(asked(answered(town, state, **HERE))).repeat_of is None


def test_a_follow_up_and_what_is_no_request_repeat_nothing(town: Settlement) -> None:
    earlier = answered(town, **HERE)
    assert opened(asked(earlier), parent=earlier).repeat_of is None
    assert opened(asked(earlier), action="reject").repeat_of is None


@pytest.mark.parametrize(("state", "marked"), [("suggested", True), ("attached", True), ("dismissed", False)])
def test_nearly_the_same_words_are_a_repeat_unless_called_different(state: str, marked: bool) -> None:
    earlier = answered(None)
    verdict = asked(earlier, topic=cast.topic("ROADS.lighting"))
    DuplicateHint.objects.create(
        earlier_id=earlier.message_id, later_id=verdict.message_id, score=0.95, found_at=LATER, state=state,
        decided_at=None if state == "suggested" else LATER,
    )  # fmt: skip
    assert (opened(verdict).repeat_of == earlier) is marked


def test_the_latest_answer_is_the_one_repeated(town: Settlement) -> None:
    first = answered(town, **HERE)
    second = answered(town, by=first.message.author, **HERE)
    Incident.objects.filter(pk=first.pk).update(entered_at=cast.NOW)
    assert opened(asked(first)).repeat_of == second


def test_a_batch_asks_once(town: Settlement, django_assert_max_num_queries: Any) -> None:
    verdicts = [asked(answered(town, **HERE)) for _ in range(10)]
    openings = [cast.opening(each.message, verdict=each) for each in verdicts]
    one = [cast.opening(each.message, verdict=each) for each in [asked(answered(town, **HERE))]]
    with django_assert_max_num_queries(20) as few:
        casework.open_many(openings=one, now=LATER)
    with django_assert_max_num_queries(len(few.captured_queries)):
        made = casework.open_many(openings=openings, now=LATER)
    assert all(each.repeat_of_id for each in made)


def test_a_person_says_that_it_is_none_and_takes_it_back(town: Settlement) -> None:
    earlier, by = answered(town, **HERE), cast.dispatcher().actor
    again = opened(asked(earlier))
    with pytest.raises(casework.StaleCard):
        deny_repeat(incident=again, by=by, now=LATER, version=again.version + 1)
    again = deny_repeat(incident=again, by=by, now=LATER)
    move = again.moves.latest("pk")
    assert (again.repeat_of, move.verb, move.before, move.after) == (None, "deny_repeat", "routed", "routed")
    assert move.reason == earlier.number
    assert AuditLine.objects.filter(verb="deny_repeat", subject_id=again.pk).count() == 1
    assert DuplicateHint.objects.get().state == DuplicateState.DISMISSED
    with pytest.raises(NotARepeat):
        deny_repeat(incident=again, by=by, now=LATER)
    again = mark_repeat(incident=again, earlier=earlier, by=by, now=LATER)
    assert (again.repeat_of, again.moves.latest("pk").verb) == (earlier, "mark_repeat")
    assert AuditLine.objects.filter(verb="mark_repeat", subject_id=again.pk).count() == 1


def test_only_an_answered_question_of_the_same_author_is_repeated(town: Settlement) -> None:
    earlier, by = answered(town, **HERE), cast.dispatcher().actor
    again = opened(asked(earlier))
    for wrong in (answered(town), answered(town, "in_progress", by=earlier.message.author), again):
        with pytest.raises(NoEarlierQuestion):
            mark_repeat(incident=again, earlier=wrong, by=by, now=LATER)
    with pytest.raises(NoEarlierQuestion):
        mark_repeat(incident=earlier, earlier=again, by=by, now=LATER)


def objection(to: Incident, at: datetime = LATER) -> SourceMessage:
    """The author writes under the old answer that nothing is solved."""
    of = to.message
    return cast.message(
        "Ничего не сделали!", by=of.author, thread=of.thread, under=of.connection, received_at=at, sent_at=at
    )


def test_one_matter_has_one_clock_even_when_both_threads_are_written_in(town: Settlement) -> None:
    earlier = answered(town, **HERE)
    again = opened(asked(earlier))
    assert live_repeat(earlier) == again
    casework.note_follow_ups(follow_ups=[(objection(earlier), earlier)], now=LATER)
    earlier.refresh_from_db()
    again.refresh_from_db()
    assert (earlier.state, earlier.author_replied_at) == ("closed", None)
    assert again.author_replied_at == LATER
    assert again.moves.latest("pk").verb == "author_replied"


def test_once_the_repeat_is_over_an_objection_reopens_the_earlier_again(town: Settlement) -> None:
    earlier = answered(town, **HERE)
    again = opened(asked(earlier))
    casework.reject(incident=again, reason="duplicate", by=cast.dispatcher().actor, now=LATER)
    casework.note_follow_ups(follow_ups=[(objection(earlier), earlier)], now=LATER)
    earlier.refresh_from_db()
    assert (earlier.state, earlier.cycle) == ("reopened", 2)
