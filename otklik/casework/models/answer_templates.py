"""What helps to write an answer: templates with variables, and guides that say what a good answer has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import TemplateKind
from otklik.registry.models import Organization
from otklik.triage.models import Topic, TopicGroup


class AnswerTemplate(models.Model):
    """A text for the answers to a topic or a group of them, of one body or of all; a guide is read, not inserted."""

    kind = models.CharField(max_length=8, choices=TemplateKind.choices, default=TemplateKind.TEMPLATE)
    title = models.CharField(_("название"), max_length=120)
    text = models.TextField(_("текст"))
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(TopicGroup, models.PROTECT, null=True, related_name="+")
    # Whose own it is, with what stands below it; of the whole region when there is none.
    body = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    # The first and the last day of its season, each as month × 100 + day; it may go over the New Year.
    season_begins = models.PositiveSmallIntegerField(null=True)
    season_ends = models.PositiveSmallIntegerField(null=True)
    expires_on = models.DateField(null=True)
    # An answer that is this text word for word needs no second person.
    without_approval = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=TemplateKind.values), name="answer_template_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(topic__isnull=True) | models.Q(group__isnull=True),
                name="answer_template_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(season_begins__isnull=True, season_ends__isnull=True)
                # A comparison with nothing is neither true nor false, and a check lets it pass.
                | models.Q(
                    season_begins__isnull=False,
                    season_ends__isnull=False,
                    season_begins__gte=101,
                    season_begins__lte=1231,
                    season_ends__gte=101,
                    season_ends__lte=1231,
                ),
                name="answer_template_whole_season",
            ),
            # A body that writes its own texts does not free itself of the second person.
            models.CheckConstraint(
                condition=models.Q(without_approval=False)
                | models.Q(kind=TemplateKind.TEMPLATE, body__isnull=True),
                name="answer_template_lane_of_centre",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AnswerTemplateVersion(models.Model):
    """A template as it was after a change, with who made it and why."""

    template = models.ForeignKey(AnswerTemplate, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # Every field by its name; topics and groups by their codes, the body by its id.
    values = models.JSONField()
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="answer_template_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.template_id}: {self.number}"
