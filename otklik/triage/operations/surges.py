"""Bursts: counted from verdicts every few seconds, announced to the desks, acknowledged and closed by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from otklik.audit import operations as audit
from otklik.common.actor import SYSTEM
from otklik.common.desks import tell_desks
from otklik.people.models import Account
from otklik.triage.enums import SurgeState
from otklik.triage.models import SurgeAlert, Verdict
from otklik.triage.rules import surges as rules

NO_TOPICS = ("GOV.other", "GOV.thanks")
"""Topics that say nothing of what is the matter: no number of them is one trouble."""

# By when it was written, and only then by when it was judged: a page that is connected with a year of comments, or a
# worker that comes back after a night, must not look like a burst.
_COUNTED = """
select verdict.topic_id, verdict.municipality_id, case when grouping(verdict.street_id) = 0 then verdict.street_id end,
       count(distinct verdict.message_id), count(distinct message.author_id),
       min(coalesce(message.sent_at, message.received_at)), max(coalesce(message.sent_at, message.received_at)),
       case when min(verdict.settlement_id) = max(verdict.settlement_id)
            and count(verdict.settlement_id) >= 0.8 * count(*) then min(verdict.settlement_id) end
from triage_verdict verdict
join inbox_sourcemessage message on message.id = verdict.message_id
join triage_topic topic on topic.id = verdict.topic_id
where verdict.decided_at > %(since)s and verdict.is_request and verdict.municipality_id is not null
  and coalesce(message.sent_at, message.received_at) > %(since)s
  and message.deleted_at is null and topic.code <> all(%(nothing)s) and {narrower}
group by grouping sets (
  (verdict.topic_id, verdict.municipality_id), (verdict.topic_id, verdict.municipality_id, verdict.street_id))
having count(distinct verdict.message_id) >= %(least)s
  and (grouping(verdict.street_id) = 1 or verdict.street_id is not null)
"""
_USUAL = """
select place.number, (
  select count(distinct verdict.message_id) from triage_verdict verdict
  where verdict.topic_id = place.topic and verdict.municipality_id = place.municipality and verdict.is_request
    and (place.street is null or verdict.street_id = place.street)
    and verdict.decided_at > %(since)s - make_interval(days => ago.days)
    and verdict.decided_at <= %(now)s - make_interval(days => ago.days))
from unnest(%(topics)s::bigint[], %(municipalities)s::bigint[], %(streets)s::bigint[])
     with ordinality place(topic, municipality, street, number)
cross join unnest(%(days)s::int[]) ago(days)
"""


class SurgeIsOver(Exception):
    """Всплеск уже завершён. Обновите страницу."""


class Where(NamedTuple):
    """What a burst is about: a topic in a municipality, or on one street of it."""

    topic: int
    municipality: int
    street: int | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of it in the last WINDOW."""

    count: int
    authors: int
    first_at: datetime
    last_at: datetime
    settlement: int | None


Tallies = Mapping[Where, Tally]


@transaction.atomic
def watch(*, now: datetime, least: int = rules.LEAST, times: float = rules.TIMES) -> list[SurgeAlert]:
    """Announce bursts that began, follow those that go on, end those that are over; returns the new ones.

    Run by the timetable often enough that the fifth message is announced within a minute.
    """
    live = {
        Where(each.topic_id, each.municipality_id, each.street_id): each
        for each in SurgeAlert.objects.live().select_for_update(of=("self",)).order_by("pk")
    }
    tallies = _tallies(now, least)
    changed = [each for where, each in live.items() if _followed(each, tallies.get(where), now)]
    made = _begun(_fresh(tallies, live, now, least), now, least, times)
    if changed or made:
        tell_desks({"surges": True})
    return made


def _tallies(now: datetime, least: int) -> dict[Where, Tally]:
    return _asked(_COUNTED.format(narrower="true"), {"least": least, "since": now - rules.WINDOW})


def _asked(query: str, asked: dict[str, Any]) -> dict[Where, Tally]:
    with connection.cursor() as cursor:
        cursor.execute(query, {**asked, "nothing": list(NO_TOPICS)})
        return {Where(*row[:3]): Tally(*row[3:]) for row in cursor.fetchall()}


def _followed(alert: SurgeAlert, tally: Tally | None, now: datetime) -> bool:
    """Bring a live alert up to date; whether the desks must know."""
    if tally is not None and tally.last_at > alert.last_at:
        alert.count, alert.authors, alert.last_at = tally.count, tally.authors, tally.last_at
        alert.save(update_fields=["count", "authors", "last_at"])
        return True
    if rules.is_over(alert.last_at, now):
        alert.state, alert.closed_at = SurgeState.CLOSED, now
        alert.save(update_fields=["state", "closed_at"])
        audit.record(by=SYSTEM, verb="close_surge", subject=alert, now=now, reason="quiet", count=alert.count)
        return True
    return False


