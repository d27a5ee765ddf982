"""The whole road at full load: callbacks over HTTP → raw events → messages → verdicts → incidents, one web process and
one worker on the machine that also makes the load."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench import stage
from bench.events import comment_callbacks
from bench.figures import against_limit

MESSAGES, PAGES, CONNECTIONS, MARK = 8000, 200, 12, 300.0


def main() -> None:
    stage.django_setup()
    stage.seed_pages(PAGES, datetime.now(UTC))
    from otklik.casework.models import Incident

    port = stage.free_port()
    warm, load = (
        comment_callbacks(200, pages=PAGES),
        comment_callbacks(MESSAGES, pages=PAGES, first_id=1000, seed=2),
    )
    with stage.web(port, OTKLIK_LOG_LEVEL="ERROR"), stage.worker(OTKLIK_LOG_LEVEL="ERROR"):
        asyncio.run(stage.post_all(port, warm, 4))
        _until(lambda: Incident.objects.count() == len(warm))
        began = time.perf_counter()
        sender = threading.Thread(target=lambda: asyncio.run(stage.post_all(port, load, CONNECTIONS)))
        sender.start()
        sender.join()
        accepted = time.perf_counter() - began
        _until(lambda: Incident.objects.count() == len(warm) + MESSAGES)
        took = time.perf_counter() - began
    figure = against_limit(
        "road_messages_per_second",
        MESSAGES / took,
        "messages/s",
        MARK,
        f"{MESSAGES} callbacks over HTTP, accepted in {accepted:.1f} s, all incidents after {took:.1f} s",
    )
    print(figure.line(), flush=True)


def _until(done: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 300
    while not done():
        if time.monotonic() > give_up:
            raise RuntimeError("the road did not end in five minutes")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
