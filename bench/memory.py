"""Memory of the web processes and of a worker after work: proportional set size, models loaded."""

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import stage
from bench.events import comment_callbacks
from bench.figures import against_limit

MESSAGES, PAGES = 1500, 50


def pss_mb(pid: int) -> float:
    """Proportional set size of a process with its children, from the kernel's own account."""
    total = 0.0
    for each in (pid, *_children(pid)):
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) / 1024
    return total


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def main() -> None:
    stage.django_setup()
    now = datetime.now(UTC)
    stage.seed_pages(PAGES, now)
    from bench.queue_page import _people
    from otklik.casework.models import Incident

    port = stage.free_port()
    cookie = _session(_people(now)[0])
    with stage.web(port, OTKLIK_LOG_LEVEL="ERROR") as web, stage.worker(OTKLIK_LOG_LEVEL="ERROR") as worker:
        asyncio.run(stage.post_all(port, comment_callbacks(MESSAGES, pages=PAGES), 8))
        give_up = time.monotonic() + 120
        while Incident.objects.count() < MESSAGES and time.monotonic() < give_up:
            time.sleep(0.2)
        pages = [f"/desk/incidents/{pk}" for pk in Incident.objects.values_list("pk", flat=True)[:150]]
        head = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n"
        asyncio.run(
            stage.post_all(port, [head.format(path=p, cookie=cookie).encode() for p in ["/desk/", *pages]], 8)
        )
        print(against_limit("web_rss_mb", pss_mb(web.pid), "MB", 400.0).line(), flush=True)
        print(against_limit("worker_rss_mb", pss_mb(worker.pid), "MB", 600.0).line(), flush=True)


def _session(account: object) -> str:
    """A session cookie of a person who logged in."""
    from django.test import Client

    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return str(client.cookies["sessionid"].value)


if __name__ == "__main__":
    os.environ.setdefault("OTKLIK_LOG_LEVEL", "ERROR")
    main()
