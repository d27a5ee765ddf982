"""A region at work for the load test: a million incidents behind it, thousands open, and 400 people with logins.

What is over was made of a thousand rows that the database copies; what is open went the road: its messages were
judged by triage, and verbs moved it. Triggers and constraints watch all of it.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from bench import many_incidents, stage

if TYPE_CHECKING:
    from otklik.people.models import Account

PAGES, MUNICIPALITIES = 1500, 40
ENDED, COPIES, OPEN = 1000, 999, 6000
DISPATCHERS, OFFICIALS = 60, 340
BATCH = 500


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who works: those of the centre see everything, the others what their body has."""

    dispatchers: "list[Account]"
    officials: "list[Account]"
    incidents: int
    open: int


def build(now: datetime) -> Crowd:
    """Fill an empty database. Takes minutes."""
    rng = random.Random(7)
    stage.seed_pages(PAGES, now)
    places = _municipalities()
    texts = _texts()
    _ended(texts[:ENDED], places, rng, now)
    many_incidents.multiply(COPIES)
    _open(texts[ENDED:], rng, now)
    crowd = _people(rng, now)
    _analyse()
    return crowd


def _texts() -> list[str]:
    from demo.messages.generator import resident_messages

    return [each.text for each in islice(resident_messages(7), ENDED + OPEN)]


def _municipalities() -> "list[Any]":
    from otklik.registry.models import Municipality

    return Municipality.objects.bulk_create(
        Municipality(oktmo=f"507{n:02d}000", name=f"Район {n}", short_name=f"Район {n}", kind="district")
        for n in range(2, MUNICIPALITIES + 2)
    )


def _messages(texts: list[str], rng: random.Random, first: datetime, last: datetime) -> "list[Any]":
    """Comments on walls of pages, evenly between two moments."""
    from otklik.inbox.models import Author, SourceMessage
    from otklik.registry.models import OfficialPage

    pages = list(OfficialPage.objects.select_related("connection", "organization").order_by("pk"))
    start = Author.objects.count()
    authors = Author.objects.bulk_create(
        Author(network="vk", external_id=str(start + n), name=f"Житель {start + n}")
        for n in range(len(texts))
    )
    made = []
    for number, (text, author) in enumerate(zip(texts, authors, strict=True)):
        page, at = rng.choice(pages), first + (last - first) * rng.random()
        made.append(
            SourceMessage(
                connection=page.connection, page=page, author=author, kind="comment", place="wall",
                object_id="1", external_id=f"{start}{number:05d}", text=text, sent_at=at, received_at=at,
            )
        )  # fmt: skip
    return SourceMessage.objects.bulk_create(made)


def _ended(texts: list[str], places: "list[Any]", rng: random.Random, now: datetime) -> None:
    """What is over: most closed, some answered, rejected or put away; with their moves, answers and deliveries."""
    from otklik.casework.models import Answer, Incident, Move
    from otklik.channels.models import Delivery
    from otklik.inbox.models import SourceMessage
    from otklik.triage.models import Topic

    topics = list(Topic.objects.all())
    messages = _messages(texts, rng, now - timedelta(days=365), now - timedelta(days=5))
    SourceMessage.objects.update(triaged_at=now)
    by = stage_account(now)
    incidents = Incident.objects.bulk_create(_over(each, rng, topics, places) for each in messages)
    Move.objects.bulk_create(
        Move(
            incident=each, verb=verb, before=before, after=after, at=each.received_at + timedelta(hours=hours),
            actor_name="Мария К", new_due_at=each.due_at,
        )
        for each in incidents
        for verb, before, after, hours in PASSED
    )  # fmt: skip
    answered = [each for each in incidents if each.first_answer_at]
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            connection_id=each.message.connection_id, owner=f"bench:{each.pk}", place="wall", object_id="1",
            text=ANSWER, state="delivered", external_id=str(each.pk), next_attempt_at=each.first_answer_at,
            created_at=each.first_answer_at, finished_at=each.first_answer_at,
        )
        for each in answered
    )  # fmt: skip
    Answer.objects.bulk_create(
        Answer(
            incident=each, status="published", text=ANSWER, resolution="explained", author=by, delivery=delivery,
            created_at=each.first_answer_at, updated_at=each.first_answer_at, published_at=each.first_answer_at,
        )
        for each, delivery in zip(answered, deliveries, strict=True)
    )  # fmt: skip


