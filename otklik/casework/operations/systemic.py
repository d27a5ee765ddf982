"""Systemic decisions: proposed, agreed, worked on, done by an act, checked by figures, or declined with a reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import ActKind, Effect, SystemicState
from otklik.casework.models import SystemicDecision
from otklik.casework.operations.basis import StaleCard, required
from otklik.casework.operations.personal import masked
from otklik.casework.operations.systemic_effect import measured
from otklik.casework.rules import systemic as rules
from otklik.people.models import Account
from otklik.registry.models import Municipality, Organization
from otklik.registry.operations import local_date
from otklik.triage.models import Topic

LONGEST_CAUSE, LONGEST_TEXT = 300, 2000
MOST_TOPICS, MOST_PLACES = 30, 200


class DecisionIsIncomplete(Exception):
    """Напишите, что у жалоб общего и что решено сделать, и выберите хотя бы одну тему."""


class UnknownAct(Exception):
    """Выберите вид акта из списка."""


class NeedsEffect(Exception):
    """Скажите, помогло ли решение, и объясните это словами: цифры сами этого не говорят."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What people write of a decision."""

    cause: str
    measure: str
    topics: Collection[Topic]
    executor: Organization
    # None: the whole region.
    municipalities: Collection[Municipality] = ()
    expected: str = ""
    planned_for: date | None = None
    window_days: int = rules.USUAL_WINDOW
    act: rules.Act = field(default_factory=lambda: rules.Act("", "", None, ""))


@transaction.atomic
def propose_decision(*, said: Decided, by: Account, now: datetime) -> SystemicDecision:
    """A new decision, without incidents yet.

    Raises DecisionIsIncomplete, UnknownAct, WrongWindow. Names and phones of residents never get into its words.
    """
    made = SystemicDecision(proposed_at=now, proposed_by=by, version=0)
    return _written(made, said, "propose_systemic", by, now)


@transaction.atomic
def change_decision(
    *, decision: SystemicDecision, said: Decided, by: Account, now: datetime, version: int | None = None
) -> SystemicDecision:
    """Other words, another body or act, while it is neither checked nor declined.

    Raises StaleCard, IllegalStep, DecisionIsIncomplete, UnknownAct, WrongWindow; NeedsAct when it is done.
    """
    kept = locked_decision(decision, version=version)
    if kept.state not in rules.CHANGEABLE:
        raise rules.IllegalStep
    if kept.state == SystemicState.DONE and not said.act.proves:
        raise rules.NeedsAct
    return _written(kept, said, "change_systemic", by, now)


@transaction.atomic
def agree_decision(*, decision: SystemicDecision, by: Account, now: datetime) -> SystemicDecision:
    """The responsible body has agreed. Raises IllegalStep."""
    return _moved(locked_decision(decision), "agree", by, now)


@transaction.atomic
def begin_decision(*, decision: SystemicDecision, by: Account, now: datetime) -> SystemicDecision:
    """Somebody works on it. Raises IllegalStep."""
    return _moved(locked_decision(decision), "begin", by, now)


@transaction.atomic
def finish_decision(
    *, decision: SystemicDecision, act: rules.Act, done_on: date | None, by: Account, now: datetime
) -> SystemicDecision:
    """It is done, by this act, on this day. Raises IllegalStep, UnknownAct, NeedsAct, NeedsDoneDay."""
    kept = locked_decision(decision)
    rules.step_of("finish", kept.state)
    _put_act(kept, act)
    rules.check_done(_act_of(kept), done_on, local_date(now))
    kept.done_on = done_on
    return _moved(kept, "finish", by, now, done_on=str(done_on))


@transaction.atomic
def check_effect(
    *, decision: SystemicDecision, effect: str, note: str, by: Account, now: datetime
) -> SystemicDecision:
    """Keep the figures as they are counted now, with a person's word on them.

    Raises IllegalStep, TooEarly while the days after are not over, NeedsEffect.
    """
    kept = locked_decision(decision)
    rules.step_of("check", kept.state)
    note = masked(" ".join(note.split())[:LONGEST_TEXT])
    if effect not in Effect.values or not note:
        raise NeedsEffect
    found = measured(decision=kept, now=now)
    if found is None or not found.days.is_over:
        raise rules.TooEarly
    kept.before, kept.after = found.before, found.after
    kept.year_before, kept.year_after = found.year_before, found.year_after
    kept.effect, kept.effect_note = effect, note
    kept.checked_at, kept.checked_by = now, by
    return _moved(
        kept, "check", by, now, reason=note, effect=effect, counted=[found.before, found.after],
        year_ago=[found.year_before, found.year_after],
    )  # fmt: skip


