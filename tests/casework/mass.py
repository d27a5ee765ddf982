"""Mass problems as tests play them: a town without light, its people, and the answer to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident, MassProblem, MassRound
from otklik.casework.operations import mass_answering, mass_fan_out, mass_opening
from otklik.channels.models import Connection
from otklik.people.models import Account
from otklik.registry.models import Municipality, Organization
from otklik.triage.models import Topic
from tests import cast

TEXT = "{имя}, здравствуйте! По адресу {место} свет дадут к {срок}."


@dataclass
class Town:
    """Where it happens."""

    municipality: Municipality
    body: Organization
    page: Connection
    dispatcher: Account
    executor: Account
    topic: Topic

    def asks(self, action: str = "open", **fields: Any) -> Incident:
        """A resident writes of it; `action` is how sure the verdict is."""
        place = {
            "municipality": self.municipality,
            "place_status": "found",
            "street_name": "Мира",
            "house": "5",
        }
        place |= {name: fields.pop(name) for name in list(fields) if name in PLACE}
        at = fields.pop("at", cast.NOW)
        topic = fields.pop("topic", self.topic)
        said = fields.pop("text", "Нет света")
        of = cast.message(said, **({"under": self.page, "received_at": at} | fields))
        judged = cast.verdict(of, topic=topic, **place)
        opening = cast.opening(of, action, verdict=judged, suggested_id=self.body.pk)
        return casework.open_many(openings=[opening], now=at)[0]

    @property
    def scope(self) -> mass_opening.Scope:
        return mass_opening.Scope(self.topic, self.municipality)

    def problem(self, incidents: Sequence[Incident], **fields: Any) -> MassProblem:
        """A problem of these incidents."""
        given = {
            "cause": "Авария на подстанции", "scope": self.scope, "executor": self.body,
            "incidents": [each.pk for each in incidents], "since": cast.NOW - timedelta(days=1),
            "by": self.dispatcher, "now": cast.NOW,
        }  # fmt: skip
        return mass_opening.open_problem(**given | fields)

    def answer(
        self, problem: MassProblem, text: str = TEXT, kind: str = "interim", **fields: Any
    ) -> MassRound:
        """The answer written by the body and sent by the dispatcher."""
        now = fields.pop("now", cast.NOW)
        promised = None if kind == "final" else now + timedelta(days=3)
        said = mass_answering.MassWords(text, kind, "solved" if kind == "final" else "", promised)
        mass_answering.write_answer(
            problem=problem, said=said, by=fields.pop("by", self.executor), now=now, draft_version=0
        )
        return mass_answering.start_round(problem=problem, by=self.dispatcher, now=now)


PLACE = {"municipality", "settlement", "street", "street_name", "house", "place_status"}


def town() -> Town:
    """A town with a page, a body that answers for it, a dispatcher and an executor."""
    cast.region()
    where = cast.municipality(short_name="Бердск")
    body = cast.body("Электросети")
    return Town(
        where, body, cast.connection(), cast.dispatcher(), cast.executor(body), cast.topic("ENERGY.power_out")
    )


def told(problem: MassProblem, *, at: Any = cast.NOW) -> list[Answer]:
    """Let the answer out to all, each minute as much as may leave, and have every reply delivered."""
    made: list[Answer] = []
    while mass_fan_out.feed(now=at):
        fresh = Answer.objects.filter(round__problem=problem, status="publishing").select_related("delivery")
        for answer in fresh.order_by("pk"):
            cast.settle(answer, "delivered")
            made.append(answer)
        at += timedelta(seconds=7)
    return made
