"""How answers to the questions of one message become one text."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework.rules.assembling import RESERVE, Part, assembled, leaves_at
from tests import cast

NOW = cast.NOW
WORDS = st.text(alphabet="абвгд жз\n.!", min_size=1, max_size=60).filter(lambda text: text.strip())


def test_a_reply_is_greeted_once_and_numbered() -> None:
    heat = Part("Нет отопления", "Здравствуйте, Мария! Тепло дадут 24 ноября.")
    yard = Part("Ямы во дворе", "Мария, добрый день! яму засыпали вчера.")
    assert assembled([heat, yard], "Мария") == (
        "Здравствуйте, Мария!\n\n"
        "1. Нет отопления\nТепло дадут 24 ноября.\n\n"
        "2. Ямы во дворе\nЯму засыпали вчера."
    )


def test_what_all_parts_end_with_is_said_once() -> None:
    parts = [
        Part("А", "Сделали.\nС уважением, администрация"),
        Part("Б", "Починим.\nС уважением, администрация"),
    ]
    assert assembled(parts) == "1. А\nСделали.\n\n2. Б\nПочиним.\n\nС уважением, администрация"


def test_texts_of_one_same_line_keep_it() -> None:
    assert assembled([Part("А", "Сделали."), Part("Б", "Сделали.")]) == "1. А\nСделали.\n\n2. Б\nСделали."


def test_one_part_is_sent_as_it_was_written() -> None:
    assert assembled([Part("А", " Здравствуйте! Сделали. ")], "Мария") == "Здравствуйте! Сделали."


@pytest.mark.parametrize(
    "text",
    [
        "Здравствуйте, Администрация Перми сообщает: тепло дали.",
        "Здравствуйте, Ольга! Тепло дали.",
        "Добрый день наступил: тепло дали.",
        "Здравствуйте!",
        "Здравствуйте, Мария сказала нам о яме.",
    ],
)
def test_no_word_of_substance_is_taken_for_a_greeting(text: str) -> None:
    made = assembled([Part("А", text), Part("Б", "Починим.")], "Мария")
    assert text in made


@given(st.lists(st.builds(Part, WORDS, WORDS), min_size=2, max_size=4))
def test_no_part_is_lost(parts: list[Part]) -> None:
    made = assembled(parts, "Мария").lower()
    for part in parts:
        for line in part.text.split("\n"):
            assert line.strip().lower() in made


def test_a_reply_leaves_half_an_hour_before_the_earliest_limit() -> None:
    dues = [NOW + timedelta(hours=3), NOW + timedelta(hours=2)]
    assert leaves_at(dues, NOW) == NOW + timedelta(hours=2) - RESERVE
    assert leaves_at([NOW - timedelta(hours=1)], NOW) == NOW
