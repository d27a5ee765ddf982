"""The invariants of the incident's machine, as one looks at a whole incident with its history."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.db import transaction

from otklik.audit.models import AuditLine
from otklik.casework import rules
from otklik.casework.models import Answer, Incident, Move

# A primary deadline is moved by a person's word on the priority, by a pause that is over, by a new cycle.
# Pieces that are cut or joined in triage are judged anew, and may be more urgent by themselves.
MOVES_DUE = {
    "confirm", "resume", "replied", "unasked", "go_on", "no_reply", "reopen", "split", "take_in", "move_span",
}  # fmt: skip
NEEDS_REASON = {
    "route", "decline", "reject", "return_for_rework", "not_done", "dispute", "reopen", "pause", "extend",
    "allow_interim", "transfer", "take_result", "send_back",
}  # fmt: skip
ANSWERS = {"final", "interim", "plan"}


def look(pk: int) -> None:
    """Raise AssertionError with everything that is broken about the incident."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=pk)
        moves = list(Move.objects.filter(incident=incident).order_by("pk"))
        answers = list(Answer.objects.filter(incident=incident).select_related("delivery").order_by("pk"))
        lines = AuditLine.objects.filter(subject_type="casework.incident", subject_id=pk).count()
    found = [*_history(incident, moves), *_deadlines(incident, moves), *_answers(incident, answers)]
    found += _counters(incident, moves, answers)
    if lines != len(moves):
        found.append(f"{len(moves)} moves and {lines} lines of the journal")
    story = " ".join(f"{each.verb}→{each.after}" for each in moves)
    assert not found, f"incident {pk} ({incident.state}): {found}; {story}"


def _history(incident: Incident, moves: Sequence[Move]) -> Iterator[str]:
    if not moves or moves[-1].after != incident.state:
        yield "the last move leads elsewhere"
    for earlier, each in pairwise(moves):
        if each.before != earlier.after:
            yield f"{each.verb} begins where nothing ended"
        moved = each.before != each.after
        if moved and (each.before, each.after) not in rules.allowed_pairs():
            yield f"{each.verb}: {each.before} → {each.after}"
        if moved and each.before not in rules.VERBS.get(each.verb, (frozenset[str](), ""))[0]:
            yield f"{each.verb} from {each.before}"
    for each in moves:
        if not each.actor_name or (each.verb in NEEDS_REASON and not each.reason):
            yield f"{each.verb} without an actor or a reason"


def _deadlines(incident: Incident, moves: Sequence[Move]) -> Iterator[str]:
    last = moves[-1]
    if (last.new_due_at, last.new_stage_due_at) != (incident.due_at, incident.stage_due_at):
        yield "a deadline that no move tells of"
    joined_by = ""
    for earlier, each in pairwise(moves):
        if earlier.after == "attached" != earlier.before:
            joined_by = earlier.verb
        if (each.old_due_at, each.old_stage_due_at) != (earlier.new_due_at, earlier.new_stage_due_at):
            yield f"before {each.verb} a deadline moved silently"
        # A question that gets its pieces of the message back is read again, as one that is split off.
        read_again = each.verb == "detach" and joined_by == "join"
        if each.old_due_at != each.new_due_at and each.verb not in MOVES_DUE and not read_again:
            yield f"{each.verb} moved the primary deadline"


def _answers(incident: Incident, answers: Sequence[Answer]) -> Iterator[str]:
    on_the_way = Counter(
        each.status for each in answers if each.status in {"publishing", "uncertain", "approval"}
    )
    if sum(on_the_way.values()) > 1:
        yield "two texts on the way"
    for state in ("approval", "publishing", "uncertain"):
        if incident.state == state and on_the_way[state] != 1:
            yield f"{state} without a text"
    for each in answers:
        proved = each.delivery is not None and each.delivery.state == "delivered"
        if each.status == "published" and not proved:
            yield f"answer {each.pk} is published without a receipt"
        if each.kind in {"interim", "plan"} and each.promised_for is None:
            yield f"answer {each.pk} promises no day"
        if each.approved_by_id is not None and each.approved_by_id == each.author_id:
            yield f"answer {each.pk} was approved by its author"
    stands = [
        each.published_at
        for each in answers
        if each.status == "published" and each.cycle == incident.cycle and each.kind in ANSWERS
    ]
    if incident.first_answer_at != min((at for at in stands if at), default=None):
        yield "the first answer of the cycle is not the first that stands"
    if incident.state in rules.WITH_ANSWER and not stands:
        yield "answered by nothing"


def _counters(incident: Incident, moves: Sequence[Move], answers: Sequence[Answer]) -> Iterator[str]:
    verbs = Counter(each.verb for each in moves)
    if incident.cycle != 1 + verbs["reopen"]:
        yield "cycles are not reopenings"
    if incident.cycle > 1 and incident.priority == "normal":
        yield "a new cycle is not important"
    if not verbs["decline"] <= incident.declines <= rules.MAX_DECLINES:
        yield "refusals are counted wrongly"
    if incident.returns != verbs["return_for_rework"] + verbs["not_done"]:
        yield "returns are counted wrongly"
    if (incident.escalated_at is not None) != (incident.returns >= rules.ESCALATING_RETURN):
        yield "the second return is not told above"
    if incident.state in rules.WITH_BODY and incident.executor_id is None:
        yield "nobody is responsible"
    plans = [
        each
        for each in answers
        if each.cycle == incident.cycle and each.kind == "plan" and each.status == "published"
    ]
    if incident.plans != len(plans) or len(plans) > 1 + rules.MAX_PLAN_MOVES:
        yield "plans are counted wrongly"
    if any(each.approved_by_id is None for each in plans[1:]):
        yield "a plan was moved by one person"
    if incident.paused_at is not None and incident.state not in rules.PAUSABLE:
        yield "paused where no clock runs"
    if (incident.state == "clarification") != bool(incident.returns_to):
        yield "asked from nowhere"
