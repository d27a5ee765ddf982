"""The way of one answer to many threads: so many replies at a time that nobody else waits. Rows only; a job looks."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q

from otklik.audit import operations as audit
from otklik.casework.enums import AnswerStatus, DeliveryNote, RoundState
from otklik.casework.models import Answer, MassMember, MassRound
from otklik.casework.operations.answering import send
from otklik.casework.operations.basis import locked, set_status, touch
from otklik.casework.operations.mass_basis import locked_problem
from otklik.casework.operations.mass_readers import reader_of, readers
from otklik.casework.rules import mass_text
from otklik.channels import operations as channels
from otklik.channels.enums import DeliveryState
from otklik.common.actor import Actor
from otklik.common.desks import tell_desks

_MINUTE, _SHORT = timedelta(minutes=1), timedelta(seconds=6)
# So many replies lie in the outbox at once: an ordinary answer that is queued now leaves before the next of them.
QUEUED_OF_A_PAGE, QUEUED = 2, 32
_QUEUED = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.CHECKING)

# A member is told once a round and once a thread: of several questions of one author there, under the first.
# In one pass over the members: a question asked again for every member takes minutes when the planner knows too little.
_MEMBERS = """
from (
  select member.id as number, member.incident_id, round.id as round_id, incident.page_id,
         message.thread_id is null or message.author_id is null or row_number() over (
           partition by round.id, message.thread_id, message.author_id order by member.id) = 1 as is_first
  from casework_massround round
  join casework_massmember member on member.problem_id = round.problem_id and member.state = 'in'
  join casework_incident incident on incident.id = member.incident_id
  join inbox_sourcemessage message on message.id = incident.message_id
  where {which}
) member
where member.is_first and not exists (select from casework_answer said where said.incident_id = member.incident_id
  and (said.round_id = member.round_id or said.status in ('approval', 'publishing', 'uncertain')))
"""
_RUNNING = "round.state = 'running' and (round.promised_for is null or round.promised_for > %(now)s)"
# Page by page in turns, so that a page of thousands does not go before a page of one.
_IN_TURN = """
select number, round_id, page_id from (
  select member.number, member.round_id, member.page_id,
         row_number() over (partition by member.page_id order by member.round_id, member.number) as turn
  {waiting}
) waiting where turn <= %(most)s order by turn, number
"""
_NEXT = _IN_TURN.format(waiting=_MEMBERS.format(which=_RUNNING))
_HOW_MANY = "select count(*) " + _MEMBERS.format(which="round.id = %(round)s")
_ANY = "select exists (select " + _MEMBERS.format(which=_RUNNING) + ")"


@transaction.atomic
def feed(*, now: datetime) -> int:
    """Queue the next replies of all answers that are on their way, as many as the limits let; returns how many.

    One runner at a time: the limits are counted from rows, and two would count the same. Safe to repeat and to kill.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext('casework.fan_out'))")
        if not cursor.fetchone()[0]:
            return 0
    pace = _Pace.at(now)
    if pace.left <= 0:
        return 0
    by_round: dict[int, list[int]] = {}
    for member, round_id, page in _next(now):
        if pace.take(page):
            by_round.setdefault(round_id, []).append(member)
    return sum(_tell(round_id, members, now) for round_id, members in sorted(by_round.items()))


def waits(*, now: datetime) -> bool:
    """Whether somebody is still to be told."""
    with connection.cursor() as cursor:
        cursor.execute(_ANY, {"now": now})
        return bool(cursor.fetchone()[0])


def _next(now: datetime) -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"now": now, "most": QUEUED_OF_A_PAGE})
        return list(cursor.fetchall())


@dataclass
class _Pace:
    """How many more replies may be queued now: of each page, and together."""

    left: int
    of_page: Counter[int]
    page_share: int

    @classmethod
    def at(cls, now: datetime) -> "_Pace":
        """Counted from the replies of the last minute, and of its tenth, so that a minute is not spent at once."""
        recent = Answer.objects.filter(round__isnull=False, created_at__gt=now - _MINUTE)
        per_page = {
            row["incident__page"]: (row["minute"], row["short"])
            for row in recent.values("incident__page").annotate(
                minute=Count("pk"), short=Count("pk", filter=Q(created_at__gt=now - _SHORT))
            )
        }
        queued = Counter(_queued())
        share, most = settings.MASS_PAGE_A_MINUTE, settings.MASS_A_MINUTE
        minute, short = (sum(each[n] for each in per_page.values()) for n in (0, 1))
        left = min(most - minute, math.ceil(most / 10) - short, QUEUED - queued.total())
        used = Counter[int]()
        for page in per_page.keys() | queued.keys():
            minute, short = per_page.get(page, (0, 0))
            spent = max(minute - share + QUEUED_OF_A_PAGE, short - math.ceil(share / 10) + QUEUED_OF_A_PAGE)
            used[page] = max(spent, queued[page], 0)
        return cls(left, used, QUEUED_OF_A_PAGE)

    def take(self, page: int) -> bool:
        """One more of this page, if it may be."""
        if self.left <= 0 or self.of_page[page] >= self.page_share:
            return False
        self.left -= 1
        self.of_page[page] += 1
        return True


