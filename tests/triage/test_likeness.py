"""Likeness of texts: symmetric, deterministic, blind to what does not matter and strict about what does."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otklik.triage.nlp.bands import BANDS, bands
from otklik.triage.nlp.likeness import LEAST_WORDS, NEAR, keys_of, said, similarity

SNOW = "Когда уберут снег на улице Ленина, 5? Вторую неделю не пройти, дети идут по дороге!"
ANYTHING = st.text(max_size=300)
WORDS = st.lists(
    st.sampled_from(
        [
            "снег",
            "двор",
            "яма",
            "Ленина",
            "Мира",
            "5",
            "7",
            "улица",
            "дом",
            "школа",
            "не",
            "и",
            "фонарь",
            "горит",
            "Бердск",
            "автобус",
        ]
    ),
    max_size=25,
).map(" ".join)
KEPT = (-7253290388900342122, 5104644682902274003, 1206306011715489314, -8284001302919475701)
BORN = (-(2**63), 2**63 - 1)


@given(a=ANYTHING | WORDS, b=ANYTHING | WORDS)
@example(a="\ud800", b="😡")
@example(a="ẞẞẞ ıİ", b="ßß")
def test_it_is_symmetric_and_a_share(a: str, b: str) -> None:
    score = similarity(a, b)
    assert score == similarity(b, a)
    assert 0 <= score <= 1


@given(text=ANYTHING | WORDS)
def test_a_text_is_like_itself(text: str) -> None:
    assert similarity(text, text) == 1


@given(texts=st.lists(ANYTHING | WORDS, max_size=12))
@example(texts=[])
@example(texts=["", SNOW, "ямы", "\ud800 \ud801 \ud802"])
def test_a_batch_gives_what_single_texts_give(texts: list[str]) -> None:
    keys = keys_of(texts)
    assert keys == [keys_of([text])[0] for text in texts]
    assert all(len(each) in {0, BANDS + 1} for each in keys)
    assert all(BORN[0] <= key <= BORN[1] for each in keys for key in each)


def test_keys_do_not_change_from_one_release_to_the_next() -> None:
    # They stand in databases: other numbers here mean that every message has to be read again.
    assert keys_of([SNOW])[0][:4] == KEPT


def test_too_few_telling_words_have_no_keys() -> None:
    assert keys_of(["Спасибо!", "нет воды", "👍👍👍", "", "Добрый день, подскажите, пожалуйста"]) == [()] * 5
    assert LEAST_WORDS == 3
    assert len(keys_of(["нет воды, Мира 5"])[0]) == BANDS + 1


def test_no_sets_have_no_bands() -> None:
    assert bands([]) == []


@pytest.mark.parametrize(
    "copy",
    [
        SNOW.upper(),
        SNOW.lower().replace("?", "").replace(",", ""),
        "Добрый вечер, уважаемая администрация! " + SNOW,
        SNOW.replace("!", " 😡😡😡"),
        SNOW + " Ответьте хоть кто-нибудь, мы пишем уже второй раз.",
        "Вторую неделю не пройти, дети идут по дороге! Когда уберут снег на улице Ленина, 5?",
        "Когда уберут снег на улице Ленина, 5? Вторую неделю не",
        SNOW.replace("уберут", "убирут").replace("неделю", "ниделю"),
        "[id17|Анна], " + SNOW + " https://example.org/1",
        SNOW.replace("е", "ё", 1),
    ],
)
def test_the_same_message_said_again_is_near_and_met(copy: str) -> None:
    assert similarity(SNOW, copy) >= NEAR
    ours, theirs = keys_of([SNOW, copy])
    assert set(ours) & set(theirs)


@pytest.mark.parametrize(
    "other",
    [
        SNOW.replace("Ленина", "Мира"),
        SNOW.replace("5", "7"),
        SNOW.replace("Ленина, 5", "Ленина, 55"),
        "Когда отремонтируют дорогу на улице Ленина, 5? Колёса пробили все соседи!",
        "Спасибо!",
        "",
    ],
)
def test_another_message_is_not_near(other: str) -> None:
    assert similarity(SNOW, other) < NEAR


def test_two_streets_that_differ_by_a_letter_are_two() -> None:
    text = "На улице {} не горят фонари, темно и страшно идти с работы"
    assert similarity(text.format("Лесная"), text.format("Лётная")) < NEAR
    assert similarity(text.format("Лесная"), text.format("Лесной")) >= NEAR
    assert similarity(text.format("Лесная"), text.format("Леснаая")) >= NEAR


def test_order_and_repeats_do_not_count() -> None:
    words = SNOW.split()
    random.Random(1).shuffle(words)
    assert keys_of([" ".join(words)])[0] != ()
    assert similarity("снег снег не убран на Мира", "не убран снег на Мира") == 1
    assert said("снег Снег СНЕГ") == said("снег")


@pytest.mark.parametrize("unit", ["снег ", "а", "я" * 50 + " ", "5 ", "[id1|", "a@", "ул ", "\u0301", "😡"])
def test_endless_texts_end(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    keys_of([text])
    similarity(text, text[:-1] + "ю")
    assert similarity(text, SNOW) < NEAR
