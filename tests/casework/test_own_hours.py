"""A body with hours of its own: its stages run by them, the promise to the resident by the region's."""

from datetime import datetime, timedelta

import pytest

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM
from otklik.desk.access import Desk
from otklik.desk.rows import stage_clock_of
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import Organization
from otklik.registry.rules.calendars import week_of
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def night_shift() -> Organization:
    cast.region()
    body = cast.body()
    calendar = registry.save_calendar(
        name="Ночные", timezone=cast.ZONE.key, week=week_of("пн-вс 20:00-24:00"), by=SYSTEM, now=cast.NOW
    )
    registry.give_calendar(organization=body, calendar=calendar, by=SYSTEM, now=cast.NOW)
    return body


def route(incident: Incident, body: Organization, by: Account) -> Incident:
    return casework.route(incident=incident, executor=body, reason="ночью", by=by.actor, now=cast.NOW)


def test_stages_of_the_body_run_by_its_own_hours(night_shift: Organization) -> None:
    dispatcher = cast.dispatcher()
    incident = cast.incident("triage")
    whole = incident.due_at
    assert incident.stage_due_at == cast.NOW + timedelta(hours=1)
    routed = route(incident, night_shift, dispatcher)
    assert routed.stage_due_at == datetime(2026, 11, 18, 21, tzinfo=cast.ZONE)
    assert routed.due_at == whole
    desk = Desk(dispatcher, registry.reach_of(dispatcher), cast.NOW, registry.working_calendar())
    clock = stage_clock_of(routed, desk)
    assert clock is not None
    assert clock.minutes == 60


def test_a_pause_moves_each_deadline_by_the_hours_it_runs_by(night_shift: Organization) -> None:
    dispatcher = cast.dispatcher()
    incident = route(cast.incident("triage"), night_shift, dispatcher)
    whole = incident.due_at
    question = casework.ask(incident=incident, text="Какой дом?", by=dispatcher, now=cast.NOW)
    Delivery.objects.filter(pk=question.delivery_id).update(
        state="delivered",
        finished_at=cast.NOW,
        external_id="77",
        permalink="https://vk.com/wall-1_6?reply=77",
    )
    delivery = Delivery.objects.get(pk=question.delivery_id)
    casework.record_receipt(delivery=delivery, state="delivered", now=cast.NOW)
    asked = Incident.objects.get(pk=incident.pk)
    back = casework.go_on(incident=asked, by=dispatcher.actor, now=cast.after(hours=26))
    # In these 26 hours ten of the region passed, and the four of one night.
    assert registry.working_calendar().between(whole, back.due_at) == timedelta(hours=10)
    assert back.stage_due_at == datetime(2026, 11, 19, 21, tzinfo=cast.ZONE)
