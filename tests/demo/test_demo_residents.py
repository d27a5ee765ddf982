"""Residents write through a real simulator: the same again for the same seed, through restarts, until told to stop."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.data.pages import pages
from demo.first_shift import _Walls
from demo.into_network import make_communities, publish_posts
from demo.messages.people import residents
from demo.network import NetworkAwayError, OrderRefusedError, SimulatedNetwork
from demo.residents import Residents

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def network(simulator: Any) -> Iterator[SimulatedNetwork]:
    with SimulatedNetwork(simulator.url) as own:
        make_communities(own, now=NOW)
        publish_posts(own, now=NOW)
        yield own


def write(network: SimulatedNetwork, *, seed: int, limit: int) -> int:
    return Residents(network, seed=seed, per_minute=6, stop=threading.Event()).run(limit)


def test_residents_comment_write_privately_send_photos_edit_and_delete(network: SimulatedNetwork) -> None:
    before = network.state()["comments"]
    assert write(network, seed=1, limit=200) == 200
    counts = network.state()
    assert counts["comments"] > before + 120
    assert counts["messages"]["in"] > 5
    assert counts["events"]["wall_reply_edit"] > 0
    assert counts["events"]["wall_reply_delete"] > 0
    with_photo = [c for c in network.all("comments") if c["attachments"]]
    assert with_photo
    names = {u["id"]: (u["first_name"], u["last_name"]) for u in network.all("users")}
    person = residents()[5]
    assert names[person.id] == (person.first_name, person.last_name)


def test_a_repeated_run_with_the_same_seed_says_no_comment_twice(network: SimulatedNetwork) -> None:
    write(network, seed=2, limit=60)
    before = [comment["id"] for comment in network.all("comments", deleted=1)]
    write(network, seed=2, limit=60)
    assert [comment["id"] for comment in network.all("comments", deleted=1)] == before


def test_a_second_load_of_the_network_adds_nothing(network: SimulatedNetwork) -> None:
    before = network.state()
    assert make_communities(network, now=NOW) == 0
    assert publish_posts(network, now=NOW) == 0
    after = network.state()
    assert (after["communities"], after["users"], after["posts"]) == (
        before["communities"], before["users"], before["posts"],
    )  # fmt: skip


def test_residents_wait_for_a_simulator_that_is_away(network: SimulatedNetwork, simulator: Any) -> None:
    stop = threading.Event()
    own = Residents(network, seed=3, per_minute=6000, stop=stop)
    writer = threading.Thread(target=own.run)
    writer.start()
    try:
        wait_until(lambda: own.written >= 10)
        simulator.stop()
        before = own.written
        simulator.start()
        wait_until(lambda: own.written > before + 10)
    finally:
        stop.set()
        writer.join(60)
    assert not writer.is_alive()


def test_some_residents_thank_and_some_are_not_content(network: SimulatedNetwork) -> None:
    write(network, seed=4, limit=120)
    own = Residents(network, seed=4, per_minute=6, stop=threading.Event())
    assert own.answers.react() == 0
    comments = [each for each in network.all("comments") if not each["reply_to_comment"]]
    for comment in comments:
        network.act(
            "admin_reply",
            group_id=-comment["owner_id"],
            post_id=comment["object_id"],
            reply_to=comment["id"],
            text="Здравствуйте! Сделаем до пятницы.",
        )
    reacted = own.answers.react()
    assert len(comments) * 0.3 < reacted < len(comments) * 0.8
    assert own.answers.react() == 0
    texts = {comment["text"] for comment in network.all("comments") if comment["from_id"] > 0}
    assert any("Спасибо" in text for text in texts)


def test_the_program_stops_at_once_on_sigterm(simulator: Any, network: SimulatedNetwork) -> None:
    before = network.state()["comments"]
    command = [sys.executable, "-m", "demo.residents", "--sim", simulator.url, "--per-minute", "600"]
    with subprocess.Popen(command) as program:
        wait_until(lambda: network.state()["comments"] > before + 3)
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0


def test_at_no_pace_nobody_writes(simulator: Any, network: SimulatedNetwork) -> None:
    before = network.state()["comments"]
    command = [sys.executable, "-m", "demo.residents", "--sim", simulator.url, "--per-minute", "0"]
    with subprocess.Popen(command) as program:
        _until_it_listens(program.pid)
        time.sleep(1)
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0
    assert network.state()["comments"] == before


def _until_it_listens(pid: int) -> None:
    """Wait until the process handles SIGTERM itself: on a busy machine Python takes its time to come up."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        if int(status["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.05)
    raise AssertionError("the program never listened to SIGTERM")


def test_an_impossible_order_is_refused_and_a_dead_address_is_away(network: SimulatedNetwork) -> None:
    with pytest.raises(OrderRefusedError):
        network.act("comment", user_id=1, group_id=1, post_id=1, text="никуда")
    with SimulatedNetwork("http://127.0.0.1:9") as nobody, pytest.raises(NetworkAwayError):
        nobody.state()


def test_the_first_shift_writes_where_comments_are_open(network: SimulatedNetwork) -> None:
    group = pages()[0].group_id
    before = _Walls(network).posts[group]
    (closed,) = network.make("posts", [{"group_id": group, "text": "Итоги года", "comments_open": False}])
    assert closed["id"] > before
    assert _Walls(network).posts[group] == before


def wait_until(condition: Any) -> None:
    until = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.1)
