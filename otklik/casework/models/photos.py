"""Photos of an answer: what shows that the work is done."""

from django.db import models

from otklik.casework.models.answers import MOST_ANSWER_PHOTOS, Answer
from otklik.people.models import Account


class AnswerPhoto(models.Model):
    """A photo beside an answer, made anew as JPEG without place, time or camera. It stays with its answer."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="shots", db_index=False)
    number = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    # Of the body: the journal names a photo by it, also after it was taken away.
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="answer_photo_number"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=MOST_ANSWER_PHOTOS), name="answer_photo_ten"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}.{self.number}"
