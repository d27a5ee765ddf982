"""Verdicts kept, corrections kept, and the list of topics a region may edit."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.casework.models import Incident
from otklik.triage import operations as triage
from otklik.triage.models import Correction, Topic, TopicGroup, Verdict
from tests import cast

pytestmark = pytest.mark.django_db
CODE = triage.NOWHERE


def test_a_verdict_is_kept_with_what_it_rests_on() -> None:
    message = cast.message("На улице Мира огромная яма на дороге, когда починят?")
    judged = triage.judge_messages(messages=[message], now=cast.NOW)[0]
    verdict = Verdict.objects.get(message=message)
    assert verdict == judged.verdict
    assert verdict.topic.group.code == "ROADS"
    assert verdict.words
    for text, start, end in verdict.words:
        assert message.text[start:end] == text
    assert (verdict.decided_at, verdict.is_request) == (cast.NOW, True)
    assert verdict.model_version
    assert 0 <= verdict.confidence <= 1


def test_a_retired_topic_is_never_given() -> None:
    message = cast.message("На улице Мира огромная яма на дороге, когда починят?")
    topic = triage.judge_messages(messages=[message], now=cast.NOW)[0].verdict.topic
    Topic.objects.filter(pk=topic.pk).update(is_active=False)
    cache.clear()
    again = triage.judge_messages(messages=[cast.message(message.text)], now=cast.NOW)[0]
    assert again.verdict.topic.code == CODE
    assert topic.code not in {code for code, _share in again.verdict.alternatives}


@pytest.mark.parametrize("table", ["verdict", "correction", "incident"])
def test_a_retired_topic_cannot_be_written(table: str) -> None:
    incident = cast.incident("triage")
    verdict, by = Verdict.objects.get(message=incident.message), cast.dispatcher()
    retired = Topic.objects.exclude(pk=incident.topic_id).first()
    Topic.objects.filter(pk=retired.pk).update(is_active=False)
    correction = Correction(verdict=verdict, by=by, at=cast.NOW, kind="question", topic=retired, agreed=False)
    writes = {
        "verdict": lambda: Verdict.objects.filter(pk=verdict.pk).update(topic=retired),
        "correction": correction.save,
        "incident": lambda: Incident.objects.filter(pk=incident.pk).update(topic=retired),
    }
    with pytest.raises(IntegrityError, match="is not active") as refused, transaction.atomic():
        writes[table]()
    assert refused.value.__cause__.diag.constraint_name == "topic_is_active"


def test_work_on_an_incident_of_a_topic_retired_later_goes_on() -> None:
    incident = cast.incident("triage")
    Topic.objects.filter(pk=incident.topic_id).update(is_active=False)
    incident.house = "12"
    incident.save()
    assert Incident.objects.get(pk=incident.pk).house == "12"


def test_what_the_municipality_decides_goes_from_a_school_to_its_administration() -> None:
    place = cast.municipality()
    administration, school = cast.administration(place), cast.school(place)
    topic = Topic.objects.filter(level="M").first()
    regional = Topic.objects.filter(level="R").first()
    assert topic is not None
    assert regional is not None
    assert triage.suggested_body(topic=topic, page=cast.page(school)) == administration.pk
    assert triage.suggested_body(topic=regional, page=cast.page(school)) == school.pk
    assert triage.suggested_body(topic=topic, page=cast.page(administration)) == administration.pk
    stray = cast.school(cast.municipality())
    assert triage.suggested_body(topic=topic, page=cast.page(stray)) == stray.pk


def test_a_verdict_that_claims_nothing_asks_a_person() -> None:
    message = cast.message()
    judged = triage.leave_to_person(messages=[message], now=cast.NOW)[0]
    verdict = Verdict.objects.get(message=message)
    assert (verdict.topic.code, verdict.confidence, verdict.model_version) == (CODE, 0, "none")
    assert (judged.action, judged.reason, judged.suggested_id) == (
        "ask",
        "judge_failed",
        message.page.organization_id,
    )


@pytest.mark.parametrize(("same", "agreed"), [(True, True), (False, False)])
def test_a_persons_word_is_kept_whether_it_agrees_or_not(same: bool, agreed: bool) -> None:
    message, by = cast.message(), cast.dispatcher()
    verdict = cast.verdict(message)
    topic = verdict.topic if same else cast.topic(CODE)
    kept = triage.keep_correction(
        message=message, part=0, topic=topic, kind=verdict.kind, by=by, now=cast.NOW
    )
    assert kept == Correction.objects.get()
    assert (kept.agreed, kept.by, kept.topic) == (agreed, by, topic)
    assert AuditLine.objects.get(verb="judge").details == {
        "topic": topic.code, "kind": verdict.kind, "agreed": agreed,
    }  # fmt: skip


def test_there_is_nothing_to_correct_where_nobody_judged() -> None:
    word = triage.keep_correction(
        message=cast.message(),
        part=0,
        topic=cast.topic(CODE),
        kind="question",
        by=cast.dispatcher(),
        now=cast.NOW,
    )
    assert word is None
    assert not Correction.objects.exists()


def test_the_shipped_list_is_there_after_every_migration() -> None:
    assert Topic.objects.count() == len(triage.shipped_topics())
    assert CODE in triage.topics_by_code()
    assert triage.load_topics() == 0


def test_loading_again_brings_back_what_is_missing_and_changes_nothing_else() -> None:
    kept = cast.topic(CODE)
    Topic.objects.filter(pk=kept.pk).update(name="Наше название")
    gone = Topic.objects.exclude(pk=kept.pk).first()
    assert gone is not None
    code, groups = gone.code, TopicGroup.objects.count()
    gone.delete()
    assert triage.load_topics() == 1
    assert Topic.objects.filter(code=code).exists()
    assert Topic.objects.get(pk=kept.pk).name == "Наше название"
    assert TopicGroup.objects.count() == groups


def test_a_part_of_a_message_has_one_verdict() -> None:
    message = cast.verdict(cast.message()).message
    with pytest.raises(IntegrityError, match="verdict_part_unique"), transaction.atomic():
        cast.verdict(message)


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_a_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(IntegrityError, match="verdict_confidence_share"), transaction.atomic():
        cast.verdict(cast.message(), confidence=confidence)
