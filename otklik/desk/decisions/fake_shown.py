"""A report of a fake as its page shows it: where it was met, what may be done now, what was done."""

from otklik.audit.models import AuditLine
from otklik.casework.enums import FakeState
from otklik.casework.models import FakeLink, FakeReport, Incident
from otklik.casework.rules import fakes as rules
from otklik.desk.access import Desk
from otklik.desk.decisions.fake_said import STEPS
from otklik.desk.decisions.within import keeps_decisions

MOST_LINES, MOST_LINKS = 60, 200


def powers(desk: Desk, report: FakeReport) -> frozenset[str]:
    """What the person may do with it as it stands; `other` says that somebody else has to check it."""
    if not keeps_decisions(desk.reach):
        return frozenset()
    own = report.reported_by_id == desk.account.pk
    found = {"link"} | {verb for verb, (starts, _to) in rules.VERBS.items() if report.state in starts}
    if report.state in rules.OPEN and report.checker_id != desk.account.pk:
        found.add("change")
    if report.state == FakeState.CHECKING:
        found.add("judge")
    if own and found & {"take", "judge"}:
        found = found - {"take", "judge"} | {"other"}
    if report.state == FakeState.REFUTED:
        found.add("rebut")
    if report.state == FakeState.REFUTED and report.rebuttal:
        found.add("publish")
    return frozenset(found)


def links(desk: Desk, report: FakeReport) -> list[tuple[FakeLink, Incident | None]]:
    """Where it was met: an address, or an incident that the person may see; the number of any other is not told."""
    rows = list(report.links.order_by("pk")[:MOST_LINKS])
    wanted = [each.incident_id for each in rows if each.incident_id]
    seen = Incident.objects.visible_to(desk.reach).only("question", "received_at", "state").in_bulk(wanted)
    return [(each, seen.get(each.incident_id or 0)) for each in rows]


def history(report: FakeReport) -> list[tuple[AuditLine, str]]:
    """What was done with it, the latest first, in words."""
    lines = AuditLine.objects.filter(subject_type="casework.fakereport", subject_id=report.pk)
    return [(each, str(STEPS.get(each.verb, each.verb))) for each in lines.order_by("-pk")[:MOST_LINES]]
