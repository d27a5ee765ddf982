"""Two people on one incident, with two real connections to the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction

from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from tests import cast
from tests.attack.places import until

pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.after(minutes=1)


def _at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run the works at the same moment in threads of their own; what one raises is its result."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        close_old_connections()
        try:
            start.wait(timeout=30)
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_two_people_who_saw_the_same_card_one_wins() -> None:
    incident, one, other = cast.incident("routed"), cast.dispatcher(), cast.dispatcher()
    results = _at_once(
        *(lambda by=by: casework.accept(incident=incident, by=by, now=NOW, version=incident.version)
          for by in (one, other))
    )  # fmt: skip
    fresh = Incident.objects.get(pk=incident.pk)
    assert sorted(type(each).__name__ for each in results) == ["Incident", "StaleCard"]
    assert fresh.version == incident.version + 1
    assert fresh.moves.filter(verb="accept").count() == 1


def test_whoever_waits_while_the_topic_is_corrected_finds_the_incident() -> None:
    incident, by = cast.incident("in_progress"), cast.dispatcher()
    other = cast.topic("HOUSING.heating") if incident.topic.code != "HOUSING.heating" else cast.topic()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(topic=other)
            waits = pool.submit(
                _alone, lambda: casework.pause(incident=incident, reason="авария", by=by.actor, now=NOW)
            )
            until(_somebody_waits_for_a_row, "the other waits")
        paused = waits.result()
    assert (paused.topic, paused.paused_at) == (other, NOW)


def _alone(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connection.close()


def _somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_locks where not granted and locktype in ('transactionid', 'tuple')")
        return cursor.fetchone() is not None


def test_an_answer_is_published_once_however_many_press_the_button() -> None:
    incident, people = cast.incident("in_progress"), [cast.dispatcher() for _ in range(4)]
    results = _at_once(
        *(lambda by=by: casework.publish(
            incident=incident, text=f"Ответ {by.pk}", resolution="solved", by=by, now=NOW)
          for by in people)
    )  # fmt: skip
    assert sum(isinstance(each, Answer) for each in results) == 1
    assert sum(isinstance(each, rules.IllegalMove) for each in results) == 3
    assert Delivery.objects.count() == 1


def test_two_receipts_at_once_publish_once() -> None:
    incident = cast.incident("in_progress")
    answer = cast.publish(incident)
    Delivery.objects.filter(pk=answer.delivery_id).update(
        state=DeliveryState.DELIVERED, external_id="77", permalink="https://vk.com/wall-1_6?reply=77"
    )
    delivery = Delivery.objects.get(pk=answer.delivery_id)
    results = _at_once(
        *[lambda: casework.record_receipt(delivery=delivery, state=DeliveryState.DELIVERED, now=NOW)] * 3
    )
    assert results == [None, None, None]
    assert incident.moves.filter(verb="answered").count() == 1


def test_a_pair_joined_crosswise_at_once_neither_hangs_nor_makes_a_ring() -> None:
    one, other, by = cast.incident("triage"), cast.incident("triage"), cast.dispatcher()
    results = _at_once(
        lambda: casework.attach(incident=one, parent=other, by=by.actor, now=NOW),
        lambda: casework.attach(incident=other, parent=one, by=by.actor, now=NOW),
    )
    assert sorted(type(each).__name__ for each in results) == ["IllegalMove", "Incident"]
    assert Incident.objects.filter(state="attached").count() == 1


def test_two_people_who_cut_at_once_never_get_the_same_words() -> None:
    text = "Яма во дворе. Нет тепла. Темно на улице. Собаки у школы."
    incident, people = (
        cast.incident("triage", message=cast.message(text)),
        [cast.dispatcher() for _ in range(4)],
    )
    ends = [text.index(". ", at) + 1 for at in (0, 14, 26)]
    cuts = [(0, ends[0]), (0, ends[1]), (ends[0], ends[2]), (ends[1], len(text))]
    results = _at_once(
        *(lambda by=by, cut=cut: casework.split(incident=incident, spans=[cut], by=by.actor, now=NOW)
          for by, cut in zip(people, cuts, strict=True))
    )  # fmt: skip
    facts = (casework.NotItsPiece, casework.NothingLeft)
    assert all(isinstance(each, (Incident, *facts)) for each in results), results
    questions = Incident.objects.filter(message=incident.message)
    assert questions.count() == 1 + sum(isinstance(each, Incident) for each in results)
    taken = [at for each in questions for start, end in each.spans for at in range(start, end)]
    assert len(taken) == len(set(taken))
    assert len({each.part for each in questions}) == questions.count()


def test_a_question_asked_by_two_people_at_once_is_asked_once() -> None:
    incident, people = cast.incident("triage"), [cast.dispatcher() for _ in range(3)]
    results = _at_once(
        *(lambda by=by: casework.ask(incident=incident, text="Где это?", by=by, now=NOW) for by in people)
    )
    assert sum(isinstance(each, Answer) for each in results) == 1
    assert Delivery.objects.count() == 1


def test_joined_crosswise_at_once_one_of_them_stays() -> None:
    text = "Яма во дворе. Нет тепла."
    one, by = cast.incident("triage", message=cast.message(text)), cast.dispatcher().actor
    other = casework.split(incident=one, spans=[(14, 24)], by=by, now=NOW)
    results = _at_once(
        lambda: casework.join(incident=one, other=other, by=by, now=NOW),
        lambda: casework.join(incident=other, other=one, by=by, now=NOW),
    )
    assert sorted(type(each).__name__ for each in results) == ["IllegalMove", "Incident"]
    (left,) = Incident.objects.exclude(state="attached")
    assert (left.question, left.spans) == (text, [])


def test_a_draft_has_one_writer_at_a_time() -> None:
    incident, people = cast.incident("in_progress"), [cast.dispatcher(), cast.dispatcher()]
    results = _at_once(
        *(lambda by=by: casework.save_draft(
            incident=incident, text=f"Черновик {by.pk}", by=by, now=NOW, draft_version=0)
          for by in people)
    )  # fmt: skip
    assert sorted(type(each).__name__ for each in results) == ["Answer", "NotYourDraft"]
