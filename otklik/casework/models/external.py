"""What a body asks somebody outside by a link: a utility, a management company; and what they answered."""

from django.db import models

from otklik.casework.models.incidents import Incident
from otklik.people.models import Account

MOST_PHOTOS = 5


class ExternalLink(models.Model):
    """A link to one question of one incident. The address is made of the row and the key of the installation."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="external_links")
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    addressee = models.CharField(max_length=200)
    # What is asked, as the body wrote it: the only words of the incident that leave.
    question = models.TextField()
    answer_by = models.DateTimeField()
    # Random: two links are never alike, and a copy of the table alone opens none.
    nonce = models.CharField(max_length=32)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer_by__gt=models.F("made_at")), name="external_link_ends_later"
            ),
            models.CheckConstraint(
                condition=~models.Q(question="") & ~models.Q(addressee=""), name="external_link_asks"
            ),
        ]

    def __str__(self) -> str:
        return self.addressee


class ExternalOpening(models.Model):
    """Somebody opened the link: when, and from which address."""

    link = models.ForeignKey(ExternalLink, models.PROTECT, related_name="openings")
    at = models.DateTimeField()
    address = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.address}"


class ExternalReply(models.Model):
    """What was answered by the link: words for a draft, never published by themselves."""

    link = models.ForeignKey(ExternalLink, models.PROTECT, related_name="replies")
    text = models.TextField()
    at = models.DateTimeField()
    address = models.CharField(max_length=60)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="external_reply_says")]

    def __str__(self) -> str:
        return self.text[:60]


class ExternalPhoto(models.Model):
    """A photo of a reply, made anew as JPEG without place, time or camera."""

    reply = models.ForeignKey(ExternalReply, models.PROTECT, related_name="photos")
    number = models.PositiveSmallIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reply", "number"], name="external_photo_number"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=MOST_PHOTOS), name="external_photo_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id}.{self.number}"
