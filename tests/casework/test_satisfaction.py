"""What the author writes under a final answer is counted: thanks, objections, never of a refusal; a person corrects."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.exchange.layout import AT
from otklik.casework.models import Answer, Incident, Satisfaction
from otklik.casework.operations.exchange_rows import Gathering
from otklik.casework.operations.satisfied import NothingSaid, correct_satisfaction, hear, is_against
from otklik.casework.rules.satisfaction import NEGATIVE, NEITHER, POSITIVE, asks, satisfaction
from otklik.flow.conversations import goes_on
from otklik.inbox.models import SourceMessage
from tests import cast
from tests.casework.test_objections import AGAINST

LATER = cast.after(days=1)
GLAD = (
    "Спасибо!", "Спасибо, всё сделали", "Благодарим, починили быстро", "Большое спасибо, заработало",
    "Спасибо большое за помощь", "Молодцы!", "Огромная благодарность администрации", "Очень рады, что услышали",
    "👍", "Спасибо 👍", "Спасибо, но могли и раньше: засыпали", "Отлично, спасибо", "Благодарю за ответ",
    "Спасибо, всё решено, а то до сих пор ходили в темноте",
)  # fmt: skip
UNSAID = (
    "", "Понятно", "Хорошо, подожду", "А когда будет автобус на Озёрную?", "Спасибо, а телефон подрядчика есть?",
    "Спасибо, но хотелось бы раньше", "Спасибо за отписку", "Ждём с нетерпением", "Надеюсь, так и будет",
    "Спасибо, хоть ответили", "Где это?", "12 ноября", "Спасибо за обещания",
)  # fmt: skip


@pytest.mark.parametrize("text", GLAD)
def test_thanks(text: str) -> None:
    assert satisfaction(text) == POSITIVE


@pytest.mark.parametrize("text", AGAINST)
def test_objections(text: str) -> None:
    assert satisfaction(text) == NEGATIVE


@pytest.mark.parametrize("text", UNSAID)
def test_what_says_neither_counts_for_nothing(text: str) -> None:
    assert satisfaction(text) == NEITHER


@pytest.mark.parametrize(
    "text", ["Да", "да, спасибо!", "Да, всё решено", "решён", "Помогло, спасибо большое", "ага"]
)
def test_a_word_for_yes_counts_where_the_answer_has_asked(text: str) -> None:
    assert satisfaction(text, asked=True) == POSITIVE


@pytest.mark.parametrize(
    "text", ["Нет", "нет!", "Пока нет", "ещё нет, увы", "К сожалению, нет", "не решён", "неа"]
)
def test_a_word_for_no_is_an_objection_where_the_answer_has_asked(text: str) -> None:
    assert satisfaction(text, asked=True) == NEGATIVE


@pytest.mark.parametrize(
    "text", ["Да нет", "Нет, спасибо", "Нет слов", "да?", "Да когда уже", "Да вы что", ""]
)
def test_what_is_no_such_word_counts_for_nothing_even_where_the_answer_has_asked(text: str) -> None:
    assert satisfaction(text, asked=True) == NEITHER


@pytest.mark.parametrize("text", ["Да", "Нет", "Пока нет", "Решён"])
def test_a_word_alone_counts_for_nothing_where_nobody_has_asked(text: str) -> None:
    assert satisfaction(text) == NEITHER


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        ("Яму засыпали. Напишите, решён ли ваш вопрос.", True),
        ("Свет дали. Помогло ли это?", True),
        ("Вопрос решён, яму засыпали.", False),
        ("Решение принято, лист передан.", False),
    ],
)
def test_an_answer_that_asks(answer: str, asked: bool) -> None:
    assert asks(answer) is asked


@given(st.text(max_size=4000))
def test_any_text_can_be_read(text: str) -> None:
    assert satisfaction(text) in {POSITIVE, NEGATIVE, NEITHER}


def test_an_endless_text_is_read_at_once() -> None:
    assert satisfaction("спасибо " * 1_000_000) == POSITIVE


@pytest.fixture
def answered(db: None) -> Incident:
    cast.region()
    return cast.incident("answered")


def wrote(incident: Incident, text: str, at: datetime = LATER) -> SourceMessage:
    of = incident.message
    return cast.message(text, by=of.author, thread=of.thread, under=of.connection, received_at=at, sent_at=at)


def heard(incident: Incident, text: str, at: datetime = LATER) -> int:
    return hear(said=[(wrote(incident, text, at), Incident.objects.get(pk=incident.pk))], now=at)


def asking(incident: Incident) -> None:
    Answer.objects.filter(incident=incident).update(
        text="Яму засыпали. Напишите, решён ли вопрос: «да» или «нет»."
    )


def test_no_brings_the_matter_back_where_the_answer_has_asked(answered: Incident) -> None:
    asking(answered)
    message = wrote(answered, "Нет")
    assert goes_on(Incident.objects.get(), message, LATER)
    assert hear(said=[(message, Incident.objects.get())], now=LATER) == 1
    casework.note_follow_ups(follow_ups=[(message, Incident.objects.get())], now=LATER)
    answered.refresh_from_db()
    assert (answered.state, Satisfaction.objects.get().verdict) == ("reopened", "negative")


def test_yes_is_counted_and_brings_nothing_back(answered: Incident) -> None:
    asking(answered)
    message = wrote(answered, "Да, спасибо")
    assert not goes_on(Incident.objects.get(), message, LATER)
    assert hear(said=[(message, Incident.objects.get())], now=LATER) == 1
    assert Satisfaction.objects.get().verdict == "positive"


def test_no_to_an_answer_that_asked_nothing_or_refused_is_no_objection(answered: Incident) -> None:
    assert not is_against("Нет", answered)
    asking(answered)
    assert is_against("Нет", answered)
    answered.resolution = "refused"
    assert not is_against("Нет", answered)
    assert is_against("Ничего не сделали", answered)


def test_thanks_are_counted_with_their_words(answered: Incident) -> None:
    assert heard(answered, "Спасибо, всё сделали!") == 1
    found = Satisfaction.objects.get()
    assert (found.incident, found.cycle, found.verdict, found.decided_by) == (answered, 1, "positive", None)
    assert (found.answer, found.decided_at) == (Answer.objects.get(), LATER)
    move = answered.moves.latest("pk")
    assert (move.verb, move.before, move.after) == ("author_thanks", "answered", "answered")
    assert move.reason == "«Спасибо, всё сделали!»"


def test_an_objection_is_counted_before_it_reopens(answered: Incident) -> None:
    message = wrote(answered, "Ничего не сделали!")
    hear(said=[(message, answered)], now=LATER)
    casework.note_follow_ups(follow_ups=[(message, answered)], now=LATER)
    found = Satisfaction.objects.get()
    assert (found.cycle, found.verdict, found.message) == (1, "negative", message)
    assert AuditLine.objects.filter(verb="author_is_against", subject_id=answered.pk).count() == 1
    answered.refresh_from_db()
    assert (answered.state, answered.cycle) == ("reopened", 2)


def test_the_latest_words_of_a_cycle_hold(answered: Incident) -> None:
    heard(answered, "Спасибо!")
    heard(answered, "Ничего не сделали!", cast.after(days=2))
    found = Satisfaction.objects.get()
    assert (found.verdict, found.decided_at) == ("negative", cast.after(days=2))


@pytest.mark.parametrize("resolution", ["refused_with_reason", "planned", ""])
def test_nobody_is_asked_whether_a_refusal_was_liked(resolution: str, answered: Incident) -> None:
    Incident.objects.update(resolution=resolution)
    assert heard(answered, "Спасибо!") == 0
    assert not Satisfaction.objects.exists()


def test_only_of_a_final_answer_and_not_for_ever(answered: Incident) -> None:
    assert heard(cast.incident("interim_answered"), "Спасибо!") == 0
    assert heard(cast.incident("in_progress"), "Спасибо!") == 0
    assert heard(answered, "Где это?") == 0
    assert heard(answered, "Спасибо!", answered.entered_at + timedelta(days=31)) == 0
    assert heard(cast.incident("closed"), "Спасибо!") == 1


def test_a_person_corrects_and_that_holds(answered: Incident) -> None:
    by = cast.dispatcher()
    with pytest.raises(NothingSaid):
        correct_satisfaction(incident=answered, verdict="none", by=by, now=LATER)
    heard(answered, "Спасибо!")
    with pytest.raises(rules.IllegalMove):
        correct_satisfaction(incident=answered, verdict="great", by=by, now=LATER)
    with pytest.raises(casework.StaleCard):
        correct_satisfaction(incident=answered, verdict="none", by=by, now=LATER, version=99)
    made = correct_satisfaction(incident=answered, verdict="none", by=by, now=LATER)
    assert (made.verdict, made.decided_by) == ("none", by)
    move = answered.moves.latest("pk")
    assert (move.verb, move.code, move.actor_id) == ("correct_satisfaction", "none", by.pk)
    heard(answered, "Большое спасибо!", cast.after(days=2))
    assert Satisfaction.objects.get().verdict == "none"


@pytest.mark.parametrize("name", ["satisfaction_once_a_cycle", "satisfaction_verdict_known"])
def test_the_database_keeps_its_promises(name: str, answered: Incident) -> None:
    heard(answered, "Спасибо!")
    found = Satisfaction.objects.get()
    found.pk = None if name == "satisfaction_once_a_cycle" else found.pk
    found.verdict = "positive" if found.pk is None else "great"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        found.save()


def _columns(incident: Incident) -> tuple[Any, Any]:
    (line,) = Gathering(LATER).lines([incident.pk])
    return line[AT["rating_step_at"]], line[AT["asked_to_rate"]]


def test_the_table_of_47_columns_says_when_the_authors_turn_came(answered: Incident) -> None:
    at, asked = _columns(answered)
    assert at
    assert asked == "нет"
    heard(answered, "Спасибо!")
    assert _columns(answered) == (at, asked)
    Incident.objects.update(resolution="refused_with_reason")
    assert _columns(answered) == ("", "")
    assert _columns(cast.incident("in_progress")) == ("", "")
