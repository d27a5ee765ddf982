"""A random walk: several workers do to the same incidents whatever people, networks, authors and jobs can do.

What is refused must be refused by a fact with a message; everything else that is raised ends the walk.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import close_old_connections, connection

from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.enums import DeclineReason, RejectReason, ReworkCode, TransferTarget
from otklik.casework.models import Incident
from otklik.casework.operations import assembling
from otklik.casework.operations.moving import NeedsBody
from otklik.channels import operations as channels
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.registry.models import Organization
from otklik.triage.enums import Priority
from tests import cast

FACTS = (
    rules.IllegalMove, rules.CannotDecline, rules.NeedsDate, rules.NeedsCoordinator, rules.NeedsApproval,
    rules.FourEyes, rules.CannotPostpone, rules.CannotExtend, rules.WrongOutcome, casework.StaleCard,
    casework.QuestionOnItsWay,
    casework.NotYourDraft, casework.AlreadyAnswered, casework.NothingLeft, casework.NotItsPiece,
    casework.TextHasChanged, casework.NeedsReason, casework.OtherMessage, casework.NothingToReview,
    casework.ReviewsOwn, casework.ReviewedAlready, casework.NeedsCode, channels.TooLate, NeedsBody,
)  # fmt: skip
POOL = 16
TEXT = "Яма во дворе. Нет тепла в доме. Темно на улице."
PIECES = ((0, 13), (14, 31), (32, 48))


@dataclass
class World:
    """What the workers share: the pool of incidents, the people, and one clock that never goes back."""

    people: list[Account]
    bodies: list[Organization]
    pool: list[int]
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    ticks: Any = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        return cast.NOW + next(self.ticks) * timedelta(minutes=47)


@dataclass
class Step:
    """One step of one worker: who does what to which incident, when, by its own dice."""

    world: World
    dice: random.Random
    incident: Incident
    now: datetime

    @property
    def who(self) -> dict[str, Any]:
        return {"incident": self.incident, "by": self.dice.choice(self.world.people), "now": self.now}

    @property
    def actor(self) -> dict[str, Any]:
        return self.who | {"by": self.dice.choice(self.world.people).actor}

    @property
    def body(self) -> Organization:
        return self.dice.choice(self.world.bodies)

    def later(self) -> datetime:
        return self.now + timedelta(days=self.dice.uniform(-1, 40))

    def said(self) -> dict[str, Any]:
        kind = self.dice.choice(["final", "final", "interim", "plan"])
        outcome = self.dice.choice(["solved", "explained", "refused_with_reason", "planned"])
        day = self.later() if kind != "final" and self.dice.random() < 0.9 else None
        return {"text": "Ответ.", "kind": kind, "resolution": outcome, "promised_for": day} | {
            "together": self.dice.random() < 0.4
        }


def _confirm(step: Step) -> None:
    casework.confirm(
        **step.who, topic=step.incident.topic, kind="complaint", executor=step.body,
        priority=step.dice.choice(Priority.values),
    )  # fmt: skip


def _attach(step: Step) -> None:
    parent = Incident.objects.get(pk=step.dice.choice(step.world.pool))
    casework.attach(**step.actor, parent=parent)


def _network(step: Step) -> None:
    """The network says how it ended, or a person does where it cannot."""
    delivery = (
        Delivery.objects.filter(answer__incident=step.incident)
        .exclude(state__in=["delivered", "cancelled"])
        .last()
    )
    if delivery is None:
        raise rules.IllegalMove
    if delivery.state in {"uncertain", "manual"} and step.dice.random() < 0.7:
        channels.settle(
            delivery=delivery, by=SYSTEM, found=step.dice.random() < 0.5, again=step.dice.random() < 0.5,
            permalink=f"https://vk.com/wall-1_6?reply={delivery.pk}", now=step.now,
        )  # fmt: skip
        delivery.refresh_from_db()
    elif delivery.state == "waiting":
        state = step.dice.choice(["delivered", "delivered", "delivered", "refused", "uncertain", "manual"])
        proof = {"external_id": str(delivery.pk), "permalink": "https://vk.com/wall-1_6?reply=7"}
        Delivery.objects.filter(pk=delivery.pk, state="waiting").update(
            state=state, finished_at=step.now, **(proof if state == "delivered" else {})
        )
        delivery.refresh_from_db()
    casework.record_receipt(delivery=delivery, state=delivery.state, now=step.now)


def _page(step: Step) -> None:
    """An administrator edits, deletes or restores our answer in the network, past us."""
    stands = step.incident.answers.filter(status="published").select_related("delivery").last()
    if stands is None:
        raise rules.IllegalMove
    at = stands.delivery
    how = step.dice.choice(["edited_at", "deleted_at", "restored"])
    message = SourceMessage(
        connection_id=at.connection_id, place=at.place, object_id=at.object_id, external_id=at.external_id,
        is_own=True, **({} if how == "restored" else {how: step.now}),
    )  # fmt: skip
    if not casework.note_published_changes(messages=[message], now=step.now):
        raise rules.IllegalMove


def _review(step: Step) -> None:
    good = step.dice.random() < 0.6
    points = "1" * 10 if good else "1" * 9 + "0"
    verdict, code = ("pass", "") if good else ("return", step.dice.choice(ReworkCode.values))
    casework.review(**step.who, points=points, verdict=verdict, code=code)


def _split(step: Step) -> None:
    made = casework.split(**step.actor, spans=[step.dice.choice(PIECES)])
    step.world.pool[step.dice.randrange(POOL)] = made.pk


def _join(step: Step) -> None:
    family = Incident.objects.filter(message=step.incident.message_id).order_by("?")
    casework.join(**step.actor, other=family.first())


def _author(step: Step) -> None:
    message = step.incident.message
    reply = cast.message(
        "Улица Мира, 5.",
        under=message.connection,
        by=message.author,
        thread=message.thread,
        received_at=step.now,
    )
    casework.note_follow_ups(follow_ups=[(reply, step.incident)], now=step.now)


def _time(step: Step) -> None:
    job = step.dice.choice(
        [casework.close_settled, casework.reject_silent, casework.archive_old, assembling.assemble_next]
    )
    if not job(now=step.now):
        raise rules.IllegalMove


def _begin(step: Step) -> None:
    """A new message takes the place of what is over."""
    if step.incident.state not in {"archived", "attached", "transferred"}:
        raise rules.IllegalMove
    action = step.dice.choice(["open", "ask", "reject"])
    made = casework.open_many(openings=[cast.opening(cast.message(TEXT), action)], now=step.now)
    step.world.pool[step.dice.randrange(POOL)] = made[0].pk


ACTS: Mapping[str, Callable[[Step], object]] = {
    "confirm": _confirm,
    "route": lambda s: casework.route(
        **s.actor, executor=s.body, reason="их дело", as_center=s.dice.random() < 0.5
    ),
    "take_on": lambda s: casework.take_on(**s.who, executor=s.body),
    "accept": lambda s: casework.accept(**s.who, version=s.dice.choice([None, s.incident.version, 1])),
    "assign": lambda s: casework.assign(**s.actor, assignee=s.dice.choice(s.world.people)),
    "decline": lambda s: casework.decline(**s.actor, reason=s.dice.choice(DeclineReason.values)),
    "reject": lambda s: casework.reject(**s.actor, reason=s.dice.choice(RejectReason.values)),
    "restore": lambda s: casework.restore(**s.actor),
    "attach": _attach,
    "detach": lambda s: casework.detach(**s.actor),
    "ask": lambda s: casework.ask(**s.who, text="Где это?"),
    "go_on": lambda s: casework.go_on(**s.actor),
    "save_draft": lambda s: casework.save_draft(**s.who, text=f"Черновик {s.now}", draft_version=0),
    "publish": lambda s: casework.publish(**s.who, **s.said()),
    "submit": lambda s: casework.submit(**s.who, **s.said()),
    "postpone": lambda s: casework.postpone(**s.who, text="Сдвинули.", promised_for=s.later()),
    "approve": lambda s: casework.approve(**s.who),
    "send_back": lambda s: casework.send_back(**s.who, reason="нет срока"),
    "take_back": lambda s: casework.take_back(**s.who),
    "send_together": lambda s: casework.send_together(**s.who),
    "take_up": lambda s: casework.take_up(**s.who),
    "dispute": lambda s: casework.dispute(**s.actor, reason="не так"),
    "not_done": lambda s: casework.not_done(**s.actor),
    "return_for_rework": lambda s: casework.return_for_rework(
        **s.actor, code=s.dice.choice(ReworkCode.values)
    ),
    "close": lambda s: casework.close(**s.actor, resolution=s.dice.choice(["solved", "planned"])),
    "reopen": lambda s: casework.reopen(**s.actor, reason="снова"),
    "transfer": lambda s: casework.transfer(
        **s.who, target=s.dice.choice(TransferTarget.values), text="Передали.", reason="проверка"
    ),
    "tell_again": lambda s: casework.tell_again(**s.who, text="Новости."),
    "take_result": lambda s: casework.take_result(**s.actor, result="есть ответ"),
    "pause": lambda s: casework.pause(**s.actor, reason="авария"),
    "resume": lambda s: casework.resume(**s.actor),
    "extend": lambda s: casework.extend(**s.actor, until=s.later(), reason="экспертиза"),
    "allow_interim": lambda s: casework.allow_interim(**s.actor, reason="экспертиза"),
    "review": _review,
    "take_note": lambda s: casework.take_note(**s.actor),
    "split": _split,
    "join": _join,
    "network": _network,
    "page": _page,
    "author": _author,
    "time": _time,
    "begin": _begin,
}
NAMES = sorted(ACTS)


def _likely(incident: Incident) -> list[str]:
    """What makes sense in the state: else most steps would only be refused."""
    table = {verb: starts for verb, (starts, _after) in rules.VERBS.items()} | dict(rules.STAYS)
    found = [name for name in NAMES if incident.state in table.get(name, frozenset())]
    if incident.state in {"publishing", "uncertain", "clarification", "transferred"}:
        found += ["network"] * 4
    if incident.state in {"answered", "interim_answered", "deferred", "closed"}:
        found += ["page"] * 2
    return found or ["begin", "time"]


def walk(world: World, *, steps: int, workers: int, seed: int, look: Callable[[int], None]) -> None:
    """Walk so many steps by so many workers; each looks at the incident that it has touched every tenth step."""

    def work(number: int) -> None:
        close_old_connections()
        dice = random.Random(seed * 1000 + number)
        try:
            for index in range(steps // workers):
                pk = dice.choice(world.pool)
                _step(world, dice, pk)
                if index % 10 == 0:
                    look(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work, number) for number in range(workers)]:
            done.result()


def _step(world: World, dice: random.Random, pk: int) -> None:
    incident = Incident.objects.select_related("topic", "message__thread", "message__author").get(pk=pk)
    name = dice.choice(_likely(incident) if dice.random() < 0.85 else NAMES)
    if name in {"reject", "attach", "transfer"} and dice.random() < 0.6:
        name = "confirm"  # half of the pool would be over after three steps
    try:
        ACTS[name](Step(world, dice, incident, world.now()))
    except FACTS as fact:
        world.refused[f"{name}: {type(fact).__name__}"] += 1
    else:
        world.done[name] += 1
