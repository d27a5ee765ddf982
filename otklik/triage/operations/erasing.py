"""What triage knows of erased messages: the topic, the municipality and the times stay, the words and the house go."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.triage.models import DuplicateHint, Example, LikenessKey, Verdict


@transaction.atomic
def erase_verdicts(*, messages: Sequence[int], by: Actor, now: datetime) -> dict[str, int]:
    """Take the words and the place below the municipality out of the verdicts, and drop what was learnt of them."""
    found = Verdict.objects.filter(message__in=messages)
    verdicts = list(found.values_list("pk", flat=True))
    found.update(
        spans=[], words=[], personal=[], place_options=[], place_words=[], because=[],
        settlement=None, street=None, street_name="", house="", object_name="",
    )  # fmt: skip
    examples, _tables = Example.objects.filter(message__in=messages).delete()
    LikenessKey.objects.filter(message__in=messages).delete()
    DuplicateHint.objects.filter(Q(earlier__in=messages) | Q(later__in=messages)).delete()
    audit.record_many(
        by=by, verb="erase_verdict", now=now, entries=[audit.Entry(Verdict(pk=pk)) for pk in verdicts]
    )  # fmt: skip
    return {"verdicts": len(verdicts), "examples": examples}
