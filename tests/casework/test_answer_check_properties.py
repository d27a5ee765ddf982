"""What is true of the check for any texts."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.casework.rules.answer_check import LEVELS, RULES, Facts, check, checklist, hints

PIECES = st.sampled_from(
    [
        "здравствуйте",
        "Вера,",
        "яму",
        "засыпали",
        "3 мая",
        "31.02",
        "в",
        "пятницу",
        "обратитесь",
        "ты",
        "ПНР",
        "(ТКО)",
        "«",
        "кв. 5",
        "долг",
        "8 905 555-01-02",
        "почему",
        "когда",
        "?",
        "!",
        ".",
        "…",
        "\n",
        "1)",
        "ул.",
        "оцените",
        "нас",
        "İ",
        "ё",
        "\ud800",
        "первое",
        "не",
        "осуществление",
        "мероприятий",
        "по",
        "😀",
        "\u0301",
        "http://a.b/",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join))
FACTS = st.builds(
    Facts,
    kind=st.sampled_from(["final", "interim", "deferred", "?"]),
    resolution=st.sampled_from(["solved", "explained", "refused_with_reason", "forwarded", "?"]),
    author=st.text(max_size=20),
    bodies=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    has_photo=st.booleans(),
    today=st.one_of(st.none(), st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))),
)
QUESTIONS = st.lists(TEXTS, max_size=3)


@settings(deadline=None)
@given(TEXTS, QUESTIONS, FACTS)
def test_findings_lie_inside_the_answer(answer: str, questions: list[str], facts: Facts) -> None:
    report = check(answer, questions, facts)
    for each in report.findings:
        assert 0 <= each.start <= each.end <= len(answer)
        assert each.code in RULES
        assert each.level in LEVELS
        assert each.part is None or 0 <= each.part < len(questions)
        if each.part is None and each.words:
            assert answer[each.start : each.end] == each.words
    assert 0 <= report.score <= 100
    assert {each.code for each in hints(report)} == report.codes


@settings(deadline=None)
@given(TEXTS, QUESTIONS, FACTS)
def test_the_same_texts_give_the_same_report(answer: str, questions: list[str], facts: Facts) -> None:
    assert check(answer, questions, facts) == check(answer, questions, facts)
    assert checklist(answer, questions, facts) == checklist(answer, questions, facts)


@settings(deadline=None)
@given(TEXTS, QUESTIONS, FACTS)
def test_what_is_off_is_never_found(answer: str, questions: list[str], facts: Facts) -> None:
    assert not check(answer, questions, facts, rules=dict.fromkeys(RULES, "off")).findings