@transaction.atomic
def resume_decision(
    *, decision: SystemicDecision, reason: str, by: Account, now: datetime
) -> SystemicDecision:
    """It was not done, or did not help: in work again; the journal keeps the figures.

    Raises NeedsReason, IllegalStep.
    """
    kept = locked_decision(decision)
    reason = masked(required(reason)[:LONGEST_TEXT])
    figures = [kept.before, kept.after]
    kept.done_on, kept.effect, kept.effect_note = None, "", ""
    kept.before = kept.after = kept.year_before = kept.year_after = None
    kept.checked_at = kept.checked_by = None
    return _moved(kept, "resume", by, now, reason=reason, counted=figures)


@transaction.atomic
def decline_decision(
    *, decision: SystemicDecision, reason: str, by: Account, now: datetime
) -> SystemicDecision:
    """It will not be done, and why. Raises NeedsReason, IllegalStep."""
    kept = locked_decision(decision)
    kept.decline_reason = masked(required(reason)[:LONGEST_TEXT])
    return _moved(kept, "decline", by, now, reason=kept.decline_reason)


@transaction.atomic
def restore_decision(*, decision: SystemicDecision, by: Account, now: datetime) -> SystemicDecision:
    """It is proposed again. Raises IllegalStep."""
    kept = locked_decision(decision)
    kept.decline_reason = ""
    return _moved(kept, "restore", by, now)


def locked_decision(decision: SystemicDecision, *, version: int | None = None) -> SystemicDecision:
    """The decision as it is now, locked to the end of the transaction. Raises StaleCard for an older `version`."""
    fresh = SystemicDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if version is not None and fresh.version != version:
        raise StaleCard
    return fresh


def _moved(
    kept: SystemicDecision, verb: str, by: Account, now: datetime, *, reason: str = "", **told: Any
) -> SystemicDecision:
    before, kept.state = kept.state, rules.step_of(verb, kept.state)
    kept.version += 1
    kept.save()
    audit.record(
        by=by.actor, verb=f"{verb}_systemic", subject=kept, now=now, reason=reason, before=before,
        after=kept.state, **told,
    )  # fmt: skip
    return kept


def _written(
    kept: SystemicDecision, said: Decided, verb: str, by: Account, now: datetime
) -> SystemicDecision:
    rules.check_window(said.window_days)
    kept.cause = masked(" ".join(said.cause.split())[:LONGEST_CAUSE])[:LONGEST_CAUSE]
    kept.measure = masked(said.measure.strip()[:LONGEST_TEXT])
    kept.expected = masked(said.expected.strip()[:LONGEST_TEXT])
    if not kept.cause or not kept.measure or not said.topics:
        raise DecisionIsIncomplete
    kept.executor, kept.planned_for, kept.window_days = said.executor, said.planned_for, said.window_days
    _put_act(kept, said.act)
    kept.version += 1
    kept.save()
    kept.topics.set(list(said.topics)[:MOST_TOPICS])
    kept.municipalities.set(list(said.municipalities)[:MOST_PLACES])
    audit.record(by=by.actor, verb=verb, subject=kept, now=now, **_told(kept, said))
    return kept


def _put_act(kept: SystemicDecision, act: rules.Act) -> None:
    if act.kind and act.kind not in ActKind.values:
        raise UnknownAct
    kept.act_kind, kept.act_number = act.kind, " ".join(act.number.split())[:60]
    kept.act_day, kept.act_link = act.day, act.link[:500]


def _act_of(kept: SystemicDecision) -> rules.Act:
    return rules.Act(kept.act_kind, kept.act_number, kept.act_day, kept.act_link)


def _told(kept: SystemicDecision, said: Decided) -> Mapping[str, Any]:
    return {
        "cause": kept.cause,
        "topics": sorted(each.code for each in said.topics),
        "municipalities": sorted(each.pk for each in said.municipalities),
        "executor": kept.executor_id,
        "planned_for": str(kept.planned_for or ""),
        "act": [kept.act_kind, kept.act_number, str(kept.act_day or ""), kept.act_link],
        "window_days": kept.window_days,
    }
