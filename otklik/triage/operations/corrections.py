"""What people say of verdicts: the examples that models learn from."""

from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.triage.models import Correction, Topic, Verdict
from otklik.triage.operations.examples import learn_example


class TopicIsRetired(Exception):
    """Эту тему сняли: выберите другую."""


@transaction.atomic
def keep_correction(
    *, message: SourceMessage, part: int, topic: Topic, kind: str, by: Account, now: datetime
) -> Correction | None:
    """Keep a person's word on the verdict, as an example too; None when the message was never judged.

    Raises TopicIsRetired: a list that was drawn a minute ago may still offer it, and an old incident may have it.
    """
    if not Topic.objects.active().filter(pk=topic.pk).exists():
        raise TopicIsRetired
    verdict = Verdict.objects.filter(message=message, part=part).select_related("message").first()
    if verdict is None:
        return None
    agreed = verdict.topic_id == topic.pk and verdict.kind == kind
    correction = Correction.objects.create(
        verdict=verdict, by=by, at=now, kind=kind, topic=topic, agreed=agreed
    )
    learn_example(verdict=verdict, topic=topic, now=now)
    audit.record(
        by=by.actor, verb="judge", subject=correction, now=now, topic=topic.code, kind=kind, agreed=agreed
    )
    return correction
