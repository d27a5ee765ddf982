"""400 open desks: how long after a commit they hear of a change, and what that costs the web process."""

import asyncio
import json
import os
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import stage
from bench.figures import Figure, against_limit, percentile
from bench.memory import _session

DESKS, CHANGES, PER_SECOND, MARK_MS = 400, 40, 2.0, 2000.0


async def _listen(port: int, cookie: str, heard: list[tuple[int, float]], ready: asyncio.Semaphore) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /desk/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head[:20]:
        raise RuntimeError(head.decode("latin1"))
    ready.release()
    while line := await reader.readline():
        if line.startswith(b"data:") and b"ids" in line:
            now = time.perf_counter()
            heard += [(pk, now) for pk in json.loads(line[5:])["ids"]]


async def _play(port: int, cookie: str, pid: int) -> tuple[list[float], float]:
    from asgiref.sync import sync_to_async

    heard: list[tuple[int, float]] = []
    ready = asyncio.Semaphore(0)
    desks = [asyncio.create_task(_listen(port, cookie, heard, ready)) for _ in range(DESKS)]
    for _ in desks:
        await asyncio.wait_for(ready.acquire(), 60)
    await asyncio.sleep(2)
    cpu, began, told = _cpu_seconds(pid), time.perf_counter(), {}
    for number in range(1, CHANGES + 1):
        told[number] = time.perf_counter()
        await sync_to_async(_notify)(number)
        await asyncio.sleep(1 / PER_SECOND)
    share = (_cpu_seconds(pid) - cpu) / (time.perf_counter() - began)
    for desk in desks:
        desk.cancel()
    await asyncio.gather(*desks, return_exceptions=True)
    return [(at - told[number]) * 1000 for number, at in heard], share


def _notify(number: int) -> None:
    from django.db import connection

    from otklik.casework.announce import CHANNEL

    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps({"rows": [[number, None, None]]})])


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    stage.django_setup()
    now = datetime.now(UTC)
    stage.seed_pages(10, now)
    from bench.queue_page import _people

    port = stage.free_port()
    cookie = _session(_people(now)[0])
    with stage.web(port, OTKLIK_LOG_LEVEL="ERROR") as web:
        delays, share = asyncio.run(_play(port, cookie, web.pid))
    note = f"{DESKS} desks, {PER_SECOND:g} changes a second, {len(delays)} of {DESKS * CHANGES} heard"
    print(
        against_limit("streams_400_p95_ms", percentile(delays, 0.95), "ms", MARK_MS, note).line(), flush=True
    )
    print(Figure("streams_400_cpu_share", round(share, 3), "cores").line(), flush=True)


if __name__ == "__main__":
    main()
