"""Judging messages: from text to stored verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from otklik.inbox.models import SourceMessage
from otklik.registry.enums import OrgLevel
from otklik.registry.models import OfficialPage, Organization
from otklik.triage import rules
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Topic, Verdict
from otklik.triage.nlp import judge, load_lexicon
from otklik.triage.operations.topics import topics_by_code

NOWHERE = "GOV.other"
BODIES_CACHE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """A stored verdict with what the rules decided to do about it, and the body it points at."""

    verdict: Verdict
    action: str
    reason: str
    suggested_id: int | None
    municipality_id: int | None


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
