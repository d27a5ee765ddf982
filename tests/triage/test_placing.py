"""Places out of free text: namesakes, cases, houses, words that only look like places, and nothing guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import place as bench
from otklik.triage.enums import PlaceStatus
from otklik.triage.nlp.placing import (
    AMBIGUOUS,
    FOUND,
    FROM_PAGE,
    UNKNOWN,
    Place,
    find_place,
    gazetteer_from_rows,
    make_gazetteer,
)
from otklik.triage.nlp.placing.forms import GENITIVE, LOCATIVE, paradigm
from tests.triage.places import land

LAND = land()
FOREST, RIVER, LAKE = 1, 2, 3


def find(text: str, page: int | None = None) -> Place:
    return find_place(text, LAND, page_municipality=page)


def named(text: str, page: int | None = None) -> tuple[str, str, str]:
    place = find(text, page)
    return place.settlement_name, place.street_name, place.house


def test_codes_of_the_finder_are_those_of_the_model() -> None:
    assert {UNKNOWN, FOUND, FROM_PAGE, AMBIGUOUS} == set(PlaceStatus.values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("В Сосновске на Заозёрной, 5 нет света", ("Сосновск", "Заозёрная", "5")),
        ("сосновск заозерная 5", ("Сосновск", "Заозёрная", "5")),
        ("г. Сосновск, ул. Заозерная, д. 5, корп. 2", ("Сосновск", "Заозёрная", "5 корпус 2")),
        ("Сосновск, дом 7 по Заозёрной", ("Сосновск", "Заозёрная", "7")),
        ("на Кедровом проспекте в Сосновске яма", ("Сосновск", "Кедровый", "")),
        ("из Верх-Ключей не уехать", ("Верх-Ключи", "", "")),
        ("в Верх-Ключах на улице Ленина 3", ("Верх-Ключи", "Ленина", "3")),
        ("верх ключи ленина 3", ("Верх-Ключи", "Ленина", "3")),
        ("посёлок Мирный, Ленина 12а", ("Мирный", "Ленина", "12а")),
        ("В Приозёрске, 40 лет Октября 3", ("Приозёрск", "40 лет Октября", "3")),
        ("Приозёрск, ул. Незнакомая, 8", ("Приозёрск", "Незнакомая", "8")),
        ("Приозёрск, на Вербицкаго 8", ("Приозёрск", "Вербицкого", "8")),
        ("Приозерск, Вербицкого 118/5 стр. 1", ("Приозёрск", "Вербицкого", "118/5 строение 1")),
        ("Прозёрск, мост", ("Приозёрск", "", "")),
        ("В Слободке, в Приозёрске темно", ("Слободка", "", "")),
        ("в Заводском районе Приозёрска нет воды", ("Заводской район", "", "")),
    ],
)  # fmt: skip
def test_a_place_is_found_in_any_case_and_spelling(text: str, expected: tuple[str, str, str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("По Лесному району не чистят", FOREST),
        ("жители Речного р-на без воды", RIVER),
        ("Михайловка Речного района, мост упал", RIVER),
        ("Михайловка, Лесной район", FOREST),
        ("В Сосновске лучше, чем в Приозёрске: в Сосновске чистят", FOREST),
        ("автобус Сосновск — Приозёрск не пришёл, стоим в Приозёрске", LAKE),
    ],
)  # fmt: skip
def test_a_district_or_the_weight_of_words_decides(text: str, municipality: int) -> None:
    place = find(text)
    assert (place.status, place.municipality_id) == (FOUND, municipality)


def test_namesakes_are_said_to_be_ambiguous_and_the_page_decides_between_them() -> None:
    place = find("В Михайловке нет воды")
    assert (place.status, place.municipality_id, place.settlement_id) == (AMBIGUOUS, None, None)
    assert place.settlement_name == "Михайловка"
    assert [option.description for option in place.options] == [
        "с. Михайловка, Лесной муниципальный район",
        "с. Михайловка, Речной муниципальный район",
    ]
    for page in (FOREST, RIVER):
        chosen = find("В Михайловке нет воды", page)
        assert (chosen.status, chosen.municipality_id) == (FOUND, page)
        assert LAND.settlements[chosen.settlement_id or 0].municipality_id == page


def test_a_street_of_many_towns_is_ambiguous_where_no_town_is_named() -> None:
    place = find("ул. Ленина, 5 нет света")
    assert (place.status, place.municipality_id, place.street_name, place.house) == (
        AMBIGUOUS,
        None,
        "Ленина",
        "5",
    )
    assert len(place.options) == 5
    in_town = find("ул. Ленина, 5 нет света", LAKE)
    assert (in_town.status, in_town.municipality_id, in_town.settlement_name) == (FOUND, LAKE, "Приозёрск")
    in_district = find("ул. Ленина, 5 нет света", FOREST)
    assert (in_district.status, in_district.municipality_id) == (AMBIGUOUS, FOREST)
    assert {option.municipality_id for option in in_district.options} == {FOREST}


def test_a_rare_street_tells_its_town_and_one_that_everybody_has_does_not() -> None:
    assert named("на Вербицкого 8 лифт") == ("Приозёрск", "Вербицкого", "8")
    assert find("на Школьной, 5 нет света").status == AMBIGUOUS


@pytest.mark.parametrize("page", [None, LAKE])
@pytest.mark.parametrize(
    "text",
    [
        "Довольное лицо у главы", "Мирный протест был", "летают стрижи", "Ленина бы на вас", "Школьная форма дорогая",
        "площадь большая", "на улице большой сугроб", "на улице темно", "Новая дорога отличная", "", "!!!", "5",
        "«Мирный» — хорошее слово", "в довольном виде", "мира и добра 8 раз", "доктору Ивантееву спасибо",
    ],
)  # fmt: skip
def test_words_that_only_look_like_places_are_none(text: str, page: int | None) -> None:
    place = find(text, page)
    assert (place.status, place.municipality_id) == ((FROM_PAGE, LAKE) if page else (UNKNOWN, None))
    assert (place.settlement_name, place.street_name) == ("", "")


def test_ordinary_words_are_places_where_the_text_says_so() -> None:
    for text in (
        "В Довольном нет врача",
        "жители Довольного ждут",
        "село Довольное",
        "Довольное, ул. Ленина 3",
    ):
        assert named(text)[0] == "Довольное", text
    assert named("Мирный, Лесной район, темно")[0] == "Мирный"
    assert named("в Ивантееве темно")[0] == named("из Ивантеева едем")[0] == "Ивантеево"


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("Вербицкого 5Б", "5б"), ("Вербицкого 11-а", "11а"), ("Вербицкого, 51к3", "51к3"),
        ("Вербицкого 7 корпус 2", "7 корпус 2"), ("Вербицкого 79, лит. А", "79 литера А"),
        ("ул. Вербицкого, дом № 12, кв. 30", "12"), ("Вербицкого, 59, 3 подъезд", "59"),
        ("На улице Вербицкого у дома 12 люк", "12"), ("между домами 5 и 7 по Вербицкого", "5"),
        ("дом номер 8 на Вербицкого", "8"), ("Вербицкого 2 дробь 1", "2/1"), ("перекрёсток Вербицкого и Ленина", ""),
        ("на ул. Вербицкого 3 дня нет воды", ""), ("на ул. Вербицкого 15 ноября отключат", ""),
        ("на ул. Вербицкого 5 раз", ""),
        ("на ул. Вербицкого с 8:30", ""), ("на ул. Вербицкого 2-й подъезд", ""), ("на ул. Вербицкого. 5 лет прошу", ""),
    ],
)  # fmt: skip
def test_a_house_is_a_number_that_counts_nothing(text: str, house: str) -> None:
    assert named(text, LAKE)[1:] == ("Вербицкого", house)


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("на 1-й Степной 5 темно", "1-я Степная"), ("на 4-м Косиновском переулке", "4-й Косиновский"),
        ("ул. Советской Армии, 2", "Советской Армии"), ("ул. Сельских строителей 3", "Сельских строителей"),
        ("улице Юных Пионеров", "Юных Пионеров"), ("ул. Домостроителей 5", "Домостроителей"),
        ("на улице Вишнёвой", "Вишнёвая"), ("по Морскому проспекту", "Морской"), ("ул. С. Лазо, 3", "С. Лазо"),
        ("пер. Школьный, 3", "Школьный"),
        ("на аллее Городского кладбища", ""), ("ТСЖ № 102", ""), ("Сыном Иваном 06.09.2020", ""), ("у реки Камы", ""),
    ],
)  # fmt: skip
def test_an_unknown_street_is_named_as_a_register_would(text: str, street: str) -> None:
    assert find(text).street_name == street


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("в школе № 11 холодно", "школа № 11"), ("на остановке «Южный» нет павильона", "остановка «Южный»"),
        ("детский сад № 5 закрыт", "детский сад № 5"), ("в гимназии 7 ремонт", "гимназия № 7"),
        ("аэропорт Приозёрск, автобус", "аэропорт Приозёрск"), ("в поликлинике № 1 очередь", "поликлиника № 1"),
        ("больница не работает", ""), ("школа 3 месяца без директора", ""), ("школу ремонтируют", ""),
    ],
)  # fmt: skip
def test_an_object_has_a_number_or_a_name(text: str, name: str) -> None:
    assert find(text).object_name == name


def test_words_of_a_place_are_pieces_of_the_text() -> None:
    text = "Здравствуйте! В Сосновске, на Заозёрной, 5, в школе № 2 холодно"
    words = find(text).words
    assert [word.text for word in words] == ["Сосновске", "Заозёрной, 5", "школе № 2"]
    assert all(text[word.start : word.end] == word.text for word in words)


def test_forms_of_toponyms() -> None:
    assert paradigm("сосновск")["сосновске"] & LOCATIVE
    assert paradigm("довольное")["довольного"] == GENITIVE
    assert paradigm("линево")["линево"] & LOCATIVE
    assert paradigm("рабочая")["рабочей"] & LOCATIVE


def test_rows_without_towns_or_names_are_passed_over() -> None:
    rows = [{"муниципалитет": ""}, {"муниципалитет": "Лесной район"}, {"": "x"},
            {"муниципалитет": "Лесной район", "населённый пункт": "Бор", "другие названия": "Борок|Бора"}]  # fmt: skip
    made = gazetteer_from_rows(rows)
    assert len(made.municipalities) == len(made.settlements) == 1
    assert find_place("в Борке темно", made).settlement_name == "Бор"
    assert find_place("в Сосновске", make_gazetteer([], [], [])).status == UNKNOWN


def test_the_written_corpus_is_found_as_well_as_the_issue_asks() -> None:
    known = bench.gazetteer()
    judged = [bench.Judged(line, known) for line in bench.corpus()]
    assert len(judged) >= 300
    for field, mark in bench.MARKS.items():
        assert bench.share(field not in each.wrong() for each in judged) >= mark, field
    unsure = [each for each in judged if each.line.municipality == bench.AMBIGUOUS_MARK]
    assert bench.share(each.place.status == AMBIGUOUS for each in unsure) >= 0.9


_PIECES = [
    "Сосновске",
    "в ",
    "на ",
    "ул. ",
    "Ленина",
    ", ",
    "5",
    "д.",
    "Михайловка",
    "р-на",
    "Лесного ",
    " ",
    "\n",
    "«",
    "№ ",
    "ё",
]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)))
def test_any_text_has_one_place_and_its_words_stand_in_it(text: str) -> None:
    place = find(text)
    assert place == find(text)
    assert all(text[word.start : word.end] == word.text for word in place.words)
    assert (place.status == UNKNOWN) == (place.municipality_id is None and place.status != AMBIGUOUS)
    assert (
        place.settlement_id is None
        or LAND.settlements[place.settlement_id].municipality_id == place.municipality_id
    )
    assert len(place.street_name) <= 150
    assert len(place.house) <= 30
    assert len(place.object_name) <= 200


UNITS = [
    "ул. ",
    "Ленина ",
    "5 ",
    "д.",
    "в Михайловке ",
    "«",
    "р-на",
    "А ",
    "А-",
    "1/",
    "Юрия Гагарина ",
    "40 лет ",
    "İ",
    "школа № ",
]


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_text_of_one_thing_is_read(unit: str) -> None:
    assert find(unit * (100_000 // len(unit))).status
