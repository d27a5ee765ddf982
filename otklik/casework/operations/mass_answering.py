"""One answer to all: its draft, the look at how each person would read it, its way out, pause and stop."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import AnswerKind, MemberState, Resolution, RoundState
from otklik.casework.models import MassProblem, MassRound
from otklik.casework.operations.answer_quality import Checked
from otklik.casework.operations.answering import LONGEST_ANSWER, AnswerIsEmpty, AnswerTooLong, NotYourDraft
from otklik.casework.operations.mass_basis import locked_problem, step
from otklik.casework.operations.mass_readers import fit_to_tell
from otklik.casework.rules import mass_text
from otklik.common.actor import Actor
from otklik.common.jobs import FAN_OUT
from otklik.common.wakeup import wake_up
from otklik.people.models import Account

KINDS = (AnswerKind.INTERIM, AnswerKind.FINAL, AnswerKind.PLAN)
OUTCOMES = (Resolution.SOLVED, Resolution.EXPLAINED, Resolution.REFUSED)
# What a name, a place and the rest may add to a text, that the longest reply still fits.
ROOM_FOR_VALUES = 400


class NobodyToTell(Exception):
    """В проблеме не осталось участников: отвечать некому."""


class NoAnswerToSend(Exception):
    """Отправлять нечего: ответ уже ушёл или его заменили. Обновите страницу."""


@dataclass(frozen=True, slots=True)
class MassWords:
    """What is to be said to all: a kind, the text with variables, the outcome of a final one, the day of a promise."""

    text: str
    kind: str
    resolution: str = ""
    promised_for: datetime | None = None


@transaction.atomic
def write_answer(
    *, problem: MassProblem, said: MassWords, by: Account, now: datetime, draft_version: int
) -> MassRound:
    """Keep the answer so far. `draft_version` is 0 for the first save; raises NotYourDraft on a foreign change."""
    problem = locked_problem(problem)
    if not problem.is_live:
        raise rules.IllegalMove
    draft = problem.rounds.filter(state=RoundState.DRAFT).first()
    if (draft.version if draft else 0) != draft_version:
        raise NotYourDraft
    if draft is None:
        number = 1 + problem.rounds.count()
        draft = MassRound(problem=problem, number=number, created_at=now, version=0)
    final = said.kind == AnswerKind.FINAL
    draft.text, draft.kind = said.text.strip(), said.kind if said.kind in KINDS else AnswerKind.FINAL
    draft.resolution = said.resolution if final and said.resolution in OUTCOMES else ""
    draft.promised_for = None if final else said.promised_for
    draft.author, draft.updated_at, draft.version = by, now, draft.version + 1
    draft.save()
    audit.record(
        by=by.actor, verb="mass_write", subject=draft, now=now, problem=problem.pk, length=len(draft.text)
    )
    return draft


@transaction.atomic
def start_round(
    *,
    problem: MassProblem,
    by: Account,
    now: datetime,
    draft_version: int | None = None,
    checked: Checked | None = None,
) -> MassRound:
    """Send the draft on its way to every member. The answer before it is over: newcomers get this one.

    Raises NoAnswerToSend, NotYourDraft, the facts of `check_answer`, NobodyToTell, IllegalMove; CannotPostpone and
    FourEyes when a plan is moved too often or by one person; AnswerBlocked and AnswerAdvised when it is `checked`.
    """
    problem = locked_problem(problem)
    draft = problem.rounds.select_for_update(of=("self",)).filter(state=RoundState.DRAFT).first()
    if draft is None:
        raise NoAnswerToSend
    if draft_version is not None and draft.version != draft_version:
        raise NotYourDraft
    check_answer(draft, now)
    before, verb = problem.state, rules.telling(draft.kind, problem.state)
    problem.state = rules.check_step(verb, problem.state)
    _check_plan(problem, draft, by)
    if not problem.members.filter(state=MemberState.IN).exists():
        raise NobodyToTell
    overruled = () if checked is None else fit_to_tell(problem, draft, now, checked)
    problem.rounds.exclude(state=RoundState.DRAFT).update(state=RoundState.PAST)
    draft.state, draft.started_by, draft.started_at = RoundState.RUNNING, by, now
    draft.updated_at = now
    draft.save()
    problem.due_at = draft.promised_for
    step(
        problem, verb=verb, by=by.actor, now=now, before=before, round=draft.number, overruled=list(overruled)
    )
    wake_up(FAN_OUT)
    return draft


def check_answer(draft: MassRound, now: datetime) -> None:
    """Raise what is wrong with an answer before anybody reads it.

    AnswerIsEmpty, AnswerTooLong, UnknownVariable, NeedsDate, WrongOutcome.
    """
    if not draft.text:
        raise AnswerIsEmpty
    if len(draft.text) > LONGEST_ANSWER - ROOM_FOR_VALUES:
        raise AnswerTooLong
    mass_text.used(draft.text)
    rules.check_promise(draft.kind, draft.promised_for, now)
    if draft.kind == AnswerKind.FINAL and not draft.resolution:
        raise rules.WrongOutcome


def _check_plan(problem: MassProblem, draft: MassRound, by: Account) -> None:
    """A plan is moved twice at most, and never by one person: the same as of a single incident."""
    if draft.kind != AnswerKind.PLAN:
        return
    earlier = problem.rounds.filter(kind=AnswerKind.PLAN).exclude(state=RoundState.DRAFT).count()
    if earlier > rules.MAX_PLAN_MOVES:
        raise rules.CannotPostpone
    if earlier and draft.author_id == by.pk:
        raise rules.FourEyes


@transaction.atomic
def pause_round(*, problem: MassProblem, by: Actor, now: datetime) -> MassRound:
    """Hold the answer: nothing more is queued until somebody lets it go on. Raises NoAnswerToSend."""
    return _turned(problem, ("pause", RoundState.RUNNING, RoundState.PAUSED), by, now)


@transaction.atomic
def resume_round(*, problem: MassProblem, by: Actor, now: datetime) -> MassRound:
    """Let a held or stopped answer go on with those who were not told yet. Raises NoAnswerToSend."""
    current = problem.rounds.filter(state=RoundState.STOPPED).exists()
    before = RoundState.STOPPED if current else RoundState.PAUSED
    return _turned(problem, ("resume", before, RoundState.RUNNING), by, now)


@transaction.atomic
def stop_round(*, problem: MassProblem, by: Actor, now: datetime, reason: str = "") -> MassRound:
    """Stop the answer: whoever was not told yet waits for another one. Raises NoAnswerToSend."""
    before = (
        RoundState.PAUSED if problem.rounds.filter(state=RoundState.PAUSED).exists() else RoundState.RUNNING
    )
    return _turned(problem, ("stop", before, RoundState.STOPPED), by, now, reason)


def _turned(
    problem: MassProblem, turn: tuple[str, str, str], by: Actor, now: datetime, reason: str = ""
) -> MassRound:
    verb, before, after = turn
    problem = locked_problem(problem)
    current = problem.rounds.select_for_update(of=("self",)).filter(state=before).first()
    if current is None:
        raise NoAnswerToSend
    current.state, current.updated_at = after, now
    current.save(update_fields=["state", "updated_at"])
    step(problem, verb=verb, by=by, now=now, reason=reason, round=current.number)
    if after == RoundState.RUNNING:
        wake_up(FAN_OUT)
    return current
