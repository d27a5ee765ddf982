"""Bursts at the desk: who sees them, how they read, which incidents stand behind them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.casework.models import Incident
from otklik.desk.access import Desk
from otklik.desk.enums import View
from otklik.desk.queue import QueueQuery
from otklik.people.rules import Right
from otklik.registry.rules import Reach
from otklik.triage.enums import SurgeState
from otklik.triage.models import SurgeAlert

MOST_NOTICED = 2
MOST_INCIDENTS = 30
STATES = ("live", "closed")
_PILLS = {SurgeState.OPEN: "late", SurgeState.ACKNOWLEDGED: "warn", SurgeState.CLOSED: "muted"}


def sees_surges(reach: Reach) -> bool:
    """Bursts concern whoever sees the incidents of the whole region: a body sees only its part of one."""
    return reach.where(Right.SEE_INCIDENTS)[0]


def may_decide(desk: Desk) -> bool:
    """Whether the person may take note of bursts and close them."""
    return Right.TRIAGE in desk.reach.center


@dataclass(frozen=True, slots=True)
class Surge:
    """A burst in words."""

    alert: SurgeAlert

    @property
    def place(self) -> str:
        """The municipality, and the street or the settlement when it is all there."""
        town = self.alert.municipality.short_name
        if self.alert.street:
            return f"{town}, {self.alert.street}"
        settlement = self.alert.settlement
        return f"{town}, {settlement.name}" if settlement and settlement.name not in town else town

    @property
    def number(self) -> str:
        """How many in a day."""
        n = self.alert.count
        return ngettext("%(n)s сообщение за сутки", "%(n)s сообщений за сутки", n) % {"n": n}

    @property
    def authors(self) -> str:
        """From how many people."""
        n = self.alert.authors
        return ngettext("от %(n)s автора", "от %(n)s авторов", n) % {"n": n}

    @property
    def usual(self) -> str:
        """How many there are on a usual day; empty without history."""
        norm = self.alert.norm
        return "" if norm is None else number_format(norm, 0 if norm == int(norm) else 1)

    @property
    def why(self) -> str:
        """Why it counts as a burst."""
        words = {
            "first": _(
                "Истории меньше двух суток, сравнить не с чем. Порог: %(threshold)s сообщений за сутки."
            ),
            "least": _("Здесь о таком пишут редко: обычно %(usual)s за сутки. Порог: %(threshold)s."),
            "norm": _(
                "Намного больше обычного: в этот день недели за сутки бывает %(usual)s. Порог: %(threshold)s."
            ),
        }
        said = words.get(self.alert.reason, "%(threshold)s")
        return said % {"threshold": self.alert.threshold, "usual": self.usual}

    @property
    def pill(self) -> str:
        """The colour of its state."""
        return _PILLS[SurgeState(self.alert.state)]

    @property
    def query(self) -> str:
        """The queue with the incidents of this topic in this place."""
        alert = self.alert
        words = alert.street.name if alert.street else ""
        return QueueQuery(
            view=View.ALL, topic=alert.topic.code, municipality=str(alert.municipality_id), q=words
        ).string


def shown() -> QuerySet[SurgeAlert]:
    """Bursts with everything that is shown of them."""
    return SurgeAlert.objects.select_related(
        "topic", "municipality", "street", "settlement", "acknowledged_by", "closed_by"
    )


def noticed() -> tuple[list[Surge], int]:
    """The bursts that nobody has taken note of yet, newest first, and how many more there are."""
    # Mostly there is none: a join of six tables for it takes longer than the rest of the queue's statements.
    fresh = SurgeAlert.objects.filter(state=SurgeState.OPEN).order_by("-found_at", "-pk")
    found = list(fresh.prefetch_related("topic", "municipality", "street", "settlement")[: MOST_NOTICED + 20])
    return [Surge(each) for each in found[:MOST_NOTICED]], max(0, len(found) - MOST_NOTICED)


def in_state(state: str) -> QuerySet[SurgeAlert]:
    """The rows of the list."""
    found = shown().order_by("-found_at", "-pk")
    return found.filter(state=SurgeState.CLOSED) if state == "closed" else found.live()  # type: ignore[attr-defined]


def incidents_of(alert: SurgeAlert, desk: Desk) -> list[Incident]:
    """The newest incidents behind the burst, as people have corrected them since."""
    found = Incident.objects.visible_to(desk.reach).filter(
        topic=alert.topic_id, municipality=alert.municipality_id, received_at__gte=alert.started_at
    )
    if alert.street_id:
        found = found.filter(street=alert.street_id)
    if alert.closed_at:
        found = found.filter(received_at__lte=alert.closed_at)
    return list(
        found.select_related("page", "executor")
        .defer("search")
        .order_by("-received_at", "-pk")[:MOST_INCIDENTS]
    )
