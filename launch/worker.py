"""The worker of the queue of jobs."""

import asyncio
import os
import socket
from typing import Any

# Shorter than the supervisor's patience: what is not done by then is taken up again by another worker.
GRACE_SECONDS = 4.0


def work(*, concurrency: int) -> None:
    """Take jobs until SIGTERM or Ctrl-C; those that run get GRACE_SECONDS to end."""
    from procrastinate.contrib.django import app

    # A copy of the app, not `replace_connector`: tasks keep Django's connection, so a job put off inside
    # a task commits together with the task's data.
    connector: Any = app.connector
    worker_app = app.with_connector(connector.get_worker_connector())

    async def run() -> None:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                concurrency=concurrency,
                name=f"{socket.gethostname()}-{os.getpid()}",
                shutdown_graceful_timeout=GRACE_SECONDS,
            )

    asyncio.run(run())
