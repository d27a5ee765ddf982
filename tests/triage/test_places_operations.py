"""The gazetteer of the register as a value, streets learnt by confirmed places, questions back."""

import pytest
from django.core.cache import cache

from otklik.registry.models import Settlement, Street
from otklik.triage import operations as triage
from otklik.triage import rules
from otklik.triage.nlp import load_topics
from otklik.triage.nlp.placing import AMBIGUOUS, FOUND, FROM_PAGE, Place, find_place
from otklik.triage.rules import questions
from tests import cast
from tests.triage.places import land


def town() -> Settlement:
    return Settlement.objects.create(
        municipality=cast.municipality(name="Лесной муниципальный район"), name="Сосновск", kind="г."
    )


@pytest.mark.django_db
def test_places_are_found_by_the_rows_of_the_register() -> None:
    home = town()
    street = Street.objects.create(settlement=home, name="Заозёрная")
    place = find_place("В Сосновске на Заозёрной, 5 нет света", triage.gazetteer())
    assert (place.municipality_id, place.settlement_id, place.street_id, place.house) == (
        home.municipality_id, home.pk, street.pk, "5",
    )  # fmt: skip


@pytest.mark.django_db
def test_the_register_is_asked_once_in_a_while_and_read_when_it_changed(
    django_assert_num_queries: object,
) -> None:
    assert callable(django_assert_num_queries)
    home = town()
    first = triage.gazetteer()
    with django_assert_num_queries(0):
        assert triage.gazetteer() is first
    triage.forget_gazetteer()
    with django_assert_num_queries(1):
        assert triage.gazetteer() is first
    Settlement.objects.filter(pk=home.pk).update(name="Кедровск")
    cache.clear()
    again = triage.gazetteer()
    assert again is not first
    assert again is triage.gazetteer()
    assert find_place("в Кедровске темно", again).settlement_id == home.pk


@pytest.mark.django_db
def test_a_confirmed_street_is_known_at_once_and_counted() -> None:
    home, by = town(), cast.dispatcher().actor
    before = find_place("Сосновск, ул. Вербицкого 5", triage.gazetteer())
    assert (before.street_id, before.street_name) == (None, "Вербицкого")
    street = triage.learn_street(settlement=home, street_name="Вербицкого", by=by, now=cast.NOW)
    assert street is not None
    assert find_place("Сосновск, Вербицкого 5", triage.gazetteer()).street_id == street.pk
    triage.learn_street(settlement=home, street_name="вербицкого", by=by, now=cast.NOW)
    street.refresh_from_db()
    assert (street.is_learnt, street.seen) == (True, 2)
    assert triage.learn_street(settlement=home, street_name="", by=by, now=cast.NOW) is None


def ask(text: str, *, topic: str = "ROADS.repair", level: str = "M", page: int | None = None) -> str | None:
    return rules.what_to_ask(find_place(text, land(), page_municipality=page), topic=topic, level=level)


def test_two_or_three_places_are_named_in_the_question() -> None:
    assert ask("В Михайловке яма") == (
        "Здравствуйте! Уточните, пожалуйста, адрес: «Михайловка» — это с. Михайловка, Лесной муниципальный район "
        "или с. Михайловка, Речной муниципальный район?"
    )


def test_more_places_are_asked_about_without_a_list() -> None:
    assert ask("ул. Ленина, 5 яма") == (
        "Здравствуйте! Уточните, пожалуйста, в каком населённом пункте находится «Ленина, 5»."
    )


@pytest.mark.parametrize(
    ("text", "topic", "page", "asked"),
    [
        ("яма на дороге", "ROADS.repair", None, "район или город, населённый пункт, улица и дом"),
        ("яма на дороге", "ROADS.repair", 1, "населённый пункт, улица и дом"),
        ("в Сосновске яма", "ROADS.repair", None, "улица и дом"),
        ("Сосновск, Заозёрная, яма", "ROADS.repair", None, None),
        ("Сосновск, Заозёрная, нет тепла", "HOUSING.heating", None, "номер дома (Сосновск, Заозёрная)"),
        ("Сосновск, Заозёрная 5, нет тепла", "HOUSING.heating", None, None),
        ("в Сосновске в школе № 5 холодно", "BUILD.repair", None, None),
        ("когда выплатят пособие", "SOCIAL.benefits", None, None),
    ],
)  # fmt: skip
def test_what_the_topic_lacks_is_asked(text: str, topic: str, page: int | None, asked: str | None) -> None:
    question = ask(text, topic=topic, page=page)
    assert (question is None) == (asked is None)
    assert question is None or (asked or "") in question


def test_an_institution_is_not_asked_where_it_stands() -> None:
    assert ask("у нас яма", level="S") is None
    assert not rules.needs_place("ROADS.repair", "S")


def test_every_status_has_a_draft_or_none() -> None:
    for status in (AMBIGUOUS, FOUND, FROM_PAGE):
        said = rules.what_to_ask(Place(status=status), topic="ROADS.repair", level="M")
        assert said is not None
        assert said.startswith("Здравствуйте! Уточните, пожалуйста,")
    assert {topic.group for topic in load_topics().values()} >= questions._GROUPS_WITH_A_PLACE
