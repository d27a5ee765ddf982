"""One post with ten thousand comments in a minute, while five hundred quiet pages get one each.

Quiet comments are written in the simulator, which tells of them as the network does; each is answered at once, and
its answer must stand in the network. Comments of the hot post come as the network's own callbacks, some of them are
written in the simulator and answered too, so that both ways are crowded. One web process and one worker, on the
machine that also makes the load.
"""

import asyncio
import json
import os
import random
import threading
import time
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
CONNECTIONS = 12
# Far from the numbers that the simulator gives to what is written in it.
FIRST_CALLBACK = 50_000_000
# Numbers are given before they are committed, so a little of what was read is read again.
AGAIN = 2000
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
        stage.worker(),
        SimulatedNetwork(sim) as network,
    ):
        posts = stage.connect(network, pages, USERS, now)
        _warm_up(network, posts[0])
        desk = Desk(official)
        desk.start()
        written = asyncio.run(_write(sim, port, posts))
        desk.wait(len(posts) - 1, ANSWERED)
    _tell(written, desk)


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
    async with httpx.AsyncClient(base_url=sim, timeout=60) as client:
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


class Desk(threading.Thread):
    """Somebody who answers at once: sees each incident when it is in the queue, and when its answer stands."""

    def __init__(self, by: "Account") -> None:
        super().__init__(daemon=True)
        self.by = by
        self.seen: dict[int, float] = {}
        self.published: dict[int, float] = {}
        self.stood: dict[int, float] = {}
        self.hot: set[int] = set()
        self._over = threading.Event()
        self._last = 0

    def run(self) -> None:
        while not self._over.is_set():
            for incident in self._new():
                self._answer(incident)
            self._look()
            time.sleep(0.05)

    def _new(self) -> "list[Incident]":
        from django.db.models import BigIntegerField
        from django.db.models.functions import Cast

        from otklik.casework.models import Incident

        found: list[Incident] = list(
            Incident.objects.filter(pk__gt=self._last - AGAIN)
            .exclude(pk__in=self.published)
            .alias(external=Cast("message__external_id", BigIntegerField()))
            .exclude(external__gte=FIRST_CALLBACK, message__connection__external_id=str(FIRST_GROUP))
            .select_related("message__connection", "page__organization", "topic")
            .order_by("pk")
        )
        self._last = max([each.pk for each in found], default=self._last)
        return found

    def _answer(self, incident: "Incident") -> None:
        from otklik.casework import operations as casework

        group_id, now = int(incident.message.connection.external_id), datetime.now(UTC)
        if group_id == FIRST_GROUP:
            self.hot.add(incident.pk)
        else:
            self.seen.setdefault(group_id, time.perf_counter())
        if incident.state in {"rejected", "attached"}:
            incident = casework.restore(incident=incident, by=self.by.actor, now=now)
        casework.confirm(
            incident=incident, topic=incident.topic, kind=incident.kind, priority=incident.priority,
            executor=incident.page.organization, by=self.by, now=now,
        )  # fmt: skip
        casework.accept(incident=incident, by=self.by, now=now)
        casework.publish(incident=incident, text=ANSWER, resolution="explained", by=self.by, now=now)
        self.published[incident.pk] = time.perf_counter()

    def _look(self) -> None:
        from otklik.casework.models import Answer

        waits = [pk for pk in self.published if pk not in self.stood]
        for pk in Answer.objects.filter(incident__in=waits, status="published").values_list(
            "incident", flat=True
        ):
            self.stood[pk] = time.perf_counter()

    def wait(self, quiet: int, hot: int) -> None:
        """Until everything is answered, two minutes at most after the last comment."""
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            if len(self.seen) >= quiet and len(self.stood) >= quiet + hot:
                break
            time.sleep(0.2)
        self._over.set()
        self.join(30)


def _tell(written: dict[int, float], desk: Desk) -> None:
    quiet = [group_id for group_id in written if group_id != FIRST_GROUP]
    queued = [desk.seen[each] - written[each] for each in quiet if each in desk.seen]
    answers = {pk: desk.stood[pk] - at for pk, at in desk.published.items() if pk in desk.stood}
    replies = [took for pk, took in answers.items() if pk not in desk.hot]
    lost = f"{len(quiet) - len(queued)} not queued, {len(quiet) - len(replies)} not answered"
    note = f"{len(queued)} quiet pages beside {HOT} comments, slowest {max(queued):.2f} s, {lost}"
    print(
        against_limit("hot_post_quiet_p95_seconds", percentile(queued, 0.95), "s", MARK_S, note).line(),
        flush=True,
    )
    beside = f"{len(desk.hot)} answers on the hot post beside"
    note = f"from the press of the key to the receipt, slowest {max(replies):.2f} s; {beside}"
    print(
        against_limit(
            "hot_post_quiet_reply_p95_seconds", percentile(replies, 0.95), "s", MARK_S, note
        ).line(),
        flush=True,
    )


if __name__ == "__main__":
    main()
