"""What callbacks missed is found by asking: the sweep, Long Poll and names against the simulated network."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.channels import operations as channels
from otklik.channels.enums import ConnectionState, Intake
from otklik.channels.models import Connection
from otklik.common import jobs
from otklik.common.actor import SYSTEM
from otklik.flow import gathering, road
from otklik.inbox.models import Author, MessageVersion, RawEvent, SourceMessage
from otklik.news.models import Post
from tests import cast
from tests.channels.conftest import build, service, sim, town  # noqa: F401  fixtures of the channel's tests
from tests.channels.town import RESIDENT, Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("service")]


@pytest.fixture
def connection(town: Town) -> Connection:  # noqa: F811
    """A connected page to which no callback ever comes."""
    cast.region()
    made = town.connect(intake=Intake.OFF)
    Connection.objects.filter(pk=made.pk).update(state=ConnectionState.CONNECTED)
    made.refresh_from_db()
    return made


def ask(town: Town, minutes: float = 0) -> int:  # noqa: F811
    """One turn of the sweep so many minutes later, and everything it found read and judged."""
    town.clock.move(minutes * 60)
    done = gathering.sweep(now=town.clock())
    while road.read_events(now=town.clock()) + road.judge_messages(now=town.clock()):
        pass
    return done


def test_a_sweep_brings_what_callbacks_missed(town: Town, connection: Connection) -> None:  # noqa: F811
    number = town.say("Почему на Школьной нет света второй день?")
    assert ask(town) == 1
    message = SourceMessage.objects.get(external_id=str(number))
    assert message.author is not None
    assert message.author.name == "Ольга Котова"
    assert message.post == Post.objects.get(text="Ремонт улицы Школьной")
    assert Incident.objects.get().message == message


@pytest.mark.parametrize(
    ("fault", "told"), [({"what": "error", "code": 6}, []), ({"what": "error", "code": 10}, ["sweep"])]
)
def test_a_full_second_is_no_news_a_silent_network_is(
    town: Town,  # noqa: F811
    connection: Connection,
    caplog: pytest.LogCaptureFixture,
    fault: dict[str, Any],
    told: list[str],
) -> None:
    town.sim.hub.faults.add(method="wall.get", owner_id=-town.group_id, **fault)
    assert ask(town) == 0
    said = [each.message for each in caplog.records if each.name == gathering.log.name]
    assert [word for word in told if any(word in line for line in said)] == told
    assert len(said) == len(told)


def test_a_sweep_repeated_changes_nothing(town: Town, connection: Connection) -> None:  # noqa: F811
    town.say("Почему на Школьной нет света?")
    ask(town)
    events = RawEvent.objects.count()
    for _turn in range(3):
        assert ask(town, minutes=2) == 1
    assert RawEvent.objects.count() == events
    assert Incident.objects.count() == 1


def test_a_sweep_shows_edits_and_deletions(town: Town, connection: Connection) -> None:  # noqa: F811
    edited, gone = town.say("Нет света"), town.say("Нет воды")
    ask(town)

    def change(world: Any) -> None:
        world.edit_comment(world.comment("wall", -town.group_id, edited), text="Нет света и тепла")
        world.delete_comment(world.comment("wall", -town.group_id, gone), by=RESIDENT)

    town.sim.call(change)
    # A post whose number of comments did not change has its turn later than one that has news.
    for _turn in range(3):
        ask(town, minutes=2)
    message = SourceMessage.objects.get(external_id=str(edited))
    assert message.text == "Нет света и тепла"
    assert MessageVersion.objects.get(message=message).text == "Нет света"
    assert SourceMessage.objects.get(external_id=str(gone)).deleted_at is not None
    assert Incident.objects.get(message=message).question == "Нет света и тепла"


def test_a_page_that_fails_does_not_hold_the_others(
    town: Town,  # noqa: F811
    connection: Connection,
    build: Callable[[], Town],  # noqa: F811
) -> None:
    other = build()
    second = other.connect(intake=Intake.OFF)
    Connection.objects.filter(pk=second.pk).update(state=ConnectionState.CONNECTED)
    Connection.objects.filter(pk=connection.pk).update(external_id="240999999")
    number = other.say("Когда вывезут мусор?")
    ask(town)
    assert SourceMessage.objects.filter(external_id=str(number), connection=second).exists()
    waits = Connection.objects.get(pk=connection.pk).swept_at
    assert waits is not None
    assert waits > town.clock() - timedelta(minutes=1)


def test_pages_take_turns(town: Town, connection: Connection) -> None:  # noqa: F811
    assert ask(town) == 1
    assert ask(town) == 0
    assert ask(town, minutes=2) == 1


def test_without_a_service_key_nobody_sweeps(town: Town, connection: Connection) -> None:  # noqa: F811
    channels.set_service_token(value="no-such-key", by=SYSTEM, now=town.clock())
    town.say("Нет света")
    ask(town)
    assert ask(town, minutes=2) == 0
    assert not SourceMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_long_poll_brings_events_of_a_page_without_callback(town: Town) -> None:  # noqa: F811
    cast.region()
    town.connect(intake=Intake.LONG_POLL)
    assert gathering.long_poll(now=town.clock()) == 1
    comment, letter = town.say("Нет света"), town.write("А в личку можно?")
    assert gathering.long_poll(now=town.clock()) == 1
    assert gathering.long_poll(now=town.clock()) == 1
    while road.read_events(now=town.clock()) + road.judge_messages(now=town.clock()):
        pass
    found = SourceMessage.objects.values_list("place", "external_id")
    assert set(found) == {("wall", str(comment)), ("direct", str(letter))}
    assert set(RawEvent.objects.values_list("via", flat=True)) == {"long_poll"}
    assert Incident.objects.count() == 2


def test_names_are_asked_for_once(town: Town, connection: Connection) -> None:  # noqa: F811
    Author.objects.create(network="vk", external_id=str(RESIDENT))
    Author.objects.create(network="vk", external_id="999999999999")
    assert gathering.author_names(now=town.clock()) == 1
    assert Author.objects.get(external_id=str(RESIDENT)).name == "Ольга Котова"
    assert gathering.author_names(now=town.clock()) == 0
    assert not Author.objects.filter(name_asked_at=None).exists()


def test_a_new_author_is_asked_after_at_once(town: Town, connection: Connection) -> None:  # noqa: F811
    from procrastinate.contrib.django.models import ProcrastinateJob

    town.say("Почему нет света?")
    gathering.sweep(now=town.clock())
    Author.objects.all().delete()
    road.read_events(now=town.clock())
    assert ProcrastinateJob.objects.filter(task_name=jobs.AUTHOR_NAMES).count() == 1


def test_desks_hear_of_a_name(town: Town, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    told: list[int] = []
    monkeypatch.setattr(
        "otklik.casework.operations.opening.announce", lambda rows: told.extend(each.pk for each in rows)
    )
    incident = cast.incident("triage")
    author = incident.message.author
    assert author is not None
    Author.objects.filter(pk=author.pk).update(
        name="", external_id=str(RESIDENT), network="vk", name_asked_at=None
    )
    gathering.author_names(now=town.clock())
    assert incident.pk in told


def test_likes_under_an_answer_are_counted(town: Town, connection: Connection) -> None:  # noqa: F811
    number = town.say("Почему на Школьной нет света?")
    ask(town)
    incident, people = Incident.objects.select_related("topic", "page__organization").get(), cast.dispatcher()
    judged = casework.confirm(
        incident=incident, topic=incident.topic, kind=incident.kind, priority=incident.priority,
        executor=incident.page.organization, by=people, now=town.clock(),
    )  # fmt: skip
    taken = casework.accept(incident=judged, by=people, now=town.clock())
    answer = casework.publish(
        incident=taken, text="Свет дадут к 12:00.", resolution="explained", by=people, now=town.clock()
    )
    assert answer.delivery is not None
    comments = (number, int(town.deliver(answer.delivery).external_id))
    road.drain_receipts(now=town.clock())

    def like(world: Any, *, remove: bool = False) -> None:
        for comment in comments:
            world.like(world.comment("wall", -town.group_id, comment), RESIDENT, remove=remove)

    for removed, likes in ((False, 1), (True, 0)):
        town.sim.call(partial(like, remove=removed))
        for _turn in range(3):
            ask(town, minutes=2)
        answer.refresh_from_db()
        assert answer.likes == likes
    assert SourceMessage.objects.filter(is_own=False).count() == Incident.objects.count() == 1