def _queued() -> Iterable[int]:
    """The page of every mass reply that lies in the outbox."""
    return Answer.objects.filter(
        round__isnull=False, status=AnswerStatus.PUBLISHING, delivery__state__in=_QUEUED
    ).values_list("incident__page", flat=True)


def _tell(round_id: int, members: list[int], now: datetime) -> int:
    found = MassRound.objects.select_related("problem").get(pk=round_id)
    problem = locked_problem(found.problem)
    # What was paused, or went out of the problem, between the look and the lock is left alone.
    current = MassRound.objects.select_for_update(of=("self",)).filter(pk=round_id, state=RoundState.RUNNING)
    if (said := current.first()) is None:
        return 0
    rows = list(readers(MassMember.objects.filter(pk__in=members, state="in")).order_by("pk"))
    approved = said.started_by_id if said.started_by_id != said.author_id else None
    for member in rows:
        incident = member.incident
        text = mass_text.rendered(said.text, reader_of(problem, incident, said.promised_for, now=now))
        answer = Answer(
            incident=incident, round=said, kind=said.kind, text=text, resolution=said.resolution,
            cycle=incident.cycle, promised_for=said.promised_for, author_id=said.author_id,
            approved_by_id=approved, status=AnswerStatus.PUBLISHING, created_at=now, updated_at=now,
        )  # fmt: skip
        send(answer, incident, now)
    if rows:
        tell_desks({"mass": True})
    return len(rows)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer has come, in people."""

    waiting: int = 0
    queued: int = 0
    told: int = 0
    refused: int = 0
    by_hand: int = 0
    uncertain: int = 0

    @property
    def total(self) -> int:
        """Everybody the answer is for."""
        return self.waiting + self.queued + self.told + self.refused + self.by_hand + self.uncertain

    @property
    def is_over(self) -> bool:
        """Nothing goes on by itself: everybody is told or waits for a person."""
        return not (self.waiting or self.queued)


def progress_of(said: MassRound) -> Progress:
    """The state of every reply of the round, of members who are still in."""
    counted: Counter[str] = Counter()
    rows = Answer.objects.filter(round=said).values("status", "delivery__state").annotate(n=Count("pk"))
    for row in rows:
        counted[_END.get(row["status"], "queued")] += row["n"]
        if row["status"] == AnswerStatus.PUBLISHING and row["delivery__state"] == DeliveryState.MANUAL:
            counted["queued"] -= row["n"]
            counted["by_hand"] += row["n"]
    with connection.cursor() as cursor:
        cursor.execute(_HOW_MANY, {"round": said.pk})
        counted["waiting"] = cursor.fetchone()[0]
    return Progress(**counted)


_END = {
    AnswerStatus.PUBLISHED.value: "told",
    AnswerStatus.UNDELIVERABLE.value: "refused",
    AnswerStatus.UNCERTAIN.value: "uncertain",
}


@transaction.atomic
def retry_refused(*, said: MassRound, by: Actor, now: datetime, only: int | None = None) -> int:
    """Send again what the network refused, `only` that of one incident if named; at the pace of a page.

    Returns how many were queued; what was taken out of the problem is left alone.
    """
    refused = Answer.objects.filter(
        round=said,
        status=AnswerStatus.UNDELIVERABLE,
        delivery__state=DeliveryState.REFUSED,
        incident__mass_members__problem=said.problem_id,
        incident__mass_members__state="in",
    ).select_related("delivery", "incident")
    if only is not None:
        refused = refused.filter(incident=only)
    rows = list(refused.order_by("pk"))
    for number, answer in enumerate(rows):
        incident = locked(answer.incident)
        assert answer.delivery is not None  # noqa: S101 — the filter asks for it
        pause = timedelta(seconds=number * 60 / settings.MASS_PAGE_A_MINUTE)
        channels.retry(delivery=answer.delivery, by=by, now=now, hold=pause)
        set_status(answer, AnswerStatus.PUBLISHING, now)
        touch(incident, verb="delivery_again", by=by, now=now, delivery_note=DeliveryNote.NONE)
    if rows:
        audit.record(by=by, verb="mass_retry", subject=said.problem, now=now, members=len(rows))
        tell_desks({"mass": True})
    return len(rows)
