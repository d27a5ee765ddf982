"""False statements: written down by one person, checked by another, refuted with a source, or closed as an opinion."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import FakeKind, FakeState
from otklik.casework.models import FakeReport
from otklik.casework.operations.basis import StaleCard, required
from otklik.casework.operations.personal import masked
from otklik.casework.rules import fakes as rules
from otklik.people.models import Account
from otklik.registry.models import Municipality, Organization
from otklik.registry.operations import local_date
from otklik.triage.models import Topic

LONGEST_STATEMENT, LONGEST_TEXT, LONGEST_LINE = 1000, 3000, 300


class StatementIsEmpty(Exception):
    """Напишите, что утверждают: одно утверждение, которое можно проверить."""


class SeenLater(Exception):
    """День, когда это заметили, ещё не наступил."""


class RebuttalIsEmpty(Exception):
    """Напишите текст опровержения."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is told of a statement."""

    statement: str
    first_seen: date
    kind: str = FakeKind.FACT
    spread: str = ""
    topic: Topic | None = None
    municipality: Municipality | None = None
    executor: Organization | None = None


@transaction.atomic
def report_fake(*, said: Stated, by: Account, now: datetime) -> FakeReport:
    """Write a statement down; an opinion is closed at once, so that nobody acts against it.

    Raises StatementIsEmpty, SeenLater.
    """
    made = FakeReport(reported_by=by, reported_at=now, version=0)
    if said.kind == FakeKind.OPINION:
        made.kind, made.state = FakeKind.OPINION, FakeState.CLOSED
    return _written(made, said, "report_fake", by, now)


@transaction.atomic
def change_fake(
    *, report: FakeReport, said: Stated, by: Account, now: datetime, version: int | None = None
) -> FakeReport:
    """Tell it better, until it is judged; it becomes an opinion by `close_as_opinion` only.

    What is written is checked by somebody else: whoever checks it may not rewrite it. Raises StaleCard,
    IllegalFakeStep, OwnReport, StatementIsEmpty, SeenLater.
    """
    kept = locked_report(report, version=version)
    if kept.state not in rules.OPEN:
        raise rules.IllegalFakeStep
    if kept.checker_id is not None:
        rules.check_eyes(kept.checker_id, by.pk)
    return _written(kept, said, "change_fake", by, now)


@transaction.atomic
def take_fake(*, report: FakeReport, by: Account, now: datetime) -> FakeReport:
    """Begin to check it. Raises IllegalFakeStep, OwnReport."""
    kept = locked_report(report)
    kept.state = rules.step_of("take", kept.state)
    rules.check_eyes(kept.reported_by_id, by.pk)
    kept.checker = by
    return _keep(kept, "take_fake", by, now)


@transaction.atomic
def judge_fake(*, report: FakeReport, finding: rules.Finding, by: Account, now: datetime) -> FakeReport:
    """Say what is true, by whose word; whoever says so has checked it, and did not write it down.

    Raises IllegalFakeStep, OwnReport, UnknownVerdict, NeedsFinding, NeedsSource.
    """
    kept = locked_report(report)
    found = rules.Finding(
        finding.verdict, finding.truth.strip()[:LONGEST_TEXT], " ".join(finding.source.split())[:LONGEST_LINE],
        finding.link.strip()[:500],
    )  # fmt: skip
    rules.check_finding(found, kept.state)
    rules.check_eyes(kept.reported_by_id, by.pk)
    kept.state, kept.checker, kept.judged_at = found.verdict, by, now
    kept.truth, kept.source, kept.source_link = masked(found.truth), found.source, found.link
    told = {"verdict": found.verdict, "truth": kept.truth, "source": found.source, "link": found.link}
    return _keep(kept, "judge_fake", by, now, **told)


@transaction.atomic
def close_as_opinion(*, report: FakeReport, reason: str, by: Account, now: datetime) -> FakeReport:
    """It is an opinion or criticism: no fake, and nothing is done about it. Raises NeedsReason, IllegalFakeStep."""
    kept = locked_report(report)
    kept.state = rules.step_of("opinion", kept.state)
    kept.kind, kept.note = FakeKind.OPINION, masked(required(reason)[:LONGEST_TEXT])
    return _keep(kept, "close_fake", by, now, reason=kept.note)


@transaction.atomic
def reopen_fake(*, report: FakeReport, reason: str, by: Account, now: datetime) -> FakeReport:
    """What was decided was wrong, or more is known: checked anew. What was said before stays in the journal.

    Raises NeedsReason, IllegalFakeStep.
    """
    kept = locked_report(report)
    before, kept.state = kept.state, rules.step_of("reopen", kept.state)
    why = masked(required(reason)[:LONGEST_TEXT])
    kept.kind, kept.checker, kept.judged_at = FakeKind.FACT, None, None
    kept.truth = kept.source = kept.source_link = kept.note = kept.rebuttal = ""
    return _keep(kept, "reopen_fake", by, now, reason=why, before=before)


@transaction.atomic
def write_rebuttal(
    *, report: FakeReport, text: str, by: Account, now: datetime, version: int | None = None
) -> FakeReport:
    """The words that are published against it. Raises StaleCard, IllegalFakeStep, RebuttalIsEmpty."""
    kept = locked_report(report, version=version)
    if kept.state != FakeState.REFUTED:
        raise rules.IllegalFakeStep
    kept.rebuttal = text.strip()[:LONGEST_TEXT]
    if not kept.rebuttal:
        raise RebuttalIsEmpty
    return _keep(kept, "write_rebuttal", by, now, text=kept.rebuttal)


def locked_report(report: FakeReport, *, version: int | None = None) -> FakeReport:
    """The report as it is now, locked to the end of the transaction. Raises StaleCard for an older `version`."""
    fresh = FakeReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if version is not None and fresh.version != version:
        raise StaleCard
    return fresh


def _keep(
    kept: FakeReport, verb: str, by: Account, now: datetime, *, reason: str = "", **told: Any
) -> FakeReport:
    """Save a locked report under its next version with its line of the journal."""
    kept.version += 1
    kept.save()
    audit.record(by=by.actor, verb=verb, subject=kept, now=now, reason=reason, state=kept.state, **told)
    return kept


def _written(kept: FakeReport, said: Stated, verb: str, by: Account, now: datetime) -> FakeReport:
    kept.statement = masked(said.statement.strip()[:LONGEST_STATEMENT])
    kept.spread = masked(" ".join(said.spread.split())[:LONGEST_LINE])[:LONGEST_LINE]
    kept.first_seen = said.first_seen
    kept.topic, kept.municipality, kept.executor = said.topic, said.municipality, said.executor
    if not kept.statement:
        raise StatementIsEmpty
    if said.first_seen > local_date(now):
        raise SeenLater
    told: dict[str, Any] = {
        "statement": kept.statement,
        "first_seen": str(kept.first_seen),
        "executor": kept.executor_id,
    }
    return _keep(kept, verb, by, now, **told)
