"""Verdicts about questions that a person has cut out of a message, or joined again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from otklik.inbox.models import SourceMessage
from otklik.triage.models import Correction, Verdict
from otklik.triage.nlp import Question
from otklik.triage.operations.judging import Judged, judge_text

# What names the row, and what no judging may change.
_KEPT = frozenset({"id", "message", "part"})


@transaction.atomic
def judge_part(
    *, message: SourceMessage, part: int, spans: Sequence[Sequence[int]], now: datetime
) -> Judged | None:
    """Judge one question by its pieces alone and keep the verdict under its part.

    A verdict on which a person has had a word stays as it is and learns only its pieces: None. Without spans the
    question is the whole message. Offsets of words count from the beginning of the message, as everywhere.
    """
    known = Verdict.objects.select_for_update(of=("self",)).filter(message=message, part=part).first()
    if known is not None and Correction.objects.filter(verdict=known).exists():
        known.spans = list(spans)
        known.save(update_fields=["spans"])
        return None
    judged = judge_text(
        message=message,
        text=Question(tuple(sorted((start, end) for start, end in spans))).alone(message.text),
        now=now,
    )
    fresh = judged.verdict
    fresh.part, fresh.spans = part, list(spans)
    if known is None:
        fresh.save()
        return judged
    for field in Verdict._meta.concrete_fields:
        if field.name not in _KEPT:
            setattr(known, field.attname, getattr(fresh, field.attname))
    known.save()
    return Judged(known, judged.action, judged.reason, judged.suggested_id, judged.municipality_id)
