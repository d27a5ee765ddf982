"""What a page resembles and by which signs: letters that only look alike, names, pictures, and harmless pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.registry.rules.homoglyphs import skeleton, tricks
from otklik.registry.rules.naming import numbers_of, words_of
from otklik.registry.rules.resemblance import (
    NOTABLE,
    Official,
    Seen,
    bits_apart,
    closeness,
    queries,
    resemblance,
)

ABOUT = "Министерство здравоохранения Новосибирской области. Приём, вакцинация, вызов врача."
MINISTRY = Official(
    names=("Министерство здравоохранения Новосибирской области", "Минздрав НСО"),
    places=("Новосибирская область",),
    screen_names=("minzdrav_nso",),
    descriptions=(ABOUT,),
    avatar_hashes=("ffff0000ffff0000",),
)
SCHOOL = Official(
    names=("Школа № 305 (Бердск)", "Средняя общеобразовательная школа № 305 (Бердск)"),
    places=("Бердск",),
    screen_names=("school305_berdsk",),
)
LOOKS = dict(zip("аекмосртхуАВЕКМНОСРТХУ", "aekmocptxyABEKMHOCPTXY", strict=True))
russian = st.text(alphabet="абвгдежзийклмнопрстухъэюяАБВЕКМНОРСТУХ", min_size=2, max_size=14)


def codes(title: str, official: Official = SCHOOL, **more: object) -> set[str]:
    found = resemblance(Seen(title, **more), official)  # type: ignore[arg-type]
    return {sign.code for sign in found.signs}


def score(title: str, official: Official = SCHOOL, **more: object) -> int:
    return resemblance(Seen(title, **more), official).score  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mинздpaв HCO", "минздрав нсо"),
        ("Шк0ла № 5", "школа # 5"),
        ("3аря", "заря"),
        ("5а класс, 2ГИС", "5а класс, 2гис"),
        ("Αдминистрация", "администрация"),
        ("Бе\u200bрдск", "бердск"),
        ("Чистоозёрный край", "чистоозерный край"),
        ("VK Video", "vk video"),
        ("\uff2d\uff21\uff38", "мах"),
    ],
)
def test_a_text_is_read_as_it_looks(written: str, read: str) -> None:
    assert skeleton(written) == read


@given(st.text(alphabet="абвийкорсёАВСНaceopxyBHKMdfswzIν035 -№\u200b", max_size=30))
def test_reading_twice_changes_nothing(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


@given(russian, st.lists(st.booleans(), min_size=14, max_size=14))
def test_letters_that_look_alike_read_the_same(word: str, choice: list[bool]) -> None:
    # One Cyrillic letter stays, so that the word is plainly Russian.
    disguised = "ж" + "".join(
        LOOKS.get(letter, letter) if change else letter for letter, change in zip(word, choice, strict=False)
    )
    plain = "ж" + word
    assert skeleton(disguised) == skeleton(plain)
    found = tricks(disguised)
    assert [disguised[trick.at] for trick in found] == [trick.sign for trick in found]
    assert {trick.at for trick in found} == {
        at for at, pair in enumerate(zip(disguised, plain, strict=True)) if len(set(pair)) > 1
    }


@given(russian)
def test_honest_russian_has_no_tricks(word: str) -> None:
    assert tricks(word) == ()


def test_tricks_are_named_by_place_and_script() -> None:
    found = tricks("Школа М\u0391Р м0ре Ф\u200bу 3аря")
    assert [(trick.at, trick.letter, trick.script) for trick in found] == [
        (7, "а", "greek"), (11, "о", "digit"), (16, "", "invisible"), (19, "з", "digit"),
    ]  # fmt: skip


def test_a_word_of_look_alikes_only_is_a_trick_when_it_reads_as_an_official_word() -> None:
    assert tricks("TOP MAX") == ()
    assert [trick.sign for trick in tricks("HCO", frozenset({"нсо"}))] == ["H", "C", "O"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Минздрав НСО", "Министерство здравоохранения НСО"),
        ("МБОУ СОШ №305 | Бердск", "Школа № 305 (Бердск)"),
        ("Адм-ция Бердска", "Администрация г. Бердск"),
        ("Детсад «Ромашка» п. Тулинский", "Детский сад «Ромашка» (Тулинский)"),
    ],
)
def test_names_are_the_same_after_spelling_out(one: str, other: str) -> None:
    assert closeness(one, other) == 1


def test_another_number_is_another_school() -> None:
    assert closeness("Школа № 305 (Бердск)", "Школа № 306 (Бердск)") == 0
    assert numbers_of(words_of("Школа № 305, 2 корпус")) == {"305", "2"}
    assert score("Школа № 306 Бердск официальная страница") == 0


def test_an_abbreviation_of_the_whole_name_is_near() -> None:
    assert "name_near" in codes("МЗНО", MINISTRY)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Mинздpaв HCO", {"name_same", "letters", "no_badge"}),
        ("Школа № 305 официально", {"name_part", "claims", "no_badge"}),
        ("Шк0ла № 305 Бердск", {"name_same", "letters", "no_badge"}),
        ("Официальная школа Бердска", {"office_and_place", "claims", "no_badge"}),
        ("Школа № 305 Бердск на связи", {"name_near", "no_badge"}),
        ("Приёмная: школа № 305 города Бердска, приём обращений граждан", {"name_inside", "no_badge"}),
    ],
)  # fmt: skip
def test_signs_of_names(title: str, expected: set[str]) -> None:
    official = MINISTRY if "HCO" in title else SCHOOL
    assert codes(title, official, has_badge=False) == expected
    assert score(title, official, has_badge=False) >= (
        NOTABLE if "claims" in expected or "letters" in expected else 25
    )


@pytest.mark.parametrize(
    "title",
    ["Подслушано школа № 305 Бердск", "Типичный Бердск", "ЧП Бердск", "Выпускники школы № 305 Бердск",
     "Барахолка Бердск", "Рецепты бабушки", "Школа танцев Ритм"],
)  # fmt: skip
def test_pages_of_residents_are_left_alone(title: str) -> None:
    assert score(title, has_badge=False) < NOTABLE


def test_a_page_of_residents_that_claims_to_be_official_is_not_left_alone() -> None:
    assert score("Подслушано школа № 305 Бердск, официальная группа", has_badge=False) >= NOTABLE


def test_a_page_that_says_it_is_not_official_is_believed() -> None:
    told = {"description": "Неофициальная группа родителей"}
    assert score("Школа № 305 Бердск", **told) < NOTABLE <= score("Школа № 305 Бердск")


def test_a_copied_picture_address_and_description_are_signs_by_themselves() -> None:
    found = resemblance(
        Seen(
            "Здоровье сибиряков", "minzdrav-ns0", ABOUT.replace("вызов", "вызoв"), "ffff0000ffff0001", False
        ),
        MINISTRY,
    )
    assert {sign.code: sign.weight > 0 for sign in found.signs} == {
        "address": True, "avatar_same": True, "description": True, "no_badge": True,
    }  # fmt: skip
    assert found.score >= NOTABLE
    assert found.told()[0] == {"code": "address", "weight": 15, "said": "minzdrav_nso"}


def test_a_picture_that_is_only_near_weighs_less() -> None:
    assert codes("Здоровье", MINISTRY, avatar_hash="ffff0000ffff00ff") == {"avatar_near"}
    assert codes("Здоровье", MINISTRY, avatar_hash="0000ffff0000ffff") == set()


def test_a_badge_speaks_for_the_page() -> None:
    assert score("Школа № 305 Бердск", has_badge=True) < score("Школа № 305 Бердск", has_badge=False)


def test_hashes_are_compared_by_bits() -> None:
    assert bits_apart("ff", "fe") == 1
    assert bits_apart("", "fe") == bits_apart("нет", "fe") == 64


@given(
    st.text(max_size=40), st.text(max_size=20), st.text(max_size=60), st.sampled_from(["", "ff", "zz"]),
    st.sampled_from([None, True, False]),
)  # fmt: skip
def test_any_page_gets_a_score_and_every_sign_a_reason(
    title: str, screen: str, about: str, picture: str, badge: bool | None
) -> None:
    found = resemblance(Seen(title, screen, about, picture, badge), MINISTRY)
    assert 0 <= found.score <= 100
    assert len({sign.code for sign in found.signs}) == len(found.signs)
    assert all(sign.weight for sign in found.signs)


@given(st.lists(st.booleans(), min_size=13, max_size=13))
def test_disguise_never_makes_a_page_less_suspicious(choice: list[bool]) -> None:
    name = "Минздрав НСО "
    disguised = "".join(
        LOOKS.get(letter, letter) if change else letter for letter, change in zip(name, choice, strict=True)
    )
    assert score(disguised, MINISTRY) >= score(name, MINISTRY)


def test_a_search_is_asked_for_what_a_disguise_leaves() -> None:
    asked = queries(MINISTRY)
    assert asked[:2] == ("Минздрав НСО", "Mинздpaв HCO")
    assert "Минис здрав Новос облас" in asked
    assert queries(SCHOOL)[0] == "Школа 305 Бердск"
    assert "Школа 305" in queries(SCHOOL)
    assert queries(Official(names=())) == ()
    assert len(queries(MINISTRY, most=2)) == 2
