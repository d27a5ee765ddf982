"""A systemic decision as its page shows it: what it rests on, whether it helped, what may be done now."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from otklik.audit.models import AuditLine
from otklik.casework.models import Incident, SystemicDecision
from otklik.casework.operations.systemic_effect import Measured
from otklik.casework.rules import systemic as rules
from otklik.desk.access import Desk
from otklik.desk.decisions.said import STEPS
from otklik.desk.decisions.within import keeps_decisions

MOST_LINES = 60


def powers(desk: Desk, decision: SystemicDecision) -> frozenset[str]:
    """The verbs that the person may do with it as it stands; `change` is also that of what it rests on."""
    if not keeps_decisions(desk.reach):
        return frozenset()
    found = rules.steps_from(decision.state)
    return found | {"change"} if decision.state in rules.CHANGEABLE else found


def basis(desk: Desk, decision: SystemicDecision) -> QuerySet[Incident]:
    """The incidents it rests on that the person may see, the latest first."""
    found = Incident.objects.visible_to(desk.reach).filter(systemic_basis__decision=decision)
    listed = found.select_related("municipality").only(
        "question", "received_at", "state", "municipality__short_name"
    )
    return listed.order_by("-received_at", "-pk")


@dataclass(frozen=True, slots=True)
class Change:
    """Fewer or more, in hundredths, in words and a colour."""

    hundredths: int | None

    @property
    def size(self) -> int:
        return abs(self.hundredths or 0)

    @property
    def fewer(self) -> bool:
        return self.hundredths is not None and self.hundredths < 0

    @property
    def more(self) -> bool:
        return self.hundredths is not None and self.hundredths > 0

    @property
    def known(self) -> bool:
        return self.hundredths is not None


@dataclass(frozen=True, slots=True)
class Figures:
    """The measured effect."""

    found: Measured

    @property
    def change(self) -> Change:
        """Before and after the decision."""
        return Change(self.found.change)

    @property
    def year_change(self) -> Change:
        """The same days a year ago."""
        return Change(self.found.year_change)

    @property
    def length(self) -> int:
        """How many days there are on each side."""
        return (self.found.days.after.last - self.found.days.after.first).days + 1


def history(decision: SystemicDecision) -> list[tuple[AuditLine, str]]:
    """What was done with it, the latest first, in words."""
    lines = AuditLine.objects.filter(
        Q(subject_type="casework.systemicdecision", subject_id=decision.pk)
    ).order_by("-pk")
    return [(each, str(STEPS.get(each.verb, each.verb))) for each in lines[:MOST_LINES]]
