"""The erasing of what was kept for long enough: batch by batch, a transaction each, so that a stop loses nothing."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, F, Min, QuerySet

from otklik.audit import operations as audit
from otklik.casework.enums import RetentionKind
from otklik.casework.models import (
    Answer,
    AnswerPhoto,
    BroughtIncident,
    ExternalOpening,
    ExternalPhoto,
    ExternalReply,
    PersonalRead,
    RetentionRule,
    RetentionRun,
)
from otklik.casework.operations import erasing
from otklik.casework.operations.fake_links import forget_links
from otklik.casework.operations.retention_due import due, moment_of
from otklik.casework.rules import retention as rules
from otklik.channels.operations import AnswerOnItsWay
from otklik.common import jobs
from otklik.common.actor import SYSTEM
from otklik.common.erased import mark
from otklik.common.wakeup import wake_up
from otklik.inbox import operations as inbox
from otklik.inbox.models import Attachment, Author, SourceMessage
from otklik.registry import operations as registry

AT_ONCE = 200
STRETCH = 5000
MOST_COUNTED = 100_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would take today: how many rows (`more`: at least so many) and the moment of the oldest."""

    rows: int
    oldest: datetime | None
    more: bool


def preview(*, kind: str, days: int, now: datetime) -> Preview:
    """Count what would go, and touch nothing. It stops counting at a hundred thousand."""
    found = due(kind=kind, days=days, now=now).order_by("pk").annotate(moment=F(moment_of(kind)))
    seen = found.values("pk", "moment")[: MOST_COUNTED + 1].aggregate(rows=Count("pk"), oldest=Min("moment"))
    return Preview(min(seen["rows"], MOST_COUNTED), seen["oldest"], seen["rows"] > MOST_COUNTED)


def carry_out(*, clock: Callable[[], datetime], stop: Callable[[], bool]) -> int:
    """Go through all kinds, bytes before words, until nothing is due or somebody wants a stop; returns how many rows.

    What one kind fails at does not keep the others; it is met again the next time.
    """
    taken = 0
    for kind in RetentionKind.values:
        try:
            while not stop() and (number := take_batch(kind=kind, now=clock())):
                taken += number
        except (erasing.StillInWork, AnswerOnItsWay, DatabaseError) as error:
            # Something has changed under the batch, a hold was placed perhaps. No words of rows in the log.
            _log.warning("retention of %s stopped: %s", kind, type(error).__name__)
    return taken


@transaction.atomic
def take_batch(*, kind: str, now: datetime) -> int:
    """Erase the next rows of one kind; returns how many, 0 when nothing is left or the rule does not hold.

    Whoever works on the same kind waits for the lock of its rule and goes on after it. Raises as `erase_written`.
    """
    rule = RetentionRule.objects.select_for_update(of=("self",)).filter(kind=kind).first()
    if rule is None:
        return 0
    run = RetentionRun.objects.filter(rule=rule, ended_at=None).first()
    if run and (not rule.is_active or run.rule_version != rule.version):
        _end(run, rule, now)
        run = None
    if not rule.is_active:
        return 0
    ids = _next(due(kind=kind, days=rule.days, now=now), run.passed_id if run else 0)
    if not ids:
        _end(run, rule, now)
        RetentionRule.objects.filter(pk=rule.pk).update(looked_at=now)
        return 0
    run = run or RetentionRun(rule=rule, rule_version=rule.version, days=rule.days, started_at=now)
    left = mark(registry.local_date(now), f"срок хранения, {rule.days} дн.")
    with audit.erasing():
        counts = _ERASE[RetentionKind(kind)](ids, left, now)
    run.counts = dict(Counter(run.counts) + Counter(counts))
    run.passed_id = ids[-1]
    run.save()
    return len(ids)


def _next(rows: QuerySet[Any], passed: int) -> list[int]:
    """Lock the next rows that are due after this one; looked for in stretches, so that a table of millions is never
    joined whole for a batch.
    """
    keys = rows.model._default_manager.order_by("pk").values_list("pk", flat=True)
    while True:
        last = keys.filter(pk__gt=passed)[STRETCH - 1 : STRETCH].first()
        stretch = rows.filter(pk__gt=passed) if last is None else rows.filter(pk__gt=passed, pk__lte=last)
        locked = stretch.order_by("pk").select_for_update(skip_locked=True, of=("self",))
        ids = list(locked.values_list("pk", flat=True)[:AT_ONCE])
        if ids or last is None:
            return ids
        passed = last


def _end(run: RetentionRun | None, rule: RetentionRule, now: datetime) -> None:
    """One line of the journal a run, with its counts; what the desks keep of the words is looked through."""
    if run is None:
        return
    run.ended_at = max(now, run.started_at)
    run.save()
    audit.record(
        by=SYSTEM,
        verb="carry_out_retention",
        subject=run,
        now=now,
        kind=rule.kind,
        days=run.days,
        **run.counts,
    )
    if rule.kind in rules.WORDS:
        wake_up(jobs.SEARCHES)


def _messages(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    """Messages with all that came of them, what pages replied to them, and authors of whom nothing is left."""
    found = SourceMessage.objects.filter(pk__in=ids)
    authors = dict(Author.objects.filter(messages__in=found).values_list("pk", "url"))
    replies = erasing.replies_to(theirs=found, in_threads=True)
    counts = erasing.erase_written(messages=[*ids, *replies], left=left, by=SYSTEM, now=now)
    counts["authors"] = inbox.forget_authors(authors=authors, by=SYSTEM, now=now)
    gone = Author.objects.filter(pk__in=authors).exclude(erased_at=None).values_list("pk", flat=True)
    forget_links(messages=[], addresses=[authors[pk] for pk in gone])
    return counts


def _events(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    return {"events": inbox.forget_events(events=ids)}


def _refused(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    return {"requests": inbox.forget_refused(requests=ids)}


def _files(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    return {"files": inbox.forget_files(files=Attachment.objects.filter(pk__in=ids))}


def _photos(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    found = AnswerPhoto.objects.filter(pk__in=ids)
    # All photos of an answer, so that those that stay are still numbered from one.
    answers = list(found.values_list("answer", flat=True).distinct())
    gone, _tables = AnswerPhoto.objects.filter(answer__in=answers).delete()
    Answer.objects.filter(pk__in=answers).update(photos=0)
    return {"photos": gone}


def _outside(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    photos, _tables = ExternalPhoto.objects.filter(reply__link__in=ids).delete()
    replied = ExternalReply.objects.filter(link__in=ids).exclude(address="").update(address="")
    opened = ExternalOpening.objects.filter(link__in=ids).exclude(address="").update(address="")
    return {"photos": photos, "addresses": replied + opened}


def _brought(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    rows = list(BroughtIncident.objects.filter(pk__in=ids).order_by("pk"))
    return {"brought": erasing.erase_brought(rows=rows, left=left)}


def _reads(ids: Sequence[int], left: str, now: datetime) -> dict[str, int]:
    return {"reads": PersonalRead.objects.filter(pk__in=ids).update(words=left)}


_ERASE: Mapping[RetentionKind, Callable[[Sequence[int], str, datetime], dict[str, int]]] = {
    RetentionKind.EVENTS: _events,
    RetentionKind.REFUSED: _refused,
    RetentionKind.FILES: _files,
    RetentionKind.PHOTOS: _photos,
    RetentionKind.OUTSIDE: _outside,
    RetentionKind.DIALOGS: _messages,
    RetentionKind.COMMENTS: _messages,
    RetentionKind.TALK: _messages,
    RetentionKind.BROUGHT: _brought,
    RetentionKind.READS: _reads,
}
