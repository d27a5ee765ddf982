"""Pairs of messages that may be one matter: found in batches, told with reasons, decided by people."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.inbox.models import SourceMessage
from otklik.registry.models import Settlement, Street
from otklik.triage.enums import DuplicateState
from otklik.triage.models import DuplicateHint, LikenessKey, Verdict
from otklik.triage.operations.duplicates import (
    MOST_SHOWN,
    SameMessage,
    candidates_for,
    dismiss,
    find_duplicates,
    note_attached,
    note_detached,
    suggest_again,
)
from otklik.triage.operations.likeness import MOST_PAIRS, TEXT_WINDOW, forget_keys
from otklik.triage.rules.sameness import Place, sameness
from tests import cast
from tests.cast import NOW, after

pytestmark = pytest.mark.django_db
SNOW = "Когда уберут снег на улице Ленина, 5? Вторую неделю не пройти, дети идут по дороге!"


def _say(text: str = SNOW, **fields: Any) -> SourceMessage:
    message = cast.message(text, **fields)
    find_duplicates(messages=[message], now=message.received_at)
    return message


def _street(name: str = "Ленина") -> Street:
    place = cast.municipality()
    town = Settlement.objects.create(municipality=place, name="Бердск", kind="город")
    return Street.objects.create(settlement=town, name=name)


def _at(street: Street, message: SourceMessage, /, **fields: Any) -> Verdict:
    known = {
        "street": street,
        "settlement": street.settlement,
        "municipality": street.settlement.municipality,
    }
    return cast.verdict(message, **known | fields)


def test_the_same_text_on_another_page_is_found_with_its_reasons() -> None:
    first = _say()
    again = cast.message(SNOW, by=first.author, sent_at=after(minutes=14), received_at=after(minutes=14))
    found = find_duplicates(messages=[again], now=after(minutes=15))
    [candidate] = found[again.pk]
    assert (candidate.message_id, candidate.part, candidate.score) == (first.pk, 0, 1)
    assert candidate.reasons == (("same_text",), ("other_page",), ("same_author",), ("minutes", 14))
    hint = DuplicateHint.objects.get()
    assert (hint.earlier_id, hint.later_id, hint.state) == (first.pk, again.pk, "suggested")
    assert hint.reasons == [["same_text"], ["other_page"], ["same_author"], ["minutes", 14]]


def test_near_texts_within_one_batch_are_found_once() -> None:
    messages = [
        cast.message(SNOW),
        cast.message(SNOW + " Ответьте!"),
        cast.message("Нет воды на Мира, 7, третий день"),
    ]
    found = find_duplicates(messages=messages, now=NOW)
    assert {number: [each.message_id for each in near] for number, near in found.items()} == {
        messages[0].pk: [messages[1].pk],
        messages[1].pk: [messages[0].pk],
    }
    assert found[messages[1].pk][0].reasons[0][0] == "near_text"
    assert DuplicateHint.objects.count() == 1


def test_another_street_or_house_is_another_matter() -> None:
    _say()
    for text in (SNOW.replace("Ленина", "Мира"), SNOW.replace("5", "17")):
        assert find_duplicates(messages=[cast.message(text)], now=NOW) == {}


def test_judging_again_changes_nothing() -> None:
    first, second = _say(), _say()
    keys = LikenessKey.objects.count()
    find_duplicates(messages=[first, second], now=after(hours=1))
    assert DuplicateHint.objects.count() == 1
    assert LikenessKey.objects.count() == keys


def test_what_is_old_or_deleted_is_not_compared_with() -> None:
    _say(received_at=NOW - TEXT_WINDOW * 2)
    _say(deleted_at=NOW)
    assert find_duplicates(messages=[cast.message(SNOW)], now=NOW) == {}


def test_a_text_on_many_pages_gives_few_pairs() -> None:
    for _ in range(12):
        _say()
    assert (
        max(len(each) for each in find_duplicates(messages=[cast.message(SNOW)], now=NOW).values())
        == MOST_PAIRS
    )


def test_a_batch_takes_as_many_statements_as_one_message() -> None:
    _say()
    counts = []
    for size in (1, 30):
        messages = [cast.message(SNOW) for _ in range(size)]
        with CaptureQueriesContext(database) as queries:
            find_duplicates(messages=messages, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_old_keys_are_forgotten() -> None:
    old, young = _say(received_at=NOW - TEXT_WINDOW * 2), _say()
    assert forget_keys(now=NOW) == 13
    assert set(LikenessKey.objects.values_list("message_id", flat=True)) == {young.pk}
    assert old.pk < young.pk
    assert forget_keys(now=NOW - TEXT_WINDOW * 9) == 0


def test_the_card_shows_the_same_trouble_in_the_same_house() -> None:
    street, topic = _street(), cast.topic("ROADS.snow_ice")
    about = {"topic": topic, "house": "5"}
    message = cast.message("Сугробы выше машин, выехать нельзя")
    mine = _at(street, message, **about)
    other = cast.message("Дворник уволился? Пройти невозможно", sent_at=after(minutes=-90), received_at=NOW)
    _at(street, other, part=1, **about)
    _at(street, cast.message("Дом седьмой: не чищено"), topic=topic, house="7")
    _at(street, cast.message("А у нас тут яма"), topic=cast.topic("ROADS.pothole"), house="5")
    _at(street, cast.message("Давно не чистили"), decided_at=NOW.replace(year=2025), **about)
    _at(street, cast.message("Спасибо, убрали снег"), is_request=False, **about)
    [candidate] = candidates_for(question=mine, now=NOW)
    assert (candidate.message_id, candidate.part) == (other.pk, 1)
    assert candidate.reasons == (("same_topic",), ("same_house",), ("other_page",), ("minutes", 90))


def test_the_card_shows_a_village_only_where_nothing_narrower_is_known() -> None:
    street, topic = _street(), cast.topic("ENERGY.power_out")
    mine = _at(street, cast.message("Света нет"), topic=topic, street=None)
    other = _at(street, cast.message("Опять отключили"), topic=topic, street=None)
    _at(street, cast.message("Нет электричества"), topic=topic)
    [candidate] = candidates_for(question=mine, now=NOW)
    assert (candidate.message_id, candidate.reasons[1]) == (other.message_id, ("same_settlement",))
    nowhere = cast.verdict(cast.message("Где свет?"), topic=topic)
    assert candidates_for(question=nowhere, now=NOW) == []


def test_both_kinds_of_reasons_meet_in_one_candidate() -> None:
    street, topic = _street(), cast.topic("ROADS.snow_ice")
    first = _at(street, _say(), topic=topic, house="5")
    mine = _at(street, _say(), topic=topic, house="5")
    [candidate] = candidates_for(question=mine, now=NOW)
    codes = [reason[0] for reason in candidate.reasons]
    assert candidate.message_id == first.message_id
    assert codes == ["same_text", "other_page", "minutes", "same_topic", "same_house"]


def test_the_card_asks_the_database_a_fixed_number_of_times(django_assert_num_queries: Any) -> None:
    street, topic = _street(), cast.topic("ROADS.snow_ice")
    mine = _at(street, _say(), topic=topic)
    for _ in range(MOST_SHOWN + 3):
        _at(street, _say(), topic=topic)
    with django_assert_num_queries(3):
        assert len(candidates_for(question=mine, now=NOW)) == MOST_SHOWN


def test_a_dismissed_pair_is_not_shown_until_it_is_suggested_again() -> None:
    person = cast.dispatcher()
    first, second = cast.verdict(_say()), cast.verdict(_say())
    for one, two in ((first, second), (second, first)):
        hint = dismiss(question=one, other=two, by=person.actor, now=after(minutes=1))
        assert (hint.earlier_id, hint.state, hint.decided_by) == (first.message_id, "dismissed", person)
        assert candidates_for(question=first, now=NOW) == candidates_for(question=second, now=NOW) == []
    hint = suggest_again(question=first, other=second, by=person.actor, now=after(minutes=2))
    assert (hint.decided_by, hint.decided_at) == (None, None)
    assert [each.message_id for each in candidates_for(question=first, now=NOW)] == [second.message_id]
    line = AuditLine.objects.filter(verb="judge_pair").order_by("-pk").first()
    assert line is not None
    assert line.details == {"before": "dismissed", "after": "suggested"}


def test_what_a_person_joins_and_takes_apart_is_remembered_beside_the_incidents() -> None:
    person = cast.dispatcher()
    one, two = (
        cast.incident("triage", message=cast.message(text)) for text in ("Лифт стоит", "Не работает лифт")
    )
    joined = casework.attach(incident=two, parent=one, by=person.actor, now=NOW)
    hint = DuplicateHint.objects.get()
    assert (hint.state, hint.score, hint.decided_by) == (DuplicateState.ATTACHED, 0, person)
    casework.detach(incident=joined, by=person.actor, now=after(minutes=1))
    hint.refresh_from_db()
    assert (hint.state, hint.decided_at) == (DuplicateState.DISMISSED, after(minutes=1))


def test_joined_parts_of_one_message_are_no_pair() -> None:
    message, person = cast.message(), cast.dispatcher().actor
    one, two = cast.verdict(message), cast.verdict(message, part=1)
    for note in (note_attached, note_detached):
        note(question=one, other=two, by=person, now=NOW)
    assert not DuplicateHint.objects.exists()


def test_questions_of_one_message_are_no_pair() -> None:
    message = cast.message()
    with pytest.raises(SameMessage):
        dismiss(
            question=cast.verdict(message),
            other=cast.verdict(message, part=1),
            by=cast.dispatcher().actor,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("duplicate_hint_order", {"swap": True}),
        ("duplicate_hint_score_share", {"score": 1.5}),
        ("duplicate_hint_decided", {"state": "dismissed"}),
        ("duplicate_hint_unique", {}),
    ],
)
def test_the_database_keeps_the_promises_of_a_pair(name: str, changes: dict[str, Any]) -> None:
    one, two = _say(), _say()
    assert DuplicateHint.objects.count() == 1
    if changes.pop("swap", False):
        one, two = two, one
    if name != "duplicate_hint_unique":
        DuplicateHint.objects.all().delete()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DuplicateHint.objects.create(
            **{"earlier": one, "later": two, "score": 0.5, "found_at": NOW} | changes
        )


PLACE = {"settlement": 1, "street": 2, "street_name": "ленина", "house": "", "thing": ""}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, "same_street"),
        ({"house": "5"}, {"house": "5"}, "same_house"),
        ({"house": "5"}, {}, "same_street"),
        ({"house": "5"}, {"house": "7"}, None),
        ({"street": None}, {"street": None}, "same_street"),
        ({"street": None}, {"street": None, "settlement": 3}, None),
        ({"street": None}, {}, None),
        ({"thing": "школа5"}, {"thing": "школа5"}, "same_object"),
        ({"thing": "школа5"}, {"thing": "школа7"}, None),
        ({"street": None, "street_name": ""}, {"street": None, "street_name": ""}, "same_settlement"),
        ({"street": None, "street_name": "", "thing": "парк"}, {"street": None, "street_name": ""}, None),
        (
            {"street": None, "street_name": "", "settlement": None},
            {"street": None, "street_name": "", "settlement": None},
            None,
        ),
    ],
)
def test_the_same_place(one: dict[str, Any], other: dict[str, Any], expected: str | None) -> None:
    found = sameness(Place(**PLACE | one), Place(**PLACE | other))
    assert (found.reason if found else None) == expected
    assert sameness(Place(**PLACE | other), Place(**PLACE | one)) == found


def test_names_of_places_are_compared_without_dress() -> None:
    verdict = Verdict(street_name="ул. Зелёная", house="5 «А»", object_name="Школа № 7")
    assert Place.of(verdict) == Place(None, None, "улзеленая", "5а", "школа7")
