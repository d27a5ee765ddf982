"""Bursts: what is one, when it is announced, followed, acknowledged and over."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.inbox.models import SourceMessage
from otklik.registry.models import Municipality, Settlement, Street
from otklik.triage.models import SurgeAlert, Topic
from otklik.triage.operations.surges import SurgeIsOver, acknowledge, close, watch
from otklik.triage.rules.surges import Burst, burst, compared_days, is_over, norm_of
from tests import cast
from tests.cast import NOW, after

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("count", "norm", "expected"),
    [
        (4, None, None),
        (5, None, Burst(None, 5, "first")),
        (4, 0.0, None),
        (5, 0.25, Burst(0.25, 5, "least")),
        (6, 2.0, None),
        (7, 2.0, Burst(2.0, 7, "norm")),
        (30, 10.0, None),
        (31, 10.0, Burst(10.0, 31, "norm")),
    ],
)
def test_a_burst_is_many_and_many_times_the_norm(
    count: int, norm: float | None, expected: Burst | None
) -> None:
    assert burst(count, norm) == expected


def test_a_region_sets_its_own_measure() -> None:
    assert burst(3, 0.1, least=3) == Burst(0.1, 3, "least")
    assert burst(21, 10, times=2) == Burst(10, 21, "norm")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (timedelta(0), ()),
        (timedelta(hours=47), ()),
        (timedelta(days=2), (1,)),
        (timedelta(days=7), (1, 2, 3, 4, 5, 6)),
        (timedelta(days=8), (7,)),
        (timedelta(days=22), (7, 14, 21)),
        (timedelta(days=400), (7, 14, 21, 28)),
    ],
)
def test_the_norm_is_of_the_same_weekday_as_far_as_history_goes(
    known: timedelta, expected: tuple[int, ...]
) -> None:
    assert compared_days(known) == expected


def test_the_norm_is_a_mean_and_a_burst_ends_when_it_is_quiet() -> None:
    assert norm_of([]) is None
    assert norm_of([0, 0, 2, 6]) == 2
    assert not is_over(NOW, NOW + DAY - timedelta(seconds=1))
    assert is_over(NOW, NOW + DAY)


@pytest.fixture
def town() -> Municipality:
    return cast.municipality(name="Город Бердск", short_name="Бердск")


@pytest.fixture
def heating() -> Topic:
    return cast.topic("HOUSING.heating")


def _tell(
    town: Municipality, topic: Topic, at: datetime, number: int = 1, **fields: Any
) -> list[SourceMessage]:
    judged = {"decided_at": at + timedelta(seconds=2), "municipality": town, "topic": topic}
    told = {"sent_at": at, "received_at": at} | {
        key: fields.pop(key) for key in ("by", "deleted_at") if key in fields
    }
    messages = [cast.message("Батареи холодные", **told) for _ in range(number)]
    for message in messages:
        cast.verdict(message, **judged | fields)
    return messages


def _history(topic: Topic, days: int = 60) -> None:
    """Something was judged so long ago: there are weeks to compare with."""
    _tell(cast.municipality(), topic, NOW - timedelta(days=days))


pytestmark = pytest.mark.django_db


def test_the_fifth_message_is_announced_by_the_next_look(town: Municipality, heating: Topic) -> None:
    _history(heating)
    for minute in range(4):
        _tell(town, heating, after(minutes=minute))
    assert watch(now=after(minutes=4)) == []
    _tell(town, heating, after(minutes=4))
    [alert] = watch(now=after(minutes=4, seconds=20))
    assert (alert.topic, alert.municipality, alert.street, alert.count, alert.authors) == (
        heating,
        town,
        None,
        5,
        5,
    )
    assert (alert.started_at, alert.last_at, alert.reason) == (NOW, after(minutes=4), "least")
    assert (alert.norm, alert.threshold, alert.state) == (0, 5, "open")
    assert watch(now=after(minutes=5)) == []
    line = AuditLine.objects.get(verb="announce_surge")
    assert line.details == {"count": 5}


def test_what_is_usual_for_the_place_is_no_burst(town: Municipality, heating: Topic) -> None:
    _history(heating)
    for week in (1, 2, 3, 4):
        _tell(town, heating, NOW - timedelta(days=7 * week, hours=3), 3)
    _tell(town, heating, NOW, 9)
    assert watch(now=after(minutes=1)) == []
    _tell(town, heating, NOW, 1)
    [alert] = watch(now=after(minutes=1))
    assert (alert.norm, alert.threshold, alert.count, alert.reason) == (3, 10, 10, "norm")


def test_without_history_five_are_enough_and_it_is_said(town: Municipality, heating: Topic) -> None:
    _tell(town, heating, NOW, 5)
    [alert] = watch(now=after(minutes=1))
    assert (alert.norm, alert.reason) == (None, "first")


def test_neither_a_backlog_nor_empty_topics_nor_deleted_messages_are_a_burst(
    town: Municipality, heating: Topic
) -> None:
    _history(heating)
    _tell(town, heating, NOW - timedelta(days=40), 6, decided_at=NOW)
    _tell(town, cast.topic("GOV.other"), NOW, 6)
    _tell(town, cast.topic("ROADS.pothole"), NOW, 6, deleted_at=NOW)
    _tell(town, cast.topic("ROADS.repair"), NOW, 6, is_request=False)
    _tell(town, cast.topic("ROADS.cleaning"), NOW, 6, municipality=None)
    assert watch(now=after(minutes=1)) == []


def test_parts_of_one_message_count_once(town: Municipality, heating: Topic) -> None:
    _history(heating)
    for message in _tell(town, heating, NOW, 3):
        cast.verdict(message, part=1, topic=heating, municipality=town, decided_at=NOW)
    assert watch(now=after(minutes=1)) == []


def test_a_street_stands_out_where_the_town_as_a_whole_does_not(town: Municipality, heating: Topic) -> None:
    _history(heating)
    for week in (1, 2, 3, 4):
        _tell(town, heating, NOW - timedelta(days=7 * week, hours=3), 4)
    settlement = Settlement.objects.create(municipality=town, name="Бердск", kind="город")
    street = Street.objects.create(settlement=settlement, name="Ленина")
    _tell(town, heating, NOW, 5, street=street, settlement=settlement)
    [alert] = watch(now=after(minutes=1))
    assert (alert.street, alert.settlement, alert.count) == (street, settlement, 5)


def test_a_town_that_stands_out_is_announced_once_and_not_by_its_streets(
    town: Municipality, heating: Topic
) -> None:
    _history(heating)
    settlement = Settlement.objects.create(municipality=town, name="Бердск", kind="город")
    street = Street.objects.create(settlement=settlement, name="Ленина")
    _tell(town, heating, NOW, 6, street=street, settlement=settlement)
    [alert] = watch(now=after(minutes=1))
    assert (alert.street, alert.settlement) == (None, settlement)
    assert watch(now=after(minutes=2)) == []


def test_a_burst_is_followed_and_ends_a_day_after_its_last_message(
    town: Municipality, heating: Topic
) -> None:
    _history(heating)
    _tell(town, heating, NOW, 5)
    [alert] = watch(now=after(minutes=1))
    _tell(town, heating, after(hours=1), 2)
    assert watch(now=after(hours=1, minutes=1)) == []
    alert.refresh_from_db()
    assert (alert.count, alert.last_at, alert.state) == (7, after(hours=1), "open")
    watch(now=after(hours=25))
    alert.refresh_from_db()
    assert (alert.state, alert.closed_at, alert.closed_by) == ("closed", after(hours=25), None)
    assert AuditLine.objects.filter(verb="close_surge", reason="quiet").count() == 1


def test_a_person_acknowledges_and_closes(town: Municipality, heating: Topic) -> None:
    person = cast.dispatcher()
    _history(heating)
    _tell(town, heating, NOW, 5)
    [alert] = watch(now=after(minutes=1))
    seen = acknowledge(alert=alert, by=person, now=after(minutes=2))
    assert (seen.state, seen.acknowledged_by, seen.acknowledged_at) == (
        "acknowledged",
        person,
        after(minutes=2),
    )
    acknowledge(alert=alert, by=cast.dispatcher(), now=after(minutes=3))
    alert.refresh_from_db()
    assert alert.acknowledged_by == person
    close(alert=alert, by=person, now=after(minutes=4))
    for verb in (acknowledge, close):
        with pytest.raises(SurgeIsOver):
            verb(alert=alert, by=person, now=after(minutes=5))


def test_after_a_person_closed_it_only_new_messages_make_another(town: Municipality, heating: Topic) -> None:
    _history(heating)
    _tell(town, heating, NOW, 6)
    [alert] = watch(now=after(minutes=1))
    close(alert=alert, by=cast.dispatcher(), now=after(minutes=2))
    _tell(town, heating, after(minutes=5), 4)
    assert watch(now=after(minutes=6)) == []
    _tell(town, heating, after(minutes=7))
    [again] = watch(now=after(minutes=8))
    assert (again.count, again.started_at) == (5, after(minutes=5))


def test_the_number_of_statements_does_not_grow(
    town: Municipality, django_assert_max_num_queries: Any
) -> None:
    for code in ("HOUSING.heating", "ROADS.pothole", "ROADS.repair", "ENERGY.power_out"):
        _tell(town, cast.topic(code), NOW, 5)
    watch(now=after(minutes=1))
    with django_assert_max_num_queries(7):
        assert watch(now=after(minutes=2)) == []


PROMISES: list[tuple[str, dict[str, Any]]] = [
    ("surge_alert_one_live", {}),
    ("surge_alert_span", {"last_at": NOW - DAY, "state": "closed", "closed_at": NOW}),
    ("surge_alert_seen_by_person", {"state": "acknowledged", "street": True}),
    ("surge_alert_closed_when", {"state": "closed"}),
]


@pytest.mark.parametrize(("name", "changes"), PROMISES)
def test_the_database_keeps_the_promises(
    name: str, changes: dict[str, Any], town: Municipality, heating: Topic
) -> None:
    if changes.get("street"):
        settlement = Settlement.objects.create(municipality=town, name="Бердск")
        changes = changes | {"street": Street.objects.create(settlement=settlement, name="Ленина")}
    known = {
        "topic": heating, "municipality": town, "started_at": NOW, "last_at": NOW, "count": 5, "threshold": 5,
        "reason": "first", "found_at": NOW,
    }  # fmt: skip
    SurgeAlert.objects.create(**known)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SurgeAlert.objects.create(**known | changes)
