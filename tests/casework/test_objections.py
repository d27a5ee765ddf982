"""Under an answer the author says that nothing is solved: the matter comes back by itself, and only then."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Incident
from otklik.casework.operations.ending import OBJECTS, take_objection
from tests import cast
from tests.cast import NOW, after

AGAINST = (
    "Не решено!",
    "Ничего не сделали, яма на месте",
    "Так и не починили",
    "До сих пор темно",
    "По-прежнему течёт",
    "Воз и ныне там",
    "Неправда, никто не приезжал",
    "Это отписка",
    "Фонарь как не горел, так и не горит",
    "Снег так и не был убран",
    "Ещё не вывезли",
    "Проблема не решена",
    "Вы пишете, что сделали. Я там был: всё как было, так и осталось",
    "Не согласна с ответом",
    "Почему не сделали?",
    "Обещали и забыли",
    "Батареи не греют, дома 14 градусов",
    "Спасибо за ответ, но ничего не изменилось",
    "Мы опять без света, проблема осталась",
    "Толку нет от ваших ответов",
    "Врёте! Мусор лежит",
    "Асфальт не положен, яму не засыпали",
)
CONTENT = (
    "Спасибо!",
    "Спасибо, всё сделали",
    "Благодарим, починили быстро",
    "Хорошо, подожду",
    "А когда будет автобус на Озёрную?",
    "Если не сделаете, напишу ещё",
    "Спасибо, всё решено, а то до сих пор ходили в темноте",
    "Понятно",
    "Куда отправить фото?",
    "Подскажите телефон подрядчика",
    "👍",
    "",
    "Да, вижу, засыпали",
    "А по улице Мира тоже будет ремонт?",
    "Очень рады, что услышали",
    "Не за что, спасибо вам",
    "Надеюсь, так и будет",
    "Большое спасибо, заработало",
    "А можно ещё лавочку поставить?",
    "Ждём с нетерпением",
)


@pytest.mark.parametrize("text", AGAINST)
def test_words_against_an_answer(text: str) -> None:
    assert rules.objects(text)


@pytest.mark.parametrize("text", CONTENT)
def test_words_that_are_content_or_ask_something_else(text: str) -> None:
    assert not rules.objects(text)


@given(st.text(max_size=4000))
def test_any_text_can_be_read(text: str) -> None:
    assert rules.objects(text) in {True, False}


def test_an_endless_text_is_read_at_once() -> None:
    assert not rules.objects("не " * 1_000_000)
    assert rules.objects("не решено " + "ы" * 1_000_000)


def wrote(incident: Incident, text: str, *, days: int = 1) -> Incident:
    """The author of the incident writes on in the thread."""
    message = incident.message
    reply = cast.message(text, under=message.connection, by=message.author, thread=message.thread)
    casework.note_follow_ups(follow_ups=[(reply, incident)], now=after(days=days))
    return Incident.objects.select_related("message").get(pk=incident.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["answered", "closed"])
def test_what_was_answered_comes_back_in_a_new_cycle(state: str) -> None:
    back = wrote(cast.incident(state), "Ничего не сделали")
    told = back.moves.latest("pk")
    assert (back.state, back.cycle, back.priority, back.first_answer_at) == ("reopened", 2, "high", None)
    assert (told.verb, told.code, told.reason) == ("reopen", OBJECTS, "«Ничего не сделали»")
    assert back.author_replied_at == after(days=1)
    # The second complaint about the same waits with the first.
    again = wrote(back, "Не решено!", days=2)
    assert (again.state, again.cycle, again.author_replied_at) == ("reopened", 2, after(days=2))


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["interim_answered", "deferred"])
def test_what_was_promised_goes_back_to_work_in_its_cycle(state: str) -> None:
    back = wrote(cast.incident(state), "До сих пор темно")
    told = back.moves.latest("pk")
    assert (back.state, back.cycle, told.verb, told.code) == ("in_progress", 1, "dispute", OBJECTS)


@pytest.mark.django_db
def test_thanks_only_mark_the_card() -> None:
    marked = wrote(cast.incident("answered"), "Спасибо, всё сделали")
    assert (marked.state, marked.author_replied_at) == ("answered", after(days=1))


@pytest.mark.django_db
def test_after_thirty_days_nothing_comes_back() -> None:
    incident = cast.incident("closed")
    assert rules.can_object("closed", NOW, NOW + timedelta(days=30), timedelta(days=30))
    assert wrote(incident, "Не решено!", days=31).state == "closed"
    with pytest.raises(rules.IllegalMove):
        take_objection(Incident.objects.get(pk=incident.pk), "Не решено!", after(days=31))


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["triage", "routed", "in_progress", "approval", "publishing", "rework"])
def test_what_has_no_answer_is_only_marked(state: str) -> None:
    assert wrote(cast.incident(state), "Ничего не делаете!").state == state
