"""Long Poll and the reconciliation sweep against the simulated network."""

from typing import Any

import pytest

from otklik.channels.base import NetworkFailure, What
from otklik.channels.enums import Intake, TokenKind, TokenState
from otklik.channels.models import Token
from otklik.channels.operations import service_key
from otklik.channels.vk import longpoll, sweep
from otklik.channels.vk.api import Api
from otklik.channels.vk.parse import event_key, parse
from otklik.channels.vk.sweep import Known
from tests.channels.town import RESIDENT, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(town: Town) -> Api:
    town.connect(intake=Intake.LONG_POLL)
    return Api(town.sim.url, town.keys["community"], kind="community")


def test_long_poll_brings_events_once(town: Town, community: Api) -> None:
    started = longpoll.poll(community, town.group_id, {})
    assert (started.updates, started.gap) == ((), False)
    town.say("Вода?")
    town.write("А когда?")
    first = longpoll.poll(community, town.group_id, started.state, wait=1)
    assert [parse(update)[0].text for update in first.updates] == ["Вода?", "А когда?"]
    assert len({event_key(update) for update in first.updates}) == 2
    again = longpoll.poll(community, town.group_id, first.state, wait=0)
    assert again.updates == ()


def test_long_poll_mends_a_stale_key_and_says_what_it_lost(town: Town, community: Api) -> None:
    state = longpoll.poll(community, town.group_id, {}).state
    town.say("Вода?")
    stale = longpoll.poll(community, town.group_id, {**state, "key": "stale"}, wait=0)
    assert not stale.gap
    found = longpoll.poll(community, town.group_id, stale.state, wait=1)
    assert [parse(update)[0].text for update in found.updates] == ["Вода?"]
    lost = longpoll.poll(community, town.group_id, {**state, "ts": "999999"}, wait=0)
    assert lost.gap
    assert longpoll.poll(community, town.group_id, lost.state, wait=0).updates == ()


def test_long_poll_says_what_is_wrong_with_the_network(town: Town, community: Api) -> None:
    state = longpoll.poll(community, town.group_id, {}).state
    town.fault(where="longpoll", what="broken_json", count=1)
    with pytest.raises(NetworkFailure, match="broken_response"):
        longpoll.poll(community, town.group_id, state, wait=0)


@pytest.fixture
def reader(town: Town, service: None) -> Api:
    key = service_key("vk", now=town.clock())
    assert key is not None
    return key


def known_of(listing: sweep.Listing) -> dict[str, Known]:
    return {str(item["id"]): Known(item.get("text", "")) for item in listing.items if not item.get("deleted")}


def kinds(listing: sweep.Listing, known: dict[str, Known]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for event in sweep.differences(listing, known, stamp="1"):
        found.setdefault(event["type"], []).append(event["object"]["id"])
    return found


def test_a_sweep_finds_new_edited_deleted_and_restored(town: Town, reader: Api) -> None:
    kept, edited, gone, back = (town.say(text) for text in ("Вода?", "Свет?", "Газ?", "Тепло?"))
    first = sweep.sweep_page(reader, town.group_id, {})
    (listing,) = first.listings
    assert listing.complete
    assert first.names[str(RESIDENT)] == "Ольга Котова"
    known = known_of(listing)
    assert set(known) == {str(kept), str(edited), str(gone), str(back)}
    assert kinds(listing, {}) == {"wall_reply_new": [back, gone, edited, kept]}
    assert sweep.differences(listing, known, stamp="1") == []
    deep = town.say("И у нас", reply_to=kept)

    def change(world: Any) -> None:
        world.edit_comment(world.comment("wall", -town.group_id, edited), text="Свет погас")
        world.delete_comment(world.comment("wall", -town.group_id, gone), by=RESIDENT)

    town.sim.call(change)
    known[str(back)] = Known("Тепло?", deleted=True)
    second = sweep.sweep_page(reader, town.group_id, first.cursor)
    assert kinds(second.listings[0], known) == {
        "wall_reply_new": [deep],
        "wall_reply_edit": [edited],
        "wall_reply_delete": [gone],
        "wall_reply_restore": [back],
    }


def test_what_a_sweep_found_reads_like_the_networks_own_events(town: Town, reader: Api) -> None:
    first = town.say("Вода?")
    deep = town.say("И у нас", reply_to=first)
    (listing,) = sweep.sweep_page(reader, town.group_id, {}).listings
    events = {e["object"]["id"]: e for e in sweep.differences(listing, {}, stamp="a")}
    (told,) = parse(events[deep])
    assert (told.what, told.place, told.object_id) == (What.NEW, "wall", str(town.post_id))
    assert (told.root_id, told.reply_to, told.author_id) == (str(first), str(first), str(RESIDENT))
    assert event_key(events[deep]) != event_key(events[first])
    (gone,) = parse(sweep.differences(listing, {"777": Known("Было")}, stamp="a")[-1])
    assert (gone.what, gone.external_id) == (What.DELETED, "777")
    (post,) = parse(sweep.post_event(town.group_id, sweep.sweep_page(reader, town.group_id, {}).posts[0]))
    assert (post.what, post.text, post.is_own) == (What.POST, "Ремонт улицы Школьной", True)


def test_an_unchanged_page_costs_two_calls(town: Town, reader: Api) -> None:
    town.say("Вода?")
    first = sweep.sweep_page(reader, town.group_id, {})
    second = sweep.sweep_page(reader, town.group_id, first.cursor)
    # The wall, and one post in turn for edits.
    assert (first.calls, second.calls) == (2, 2)


def test_one_long_post_does_not_take_more_than_the_budget(town: Town, reader: Api) -> None:
    for number in range(350):
        town.say(f"Вопрос {number}")
    first = town.say("С веткой")
    for number in range(15):
        town.say(f"Ответ {number}", reply_to=first)
    short = sweep.sweep_page(reader, town.group_id, {}, budget=3)
    assert short.calls == 3
    (listing,) = short.listings
    assert not listing.complete
    # What was not read is not gone.
    known = {"1": Known("Вопрос 0")}
    assert "wall_reply_delete" not in kinds(listing, known)
    assert short.cursor["counts"] == {}
    whole = sweep.sweep_page(reader, town.group_id, short.cursor, budget=20).listings[0]
    assert whole.complete
    assert len(whole.items) == 366


def test_a_dead_or_exhausted_service_key_is_noted_by_whoever_called(town: Town, reader: Api) -> None:
    token = Token.objects.get(kind=TokenKind.SERVICE)
    town.fault(method="wall.get", what="error", code=29, count=1)
    town.sim.hub.faults.rules[0].group_id = 0
    with pytest.raises(NetworkFailure, match="quota"):
        sweep.sweep_page(reader, town.group_id, {})
    rested = service_key("vk", now=town.clock())
    assert rested is not None
    with pytest.raises(NetworkFailure, match="quota") as refused:
        sweep.sweep_page(rested, town.group_id, {})
    assert refused.value.wait > 3000
    assert town.sim.hub.faults.rules[0].hits == 1
    town.sim.call(lambda world: world.revoke_token(town.keys["service"]))
    with pytest.raises(NetworkFailure, match="key_dead"):
        sweep.names(rested, [str(RESIDENT)])
    token.refresh_from_db()
    assert token.state == TokenState.NEEDS_RENEWAL
    assert service_key("vk", now=town.clock()) is None


def test_names_of_people(town: Town, reader: Api) -> None:
    assert (
        sweep.names(reader, [str(RESIDENT), "-5", "999999999999", str(RESIDENT)])[str(RESIDENT)]
        == "Ольга Котова"
    )