PASSED = (
    ("confirm", "triage", "routed", 0.2),
    ("accept", "routed", "in_progress", 0.6),
    ("publish", "in_progress", "publishing", 3),
    ("answered", "publishing", "answered", 3.1),
)
ANSWER = (
    "Здравствуйте! Бригада выезжала 12 марта, работы закончены. Если увидите, что не так, напишите нам сюда."
)


def _over(message: Any, rng: random.Random, topics: "list[Any]", places: "list[Any]") -> Any:
    from otklik.casework.models import Incident

    state = rng.choices(["closed", "answered", "rejected"], [88, 2, 10])[0]
    at, body = message.received_at, message.page.organization
    done = at + timedelta(hours=3) if state != "rejected" else None
    return Incident(
        message=message, question=message.text, page=message.page, municipality=rng.choice(places),
        kind="complaint", topic=rng.choice(topics), confidence=rng.random(),
        priority=rng.choice(["normal", "normal", "high"]), state=state, executor=body if done else None,
        suggested=body, received_at=at, entered_at=at, due_at=at + timedelta(hours=8), first_answer_at=done,
        closed_at=done if state == "closed" else None, resolution="explained" if done else "",
        reason="" if done else "not_a_request",
    )  # fmt: skip


def stage_account(now: datetime) -> "Account":
    """The one who wrote the answers of the past."""
    from otklik.common.actor import SYSTEM
    from otklik.people import operations as people

    return people.create_account(username="past", full_name="Мария К", password=None, by=SYSTEM, now=now)


def _open(texts: list[str], rng: random.Random, now: datetime) -> None:
    """The last day: messages judged as the road does it; of what stays open a half was taken on by its body."""
    from otklik.casework import operations as casework
    from otklik.casework.models import Incident
    from otklik.flow import road
    from otklik.people.models import Account

    _messages(texts, rng, now - timedelta(hours=20), now)
    while road.judge_messages(now=now):
        pass
    by = Account.objects.get(username="past")
    fresh = Incident.objects.filter(state__in=["triage", "routed"]).select_related(
        "page__organization", "topic"
    )
    for number, each in enumerate(fresh.order_by("pk")):
        if number % 2:
            moved = casework.confirm(
                incident=each, topic=each.topic, kind=each.kind, priority=each.priority,
                executor=each.page.organization, by=by, now=now,
            ) if each.state == "triage" or each.executor_id != each.page.organization_id else each  # fmt: skip
            if number % 4 == 1:
                casework.accept(incident=moved, by=by, now=now)


def _people(rng: random.Random, now: datetime) -> Crowd:
    """400 accounts: the centre's dispatchers, and officials of the bodies that have most to do."""
    from django.db.models import Count

    from otklik.casework.models import OPEN_STATES, Incident
    from otklik.common.actor import SYSTEM
    from otklik.people import operations as people
    from otklik.registry import operations as registry
    from otklik.registry.models import Organization

    def account(name: str) -> "Account":
        return people.create_account(username=name, full_name=f"{name} К", password=None, by=SYSTEM, now=now)

    dispatchers = [account(f"d{n}") for n in range(DISPATCHERS)]
    for each in dispatchers:
        registry.grant(account=each, role="dispatcher", by=SYSTEM, now=now)
    busy = Organization.objects.filter(incidents__state__in=["routed", "in_progress"])
    bodies = list(busy.annotate(n=Count("incidents")).order_by("-n", "pk")[:OFFICIALS])
    officials = [account(f"o{n}") for n in range(OFFICIALS)]
    for number, each in enumerate(officials):
        body = bodies[number % len(bodies)]
        registry.grant(account=each, role="executor", organization=body, by=SYSTEM, now=now)
    number = Incident.objects.count()
    return Crowd(dispatchers, officials, number, Incident.objects.filter(state__in=OPEN_STATES).count())


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
