"""Texts made to keep a computer busy: whatever a resident sends, the next message has its turn.

Nothing is timed: work that grows by the square of these lengths would run into the limit of the suite.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework.rules import spans
from otklik.common.text import clean, excerpt, strip_mentions
from otklik.desk.marks import Layer, segments
from otklik.desk.rules import pieces, without_greeting
from otklik.triage.nlp import judge, load_lexicon

LENGTH = 500_000  # the largest body of an event holds about so many characters of two bytes
UNITS = [
    "а",
    " ",
    "!",
    "аб ",
    "1",
    "1,",
    ".",
    "-",
    "а-",
    "http://",
    "www.",
    "[",
    "[id1|",
    "[id1:bp-",
    "@",
    "a@",
    "a@a.",
    "@.",
]
UNITS += [
    "😀",
    "\n",
    "не ",
    "+7 ",
    "«",
    "«а",
    ",",
    "ул. ",
    "яма ",
    "а\u200d",
    "а\u0301",
    "\u0301\u0316",
    "\u0316\u0301",
    "ёё ",
]
UNITS += [
    "ПОМОГИТЕ ",
    "здравствуйте ",
    "рядом с ",
    "\r",
    "\ud800",
    "\udc00\ud800",
    "\0",
    "у\u0306",
    "가",
    "\u1100\u1161",
]


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_a_text_of_one_thing_repeated_is_read_and_judged(unit: str) -> None:
    text = clean(unit * (LENGTH // len(unit)))
    judgement = judge(text, lexicon=load_lexicon())
    assert 0 <= judgement.confidence <= 1
    assert len(excerpt(strip_mentions(without_greeting(text)), 90)) <= 90
    shown = pieces(text, [(0, [word.text, word.start, word.end]) for word in judgement.words])
    assert "".join(piece.text for piece in shown) == text


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_a_text_of_one_thing_repeated_is_marked_and_cut(unit: str) -> None:
    text = clean(unit * (LENGTH // len(unit)))
    words = [[text[at : at + 3], at + 1, at + 4] for at in range(0, len(text) - 4, max(1, len(text) // 50))]
    layers = [Layer(number, [(number, len(text))], words, words, mine=not number) for number in range(5)]
    personal = [("phone", at, at + 2) for at in range(0, len(text) - 2, 3)]
    shown = segments(text, layers, personal)
    assert sum(each.length for each in shown) == len(text)
    cut = spans.clauses(spans.own([], text), text)
    assert all(text[start:end].strip() == text[start:end] for start, end in cut)
    rest = spans.without(spans.own([], text), cut[:400], text)
    assert not spans.common(rest, cut[:1], text)
    question = spans.text_of(text, cut[:400])
    assert spans.relocated([(question, cut[:400])], f"О! {text}")[0] is not None or not cut


@given(st.text(max_size=40), st.text(alphabet="еи\u0306\u0308 аё\n", max_size=3000))
def test_a_long_text_is_composed_like_a_short_one(head: str, tail: str) -> None:
    text = clean(head + tail + "и\u0306 е\u0308 " * 400)
    assert unicodedata.is_normalized("NFC", text) or any(len(word) > 1000 for word in text.split())
    assert text.endswith("й ё ")
