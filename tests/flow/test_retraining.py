"""Models are trained, made active and taken back while messages arrive: every message is judged, and judged once."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import cycle, islice
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.db.models import Count

from otklik.casework.models import Incident
from otklik.channels.models import Connection
from otklik.flow import road
from otklik.inbox.models import RawEvent, SourceMessage
from otklik.triage import operations as triage
from otklik.triage.models import TopicModel, Verdict
from tests import cast

SAID = (
    "Яма на дороге у дома {}, пробил колесо, когда починят?",
    "Во дворе дома {} стая собак бросается на детей, примите меры",
    "Не вывозят мусор от дома {} вторую неделю, когда уберут?",
)
STREETS = ("Лесной", "Речной", "Садовой", "Полевой", "Луговой", "Озёрной", "Степной", "Горной")


def _examples() -> bytes:
    rows = ["topic;text"]
    for number in range(40):
        street = STREETS[number % len(STREETS)]
        rows.append(f"ROADS.pothole;Глубокая яма на {street} {number}, погнул диск и пробил колесо")
        rows.append(f"ANIMAL.stray;Стая собак на {street} {number} бросается на прохожих")
    return "\n".join(rows).encode()


def _arrive(page: Connection, first: int, many: int) -> None:
    events = [
        cast.vk_comment(page.external_id, text=text.format(first + number))
        for number, text in enumerate(islice(cycle(SAID), many))
    ]
    RawEvent.objects.bulk_create(
        RawEvent(
            connection=page, event_key=event["event_id"], type=event["type"], body=json.dumps(event).encode(),
            received_at=cast.NOW,
        )
        for event in events
    )  # fmt: skip


def _apart(work: Callable[[], Any]) -> Any:
    close_old_connections()
    try:
        return work()
    finally:
        connection.close()


def _flow(learning: Future[Any], pages: list[Connection]) -> int:
    """Messages arrive and are judged batch by batch until the learning is over, and to the last of them."""
    arrived = 0
    while not learning.done() or arrived < 60:
        for page in pages:
            _arrive(page, arrived, 3)
            arrived += 3
        road.read_events(now=cast.NOW)
        road.judge_messages(now=cast.NOW)
        time.sleep(0.05)  # people write slower than this; learning needs some of the processors too
    while road.read_events(now=cast.NOW):
        pass
    while road.judge_messages(now=cast.NOW):
        pass
    return arrived


def _learn_and_change_their_minds() -> None:
    by = cast.dispatcher().actor
    triage.import_examples(name="year.csv", body=_examples(), by=by, now=cast.NOW)
    models = []
    for minute in range(2):
        models.append(triage.ask_training(by=by, now=cast.after(minutes=minute)))
        assert triage.train_next(now=cast.after(minutes=minute)) == 1
        triage.activate(model=models[-1], by=by, now=cast.after(minutes=minute))
        time.sleep(0.3)
    models[-1].refresh_from_db()
    triage.roll_back(model=models[-1], by=by, now=cast.after(minutes=9))


@pytest.mark.django_db(transaction=True)
def test_retraining_while_messages_flow_loses_nothing() -> None:
    pages = [cast.connection(), cast.connection()]
    with ThreadPoolExecutor(2) as threads:
        learning = threads.submit(_apart, _learn_and_change_their_minds)
        arrived = threads.submit(_apart, lambda: _flow(learning, pages)).result(timeout=200)
        learning.result(timeout=1)
    assert list(TopicModel.objects.order_by("pk").values_list("state", flat=True)) == ["active", "retired"]
    assert RawEvent.objects.exclude(state="read").count() == 0
    messages = SourceMessage.objects.annotate(judged=Count("verdicts"))
    assert messages.count() == arrived
    assert list(messages.exclude(judged=1)) == []
    assert Incident.objects.count() == arrived
    assert not Verdict.objects.filter(reason="judge_failed").exists()
    taught = {version.split("+")[-3].partition(":")[0] for version in _versions()}
    assert "starter" in taught
    assert len(taught) > 1, "models took over while messages came"


@pytest.mark.django_db
def test_the_same_message_gets_the_same_verdict_under_the_same_version() -> None:
    text = "На Речной, 5 яма. И ещё: когда вывезут мусор от дома 7 на Лесной?"
    page = cast.connection()
    told: list[list[dict[str, Any]]] = []
    for message in (cast.message(text, under=page), cast.message(text, under=page)):
        company = [cast.message(SAID[0].format(number)) for number in range(len(told) * 3)]
        judged = triage.judge_messages(messages=[*company, message], now=cast.NOW)
        told.append([_all_but(each.verdict) for each in judged if each.verdict.message_id == message.pk])
    assert len(told[0]) == 2
    assert told[0] == told[1]


def _versions() -> set[str]:
    return set(Verdict.objects.values_list("model_version", flat=True))


def _all_but(verdict: Verdict) -> dict[str, Any]:
    """Everything that the verdict says, without whose it is."""
    own = {"id", "message_id"}
    return {
        field.attname: getattr(verdict, field.attname)
        for field in Verdict._meta.concrete_fields
        if field.attname not in own
    }
