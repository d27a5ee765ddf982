"""Answers and questions made to keep the check of answers busy. Nothing is timed: see test_endless_texts.py."""

import pytest

from otklik.casework.rules.answer_check import Facts, check, checklist
from otklik.common.text import clean

LENGTH = 40_000  # twice what is read of an answer
UNITS = [
    "а",
    " ",
    ".",
    "!? ",
    "1",
    "1) ",
    "А",
    "АБ ",
    "ПНР ",
    "(",
    "«",
    "-",
    "— ",
    "в ",
    "до ",
    "3 мая ",
    "в 5 ",
    "за 3 дня ",
    "через ",
    "20",
    "2027 ",
    "хватит ",
    "вы ",
    "не ",
    "надо было ",
    "оцените ",
    "Вера ",
    "Вера, ",
    "кв. 5 ",
    "долг ",
    "8 905 555-01-02 ",
    "и когда ",
    "почему ",
    "? ",
    "\n",
    "ул. ",
    "а.",
    "a.b/",
    "http://",
    "@",
    "ё",
    "İ",
    "😀",
    "\u0301",
    "осуществление мероприятий ",
    "первое ",
    "Яму засыпали. ",
    "сосед должен ",
    "ты ",
    "что, ",
    ", и ",
    "ли ",
    "пятницу ",
]


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_an_endless_answer_is_checked(unit: str) -> None:
    text = clean(unit * (LENGTH // len(unit)))
    facts = Facts(kind="interim", bodies=(text[:1000],), author=text[:1000])
    report = check(text, ["Когда починят? И кто?"], facts)
    assert all(0 <= each.start <= each.end <= len(text) for each in report.findings)
    assert len(checklist(text, [], facts)) == 10


@pytest.mark.parametrize("unit", UNITS[::3], ids=ascii)
def test_an_endless_question_is_read(unit: str) -> None:
    text = clean(unit * (LENGTH // len(unit)))
    assert check("Яму засыпали 3 мая.", [text, text], Facts(resolution="solved")).findings is not None
