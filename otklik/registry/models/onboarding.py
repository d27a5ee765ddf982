"""How an organisation comes to a page of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.enums import Network, OnboardingStage
from otklik.registry.models.organizations import Organization
from otklik.registry.models.pages import OfficialPage


class OnboardingCase(models.Model):
    """The way of one organisation to one page in one network: requested → created → designed → verified → connected."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="onboarding")
    network = models.CharField(_("сеть"), max_length=10, choices=Network.choices)
    page = models.ForeignKey(OfficialPage, models.SET_NULL, null=True, blank=True, related_name="onboarding")
    stage = models.CharField(
        _("этап"), max_length=10, choices=OnboardingStage.choices, default=OnboardingStage.REQUESTED
    )
    # The person of the organisation who does it, and how to reach them.
    contact = models.CharField(_("ответственный в организации"), max_length=200, blank=True)
    note = models.TextField(_("заметка"), blank=True)
    started_at = models.DateTimeField()
    stage_at = models.DateTimeField()
    due_on = models.DateField(_("срок этапа"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "network"],
                condition=~models.Q(stage__in=["connected", "cancelled"]),
                name="onboarding_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["requested", "cancelled"]) | ~models.Q(page=None),
                name="onboarding_created_has_page",
            ),
        ]
        indexes = [models.Index(fields=["stage", "stage_at"], name="onboarding_stage")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_stage_display()}"


class OnboardingStep(models.Model):
    """One move of a case, forward or back, with who, when and why."""

    case = models.ForeignKey(OnboardingCase, models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=10, choices=OnboardingStage.choices)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.stage}"


class OnboardingCheck(models.Model):
    """An item of the checklist that a person ticked off; the list itself stands in rules."""

    case = models.ForeignKey(OnboardingCase, models.CASCADE, related_name="checks")
    code = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    evidence = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="onboarding_check_unique")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.code}"
