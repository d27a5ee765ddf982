"""Which messages look like one: keys by which they meet, and pairs that were shown to people."""

from django.db import models

from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.triage.enums import DuplicateState


class LikenessKey(models.Model):
    """One key of a message; messages with a key in common are candidates.

    A narrow table, read through its primary key newest first: with an array and GIN the whole bucket of a popular key
    is read, eight milliseconds a message at 100 000 messages against a tenth of one here.
    """

    pk = models.CompositePrimaryKey("key", "message")
    key = models.BigIntegerField()
    # Without a constraint and an index of its own: ten rows a message would each lock and write once more, and a key
    # whose message is gone joins to nothing.
    message = models.ForeignKey(
        SourceMessage, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.key}: {self.message_id}"


class DuplicateHint(models.Model):
    """Two questions of two messages that may be one matter, with the reasons. Only a person joins their incidents."""

    earlier = models.ForeignKey(SourceMessage, models.CASCADE, related_name="+", db_index=False)
    earlier_part = models.PositiveSmallIntegerField(default=0)
    later = models.ForeignKey(SourceMessage, models.CASCADE, related_name="+")
    later_part = models.PositiveSmallIntegerField(default=0)
    score = models.FloatField()
    reasons = models.JSONField(default=list)  # [["near_text", 0.92], ["other_page"], ["minutes", 14], …]
    state = models.CharField(max_length=9, choices=DuplicateState.choices, default=DuplicateState.SUGGESTED)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later", "earlier_part", "later_part"], name="duplicate_hint_unique"
            ),
            # One order of a pair, so that it is one row whichever of the two was judged first.
            models.CheckConstraint(
                condition=models.Q(earlier__lt=models.F("later")), name="duplicate_hint_order"
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=1), name="duplicate_hint_score_share"
            ),
            models.CheckConstraint(
                condition=models.Q(state="suggested", decided_at=None)
                | (~models.Q(state="suggested") & models.Q(decided_at__isnull=False)),
                name="duplicate_hint_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} ~ {self.later_id}: {self.score:.2f}"
