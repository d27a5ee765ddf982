"""Bursts at the desk: the notice over the queue, the list, one of them, and what people decide."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk import live
from otklik.desk.triage.surges import Surge
from otklik.registry import operations as registry
from otklik.registry.models import Settlement, Street
from otklik.triage.models import SurgeAlert, Topic
from otklik.triage.operations.surges import watch
from tests.desk.world import World

At = Callable[..., Client]
NOTICE = "desk:triage_surges_notice"


def _alert(world: World, topic: str = "ROADS.pothole", **fields: Any) -> SurgeAlert:
    known = {
        "topic": Topic.objects.get(code=topic),
        "municipality": world.municipality,
        "started_at": world.now - timedelta(minutes=20),
        "last_at": world.now - timedelta(minutes=2),
        "count": 7,
        "authors": 6,
        "norm": 0.5,
        "threshold": 5,
        "reason": "least",
        "found_at": world.now,
    }
    return SurgeAlert.objects.create(**known | fields)


def test_a_burst_stands_over_the_queue_of_the_centre_and_leads_to_its_incidents(world: World, at: At) -> None:
    alert = _alert(world)
    page = at("dispatcher").get(reverse("desk:queue"))
    text = page.content.decode()
    assert alert.topic.name in text
    assert "7 сообщений за сутки" in text
    assert "обычно 0,5" in text
    query = Surge(alert).query
    assert f"?{query}".replace("&", "&amp;") in text
    assert query == f"view=all&topic=ROADS.pothole&municipality={world.municipality.pk}"
    assert 'id="surges"' in text


def test_the_incidents_behind_it_are_what_its_address_shows(world: World, at: At) -> None:
    for _ in range(5):
        incident = world.incident()
        incident.message.verdicts.update(municipality=world.municipality, decided_at=world.now)
    [alert] = watch(now=world.now + timedelta(seconds=20))
    browser = at("dispatcher")
    rows = browser.get(f"{reverse('desk:queue')}?{Surge(alert).query}").context["rows"]
    assert len(rows) == 5
    shown = browser.get(reverse("desk:triage_surge", args=[alert.pk]))
    assert len(shown.context["incidents"]) == 5
    assert shown.context["may_decide"]


def test_nobody_but_the_centre_sees_bursts(world: World, at: At) -> None:
    alert = _alert(world)
    browser = at("executor")
    assert alert.topic.name not in browser.get(reverse(NOTICE)).content.decode()
    for name, args in (("desk:triage_surges", []), ("desk:triage_surge", [alert.pk])):
        assert browser.get(reverse(name, args=args)).status_code == 403
    for verb in ("acknowledge", "close"):
        assert browser.post(reverse(f"desk:triage_surge_{verb}", args=[alert.pk])).status_code == 403
    alert.refresh_from_db()
    assert alert.state == "open"


def test_one_press_takes_note_and_the_notice_is_gone(world: World, at: At) -> None:
    alert = _alert(world)
    answer = at("dispatcher", htmx=True).post(reverse("desk:triage_surge_acknowledge", args=[alert.pk]))
    assert answer.status_code == 200
    assert alert.topic.name not in answer.content.decode()
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", world.people["dispatcher"])
    assert alert.topic.name not in at("second").get(reverse("desk:queue")).content.decode()


def test_without_scripts_a_person_takes_note_and_closes_on_the_page(world: World, at: At) -> None:
    alert = _alert(world)
    browser, page = at("dispatcher"), reverse("desk:triage_surge", args=[alert.pk])
    taken = browser.post(reverse("desk:triage_surge_acknowledge", args=[alert.pk]), follow=True)
    assert taken.redirect_chain == [(page, 302)]
    assert "Вы приняли всплеск" in taken.content.decode()
    closed = browser.post(reverse("desk:triage_surge_close", args=[alert.pk]), follow=True)
    assert "Всплеск завершён" in closed.content.decode()
    again = browser.post(reverse("desk:triage_surge_close", args=[alert.pk]), follow=True)
    assert "Всплеск уже завершён" in again.content.decode()
    assert "Завершить" not in again.content.decode()


def test_the_list_shows_those_that_go_on_and_those_that_are_over(world: World, at: At) -> None:
    going = _alert(world)
    over = _alert(world, "ROADS.repair", state="closed", closed_at=world.now)
    browser, address = at("dispatcher"), reverse("desk:triage_surges")
    assert [each.alert for each in browser.get(address).context["rows"]] == [going]
    assert [each.alert for each in browser.get(address, {"state": "closed"}).context["rows"]] == [over]
    assert [each.alert for each in browser.get(address, {"state": "ы", "page": "x"}).context["rows"]] == [
        going
    ]


def test_an_empty_list_says_what_will_come(world: World, at: At) -> None:
    browser, address = at("dispatcher"), reverse("desk:triage_surges")
    assert "Всплесков нет" in browser.get(address).content.decode()
    assert "Завершённых всплесков нет" in browser.get(address, {"state": "closed"}).content.decode()
    assert browser.get(reverse("desk:triage_surge", args=[10**18])).status_code == 404


def test_a_list_of_twenty_asks_the_database_as_often_as_of_one(
    world: World, at: At, django_assert_max_num_queries: Any
) -> None:
    for topic in Topic.objects.active()[:20]:
        _alert(world, topic.code)
    browser = at("dispatcher")
    browser.get(reverse("desk:triage_surges"))
    with django_assert_max_num_queries(8):
        assert len(browser.get(reverse("desk:triage_surges")).context["rows"]) == 20


def test_more_than_two_are_counted(world: World, at: At) -> None:
    for topic in Topic.objects.active()[:5]:
        _alert(world, topic.code)
    text = at("dispatcher").get(reverse(NOTICE)).content.decode()
    assert text.count('class="surge"') == 2
    assert "Ещё 3 всплеск" in text


@pytest.mark.parametrize(
    ("reason", "norm", "said"),
    [
        ("first", None, "сравнить не с чем"),
        ("least", 0.25, "0,2"),
        ("norm", 4.0, "бывает 4."),
    ],
)
def test_it_says_why(world: World, at: At, reason: str, norm: float | None, said: str) -> None:
    alert = _alert(world, reason=reason, norm=norm)
    page = at("dispatcher").get(reverse("desk:triage_surge", args=[alert.pk])).content.decode()
    assert said in page
    assert "от 6 авторов" in page


def test_a_street_or_a_settlement_is_named(world: World) -> None:
    settlement = Settlement.objects.create(municipality=world.municipality, name="Речкуновка", kind="посёлок")
    street = Street.objects.create(settlement=settlement, name="Мира")
    town = world.municipality.short_name
    assert Surge(_alert(world, settlement=settlement)).place == f"{town}, Речкуновка"
    narrow = Surge(_alert(world, street=street, settlement=settlement))
    assert narrow.place == f"{town}, улица Мира"
    assert "q=%D0%9C%D0%B8%D1%80%D0%B0" in narrow.query


def test_open_desks_of_the_centre_are_told_and_others_are_not(world: World) -> None:
    async def told() -> list[list[tuple[str, dict[str, Any]]]]:
        hub = live.Hub(dict)
        streams = [live.Stream(reaches[name]) for name in ("dispatcher", "executor")]
        hub.streams.update(streams)
        hub._spread('{"surges": true}')
        return [each.take() for each in streams]

    reaches = {name: registry.reach_of(world.people[name]) for name in ("dispatcher", "executor")}
    assert asyncio.run(told()) == [[("surges", {})], []]
