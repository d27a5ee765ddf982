"""A mass problem under fire: real processes, real HTTP, a worker killed with -9 in the middle; then all is counted.

Residents of a town write through the simulator, each with an address of their own; the dispatcher makes one problem
of them and sends one answer; replies are counted in the network and held against the limits.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from bench import stage
from demo.network import SimulatedNetwork
from otklik.casework.models import Answer, Incident, MassMember, MassProblem, MassRound
from otklik.casework.operations import mass_answering, mass_fan_out, mass_opening
from otklik.channels import operations as channels
from otklik.common.actor import SYSTEM
from otklik.inbox.models import SourceMessage
from otklik.people import operations as people
from otklik.people.models import Account
from otklik.registry.models import Municipality, OfficialPage
from otklik.triage.models import Topic

PAGES, FIRST_GROUP, FIRST_RESIDENT = 12, 8001, 700_001
SERVICE_TOKEN = "service-token-of-the-town"
NAMES = ("Анна", "Пётр", "Ольга", "Иван", "Мария", "Олег", "Вера")
FAULTS = [
    {"where": "methods", "what": "http", "status": 502, "probability": 0.02},
    {"where": "methods", "what": "lost_response", "probability": 0.02, "method": "wall.createComment"},
    {"where": "methods", "what": "error", "code": 6, "probability": 0.02},
]
A_MINUTE, PAGE_A_MINUTE = 900, 120
PATIENCE_SECONDS = 1500.0
TEXT = "{имя}, здравствуйте! Свет по адресу {место} дадут к {срок}."


@dataclass
class Counts:
    """What the campaign saw; printed, and held against the promises."""

    authors: int = 0
    members: int = 0
    told_before_the_kill: int = 0
    replies_in_network: int = 0
    authors_without_reply: int = 0
    authors_with_two: int = 0
    wrong_thread: int = 0
    wrong_address: int = 0
    wrong_name: int = 0
    most_in_a_minute: int = 0
    most_of_a_page_in_a_minute: int = 0
    ordinary_answer_seconds: float = 0.0
    fan_out_seconds: float = 0.0
    ends: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        rows = (f"{name:28} {value}" for name, value in asdict(self).items())
        return "\n".join(["", *rows, json.dumps(asdict(self), ensure_ascii=False)])


class MassCampaign:
    """One run with so many authors; everything else is fixed."""

    def __init__(self, authors: int, folder: Path, *, database: str, seed: int) -> None:
        self.authors, self.folder, self.database, self.seed = authors, folder, database, seed
        self.sim_port, self.web_port = stage.free_port(), stage.free_port()
        self.counts = Counts(authors=authors)

    def env(self) -> dict[str, str]:
        sim = f"http://127.0.0.1:{self.sim_port}"
        return {
            "DATABASE_URL": self.database,
            "OTKLIK_VK_API_URL": sim,
            "OTKLIK_VK_SITE_URL": sim,
            "OTKLIK_BASE_URL": f"http://127.0.0.1:{self.web_port}",
            "OTKLIK_LOG_LEVEL": "ERROR",
            "OTKLIK_HOME": str(self.folder),
            "OTKLIK_MASS_A_MINUTE": str(A_MINUTE),
            "OTKLIK_MASS_PAGE_A_MINUTE": str(PAGE_A_MINUTE),
        }

    def run(self) -> Counts:
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
            dispatcher = self._set_up(network)
            workers = [stack.enter_context(stage.worker(**self.env())) for _ in range(2)]
            self._write(network)
            self._until(self._all_judged, "every message has its incident")
            problem = self._problem(dispatcher)
            network._ask("PUT", "/sim/faults", json={"seed": self.seed, "rules": FAULTS})
            began = time.monotonic()
            said = self._answer(problem, dispatcher)
            self._until(lambda: self._told(said) >= self.authors // 4, "a quarter is told")
            self._ordinary(dispatcher)
            self.counts.told_before_the_kill = self._told(said)
            for each in workers:
                each.kill()
            stack.enter_context(stage.worker(**self.env()))
            self._until(lambda: mass_fan_out.progress_of(said).is_over, "everybody is told")
            self.counts.fan_out_seconds = round(time.monotonic() - began, 1)
            self._count(network, said)
        return self.counts

    def _set_up(self, network: SimulatedNetwork) -> Account:
        groups = [FIRST_GROUP + n for n in range(PAGES)]
        network.make("communities", [{"id": each, "name": f"Страница {each}"} for each in groups])
        users = [
            {"id": FIRST_RESIDENT + n, "first_name": NAMES[n % len(NAMES)], "last_name": f"{n}"}
            for n in range(self.authors + 1)
        ]
        network.make("users", users)
        made = network.make("posts", [{"group_id": each, "text": "Пост"} for each in groups])
        self.posts = [(group, post["id"]) for group, post in zip(groups, made, strict=True)]
        tokens = [{"kind": "community", "group_id": each, "value": f"token-{each}"} for each in groups]
        network.make("tokens", [*tokens, {"kind": "service", "value": SERVICE_TOKEN}])
        now = timezone.now()
        stage.seed_pages(PAGES, now, first=FIRST_GROUP, connected=False)
        channels.set_service_token(value=SERVICE_TOKEN, by=SYSTEM, now=now)
        pages = [channels.PageKeys(page, f"token-{page.external_id}") for page in OfficialPage.objects.all()]
        connected = channels.connect_pages(pages=pages, by=SYSTEM, now=now)
        assert [each.problem for each in connected if each.problem] == []
        return people.create_account(
            username="dispatcher", full_name="Ольга Котова", password=None, by=SYSTEM, now=now
        )

    def _write(self, network: SimulatedNetwork) -> None:
        """Everybody writes once, the first page gets a third of all; one more writes of something else."""
        deeds = [self._deed(n) for n in range(self.authors)]
        deeds.append(self._deed(self.authors) | {"text": "Когда откроют бассейн после ремонта?"})
        for start in range(0, len(deeds), 50):
            done = network._ask("POST", "/sim/act", json=deeds[start : start + 50])["items"]
            assert all("error" not in each for each in done), done

    def _deed(self, n: int) -> dict[str, Any]:
        group_id, post_id = self.posts[0 if n % 3 == 0 else n % PAGES]
        text = f"Нет света на улице Мира, дом {n + 1}"
        return {
            "do": "comment", "user_id": FIRST_RESIDENT + n, "group_id": group_id, "post_id": post_id, "text": text
        }  # fmt: skip

    def _all_judged(self) -> bool:
        judged = SourceMessage.objects.filter(is_own=False, triaged_at__isnull=False)
        return judged.count() > self.authors and not judged.filter(author__name="").exists()

    def _problem(self, dispatcher: Account) -> MassProblem:
        """What people would correct is set: this is about the answer, not about how well triage reads."""
        where, topic = Municipality.objects.get(), Topic.objects.get(code="ENERGY.power_out")
        members = []
        for incident in Incident.objects.select_related("message__author").order_by("pk"):
            number = int(incident.message.author.external_id) - FIRST_RESIDENT  # type: ignore[union-attr]
            if number < self.authors:
                incident.street_name, incident.house = "улица Мира", str(number + 1)
                incident.municipality, incident.topic, incident.place_status = where, topic, "found"
                members.append(incident)
        Incident.objects.bulk_update(
            members, ["street_name", "house", "municipality", "topic", "place_status"], batch_size=500
        )
        # One message may have been split; each author is one member, as one would be at the desk.
        first = {each.message.author_id: each.pk for each in reversed(members)}
        Incident.objects.filter(pk__in=first.values(), state="rejected").update(state="triage", reason="")
        now = timezone.now()
        problem = mass_opening.open_problem(
            cause="Авария на подстанции", scope=mass_opening.Scope(topic, where),
            executor=OfficialPage.objects.order_by("pk")[0].organization, incidents=first.values(),
            since=now - timedelta(days=1), by=dispatcher, now=now,
        )  # fmt: skip
        self.counts.members = MassMember.objects.filter(problem=problem, state="in").count()
        return problem

    def _answer(self, problem: MassProblem, dispatcher: Account) -> MassRound:
        now = timezone.now()
        said = mass_answering.MassWords(TEXT, "interim", "", now + timedelta(days=2))
        mass_answering.write_answer(problem=problem, said=said, by=dispatcher, now=now, draft_version=0)
        return mass_answering.start_round(problem=problem, by=dispatcher, now=now)

    def _told(self, said: MassRound) -> int:
        return Answer.objects.filter(round=said, status="published").count()

    def _ordinary(self, dispatcher: Account) -> None:
        """An ordinary answer on the loudest page, queued in the middle of it all, waits for nobody."""
        from otklik.casework import operations as casework

        members = MassMember.objects.values("incident")
        mine = Incident.objects.filter(message__text__contains="бассейн").exclude(pk__in=members)
        incident = mine.select_related("topic", "page__organization")[0]
        now = timezone.now()
        if incident.state == "rejected":
            incident = casework.restore(incident=incident, by=SYSTEM, now=now)
        incident = casework.confirm(
            incident=incident, topic=incident.topic, kind="question", priority=incident.priority,
            executor=incident.page.organization, by=dispatcher, now=now,
        )  # fmt: skip
        incident = casework.accept(incident=incident, by=dispatcher, now=now)
        answer = casework.publish(
            incident=incident, text="Откроем первого декабря.", resolution="explained", by=dispatcher, now=now
        )
        began = time.monotonic()
        self._until(
            lambda: Answer.objects.filter(pk=answer.pk, status="published").exists(), "an ordinary answer"
        )
        self.counts.ordinary_answer_seconds = round(time.monotonic() - began, 1)

    def _count(self, network: SimulatedNetwork, said: MassRound) -> None:
        counts = self.counts
        replies = [each for each in network.all("comments", own=1) if "Свет по адресу" in each["text"]]
        counts.replies_in_network = len(replies)
        threads: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for each in replies:
            threads.setdefault(self._thread(each), []).append(each)
        answers = list(
            Answer.objects.filter(round=said).select_related("incident__message__author", "delivery")
        )
        for answer in answers:
            author = answer.incident.message.author
            assert author is not None
            number = int(author.external_id) - FIRST_RESIDENT
            key = (answer.incident.page.external_id, answer.incident.message.external_id)
            mine = threads.get(key, [])
            counts.authors_without_reply += not mine
            counts.authors_with_two += len(mine) > 1
            counts.wrong_address += any(
                f"улица Мира, {number + 1} дадут" not in each["text"] for each in mine
            )
            start = f"[id{author.external_id}|{NAMES[number % len(NAMES)]}], здравствуйте!"
            counts.wrong_name += any(not each["text"].startswith(start) for each in mine)
        known = {(each.incident.page.external_id, each.incident.message.external_id) for each in answers}
        counts.wrong_thread = sum(1 for key in threads if key not in known)
        counts.ends = dict(Counter(each.status for each in answers))
        moments = sorted((each.created_at, each.incident.page_id) for each in answers)
        counts.most_in_a_minute = _most(at for at, _page in moments)
        counts.most_of_a_page_in_a_minute = max(
            _most(at for at, page in moments if page == each) for each in {page for _at, page in moments}
        )

    def _thread(self, comment: dict[str, Any]) -> tuple[str, str]:
        return str(-comment["owner_id"]), str(comment["reply_to_comment"])

    def _until(self, done: Callable[[], bool], what: str) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > give_up:
                stands = Counter(Answer.objects.values_list("status", "delivery__state", "delivery__reason"))
                raise AssertionError(f"not within {PATIENCE_SECONDS:.0f} s: {what}; {dict(stands)}")
            time.sleep(0.3)


def _most(moments: Iterable[datetime]) -> int:
    """The most of them within any minute."""
    found, most, begin = list(moments), 0, 0
    for end, at in enumerate(found):
        while at - found[begin] >= timedelta(minutes=1):
            begin += 1
        most = max(most, end - begin + 1)
    return most
