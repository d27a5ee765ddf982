"""Questions of one message: cut out, joined, moved; never the same words twice, never after an answer."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Incident, Move
from otklik.casework.rules import spans as pieces
from otklik.inbox.models import SourceMessage
from otklik.triage.models import Verdict
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.after(minutes=1)
TEXT = "Здравствуйте! На Мира, 5 во дворе яма. И когда запишут ребёнка в детский сад? Спасибо."
YARD, GARDEN = TEXT.index("На Мира"), TEXT.index("И когда")
GARDEN_SPAN = (GARDEN, TEXT.index(" Спасибо"))


def opened(text: str = TEXT, **fields: Any) -> Incident:
    cast.region()
    return cast.incident("triage", message=cast.message(text), **fields)


def split(incident: Incident, *spans: tuple[int, int]) -> tuple[Incident, Incident]:
    """The question that stays and the one that was cut out."""
    made = casework.split(incident=incident, spans=spans, by=cast.dispatcher().actor, now=NOW)
    return fresh(incident), fresh(made)


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def words(incident: Incident) -> str:
    return pieces.text_of(incident.message.text, incident.spans)


def test_a_cut_out_question_is_an_incident_in_triage_with_its_own_verdict() -> None:
    by, incident = cast.dispatcher(), opened()
    made = fresh(casework.split(incident=incident, spans=[GARDEN_SPAN], by=by.actor, now=NOW))
    assert (made.state, made.reason, made.part) == ("triage", "cut_out", 1)
    assert made.question == "И когда запишут ребёнка в детский сад?" == words(made)
    assert made.topic.code.startswith("EDU.kindergarten")
    verdict = Verdict.objects.get(message=made.message, part=1)
    assert verdict.spans == made.spans == [list(GARDEN_SPAN)]
    assert {TEXT[start:end] for _word, start, end in verdict.words} <= {
        "запишут",
        "детский",
        "сад",
        "ребёнка",
    }
    assert all(TEXT[start:end] == word for word, start, end in verdict.words)
    rest = fresh(incident)
    assert "сад" not in rest.question
    assert rest.topic.code.startswith(("ROADS.", "URBAN."))
    assert Verdict.objects.get(message=made.message, part=0).spans == rest.spans
    told = Move.objects.filter(at=NOW).values_list("incident_id", "verb", "actor_id")
    assert set(told) == {(made.pk, "open", by.pk), (rest.pk, "split", by.pk)}
    assert AuditLine.objects.filter(verb="split", subject_id=rest.pk, actor_id=by.pk).count() == 1
    assert rest.moves.latest("pk").reason == made.number


def test_a_place_that_is_named_once_goes_with_the_question_that_names_none() -> None:
    incident = opened()
    place = {"street_name": "Мира", "house": "5", "place_status": "found"}
    Incident.objects.filter(pk=incident.pk).update(**place)
    _rest, made = split(incident, GARDEN_SPAN)
    assert (made.street_name, made.house, made.place_status) == ("Мира", "5", "found")


def test_a_verdict_on_which_a_person_had_a_word_stays_and_learns_its_pieces() -> None:
    incident, by = opened(), cast.dispatcher()
    topic = cast.topic("ROADS.lighting")
    confirmed = casework.confirm(
        incident=incident, topic=topic, kind="complaint", priority="normal",
        executor=incident.page.organization, by=by, now=NOW,
    )  # fmt: skip
    back = casework.decline(incident=confirmed, reason="not_ours", by=by.actor, now=NOW)
    rest, _made = split(back, GARDEN_SPAN)
    verdict = Verdict.objects.get(message=rest.message, part=0)
    assert (rest.topic, verdict.model_version, verdict.spans) == (topic, "test", rest.spans)


def test_joining_makes_one_of_them_again_and_detaching_takes_them_apart() -> None:
    by = cast.dispatcher().actor
    rest, made = split(opened(), GARDEN_SPAN)
    apart = (rest.question, made.question)
    whole = casework.join(incident=rest, other=made, by=by, now=NOW)
    assert (whole.spans, whole.question) == ([], TEXT)
    joined = fresh(made)
    assert (joined.state, joined.reason, joined.parent) == ("attached", "joined", whole)
    # `detach` of a question that was joined is `take_apart`.
    again = casework.detach(incident=joined, by=by, now=NOW)
    assert (again.state, again.parent, again.reason) == ("triage", None, "cut_out")
    assert (fresh(rest).question, fresh(made).question) == apart


def test_a_piece_goes_to_another_question_and_back() -> None:
    by = cast.dispatcher().actor
    rest, made = split(opened(), GARDEN_SPAN)
    greeting = (0, TEXT.index(" На Мира"))
    casework.move_span(incident=rest, other=made, spans=[greeting], by=by, now=NOW)
    assert fresh(made).question.startswith("Здравствуйте! И когда")
    assert fresh(rest).question.startswith("На Мира")
    casework.move_span(incident=made, other=rest, spans=[greeting], by=by, now=NOW)
    assert (fresh(rest).question, fresh(made).question) == (rest.question, made.question)


@pytest.mark.parametrize(
    ("spans", "fact"),
    [
        ([], casework.NotItsPiece),
        ([(0, 0)], casework.NotItsPiece),
        ([(500, 600)], casework.NotItsPiece),
        ([(12, 13)], casework.NotItsPiece),  # an exclamation mark is no question
        ([GARDEN_SPAN], casework.NotItsPiece),  # it belongs to the other one by now
        ([(YARD, GARDEN), (0, YARD), (GARDEN_SPAN[1], len(TEXT))], casework.NothingLeft),
        ([(-9, 9999)], casework.NotItsPiece),
    ],
)
def test_what_cannot_be_cut(spans: list[tuple[int, int]], fact: type[Exception]) -> None:
    rest, _made = split(opened(), GARDEN_SPAN)
    before = rest.version
    with pytest.raises(fact):
        casework.split(incident=rest, spans=spans, by=cast.dispatcher().actor, now=NOW)
    assert fresh(rest).version == before


@pytest.mark.parametrize(
    "state", ["publishing", "answered", "closed", "rejected", "clarification", "uncertain"]
)
def test_pieces_lie_still_once_somebody_waits_or_has_been_answered(state: str) -> None:
    cast.region()
    incident = cast.incident(state, message=cast.message(TEXT))
    with pytest.raises((rules.IllegalMove, casework.AlreadyAnswered)):
        casework.split(incident=incident, spans=[GARDEN_SPAN], by=cast.dispatcher().actor, now=NOW)
    assert Incident.objects.filter(message=incident.message).count() == 1


def test_what_was_answered_is_not_cut_though_it_is_back_at_work() -> None:
    incident, by = cast.incident("rework", message=cast.message(TEXT)), cast.dispatcher()
    casework.take_up(incident=incident, by=by, now=NOW)
    with pytest.raises(casework.AlreadyAnswered):
        casework.split(incident=incident, spans=[GARDEN_SPAN], by=by.actor, now=NOW)


def test_the_parts_of_an_answered_question_are_not_taken_apart() -> None:
    by = cast.dispatcher()
    rest, made = split(opened(), GARDEN_SPAN)
    whole = casework.join(incident=rest, other=made, by=by.actor, now=NOW)
    sure = casework.confirm(
        incident=whole, topic=whole.topic, kind="complaint", priority="normal",
        executor=whole.page.organization, by=by, now=NOW,
    )  # fmt: skip
    cast.publish(casework.accept(incident=sure, by=by, now=NOW))
    with pytest.raises(rules.IllegalMove):
        casework.detach(incident=fresh(made), by=by.actor, now=NOW)


def test_questions_of_different_messages_are_not_joined() -> None:
    cast.region()
    by, one, other = cast.dispatcher().actor, cast.incident("triage"), cast.incident("triage")
    for verb in (casework.join, casework.move_span):
        given: Any = {"spans": [(0, 5)]} if verb is casework.move_span else {}
        for pair in ((one, other), (one, one)):
            with pytest.raises(casework.OtherMessage):
                verb(incident=pair[0], other=pair[1], by=by, now=NOW, **given)


@pytest.mark.parametrize("verb", ["join", "move_span"])
def test_a_card_that_somebody_changed_is_refused(verb: str) -> None:
    rest, made = split(opened(), GARDEN_SPAN)
    given: Any = {"spans": [(0, 12)]} if verb == "move_span" else {}
    with pytest.raises(casework.StaleCard):
        getattr(casework, verb)(
            incident=rest, other=made, by=cast.dispatcher().actor, now=NOW, version=rest.version - 1, **given
        )


def test_a_question_in_work_stays_in_work_and_keeps_its_topic() -> None:
    cast.region()
    incident = cast.incident("in_progress", message=cast.message(TEXT))
    rest, made = split(incident, GARDEN_SPAN)
    assert (rest.state, rest.topic, rest.executor) == (incident.state, incident.topic, incident.executor)
    assert (made.state, made.executor) == ("triage", None)
    assert made.due_at == incident.due_at


def test_a_refused_change_leaves_nothing() -> None:
    incident = opened()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012
        casework.split(incident=incident, spans=[GARDEN_SPAN], by=cast.dispatcher().actor, now=NOW)
        cursor.execute("select 1 / 0")
    assert Incident.objects.filter(message=incident.message).count() == 1
    assert fresh(incident).spans == []
    assert Verdict.objects.get(message=incident.message).spans == []


def edit(incident: Incident, text: str) -> None:
    message = SourceMessage.objects.get(pk=incident.message_id)
    message.text = text
    message.save()
    casework.note_changes(messages=[message], now=NOW)


def test_after_an_edit_pieces_are_found_at_their_new_places() -> None:
    rest, made = split(opened(), GARDEN_SPAN)
    edit(made, f"Добрый день!\n{TEXT}")
    moved = fresh(made)
    assert moved.question == made.question == words(moved)
    assert moved.spans != made.spans
    assert Verdict.objects.get(message=moved.message, part=1).spans == moved.spans
    assert words(fresh(rest)) == rest.question


def test_a_question_whose_words_are_gone_keeps_them_and_lies_still() -> None:
    rest, made = split(opened(), GARDEN_SPAN)
    edit(made, TEXT.replace("детский сад", "школу"))
    assert fresh(made).question == made.question
    assert fresh(made).version == made.version + 1
    with pytest.raises(casework.TextHasChanged):
        casework.join(incident=rest, other=made, by=cast.dispatcher().actor, now=NOW)
    edit(made, TEXT)
    casework.join(incident=rest, other=made, by=cast.dispatcher().actor, now=NOW)


def test_an_edit_of_joined_questions_moves_both() -> None:
    by = cast.dispatcher().actor
    rest, made = split(opened(), GARDEN_SPAN)
    _rest, third = split(rest, (0, YARD))
    casework.join(incident=fresh(rest), other=made, by=by, now=NOW)
    edit(made, f"Вечер добрый. {TEXT}")
    assert words(fresh(third)) == "Здравствуйте!"
    assert words(fresh(made)) == made.question
    casework.detach(incident=fresh(made), by=by, now=NOW)
    assert fresh(made).question == made.question


def test_the_question_of_a_whole_message_follows_an_edit() -> None:
    incident = opened()
    edit(incident, "Яму засыпали, спасибо")
    assert fresh(incident).question == "Яму засыпали, спасибо"


SPANS = st.lists(st.tuples(st.integers(-3, len(TEXT) + 5), st.integers(-3, len(TEXT) + 5)), max_size=4)
VERBS = st.sampled_from(["split", "join", "move_span", "detach", "edit"])
ACTS = st.lists(st.tuples(VERBS, st.integers(0, 9), st.integers(0, 9), SPANS), max_size=12)
FACTS = (
    rules.IllegalMove, casework.NotItsPiece, casework.NothingLeft, casework.OtherMessage, casework.TextHasChanged,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_whatever_people_do_the_parts_of_a_message_never_overlap(
    acts: list[tuple[str, int, int, list[tuple[int, int]]]],
) -> None:
    with transaction.atomic():
        incident = opened()
        by, texts = cast.dispatcher().actor, [f"О! {TEXT}", TEXT, TEXT.upper()]
        for verb, first, second, spans in acts:
            family = list(Incident.objects.filter(message=incident.message).order_by("pk"))
            one, other = family[first % len(family)], family[second % len(family)]
            try:
                if verb == "edit":
                    edit(one, texts[first % 3])
                elif verb == "split":
                    casework.split(incident=one, spans=spans, by=by, now=NOW)
                elif verb == "join":
                    casework.join(incident=one, other=other, by=by, now=NOW)
                elif verb == "move_span":
                    casework.move_span(incident=one, other=other, spans=spans, by=by, now=NOW)
                else:
                    casework.detach(incident=one, by=by, now=NOW)
            except FACTS:
                pass
            in_order(incident.message_id)
        transaction.set_rollback(True)


def in_order(message_id: int) -> None:
    text = SourceMessage.objects.get(pk=message_id).text
    questions = Incident.objects.filter(message_id=message_id).exclude(reason="joined")
    taken: set[int] = set()
    for each in questions:
        assert each.question
        if len(questions) > 1:
            assert each.spans
        if each.spans and pieces.text_of(text, each.spans) != each.question:
            continue  # its words are gone: it lies still until they come back
        mine = {at for start, end in pieces.own(each.spans, text) for at in range(start, end)}
        assert mine
        assert not mine & taken
        taken |= mine
