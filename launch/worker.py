"""The worker of the queues of jobs."""

import asyncio
import gc
import os
import signal
import socket
from typing import Any

# Shorter than the supervisor's patience: what is not done by then is taken up again by another worker.
GRACE_SECONDS = 4.0
# Each kind of work has places of its own, so that a flood of messages never keeps an answer waiting.
# Reading is pure Python: a second place in the same process would only share its core.
PLACES = (
    (("road",), 1),
    (("outbox", "receipts"), 2),
    (("clock", "sweep"), 2),
    (("tables",), 1),
    (("passports",), 1),
    (("training",), 1),
)


# A batch of letters makes tens of thousands of objects that live as long as the batch and hold no rings. With the usual
# thresholds (700, 10, 10) looking through them again and again took a tenth of the time of triage, with these a
# thirtieth.
COLLECTED_AFTER = (50_000, 20, 20)


def collect_seldom() -> None:
    """Look for rings of dead objects as seldom as suits batches, and never among what is loaded by now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def work() -> None:
    """Take jobs until SIGTERM or Ctrl-C; those that run get GRACE_SECONDS to end."""
    from procrastinate.contrib.django import app

    # A copy of the app, not `replace_connector`: tasks keep Django's connection, so a job put off inside
    # a task commits together with the task's data.
    connector: Any = app.connector
    collect_seldom()
    asyncio.run(_run(app.with_connector(connector.get_worker_connector())))


async def _run(app: Any) -> None:
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
            for queues, concurrency in PLACES
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
