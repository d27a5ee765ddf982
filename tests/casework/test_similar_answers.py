"""Similar answers: published ones to the nearest questions of the topic, without anybody's personal data."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.casework.operations.answer_similar import latest_answered
from otklik.casework.rules import templates
from tests import cast

pytestmark = pytest.mark.django_db
SNOW = "Когда уберут снег во дворе на улице Мира, 5?"


def answered(question: str, text: str, **given: Any) -> Incident:
    """An incident whose answer stands in the network."""
    made = cast.incident(message=cast.message(question, **given))
    cast.settle(cast.publish(made, text), "delivered")
    made.refresh_from_db()
    return made


def shown(of: Incident) -> list[str]:
    return [each.text for each in casework.similar_answers(incident=of, now=cast.NOW)]


def test_the_nearest_questions_come_first_and_only_published_answers(db: None) -> None:
    cast.region()
    answered("Почему не горит фонарь у остановки?", "Лампу заменим 20 ноября.")
    answered("Уберите снег во дворе, не пройти", "Снег уберём 19 ноября.")
    cast.publish(cast.incident(message=cast.message(SNOW)), "Ещё в пути, 19 ноября.")
    of = cast.incident(message=cast.message(SNOW))
    assert shown(of) == ["Снег уберём 19 ноября.", "Лампу заменим 20 ноября."]


def test_of_another_topic_or_from_a_private_message_there_is_none() -> None:
    cast.region()
    other = answered(SNOW, "Другая тема, 19 ноября.")
    Incident.objects.filter(pk=other.pk).update(topic=cast.topic("ROADS.lighting"))
    private = cast.incident(message=cast.message(SNOW, place="direct", kind="direct"))
    cast.settle(cast.publish(private, "Лично вам, 19 ноября."), "delivered")
    of = cast.incident(message=cast.message(SNOW))
    assert of.topic != cast.topic("ROADS.lighting")
    assert shown(of) == []


def test_names_and_phones_are_hidden_and_the_greeting_takes_the_name_of_this_author() -> None:
    cast.region()
    answered(
        SNOW,
        "Сергей Петрович Иванов, здравствуйте! Снег уберём 19 ноября. Звоните: 8 913 222-33-44, Ольга Петрова.",
    )
    of = cast.incident(message=cast.message(SNOW))
    (found,) = casework.similar_answers(incident=of, now=cast.NOW)
    assert "Иванов" not in found.text
    assert "222-33-44" not in found.text
    assert found.filled.startswith("Анна, здравствуйте!")
    assert "[телефон]" in found.filled
    with pytest.raises(casework.AnswerHasGaps):
        cast.publish(of, found.filled)
    assert {words for words, _start, _end in templates.gaps_of(found.filled)} <= {"[телефон]", "[ФИО]"}


def test_five_at_most_each_text_once_by_two_questions_to_the_database() -> None:
    cast.region()
    for number in range(3):
        answered(f"Снег во дворе {number}", "Снег уберём 19 ноября.")
    for day in range(20, 27):
        answered(f"Снег у дома {day}", f"Снег уберём {day} ноября.")
    of = cast.incident(message=cast.message(SNOW))
    of = Incident.objects.select_related("message__author", "executor", "topic", "street").get(pk=of.pk)
    shown(of)
    with CaptureQueriesContext(connection) as queries:
        found = shown(of)
    assert len(found) == len(set(found)) == 5
    assert len(queries) == 2


@pytest.mark.parametrize("question", ["", "!!!", 'или or -нет "кавычка', "😀 \U000e0001", "а" * 5000])
def test_odd_questions_are_compared_too(question: str) -> None:
    cast.region()
    answered(SNOW, "Снег уберём 19 ноября.")
    assert shown(cast.incident(message=cast.message(question))) == ["Снег уберём 19 ноября."]


def test_the_latest_of_a_topic_are_a_walk_of_the_index() -> None:
    cast.region()
    of = answered(SNOW, "Снег уберём 19 ноября.")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")
    plan = latest_answered(of).values("pk").explain()
    assert "incident_topic_answered" in plan
    assert "Sort" not in plan
