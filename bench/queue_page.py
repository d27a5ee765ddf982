"""The queue page over 100 000 incidents: server time of the whole page, as a dispatcher and as an official."""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bench import stage
from bench.figures import against_limit, percentile

if TYPE_CHECKING:
    from otklik.people.models import Account

INCIDENTS, PAGES, OPEN_SHARE, MARK_MS = 100_000, 400, 0.05, 100.0
VIEWS = ("", "?view=triage", "?view=overdue", "?view=all", "?view=answered", "?sort=newest", "?priority=high",
         "?q=отопление", "?view=all&q=автобус+школа", "?view=closed&sort=newest")  # fmt: skip


def _seed(now: datetime) -> None:
    """Messages of the demonstration's residents over a year; one in twenty still open."""
    from itertools import cycle, islice

    from demo.messages.generator import resident_messages
    from otklik.casework.models import Incident
    from otklik.inbox.models import Author, SourceMessage
    from otklik.registry.models import OfficialPage
    from otklik.triage.models import Topic

    rng = random.Random(7)
    pages = stage.seed_pages(PAGES, now)
    pages = list(OfficialPage.objects.select_related("connection", "organization"))
    texts = cycle([each.text for each in islice(resident_messages(7), 3000)])
    topics = list(Topic.objects.all())
    authors = Author.objects.bulk_create(
        Author(network="vk", external_id=str(n), name=f"Житель {n}") for n in range(20_000)
    )
    for start in range(0, INCIDENTS, 5000):
        messages = []
        for number in range(start, start + 5000):
            page = rng.choice(pages)
            at = now - timedelta(minutes=rng.randrange(525_600))
            messages.append(
                SourceMessage(connection=page.connection, page=page, author=rng.choice(authors), kind="comment",
                              place="wall", object_id="1", external_id=str(number), text=next(texts), sent_at=at,
                              received_at=at, triaged_at=at)
            )  # fmt: skip
        messages = SourceMessage.objects.bulk_create(messages)
        Incident.objects.bulk_create(_incident(message, rng, topics, now) for message in messages)


def _incident(message: Any, rng: random.Random, topics: list[Any], now: datetime) -> Any:
    from otklik.casework.models import Incident

    is_open = rng.random() < OPEN_SHARE
    state = rng.choice(["triage", "triage", "routed", "in_progress"] if is_open else ["closed", "answered"])
    at = now - timedelta(hours=rng.random() * 20) if is_open else message.received_at
    body = message.page.organization
    return Incident(
        message=message,
        question=message.text,
        page=message.page,
        municipality_id=body.municipality_id,
        kind="complaint",
        topic=rng.choice(topics),
        confidence=rng.random(),
        priority=rng.choice(["normal", "normal", "high"]),
        state=state,
        executor=None if state == "triage" else body,
        suggested=body,
        received_at=at,
        entered_at=at,
        due_at=at + timedelta(hours=8),
        first_answer_at=None if is_open else at,
        resolution="" if is_open else "explained",
    )


def main() -> None:
    stage.django_setup()
    now = datetime.now(UTC)
    _seed(now)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("analyze")
    times = [took for account in _people(now) for took in _visits(account)]
    note = f"{len(times)} pages, median {percentile(times, 0.5):.0f} ms, slowest {max(times):.0f} ms"
    print(
        against_limit("queue_page_100k_p95_ms", percentile(times, 0.95), "ms", MARK_MS, note).line(),
        flush=True,
    )


def _people(now: datetime) -> "list[Account]":
    from otklik.common.actor import SYSTEM
    from otklik.people import operations as people
    from otklik.registry import operations as registry
    from otklik.registry.models import Organization

    dispatcher = people.create_account(username="d", full_name="Мария К", password=None, by=SYSTEM, now=now)
    registry.grant(account=dispatcher, role="dispatcher", by=SYSTEM, now=now)
    official = people.create_account(username="o", full_name="Ольга К", password=None, by=SYSTEM, now=now)
    registry.grant(
        account=official, role="executor", organization=Organization.objects.all()[5], by=SYSTEM, now=now
    )
    return [dispatcher, official]


def _visits(account: "Account") -> list[float]:
    """Milliseconds of each page as the server spends them: middleware, queries, template. The first round warms up."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    took = []
    for turn in range(11):
        for view in VIEWS:
            began = time.perf_counter()
            response = client.get(f"/desk/{view}")
            spent = (time.perf_counter() - began) * 1000
            if response.status_code != 200:
                raise RuntimeError(f"/desk/{view}: {response.status_code}")
            if turn:
                took.append(spent)
    return took


if __name__ == "__main__":
    main()
