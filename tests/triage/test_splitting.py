"""What a splitter promises whatever the message is, and what it makes of plain ones."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.common.text import clean
from otklik.triage.nlp import Question, judge, judge_parts, load_lexicon, split
from otklik.triage.nlp.splitting import MAX_QUESTIONS
from otklik.triage.nlp.words import tokens_of

any_text = st.text(st.characters(exclude_categories=()), max_size=300)
# Pieces of real messages in any order make far more cuts than random letters.
_PHRASES = [
    "Нет воды третий день",
    "когда починят лифт",
    "Почему не ходит автобус 12",
    "и ещё не горит фонарь",
    "а также яма на дороге",
    "Спасибо за внимание",
    "мы писали в июне",
    "Дети болеют",
    "ул. Ленина, д. 5",
    "Собаки кидаются на людей",
    "1)",
    "2.",
    "во-первых",
    "во-вторых",
    "😡😡",
    "С уважением, жители",
    "кошмар",
    "закрыли почту",
    "https://example.org/a?b=c",
    "[club1|Мэрия]",
    "«Рынок»",
    "и\u0306од\u0301",
]
_SIGNS = [". ", "! ", "? ", ", ", " ", "\n", "; ", ": ", " — ", "\n• ", "… ", ""]
said = st.lists(st.tuples(st.sampled_from(_PHRASES), st.sampled_from(_SIGNS)), max_size=14).map(
    lambda pieces: "".join(phrase + sign for phrase, sign in pieces)
)


def holds(text: str, questions: tuple[Question, ...]) -> None:
    assert len(questions) <= MAX_QUESTIONS
    taken: list[tuple[int, int]] = []
    for question in questions:
        assert question.spans == tuple(sorted(question.spans))
        assert question.text(text).strip()
        taken.extend(question.spans)
    taken.sort()
    for start, end in taken:
        assert 0 <= start < end <= len(text)
        for edge in (start, end):
            assert not any(token.start < edge < token.end for token in tokens_of(text))
            assert not (0 < edge < len(text) and "\ud800" <= text[edge - 1] <= "\udbff")
    for (_, end), (start, _) in pairwise(taken):
        assert end <= start


@given(any_text | said)
@settings(max_examples=400, deadline=None)
def test_spans_of_any_text_are_whole_ordered_and_apart(text: str) -> None:
    questions = split(text)
    holds(text, questions)
    assert split(text) == questions


@given(said)
@settings(max_examples=100, deadline=None)
def test_where_there_are_no_words_there_is_no_question(text: str) -> None:
    if not tokens_of(text):
        assert split(text) == ()


@pytest.mark.parametrize(
    "text", ["Здравствуйте!", "Спасибо большое за помощь!", "Добрый день, Анна Ивановна. Спасибо!"]
)
def test_who_only_greets_or_thanks_asks_nothing(text: str) -> None:
    assert split(text) == ()
    ((question, judgement),) = judge_parts(text)
    assert question.spans == ()
    assert judgement == judge(text)


@given(said, st.sampled_from(["Здравствуйте! ", "Добрый день.\n", "Привет! ", "Доброго времени суток! "]))
@settings(max_examples=150, deadline=None)
def test_a_greeting_changes_no_count(text: str, greeting: str) -> None:
    if text[:1].isalpha():
        assert len(split(greeting + text)) == len(split(text))


@given(any_text | said)
@settings(max_examples=100, deadline=None)
def test_a_caller_may_bring_his_own_reading(text: str) -> None:
    tokens = tokens_of(text)
    assert split(text, tokens=tokens, hits=list(load_lexicon().find(tokens))) == split(text)


@given(any_text | said)
@settings(max_examples=150, deadline=None)
def test_verdicts_of_parts_speak_of_their_parts(text: str) -> None:
    parts = judge_parts(text)
    assert parts
    if len(parts) == 1:
        assert parts[0][1] == judge(text)
        return
    for question, judgement in parts:
        for word in judgement.words:
            assert text[word.start : word.end] == word.text
            assert any(start <= word.start and word.end <= end for start, end in question.spans)


@pytest.mark.parametrize(
    "unit", ["и нет воды ", "нет воды. ", "1) яма\n", ", и ещё яма", "почему нет ", "а) ", "• яма\n"]
)
def test_endless_texts_are_split(unit: str) -> None:
    text = clean(unit * (300_000 // len(unit)))
    holds(text, split(text))


def pieces(text: str) -> list[list[str]]:
    return [[text[start:end] for start, end in question.spans] for question in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Здравствуйте! Не вывозят мусор с Лесной. И ещё не работает лифт. Спасибо.",
            [["Не вывозят мусор с Лесной."], ["И ещё не работает лифт."]],
        ),
        (
            "1) нет горячей воды\n2) собаки кидаются на детей",
            [["нет горячей воды"], ["собаки кидаются на детей"]],
        ),
        (
            "Список:\n• яма на дороге\n• закрыли аптеку\n• не ходит автобус",
            [["яма на дороге"], ["закрыли аптеку"], ["не ходит автобус"]],
        ),
        ("Во-первых, нет воды. Во-вторых, автобус не ходит.", [["нет воды."], ["автобус не ходит."]]),
        (
            "Лифт сломан. Когда построят школу? Лифт стоит неделю.",
            [["Лифт сломан.", "Лифт стоит неделю."], ["Когда построят школу?"]],
        ),
    ],
)
def test_several_matters(text: str, expected: list[list[str]]) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀",
        "Нет воды",
        "Спасибо большое!",
        "Когда и кто починит лифт?",
        "Нет врачей:\n1) окулиста\n2) невролога",
        "Яма на ул. Ленина, д. 5. Приходил мастер, ничего не сделал.",
        "Не горят фонари на Мира, Ленина и Садовой.",
        "Автобус не пришёл. Стояли час. Дети замёрзли. Когда это кончится?",
    ],
)
def test_one_matter_or_none(text: str) -> None:
    assert len(split(text)) <= 1


def test_no_more_questions_than_a_person_reads() -> None:
    text = "\n".join(f"{n}) не работает {what}" for n, what in enumerate(["лифт", "автобус", "школа"] * 5, 1))
    questions = split(text)
    assert len(questions) == MAX_QUESTIONS
    assert questions[-1].spans[-1][1] == len(text)


def test_each_question_has_its_own_topic() -> None:
    text = "Не вывозят мусор с Лесной. И ещё в поликлинике нет педиатра."
    topics = [judgement.topic.partition(".")[0] for _, judgement in judge_parts(text)]
    assert topics == ["WASTE", "HEALTH"]


def test_greeting_and_thanks_belong_to_no_question() -> None:
    (question,) = split("Добрый день, Иван Петрович! Когда починят лифт? Заранее спасибо.")
    text = question.text("Добрый день, Иван Петрович! Когда починят лифт? Заранее спасибо.")
    assert text == "Когда починят лифт?"
