"""Durable callbacks accepted a second, beside a bare Django view that does one INSERT: same server, same database.

The two take turns, so that a machine whose speed drifts treats them alike; the ratio is that of the medians.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime

from bench import stage
from bench.events import comment_callbacks
from bench.figures import Figure

ROUNDS, REQUESTS, CONNECTIONS, PAGES = 5, 1500, 16, 50


def _rate(port: int, requests: list[bytes]) -> float:
    began = time.perf_counter()
    asyncio.run(stage.post_all(port, requests, CONNECTIONS))
    return len(requests) / (time.perf_counter() - began)


def main() -> None:
    stage.django_setup()
    stage.seed_pages(PAGES, datetime.now(UTC))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("create table bare_event (id bigserial primary key, body bytea not null)")
    ours, bare = stage.free_port(), stage.free_port()
    server = (
        "-m",
        "uvicorn",
        "bench.bare:application",
        "--port",
        str(bare),
        "--log-level",
        "error",
        "--no-access-log",
        "--lifespan",
        "off",
    )
    with stage.web(ours, OTKLIK_LOG_LEVEL="ERROR"), stage.process(*server) as peer:
        stage.wait_port(bare, peer)
        rates: dict[str, list[float]] = {"ours": [], "bare": []}
        for n in range(ROUNDS + 1):
            events = comment_callbacks(REQUESTS, pages=PAGES, first_id=1 + n * REQUESTS)
            bodies = [stage.as_request("/hook", event.partition(b"\r\n\r\n")[2]) for event in events]
            pair = (_rate(ours, events), _rate(bare, bodies))
            if n:  # the first round warms both up
                rates["ours"].append(pair[0])
                rates["bare"].append(pair[1])
    from otklik.inbox.models import RawEvent

    assert RawEvent.objects.count() == REQUESTS * (ROUNDS + 1)
    value, peer_value = statistics.median(rates["ours"]), statistics.median(rates["bare"])
    print(
        Figure(
            "accept_vs_bare_django",
            round(value),
            "events/s",
            "bare Django view, one INSERT",
            round(peer_value),
            round(value / peer_value, 3),
        ).line(),
        flush=True,
    )


if __name__ == "__main__":
    main()
