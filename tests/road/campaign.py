"""The road under fire: real processes, real HTTP, faults everywhere, one worker killed, and then everything is counted.

The residents write through the simulator; callbacks, calls and responses are duplicated, reordered, refused and
lost; two workers take the work, one is killed with -9 in the middle; officials answer every fourth incident.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import F
from django.utils import timezone

from bench import stage
from demo.network import SimulatedNetwork
from otklik.casework import operations as casework
from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.channels import operations as channels
from otklik.channels.models import Connection
from otklik.common.actor import SYSTEM
from otklik.inbox.models import RawEvent, SourceMessage
from otklik.people import operations as people
from otklik.people.models import Account
from otklik.registry.models import OfficialPage

PAGES, POSTS_A_PAGE, RESIDENTS = 12, 3, 400
FIRST_GROUP, FIRST_RESIDENT = 7001, 500_001
SERVICE_TOKEN = "service-token-of-the-road"
# One in four is answered: the promise is at least one in five.
ANSWER_EVERY = 4
FAULTS = [
    {"where": "callbacks", "what": "duplicate", "probability": 0.10},
    {"where": "callbacks", "what": "reorder", "probability": 0.10},
    {"where": "methods", "what": "http", "status": 502, "probability": 0.05},
    {"where": "methods", "what": "lost_response", "probability": 0.05, "method": "wall.createComment"},
    {"where": "methods", "what": "broken_json", "probability": 0.01},
    {"where": "methods", "what": "error", "code": 6, "probability": 0.02},
]
PATIENCE_SECONDS = 900.0


@dataclass
class Counts:
    """What the campaign saw; printed, and held against the promises."""

    rows: int = 0
    events_stored: int = 0
    messages: int = 0
    messages_without_incident: int = 0
    incidents: int = 0
    answers: int = 0
    answers_published: int = 0
    answers_open: int = 0
    replies_in_network: int = 0
    replies_doubled: int = 0
    seconds: float = 0.0
    ends: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return json.dumps(asdict(self))


class Campaign:
    """One run over `texts`; everything random comes from `seed`."""

    def __init__(self, texts: Sequence[str], folder: Path, *, database: str, seed: int) -> None:
        self.texts, self.folder, self.database, self.seed = texts, folder, database, seed
        self.sim_port, self.web_port = stage.free_port(), stage.free_port()
        self.counts = Counts(rows=len(texts))
        self.rng = random.Random(seed)

    def env(self) -> dict[str, str]:
        sim = f"http://127.0.0.1:{self.sim_port}"
        return {
            "DATABASE_URL": self.database,
            "OTKLIK_VK_API_URL": sim,
            "OTKLIK_VK_SITE_URL": sim,
            "OTKLIK_BASE_URL": f"http://127.0.0.1:{self.web_port}",
            "OTKLIK_LOG_LEVEL": "ERROR",
            "OTKLIK_HOME": str(self.folder),
        }

    def run(self) -> Counts:
        began = time.monotonic()
        with ExitStack() as stack:
            sim_url = f"http://127.0.0.1:{self.sim_port}"
            stack.enter_context(
                stage.process(
                    "-m", "netsim", "--port", str(self.sim_port), "--time-scale", "0.01",
                    "--data", str(self.folder / "netsim"), wait_for=f"{sim_url}/healthz",
                )
            )  # fmt: skip
            stack.enter_context(stage.web(self.web_port, **self.env()))
            network = stack.enter_context(SimulatedNetwork(sim_url))
            official = self._set_up(network)
            workers = [stack.enter_context(stage.worker(**self.env())) for _ in range(2)]
            self._faults(network, FAULTS)
            self._feed(network, official, kill=workers[0].kill)
            self._until(self._all_judged, "every message has its incident")
            self._until(lambda: not self._answer_some(official), "every chosen incident is answered")
            self._faults(network, [])
            self._until(lambda: not self._unsettled(), "every answer has its end")
            self._count(network)
        self.counts.seconds = round(time.monotonic() - began, 1)
        return self.counts

    def _set_up(self, network: SimulatedNetwork) -> Account:
        """The world, the region and the connections, made the way a real region is connected."""
        groups = [FIRST_GROUP + n for n in range(PAGES)]
        network.make("communities", [{"id": each, "name": f"Страница {each}"} for each in groups])
        network.make(
            "users",
            [
                {"id": FIRST_RESIDENT + n, "first_name": "Житель", "last_name": f"{n}"}
                for n in range(RESIDENTS)
            ],
        )
        posts = [{"group_id": each, "text": f"Пост {n}"} for each in groups for n in range(POSTS_A_PAGE)]
        self.posts = [
            (post["group_id"], made["id"])
            for post, made in zip(posts, network.make("posts", posts), strict=True)
        ]
        tokens = [{"kind": "community", "group_id": each, "value": f"token-{each}"} for each in groups]
        network.make("tokens", [*tokens, {"kind": "service", "value": SERVICE_TOKEN}])
        now = timezone.now()
        stage.seed_pages(PAGES, now, first=FIRST_GROUP, connected=False)
        channels.set_service_token(value=SERVICE_TOKEN, by=SYSTEM, now=now)
        pages = [channels.PageKeys(page, f"token-{page.external_id}") for page in OfficialPage.objects.all()]
        made = channels.connect_pages(pages=pages, by=SYSTEM, now=now)
        assert [each.problem for each in made if each.problem] == []
        return people.create_account(
            username="official", full_name="Ольга Котова", password=None, by=SYSTEM, now=now
        )

    def _faults(self, network: SimulatedNetwork, rules: list[dict[str, Any]]) -> None:
        network._ask("PUT", "/sim/faults", json={"seed": self.seed, "rules": rules})

    def _feed(self, network: SimulatedNetwork, official: Account, *, kill: Callable[[], None]) -> None:
        """Every row becomes a comment; in the middle one worker dies, and officials answer meanwhile."""
        orders = [self._order(text) for text in self.texts]
        for start in range(0, len(orders), 50):
            if start <= len(orders) // 2 < start + 50:
                kill()
            deeds = [{"do": "comment", **order} for order in orders[start : start + 50]]
            done = network._ask("POST", "/sim/act", json=deeds)["items"]
            assert all("error" not in each for each in done), done
            self._answer_some(official)

    def _order(self, text: str) -> dict[str, Any]:
        group_id, post_id = self.rng.choice(self.posts)
        user = FIRST_RESIDENT + self.rng.randrange(RESIDENTS)
        return {"user_id": user, "group_id": group_id, "post_id": post_id, "text": text}

    def _answer_some(self, official: Account) -> bool:
        """Officials take every fourth incident through triage and work to an answer; whether more wait."""
        chosen = Incident.objects.annotate(turn=F("pk") % ANSWER_EVERY).filter(turn=0, answers=None)
        waiting = chosen.filter(state__in=["triage", "routed", "rejected"])
        for incident in waiting.select_related("topic", "page__organization").order_by("pk")[:100]:
            self._answer(incident, official)
        return waiting.exists()

    def _answer(self, incident: Incident, official: Account) -> None:
        now = timezone.now()
        if incident.state == "rejected":
            incident = casework.restore(incident=incident, by=official.actor, now=now)
        if incident.state == "triage":
            incident = casework.confirm(
                incident=incident, topic=incident.topic, kind=incident.kind, priority=incident.priority,
                executor=incident.page.organization, by=official, now=now,
            )  # fmt: skip
        incident = casework.accept(incident=incident, by=official, now=now)
        text = f"Здравствуйте! По вопросу № {incident.pk} работы выполнят до 25 ноября."
        casework.publish(incident=incident, text=text, resolution="explained", by=official, now=now)

    def _all_judged(self) -> bool:
        return SourceMessage.objects.filter(is_own=False, triaged_at__isnull=False).count() >= len(self.texts)

    def _unsettled(self) -> bool:
        return Answer.objects.filter(status=AnswerStatus.PUBLISHING).exists()

    def _until(self, done: Callable[[], bool], what: str) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > give_up:
                raise AssertionError(
                    f"not within {PATIENCE_SECONDS:.0f} s: {what}; {self._where_it_stands()}"
                )
            time.sleep(0.2)

    def _where_it_stands(self) -> dict[str, Any]:
        return {
            "events": dict(Counter(RawEvent.objects.values_list("state", flat=True))),
            "messages": SourceMessage.objects.filter(is_own=False).count(),
            "answers": dict(Counter(Answer.objects.values_list("status", flat=True))),
            "connections": dict(Counter(Connection.objects.values_list("state", flat=True))),
        }

    def _count(self, network: SimulatedNetwork) -> None:
        counts, messages = self.counts, SourceMessage.objects.filter(is_own=False)
        counts.events_stored = RawEvent.objects.count()
        counts.messages = messages.count()
        counts.messages_without_incident = messages.filter(incidents=None).count()
        counts.incidents = Incident.objects.count()
        counts.answers = Answer.objects.exclude(status=AnswerStatus.DRAFT).count()
        counts.answers_published = Answer.objects.filter(status=AnswerStatus.PUBLISHED).count()
        counts.answers_open = counts.answers - counts.answers_published
        ends = Answer.objects.exclude(status__in=[AnswerStatus.DRAFT, AnswerStatus.PUBLISHED])
        counts.ends = [
            f"{a.status}: {a.delivery.state} {a.delivery.reason} {a.delivery.detail}"
            for a in ends.select_related("delivery")
            if a.delivery
        ]
        replies = Counter(
            each["text"].partition("№ ")[2] for each in network.all("comments", own=1) if "№ " in each["text"]
        )
        counts.replies_in_network = sum(replies.values())
        counts.replies_doubled = sum(1 for times in replies.values() if times > 1)


def process_folder(base: Path) -> Path:
    """A folder that processes of a dropped-down user may enter as well."""
    base.mkdir(parents=True, exist_ok=True)
    os.chmod(base, 0o755)  # noqa: PTH101
    return base
