"""Where a systemic decision begins: on an empty sheet, on a card, on a mass problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction

from otklik.casework.models import Incident, MassProblem, SystemicDecision
from otklik.casework.operations import systemic, systemic_basis
from otklik.desk.access import Desk

_LONGEST_KEY = 18


@dataclass(frozen=True, slots=True)
class Beginning:
    """What it rests on from the first moment, if anything."""

    incident: Incident | None = None
    problem: MassProblem | None = None

    @classmethod
    def of(cls, raw: Mapping[str, str], desk: Desk) -> Self:
        """By `incident` or `problem` in the address; what is out of reach or odd is an empty sheet."""
        problem = _key(raw, "problem")
        if problem is not None:
            found = MassProblem.objects.visible_to(desk.reach).filter(pk=problem)
            return cls(problem=found.select_related("topic", "municipality", "executor").first())
        incident = _key(raw, "incident")
        if incident is None:
            return cls()
        one = Incident.objects.visible_to(desk.reach).filter(pk=incident)
        return cls(incident=one.select_related("topic", "municipality", "executor").defer("search").first())

    @property
    def initial(self) -> dict[str, Any]:
        """What the form begins with."""
        subject: Any = self.problem or self.incident
        if subject is None:
            return {}
        return {
            "cause": self.problem.cause if self.problem else "",
            "topics": [subject.topic_id],
            "municipalities": [subject.municipality_id] if subject.municipality_id else [],
            "executor": subject.executor_id,
        }

    @transaction.atomic
    def propose(self, said: systemic.Decided, desk: Desk) -> SystemicDecision:
        """The decision with what it began on. Raises what the verbs raise."""
        made = systemic.propose_decision(said=said, by=desk.account, now=desk.now)
        if self.problem or self.incident:
            systemic_basis.add_to_basis(
                decision=made, by=desk.account, now=desk.now,
                incidents=[self.incident.pk] if self.incident else [],
                problems=[self.problem] if self.problem else [],
            )  # fmt: skip
        return made


def _key(raw: Mapping[str, str], name: str) -> int | None:
    value = raw.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _LONGEST_KEY else None
