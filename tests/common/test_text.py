"""Text helpers: nothing is lost but what cannot be kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.common.text import clean, excerpt, fold, plural, strip_mentions

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
def test_clean_text_can_be_stored(text: str) -> None:
    done = clean(text)
    assert "\0" not in done
    assert "\r" not in done
    assert done.encode().decode() == done
    assert unicodedata.is_normalized("NFC", done)
    assert clean(done) == done


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\x85\u2028\u2029")))
def test_clean_loses_nothing_else(text: str) -> None:
    assert unicodedata.normalize("NFC", text) == clean(text)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("а\0б", "аб"),
        ("а\ud83dб", "а\ufffdб"),
        ("\ud83d\ude21", "😡"),
        ("один\r\nдва\rтри", "один\nдва\nтри"),
        ("и\u0306", "й"),
    ],
)
def test_clean_examples(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@given(any_text, st.integers(1, 60))
def test_an_excerpt_is_one_short_line(text: str, limit: int) -> None:
    line = excerpt(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("Нет воды\n  третий день", 40, "Нет воды третий день"),
        ("Нет воды третий день", 12, "Нет воды…"),
        ("Нет воды, третий день", 10, "Нет воды…"),
        ("ААААААААААА", 5, "АААА…"),
        ("кот" + " " * 500 + "дома", 10, "кот…"),
    ],
)
def test_excerpt_examples(text: str, limit: int, line: str) -> None:
    assert excerpt(text, limit) == line


def test_an_excerpt_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        excerpt("текст", 0)


def test_fold_joins_spellings() -> None:
    assert fold("Ёлку УБЕРИТЕ") == fold("елку уберите")


@pytest.mark.parametrize(
    ("n", "word"),
    [(0, "ответов"), (1, "ответ"), (2, "ответа"), (5, "ответов"), (11, "ответов"), (12, "ответов"),
     (21, "ответ"), (24, "ответа"), (111, "ответов"), (114, "ответов"), (-1, "ответ")],
)  # fmt: skip
def test_plural(n: int, word: str) -> None:
    assert plural(n, "ответ", "ответа", "ответов") == word


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("[club123|Мэрия], когда?", "Мэрия, когда?"),
        ("[id1|Анна Петровна], и у нас", "Анна Петровна, и у нас"),
        ("[id7:bp-123_45|Анна], да", "Анна, да"),
        ("массив [1|2] и [клуб|дом]", "массив [1|2] и [клуб|дом]"),
    ],
)
def test_mentions_leave_the_name(raw: str, said: str) -> None:
    assert strip_mentions(raw) == said
