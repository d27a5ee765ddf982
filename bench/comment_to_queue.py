"""From a comment in the network to the row on a dispatcher's open desk, under 20 messages a second.

The clock starts before the resident's comment is sent to the simulator and stops when the live stream has told
the desk of the incident and the row was fetched, exactly as the page's own script does it.
"""

import asyncio
import json
import os
import re
import time
from datetime import UTC, datetime
from itertools import islice

import httpx

from bench import stage
from bench.figures import against_limit, percentile
from bench.memory import _session

PAGES, RATE, SECONDS, MARK_S = 20, 20, 30, 2.0
USERS = 50


async def _write(sim: str, texts: list[str], posts: list[tuple[int, int]], sent: dict[str, float]) -> None:
    async with httpx.AsyncClient(base_url=sim) as client:
        began = time.perf_counter()
        for number, text in enumerate(texts):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            group_id, post_id = posts[number % len(posts)]
            order = {"user_id": stage.FIRST_USER + number % USERS, "group_id": group_id, "post_id": post_id,
                     "text": f"метка{number}м {text}"}  # fmt: skip
            sent[str(number)] = time.perf_counter()
            (await client.post("/sim/act/comment", json=order)).raise_for_status()


async def _watch(web: str, cookie: str, seen: dict[str, float], total: int) -> None:
    async with (
        httpx.AsyncClient(base_url=web, cookies={"sessionid": cookie}, timeout=None) as client,
        client.stream("GET", "/desk/stream") as stream,
    ):
        async for line in stream.aiter_lines():
            if ids := _ids(line):
                rows = await client.get("/desk/rows", params={"ids": ",".join(ids), "view": "all"})
                for mark in re.findall(r"метка(\d+)м", rows.text):
                    seen.setdefault(mark, time.perf_counter())
            if len(seen) >= total:
                return


def _ids(line: str) -> list[str]:
    if not line.startswith("data:"):
        return []
    told = json.loads(line[5:])
    return [str(each) for each in told.get("ids", [])] if isinstance(told, dict) else []


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
    from demo.messages.generator import resident_messages
    from demo.network import SimulatedNetwork

    pages = stage.seed_pages(PAGES, now, connected=False)
    cookie = _session(_people(now)[0])
    texts = [each.text[:300] for each in islice(resident_messages(5), RATE * SECONDS)]
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}

    async def play(posts: list[tuple[int, int]]) -> None:
        watcher = asyncio.create_task(_watch(web, cookie, seen, len(texts)))
        await asyncio.sleep(1)
        await _write(sim, texts, posts, sent)
        await asyncio.wait_for(watcher, 60)

    with (
        stage.process("-m", "netsim", "--port", str(sim_port), wait_for=f"{sim}/healthz"),
        stage.web(port),
        stage.worker(),
        SimulatedNetwork(sim) as network,
    ):
        posts = stage.connect(network, pages, USERS, now)
        asyncio.run(play(posts))
    waits = [seen[mark] - sent[mark] for mark in sent]
    note = f"{len(waits)} comments, median {percentile(waits, 0.5):.2f} s, slowest {max(waits):.2f} s"
    print(
        against_limit("comment_to_queue_p95_seconds", percentile(waits, 0.95), "s", MARK_S, note).line(),
        flush=True,
    )


if __name__ == "__main__":
    main()
