"""The people of the storm: residents who write and spoil, officials who answer, administrators who mend keys."""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from demo.messages.generator import resident_messages
from demo.network import SimulatedNetwork
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident
from otklik.channels import operations as channels
from otklik.channels.enums import DeliveryState, TokenKind, TokenState
from otklik.channels.models import Delivery, Receipt, Token
from otklik.channels.rules import BY_KEY
from otklik.common.actor import SYSTEM
from otklik.inbox.models import SourceMessage
from otklik.people import operations as people
from otklik.registry.models import OfficialPage
from tests.road import storm as weather
from tests.road.tally import Tally

if TYPE_CHECKING:
    from tests.road.storm import Storm

MARK = re.compile(r"№ (\d+)")
ON_THE_WAY = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.CHECKING)
# What waits longer than this waits for hours: a flood, a quota, a key, the last read-backs.
HOURS = 8.0


class Official:
    """Everybody, in one person."""

    def __init__(self, storm: "Storm", network: SimulatedNetwork) -> None:
        self.storm, self.network, self.rng = storm, network, storm.rng
        self.groups = [weather.FIRST_GROUP + n for n in range(weather.PAGES)]
        self.posts: list[tuple[int, int]] = []

    def set_up(self) -> None:
        """The world, the region and the connections, made the way a real region is connected."""
        network, now = self.network, timezone.now()
        from bench import stage

        rates = {"service": weather.SERVICE_RATE, "community": 20, "user": 3}
        network._ask("PUT", "/sim/settings", json={"rps": rates})
        network.make("communities", [{"id": each, "name": f"Страница {each}"} for each in self.groups])
        residents = [weather.FIRST_RESIDENT + n for n in range(weather.RESIDENTS)]
        network.make("users", [{"id": each, "first_name": "Житель", "last_name": "П"} for each in residents])
        posts = [{"group_id": each, "text": "Пост"} for each in self.groups * weather.POSTS_A_PAGE]
        made = network.make("posts", posts)
        self.posts = [(post["group_id"], done["id"]) for post, done in zip(posts, made, strict=True)]
        keys = [{"kind": "community", "group_id": each, "value": f"token-{each}"} for each in self.groups]
        network.make("tokens", [*keys, {"kind": "service", "value": weather.SERVICE_TOKEN}])
        stage.seed_pages(weather.PAGES, now, first=weather.FIRST_GROUP, connected=False)
        rate = weather.SERVICE_RATE
        channels.set_service_token(value=weather.SERVICE_TOKEN, by=SYSTEM, now=now, rate=rate)
        pages = [channels.PageKeys(page, f"token-{page.external_id}") for page in OfficialPage.objects.all()]
        assert not [
            each.problem for each in channels.connect_pages(pages=pages, by=SYSTEM, now=now) if each.problem
        ]
        self.account = people.create_account(
            username="official", full_name="Ольга Котова", password=None, by=SYSTEM, now=now
        )

    def write(self, many: int) -> None:
        """Residents write so many messages, most of them under posts."""
        orders = [self._order(n, each.text) for n, each in enumerate(islice(resident_messages(11), many))]
        for start in range(0, many, 100):
            self._act(orders[start : start + 100])

    def _order(self, number: int, text: str) -> dict[str, Any]:
        group_id, post_id = self.rng.choice(self.posts)
        user_id = weather.FIRST_RESIDENT + self.rng.randrange(weather.RESIDENTS)
        if number % weather.DIRECT_EVERY == 0:
            return {"do": "message", "group_id": group_id, "user_id": user_id, "text": text}
        return {"do": "comment", "group_id": group_id, "post_id": post_id, "user_id": user_id, "text": text}

    def _act(self, deeds: list[dict[str, Any]]) -> None:
        done = self.network._ask("POST", "/sim/act", json=deeds)["items"]
        assert not [each for each in done if "error" in each], done

    def judged(self) -> int:
        return SourceMessage.objects.filter(is_own=False, triaged_at__isnull=False).count()

    def incidents(self) -> list[int]:
        return list(Incident.objects.order_by("pk").values_list("pk", flat=True))

    def spoil(self) -> None:
        """What truly happens in networks between a question and its answer; every incident remembers its part."""
        closed = {each for each in self.posts if self.rng.random() < 0.06}
        gone = {self.posts[0], self.posts[1]} | {each for each in self.posts if self.rng.random() < 0.015}
        people_gone = {weather.FIRST_RESIDENT + n: how for n, how in enumerate(["deny", "admin_ban"] * 10)}
        for group_id, post_id in sorted(closed - gone):
            self._act([{"do": "admin_post", "group_id": group_id, "post_id": post_id, "comments_open": 0}])
        for group_id, post_id in sorted(gone):
            self._act([{"do": "admin_post", "group_id": group_id, "post_id": post_id, "deleted": True}])
        for user_id, how in people_gone.items():
            self._act([{"do": how, "group_id": each, "user_id": user_id} for each in self.groups])
        self.network._ask("DELETE", f"/sim/tokens/token-{weather.KEYLESS}")
        linkless = {"do": "admin_settings", "group_id": weather.LINKLESS, "links_forbidden": True}
        self._act([linkless])
        found = Incident.objects.select_related("message__author", "message__connection").order_by("pk")
        removed: set[int] = set()
        for incident in found:
            message, group_id = incident.message, int(incident.message.connection.external_id)
            fates, place = self.storm.fates[incident.pk], (group_id, int(message.object_id))
            if message.place == "direct":
                author = int(message.author.external_id) if message.author else 0
                fates |= (
                    {f"author blocked the page ({people_gone[author]})"} if author in people_gone else set()
                )
            elif place in gone:
                fates.add("post deleted")
            elif place in closed:
                fates.add("comments closed")
            elif message.pk in removed or self.rng.random() < 0.03:
                fates.add("comment deleted")
                if message.pk not in removed:
                    removed.add(message.pk)
                    number = int(message.external_id)
                    self._act([{"do": "delete_comment", "group_id": group_id, "comment_id": number}])
            if group_id == weather.BLIND and message.place != "direct":
                fates.add("nobody reads the page back")
            if group_id == weather.KEYLESS:
                fates.add("key revoked, nobody mends it")
            if group_id == weather.LINKLESS and message.place != "direct" and incident.pk % 2:
                fates.add("links forbidden")

    def answer(self, pk: int) -> None:
        """Take one incident through triage and work to an answer, from wherever it stands."""
        incident = Incident.objects.select_related("topic", "page__organization").get(pk=pk)
        now, official = timezone.now(), self.account
        if incident.state == "attached":
            incident = casework.detach(incident=incident, by=official.actor, now=now)
        if incident.state == "rejected":
            incident = casework.restore(incident=incident, by=official.actor, now=now)
        if incident.state == "triage":
            incident = casework.confirm(
                incident=incident, topic=incident.topic, kind=incident.kind, priority=incident.priority,
                executor=incident.page.organization, by=official, now=now,
            )  # fmt: skip
        if incident.state == "routed":
            incident = casework.accept(incident=incident, by=official, now=now)
        if incident.state == "in_progress" and not incident.answers.exclude(status="draft").exists():
            link = " https://example.org/otvet" if "links forbidden" in self.storm.fates[pk] else ""
            text = f"Здравствуйте! По вопросу № {pk} работы выполнят до 25 ноября.{link}"
            outcome = min(rules.outcomes(incident.kind, 0))
            casework.publish(incident=incident, text=text, resolution=outcome, by=official, now=now)

    def all_tried(self) -> bool:
        return not Delivery.objects.filter(state="waiting", first_sent_at=None, reason="").exists()

    def all_settled(self) -> bool:
        """Whether every delivery has its end or sleeps for a key; those that would sleep for hours are woken."""
        self._let_hours_pass()
        held = Q(state="waiting", reason__in=BY_KEY, connection__tokens__state="needs_renewal")
        moving = Delivery.objects.filter(state__in=ON_THE_WAY).exclude(held)
        return not moving.exists() and not Receipt.objects.filter(drained_at=None).exists()

    def _let_hours_pass(self) -> None:
        """Quotas and floods are over in hours; read-backs go on for a quarter of an hour: time is moved on."""
        now = timezone.now()
        Token.objects.exclude(paused_methods={}).update(paused_methods={})
        asleep = Delivery.objects.filter(state__in=["waiting", "checking"], next_attempt_at__gt=now)
        asleep = asleep.exclude(state="waiting", reason__in=BY_KEY)
        asleep.filter(next_attempt_at__gt=now + timedelta(seconds=HOURS)).update(next_attempt_at=now)

    def lift_captchas(self) -> None:
        """Administrators pass the checks of the network; only a revoked key is never mended."""
        while not self.storm.over(1.5):
            weather.patiently(self._lift)
        from django.db import connection

        connection.close()

    def _lift(self) -> None:
        for token in Token.objects.filter(state=TokenState.PAUSED).select_related("connection"):
            if token.connection is not None:
                channels.resume_token(
                    connection=token.connection, kind=TokenKind(token.kind), by=SYSTEM, now=timezone.now()
                )

    def decide(self) -> None:
        """A dispatcher looks into the network for some of the uncertain ones; one time in three looks badly."""
        stands = self.replies()
        for number, answer in enumerate(Answer.objects.filter(status="uncertain").select_related("delivery")):
            found, delivery = stands.get(answer.incident_id), answer.delivery
            fates = self.storm.fates[answer.incident_id]
            assert delivery is not None
            if number % 3 == 0 and found:
                fates.add("uncertain, found by a person")
                link = f"https://vk.com/wall-{delivery.connection.external_id}_{delivery.object_id}?reply={found[0]}"
                channels.settle(delivery=delivery, by=SYSTEM, found=True, permalink=link, now=timezone.now())
            elif number % 3 == 1:
                fates.add("uncertain, sent again by a person")
                channels.settle(delivery=delivery, by=SYSTEM, found=False, now=timezone.now())

    def replies(self) -> dict[int, list[str]]:
        """Numbers of the replies in the network by the number of the incident, deleted ones too."""
        found: dict[int, list[str]] = defaultdict(list)
        for each in self.network.all("comments", own=1, deleted=1):
            if mark := MARK.search(each["text"]):
                found[int(mark[1])].append(str(each["id"]))
        for each in self.network.all("messages", out=1, deleted=1):
            if mark := MARK.search(each["text"]):
                found[int(mark[1])].append(str(each["cmid"]))
        return found

    def tell(self) -> None:
        struck: dict[str, set[str]] = defaultdict(set)
        hits = Counter[str]()
        for each in self.network.all("strikes"):
            hits[each["rule"]] += 1
            if each["key"]:
                struck[each["key"]].add(each["rule"])
        Tally(self.storm, self.replies(), struck).tell()
