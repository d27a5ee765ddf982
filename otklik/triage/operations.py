"""Judging messages, keeping what people say of the verdicts, and the list of topics."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.registry.enums import OrgLevel
from otklik.registry.models import OfficialPage, Organization
from otklik.triage import rules
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Correction, Topic, TopicGroup, Verdict
from otklik.triage.nlp import judge, load_lexicon

NOWHERE = "GOV.other"
TOPICS_CACHE_SECONDS = 60
BODIES_CACHE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """A stored verdict with what the rules decided to do about it, and the body it points at."""

    verdict: Verdict
    action: str
    reason: str
    suggested_id: int | None
    municipality_id: int | None


def topics_by_code() -> dict[str, Topic]:
    """Active topics by code, read at most once a minute by a process."""
    found: dict[str, Topic] | None = cache.get("topics_by_code")
    if found is None:
        found = {topic.code: topic for topic in Topic.objects.active().select_related("group")}
        cache.set("topics_by_code", found, TOPICS_CACHE_SECONDS)
    return found


@transaction.atomic
def judge_messages(*, messages: Sequence[SourceMessage], now: datetime) -> list[Judged]:
    """Judge messages and keep the verdicts. Messages come locked, with page and organisation at hand."""
    topics, administrations = topics_by_code(), _administrations()
    judged = [_judge_one(message, topics, administrations, now) for message in messages]
    Verdict.objects.bulk_create(each.verdict for each in judged)
    return judged


def _judge_one(
    message: SourceMessage, topics: dict[str, Topic], administrations: dict[int, int], now: datetime
) -> Judged:
    judgement = judge(message.text, lexicon=load_lexicon())
    # A topic the region has retired is no topic: the honest place is «Прочее», and a person decides.
    topic = topics.get(judgement.topic) or topics[NOWHERE]
    decision = rules.decide(judgement, threshold=rules.THRESHOLD)
    verdict = Verdict(
        message=message,
        kind=judgement.kind,
        topic=topic,
        confidence=judgement.confidence,
        alternatives=[[code, share] for code, share in judgement.alternatives if code in topics],
        words=[[word.text, word.start, word.end] for word in judgement.words],
        priority=judgement.urgency,
        is_request=judgement.is_request,
        reason=judgement.reason,
        model_version=judgement.model_version,
        decided_at=now,
    )
    page_body = message.page.organization
    return Judged(
        verdict,
        decision.action,
        decision.reason,
        _suggest(topic, page_body, administrations),
        page_body.municipality_id,
    )


@transaction.atomic
def leave_to_person(*, messages: Sequence[SourceMessage], now: datetime) -> list[Judged]:
    """A verdict that claims nothing, for messages that broke the judge: a person decides."""
    topic, administrations = topics_by_code()[NOWHERE], _administrations()
    judged = [
        Judged(
            verdict=Verdict(
                message=message,
                kind=IncidentKind.OTHER,
                topic=topic,
                confidence=0,
                priority=Priority.NORMAL,
                reason="judge_failed",
                model_version="none",
                decided_at=now,
            ),
            action=rules.Action.ASK,
            reason="judge_failed",
            suggested_id=_suggest(topic, message.page.organization, administrations),
            municipality_id=message.page.organization.municipality_id,
        )
        for message in messages
    ]
    Verdict.objects.bulk_create(each.verdict for each in judged)
    return judged


def _suggest(topic: Topic, page_body: Organization, administrations: dict[int, int]) -> int:
    """The body a question of this topic belongs to, as far as the page alone can tell.

    What a municipality decides, asked on the page of its school or clinic, goes to the administration;
    everything else to the body whose page it is.
    """
    municipality = page_body.municipality_id
    if topic.level == "M" and page_body.level == OrgLevel.INSTITUTION and municipality in administrations:
        return administrations[municipality]
    return page_body.pk


def _administrations() -> dict[int, int]:
    found: dict[int, int] | None = cache.get("administrations")
    if found is None:
        rows = Organization.objects.filter(level=OrgLevel.MUNICIPAL, type="administration", is_active=True)
        found = {row.municipality_id: row.pk for row in rows if row.municipality_id is not None}
        cache.set("administrations", found, BODIES_CACHE_SECONDS)
    return found


def suggested_body(*, topic: Topic, page: OfficialPage) -> int:
    """The body that a question of `topic` asked on `page` belongs to."""
    return _suggest(topic, page.organization, _administrations())


@transaction.atomic
def keep_correction(
    *, message: SourceMessage, part: int, topic: Topic, kind: str, by: Account, now: datetime
) -> Correction | None:
    """Keep a person's word on the verdict; None when the message was never judged."""
    verdict = Verdict.objects.filter(message=message, part=part).first()
    if verdict is None:
        return None
    agreed = verdict.topic_id == topic.pk and verdict.kind == kind
    correction = Correction.objects.create(
        verdict=verdict, by=by, at=now, kind=kind, topic=topic, agreed=agreed
    )
    audit.record(
        by=by.actor, verb="judge", subject=correction, now=now, topic=topic.code, kind=kind, agreed=agreed
    )
    return correction


@lru_cache(maxsize=1)
def shipped_topics() -> tuple[dict[str, str], ...]:
    """The rows of the list that comes with the product."""
    path = Path(__file__).parent / "data" / "topics.tsv"
    with path.open(encoding="utf-8") as lines:
        return tuple(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


@transaction.atomic
def load_topics() -> int:
    """Add topics of the shipped list that the region does not have yet; never changes what a region edited."""
    known = set(Topic.objects.values_list("code", flat=True))
    groups = {group.code: group for group in TopicGroup.objects.all()}
    fresh = []
    for position, row in enumerate(shipped_topics()):
        if row["group"] not in groups:
            groups[row["group"]] = TopicGroup.objects.create(
                code=row["group"], name=row["group_name"], position=len(groups)
            )
        code = f"{row['group']}.{row['topic']}"
        if code not in known:
            fresh.append(_topic(row, code, groups[row["group"]], position))
    Topic.objects.bulk_create(fresh)
    cache.delete("topics_by_code")
    return len(fresh)


def _topic(row: dict[str, str], code: str, group: TopicGroup, position: int) -> Topic:
    return Topic(
        group=group,
        code=code,
        name=row["name"],
        priority={"N": "normal", "H": "high", "C": "critical"}[row["priority"]],
        target_days=int(row["days"]),
        level=row["executor"],
        position=position,
    )
