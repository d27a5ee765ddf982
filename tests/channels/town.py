"""One community in the simulated network and a page of ours connected to it, as tests hold them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from netsim.server import Running
from netsim.world import Draft, Letter
from otklik.channels import operations
from otklik.channels.base import Target
from otklik.channels.models import Connection, Delivery
from otklik.common.actor import SYSTEM
from otklik.registry.models import OfficialPage, Organization

numbers = itertools.count(240_700_001)
RESIDENT, ADMIN = 300_100_500, 900_100_200


@dataclass
class Clock:
    """The time of the test: the true one, moved on by hand."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return timezone.now() + self.ahead

    def move(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Town:
    """One community in the simulated network with a post, an administrator, a resident and keys."""

    sim: Running
    group_id: int
    post_id: int
    keys: dict[str, str]
    clock: Clock = field(default_factory=Clock)
    made: Iterator[int] = field(default_factory=itertools.count)

    def say(self, text: str, *, reply_to: int = 0, on: str = "wall", object_id: int = 0) -> int:
        """The resident comments; returns the number of the comment."""
        key = (on, -self.group_id, object_id or self.post_id)
        draft = Draft(from_id=RESIDENT, text=text, reply_to=reply_to)
        return self.sim.call(lambda world: world.say(key, draft)).id

    def write(self, text: str) -> int:
        """The resident writes a private message; returns its number in the conversation."""
        return self.sim.call(lambda world: world.write(self.group_id, RESIDENT, Letter(text=text))).cmid

    def answers(self, on: str = "wall") -> list[Any]:
        """What the community said there, all of it."""
        gid = self.group_id
        return self.sim.call(
            lambda w: [
                c for c in w.comment_at.values() if c.owner_id == -gid and c.from_id == -gid and c.on == on
            ]
        )

    def messages(self) -> list[Any]:
        """What the community wrote to the resident."""
        return self.sim.call(lambda w: [m for m in w.history(self.group_id, RESIDENT) if m.out])

    def fault(self, **rule: Any) -> None:
        """Switch a trouble on for this community."""
        self.sim.hub.faults.add(group_id=self.group_id, **rule)

    def connect(self, **more: Any) -> Connection:
        """Connect the page of ours to this community."""
        page = OfficialPage.objects.filter(external_id=str(self.group_id)).first() or make_page(self.group_id)
        return operations.connect_page(
            page=page, community_token=self.keys["community"], by=SYSTEM, now=self.clock(), **more
        )

    def answer(
        self, connection: Connection, comment_id: int, text: str = "Починим до пятницы.", **more: Any
    ) -> Delivery:
        """Queue an answer to a comment of the resident under the post."""
        target = Target("wall", str(self.post_id), str(comment_id), str(RESIDENT), "Ольга Котова", **more)
        return self.queue(connection, target, text)

    def queue(self, connection: Connection, target: Target, text: str = "Починим до пятницы.") -> Delivery:
        """Queue an answer anywhere."""
        owner = f"test:{self.group_id}:{next(self.made)}"
        return operations.enqueue(
            connection=connection, owner=owner, target=target, text=text, now=self.clock()
        )

    def deliver(self, delivery: Delivery, *, turns: int = 1, pause: float = 0.0) -> Delivery:
        """Let the outbox work in this thread, with time passing between the turns."""
        for _turn in range(turns):
            operations.deliver_due(limit=50, clock=self.clock, threads=1)
            self.clock.move(pause)
        delivery.refresh_from_db()
        return delivery


def make_page(group_id: int) -> OfficialPage:
    """A page of a body in the register."""
    body = Organization.objects.create(
        code=f"body-{group_id}", name="Администрация", short_name="Администрация", level="municipal"
    )
    return OfficialPage.objects.create(
        organization=body,
        network="vk",
        external_id=str(group_id),
        title="Администрация",
        url="https://vk.com/x",
    )
