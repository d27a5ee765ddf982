"""Post-control: what people say of answers, and which answers chance drew for it."""

from django.db import models
from django.db.models import Q

from otklik.casework.enums import ReviewVerdict, ReworkCode
from otklik.casework.models.answers import Answer
from otklik.casework.models.incidents import Incident
from otklik.people.models import Account


class Review(models.Model):
    """One person's word about one published answer: ten points, and whether it passes. Never changed, but a word
    against the answer is set aside when the body contested it rightly: then it is in no figure."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="reviews")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(Account, models.PROTECT, related_name="reviews")
    # Ten characters in the order of the checklist: 1 holds, 0 does not; «-» where the machine did not know.
    points = models.CharField(max_length=10)
    proposed = models.CharField(max_length=10)
    verdict = models.CharField(max_length=6, choices=ReviewVerdict.choices)
    code = models.CharField(max_length=20, choices=ReworkCode.choices, blank=True)
    comment = models.TextField(blank=True)
    at = models.DateTimeField()
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="review_number_unique"),
            models.UniqueConstraint(fields=["answer", "reviewer"], name="review_by_another"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="review_three_at_most"),
            models.CheckConstraint(
                condition=Q(points__regex=r"^[01]{10}$", proposed__regex=r"^[01-]{10}$"),
                name="review_ten_points",
            ),
            models.CheckConstraint(
                condition=Q(verdict="pass", code="") | (Q(verdict="return") & ~Q(code="")),
                name="review_return_coded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}/{self.number}"


class ReviewSample(models.Model):
    """A random sample of the answers of a period: how it was drawn, so that it can be drawn again."""

    first_day = models.DateField()
    last_day = models.DateField()
    share = models.PositiveSmallIntegerField(null=True)
    size = models.PositiveIntegerField(null=True)
    seed = models.BigIntegerField()
    frame_size = models.PositiveIntegerField()
    frame_hash = models.CharField(max_length=64)
    drawn = models.PositiveIntegerField()
    ordered_by = models.ForeignKey(Account, models.PROTECT, related_name="review_samples")
    ordered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="sample_days"),
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100, size__isnull=True)
                | Q(share__isnull=True, size__gte=1),
                name="sample_share_or_size",
            ),
            models.CheckConstraint(
                condition=Q(drawn__gte=1, drawn__lte=models.F("frame_size")), name="sample_of_frame"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class SampledAnswer(models.Model):
    """An answer that chance drew, and what those who looked at it came to."""

    sample = models.ForeignKey(ReviewSample, models.CASCADE, related_name="answers")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="sampled")
    position = models.PositiveIntegerField()
    verdict = models.CharField(max_length=6, choices=ReviewVerdict.choices, blank=True)
    score = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    decided_at = models.DateTimeField(null=True)
    # The body contested the verdict rightly: it is in no figure.
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "answer"], name="sampled_once"),
            models.UniqueConstraint(fields=["sample", "position"], name="sampled_position_unique"),
            models.CheckConstraint(
                condition=Q(verdict="", score__isnull=True, decided_at__isnull=True)
                | (~Q(verdict="") & Q(score__gte=0, score__lte=10, decided_at__isnull=False)),
                name="sampled_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id}/{self.position}"
