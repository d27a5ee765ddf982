"""A planted burst on the whole road: from the network's events to the notice, within a minute of the fifth message."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from croniter import croniter
from django.utils import timezone
from procrastinate.contrib.django import app

from otklik.flow import clock, road
from otklik.inbox import operations as inbox
from otklik.inbox.models import SourceMessage
from otklik.triage.models import LikenessKey, SurgeAlert
from otklik.triage.operations import surges
from otklik.triage.operations.likeness import TEXT_WINDOW
from tests import cast

pytestmark = pytest.mark.django_db
COLD = [
    "Второй день нет отопления, батареи ледяные, дома дети",
    "Когда дадут отопление? Батареи холодные!",
    "Мёрзнем, отопления нет во всём доме",
    "Нет отопления с утра, батареи холодные",
    "В квартире 14 градусов, батареи холодные, отопление отключили",
]


def _next_look(after: datetime) -> datetime:
    [task] = [
        each
        for each in app.periodic_registry.periodic_tasks.values()
        if each.task.name == "flow.watch_surges"
    ]
    return croniter(task.cron, after).get_next(datetime)


def test_a_planted_burst_is_announced_within_a_minute_of_its_fifth_message() -> None:
    town = cast.municipality(name="Город Бердск", short_name="Бердск")
    page = cast.connection(cast.page(cast.school(town)))
    fifth = cast.NOW
    with time_machine.travel(cast.NOW, tick=False) as travel:
        for text in COLD:
            event = cast.vk_comment(page.external_id, text=text)
            event["object"]["date"] = int(timezone.now().timestamp())
            body = json.dumps(event).encode()
            arrived = inbox.Arrived(page.pk, event["event_id"], str(event["type"]), body)
            inbox.accept_event(event=arrived, now=timezone.now())
            road.read_events(now=timezone.now())
            road.judge_messages(now=timezone.now())
            clock.watch_surges(0)
            fifth = timezone.now()
            assert SurgeAlert.objects.count() == (text == COLD[-1])
            SurgeAlert.objects.all().delete()
            travel.shift(timedelta(minutes=7, seconds=13))
        look = _next_look(fifth)
        travel.move_to(look)
        clock.watch_surges(0)
    alert = SurgeAlert.objects.select_related("topic").get()
    assert (alert.topic.code, alert.municipality, alert.count) == ("HOUSING.heating", town, 5)
    assert alert.found_at - fifth <= timedelta(seconds=20)


def test_old_keys_are_forgotten_at_night() -> None:
    old = cast.message(received_at=timezone.now() - TEXT_WINDOW * 2)
    LikenessKey.objects.create(key=1, message=old)
    LikenessKey.objects.create(key=2, message=SourceMessage.objects.create(
        connection=old.connection, page=old.page, kind="comment", place="wall", object_id="1", external_id="999",
        received_at=timezone.now(),
    ))  # fmt: skip
    clock.forget_likeness(0)
    assert list(LikenessKey.objects.values_list("key", flat=True)) == [2]


def test_a_region_sets_its_own_measure_of_a_burst(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(surges, "watch", lambda **given: asked.append(given))
    settings.SURGE_LEAST, settings.SURGE_TIMES = 8, 2.5
    clock.watch_surges(0)
    assert [(each["least"], each["times"]) for each in asked] == [(8, 2.5)]
