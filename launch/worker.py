"""The worker of the queues of jobs: all of them in one process, or the reading of messages apart from the rest."""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from typing import Any

from launch.interpreter import collect_seldom, take_short_turns

# Shorter than the supervisor's patience: what is not done by then is taken up again by another worker.
GRACE_SECONDS = 4.0
# Each kind of work has places of its own, so that a flood of messages never keeps an answer waiting.
# Reading is pure Python: a second place in the same process would only share its core, and whatever else runs there
# waits for the interpreter at each step of its own. So `up` gives reading a process of its own.
Place = tuple[tuple[str, ...], int]
READING: tuple[Place, ...] = ((("road",), 1),)
REST: tuple[Place, ...] = (
    (("outbox",), 2),
    # Taking a receipt waits for the database, not for the interpreter: one after another they fell 20 s behind.
    (("receipts",), 3),
    (("clock", "sweep"), 2),
    (("tables",), 1),
    (("passports",), 1),
    (("training",), 1),
)
PARTS: Mapping[str, tuple[Place, ...]] = {"all": READING + REST, "reading": READING, "rest": REST}


def work(part: str = "all") -> None:
    """Take jobs of a part of the work until SIGTERM or Ctrl-C; those that run get GRACE_SECONDS to end.

    Raises KeyError for a part that is none of PARTS.
    """
    from procrastinate.contrib.django import app

    # A copy of the app, not `replace_connector`: tasks keep Django's connection, so a job put off inside
    # a task commits together with the task's data.
    connector: Any = app.connector
    collect_seldom()
    take_short_turns()
    asyncio.run(_run(app.with_connector(connector.get_worker_connector()), PARTS[part]))


async def _run(app: Any, places: tuple[Place, ...]) -> None:
    async with app.open_async():
        name = f"{socket.gethostname()}-{os.getpid()}"
        workers = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=list(queues),
                    concurrency=concurrency,
                    name=f"{name}-{queues[0]}",
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    install_signal_handlers=False,
                )
            )
            for queues, concurrency in places
        ]
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _stop, workers)
        # One that fails must not leave the others working in a process that looks alive.
        done, rest = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
        _stop(list(rest))
        await asyncio.gather(*rest, return_exceptions=True)
        for each in done:
            if not each.cancelled():
                each.result()


def _stop(workers: list[asyncio.Task[None]]) -> None:
    for each in workers:
        each.cancel()
