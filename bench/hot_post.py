"""One post with ten thousand comments in a minute, while five hundred quiet pages get one each.

Quiet comments are written in the simulator, which tells of them as the network does; each is answered at once, and
its answer must stand in the network. Comments of the hot post come as the network's own callbacks, some of them are
written in the simulator and answered too, so that both ways are crowded. The processes are those of `otklik up`: web,
reader, worker; the load, the simulator, the people who answer and PostgreSQL run on the same machine.
"""

import asyncio
import json
import multiprocessing
import os
import random
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import httpx

from bench import stage
from bench.figures import against_limit, percentile

if TYPE_CHECKING:
    from otklik.casework.models import Incident
    from otklik.people.models import Account

QUIET, HOT, ANSWERED, SECONDS, MARK_S = 500, 10_000, 300, 60.0, 5.0
FIRST_GROUP, USERS = 1_000_001, 300
CONNECTIONS, HANDS = 12, 4
# After the last comment the rest is waited for.
PATIENCE_S = 120.0
# Far from the numbers that the simulator gives to what is written in it.
FIRST_CALLBACK = 50_000_000
# Numbers are given before they are committed, so a little of what was read is read again.
AGAIN = 500
ANSWER = "Здравствуйте! Бригада выехала, исправим до пятницы."


def main() -> None:
    sim_port, port = stage.free_port(), stage.free_port()
    sim, web = f"http://127.0.0.1:{sim_port}", f"http://127.0.0.1:{port}"
    os.environ |= {
        "OTKLIK_VK_API_URL": sim,
        "OTKLIK_VK_SITE_URL": sim,
        "OTKLIK_BASE_URL": web,
        "OTKLIK_LOG_LEVEL": "ERROR",
    }
    stage.django_setup()
    now = datetime.now(UTC)
    from bench.queue_page import _people
    from demo.network import SimulatedNetwork

    pages = stage.seed_pages(QUIET + 1, now, connected=False)
    official = _people(now)[0]
    with (
        stage.process("-m", "netsim", "--port", str(sim_port), wait_for=f"{sim}/healthz"),
        stage.web(port),
        stage.worker("reading"),
        stage.worker("rest"),
        SimulatedNetwork(sim) as network,
    ):
        posts = stage.connect(network, pages, USERS, now)
        _warm_up(network, posts[0])
        apart = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        with apart as desks:
            give_up = time.perf_counter() + SECONDS + PATIENCE_S
            desk = desks.submit(_sit, official.pk, len(posts) - 1, ANSWERED, give_up)
            written = asyncio.run(_write(sim, port, posts))
            _tell(written, desk.result())


def _warm_up(network: Any, post: tuple[int, int]) -> None:
    """Until the worker has started, as it has long since in life: one comment has become an incident."""
    from otklik.casework.models import Incident

    network.act(
        "comment", user_id=stage.FIRST_USER, group_id=post[0], post_id=post[1], text="Когда починят дорогу?"
    )
    give_up = time.monotonic() + 120
    while not Incident.objects.exists():
        if time.monotonic() > give_up:
            raise RuntimeError("the worker does not read")
        time.sleep(0.2)


async def _write(sim: str, port: int, posts: list[tuple[int, int]]) -> dict[int, float]:
    """Everything the residents write in a minute; when each quiet page was written to, by its community."""
    rng = random.Random(7)
    texts = [each.text[:300] for each in islice(_texts(), HOT + QUIET)]
    written: dict[int, float] = {}
    acts = [(SECONDS * rng.random(), post, texts.pop()) for post in posts[1:]]
    acts += [(SECONDS / 3 * rng.random(), posts[0], texts.pop()) for _ in range(ANSWERED)]
    async with httpx.AsyncClient(base_url=sim, timeout=60, limits=httpx.Limits(keepalive_expiry=2)) as client:
        began = time.perf_counter()
        flood = asyncio.create_task(_flood(port, posts[0], texts[: HOT - ANSWERED], began))
        await asyncio.gather(*(_act(client, began, act, rng, written) for act in sorted(acts)))
        await flood
    return written


def _texts() -> Any:
    from demo.messages.generator import resident_messages

    return resident_messages(11)


async def _act(
    client: httpx.AsyncClient,
    began: float,
    act: tuple[float, tuple[int, int], str],
    rng: random.Random,
    written: dict[int, float],
) -> None:
    at, (group_id, post_id), text = act
    await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
    order = {
        "user_id": stage.FIRST_USER + rng.randrange(USERS),
        "group_id": group_id,
        "post_id": post_id,
        "text": text,
    }
    written[group_id] = time.perf_counter()
    (await client.post("/sim/act/comment", json=order)).raise_for_status()


async def _flood(port: int, post: tuple[int, int], texts: list[str], began: float) -> None:
    """The callbacks of the hot post, evenly over the minute."""
    from asgiref.sync import sync_to_async

    secret = await sync_to_async(_secret_of)(post[0])
    waiting = iter(enumerate(texts))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, text in waiting:
            await asyncio.sleep(max(0.0, began + SECONDS * number / len(texts) - time.perf_counter()))
            writer.write(_callback(number, post, text, secret))
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head[:20]:
                raise RuntimeError(head.decode("latin1"))
            await stage._skip_body(reader, head.lower())
        writer.close()

    await asyncio.gather(*[one() for _ in range(CONNECTIONS)])


def _secret_of(group_id: int) -> str:
    from otklik.channels.models import Connection

    return str(Connection.objects.get(external_id=str(group_id)).secret)