def _fresh(
    tallies: Tallies, live: Mapping[Where, SurgeAlert], now: datetime, least: int
) -> dict[Where, Tally]:
    """What is not announced yet. What a person closed counts anew from then on."""
    closed: dict[Where, datetime] = {}
    for row in SurgeAlert.objects.filter(state=SurgeState.CLOSED, closed_at__gt=now - rules.WINDOW):
        where = Where(row.topic_id, row.municipality_id, row.street_id)
        closed[where] = max(row.closed_at or now, closed.get(where, now - rules.WINDOW))
    found: dict[Where, Tally] = {}
    for where, tally in tallies.items():
        if where in live:
            continue
        if where not in closed:
            found[where] = tally
        elif again := _since(where, closed[where], least):
            found[where] = again
    return found


def _since(where: Where, since: datetime, least: int) -> Tally | None:
    narrower = "verdict.topic_id = %(topic)s and verdict.municipality_id = %(municipality)s"
    query = _COUNTED.format(narrower=narrower)
    asked = {"least": least, "since": since, "topic": where.topic, "municipality": where.municipality}
    return _asked(query, asked).get(where)


def _begun(tallies: Tallies, now: datetime, least: int, times: float) -> list[SurgeAlert]:
    # The wider first: a street is announced only where its municipality as a whole is quiet.
    places = sorted(tallies, key=lambda where: (where.street is not None, where))
    norms = _norms(places, now)
    loud = set(SurgeAlert.objects.live().filter(street=None).values_list("topic_id", "municipality_id"))
    made = []
    for where in places:
        tally = tallies[where]
        burst = rules.burst(tally.count, norms[where], least=least, times=times)
        if burst is None or (where.street is not None and where[:2] in loud):
            continue
        if where.street is None:
            loud.add(where[:2])
        made.append(_announced(where, tally, burst, now))
    return made


def _announced(where: Where, tally: Tally, burst: rules.Burst, now: datetime) -> SurgeAlert:
    alert = SurgeAlert.objects.create(
        topic_id=where.topic,
        municipality_id=where.municipality,
        street_id=where.street,
        settlement_id=tally.settlement,
        started_at=tally.first_at,
        last_at=tally.last_at,
        count=tally.count,
        authors=tally.authors,
        norm=burst.norm,
        threshold=burst.threshold,
        reason=burst.reason,
        found_at=now,
    )
    audit.record(
        by=SYSTEM, verb="announce_surge", subject=alert, now=now, reason=burst.reason, count=tally.count
    )
    return alert


def _norms(places: Sequence[Where], now: datetime) -> dict[Where, float | None]:
    """The usual number of each place in these hours; two statements for all of them."""
    days = rules.compared_days(_known_for(now)) if places else ()
    counts: dict[int, list[int]] = {number: [] for number in range(1, len(places) + 1)}
    if days:
        asked: dict[str, Any] = {
            "topics": [where.topic for where in places],
            "municipalities": [where.municipality for where in places],
            "streets": [where.street for where in places],
            "days": list(days),
            "now": now,
            "since": now - rules.WINDOW,
        }
        with connection.cursor() as cursor:
            cursor.execute(_USUAL, asked)
            for number, count in cursor.fetchall():
                counts[number].append(count)
    return {where: rules.norm_of(counts[number]) for number, where in enumerate(places, 1)}


def _known_for(now: datetime) -> timedelta:
    first = Verdict.objects.order_by("pk").values_list("decided_at", flat=True).first()
    return now - first if first else timedelta(0)


@transaction.atomic
def acknowledge(*, alert: SurgeAlert, by: Account, now: datetime) -> SurgeAlert:
    """A person has seen the burst and deals with it: it leaves the notice of every desk. Raises SurgeIsOver."""
    alert = _locked(alert)
    if alert.state == SurgeState.ACKNOWLEDGED:
        return alert
    alert.state, alert.acknowledged_by, alert.acknowledged_at = SurgeState.ACKNOWLEDGED, by, now
    alert.save(update_fields=["state", "acknowledged_by", "acknowledged_at"])
    audit.record(by=by.actor, verb="acknowledge_surge", subject=alert, now=now)
    tell_desks({"surges": True})
    return alert


@transaction.atomic
def close(*, alert: SurgeAlert, by: Account, now: datetime) -> SurgeAlert:
    """The burst is over, or was none; only what comes from now on can make another one. Raises SurgeIsOver."""
    alert = _locked(alert)
    alert.state, alert.closed_at, alert.closed_by = SurgeState.CLOSED, now, by
    alert.save(update_fields=["state", "closed_at", "closed_by"])
    audit.record(by=by.actor, verb="close_surge", subject=alert, now=now, count=alert.count)
    tell_desks({"surges": True})
    return alert


def _locked(alert: SurgeAlert) -> SurgeAlert:
    fresh = SurgeAlert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if fresh.state == SurgeState.CLOSED:
        raise SurgeIsOver
    return fresh