def _callback(number: int, post: tuple[int, int], text: str, secret: str) -> bytes:
    group_id, post_id = post
    event = {
        "group_id": group_id,
        "type": "wall_reply_new",
        "event_id": f"{number:040x}",
        "v": "5.199",
        "object": {
            "id": FIRST_CALLBACK + number,
            "from_id": stage.FIRST_USER + number % USERS,
            "date": int(time.time()),
            "text": text,
            "post_id": post_id,
            "owner_id": -group_id,
            "parents_stack": [],
            "post_owner_id": -group_id,
        },
        "secret": secret,
    }
    return stage.as_request(f"/hooks/vk/{group_id}", json.dumps(event, ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Times:
    """By incident: its community, when it was seen, when the key was pressed, when the answer stood."""

    group: dict[int, int]
    seen: dict[int, float]
    pressed: dict[int, float]
    stood: dict[int, float]


def _sit(account: int, quiet: int, hot: int, give_up: float) -> Times:
    stage.django_setup()
    from otklik.people.models import Account

    desk = Desk(Account.objects.get(pk=account))
    desk.work(quiet, hot, give_up)
    return desk.times


class Desk:
    """People who answer at once, in a process of their own: when each incident is in the queue, when its answer stands.

    Times are of the machine's monotonic clock, which processes share.
    """

    def __init__(self, by: "Account") -> None:
        self.by = by
        self.times = Times({}, {}, {}, {})
        self._last = 0

    def work(self, quiet: int, hot: int, give_up: float) -> None:
        """Look and answer until so many communities and answers of the hot post are done with."""
        with ThreadPoolExecutor(HANDS) as hands:
            while time.perf_counter() < give_up and not self._over(quiet, hot):
                for incident in self._new():
                    self.times.group[incident.pk] = int(incident.message.connection.external_id)
                    self.times.seen[incident.pk] = time.perf_counter()
                    hands.submit(self._answer, incident)
                self._look()
                time.sleep(0.1)

    def _over(self, quiet: int, hot: int) -> bool:
        done = [self.times.group[pk] for pk in self.times.stood]
        return len({each for each in done if each != FIRST_GROUP}) >= quiet and done.count(FIRST_GROUP) >= hot

    def _new(self) -> "list[Incident]":
        from django.db.models import Q

        from otklik.casework.models import Incident

        recent = Incident.objects.filter(pk__gt=self._last - AGAIN).exclude(pk__in=self.times.seen)
        # Callbacks have numbers of eight digits, what is written in the simulator has small ones.
        callbacks = Q(
            message__connection__external_id=str(FIRST_GROUP), message__external_id__regex="^[0-9]{8}$"
        )
        found = list(
            recent.exclude(callbacks)
            .select_related("message__connection", "page__organization", "topic")
            .order_by("pk")
        )
        newest = Incident.objects.order_by("-pk").values_list("pk", flat=True).first()
        self._last = newest or 0
        return found

    def _answer(self, incident: "Incident") -> None:
        from django.db import connection

        try:
            self._press(incident)
        except Exception:
            traceback.print_exc()
        finally:
            connection.close()

    def _press(self, incident: "Incident") -> None:
        from otklik.casework import operations as casework

        now = datetime.now(UTC)
        if incident.state in {"rejected", "attached"}:
            verb = casework.restore if incident.state == "rejected" else casework.detach
            incident = verb(incident=incident, by=self.by.actor, now=now)
        casework.confirm(
            incident=incident, topic=incident.topic, kind=incident.kind, priority=incident.priority,
            executor=incident.page.organization, by=self.by, now=now,
        )  # fmt: skip
        casework.accept(incident=incident, by=self.by, now=now)
        casework.publish(incident=incident, text=ANSWER, resolution="explained", by=self.by, now=now)
        self.times.pressed[incident.pk] = time.perf_counter()

    def _look(self) -> None:
        from otklik.casework.models import Answer

        waits = [pk for pk in list(self.times.pressed) if pk not in self.times.stood]
        for pk in Answer.objects.filter(incident__in=waits, status="published").values_list(
            "incident", flat=True
        ):
            self.times.stood[pk] = time.perf_counter()


def _tell(written: dict[int, float], desk: Times) -> None:
    """A page's time to the queue is that of its first question; each answer counts."""
    queued: dict[int, float] = {}
    for pk, at in sorted(desk.seen.items()):
        queued.setdefault(desk.group[pk], at - written[desk.group[pk]])
    queued.pop(FIRST_GROUP, None)
    quiet = [pk for pk, group_id in desk.group.items() if group_id != FIRST_GROUP]
    replies = [desk.stood[pk] - desk.pressed[pk] for pk in quiet if pk in desk.stood]
    note = f"{QUIET} quiet pages beside {HOT} comments, slowest {max(queued.values()):.2f} s"
    lost = f"{QUIET - len(queued)} not queued, {len(quiet) - len(replies)} of {len(quiet)} not answered"
    _say("hot_post_quiet_p95_seconds", list(queued.values()), f"{note}, {lost}")
    hot = len(desk.stood) - len(replies)
    note = f"from the press of the key to the receipt, slowest {max(replies):.2f} s; {hot} on the hot page beside"
    _say("hot_post_quiet_reply_p95_seconds", replies, note)


def _say(name: str, took: list[float], note: str) -> None:
    print(against_limit(name, percentile(took, 0.95), "s", MARK_S, note).line(), flush=True)


if __name__ == "__main__":
    main()
