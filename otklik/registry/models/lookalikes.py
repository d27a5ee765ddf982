"""Pages that look official and are not in the register."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.enums import LookalikeState, Network
from otklik.registry.models.organizations import Organization


class LookalikePage(models.Model):
    """A page somebody or a search found; a person decides what it is, with evidence."""

    network = models.CharField(max_length=10, choices=Network.choices)
    external_id = models.CharField(max_length=40)
    screen_name = models.CharField(max_length=80, blank=True)
    title = models.CharField(_("название"), max_length=200)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=300)
    followers = models.PositiveIntegerField(null=True)
    avatar_hash = models.CharField(max_length=32, blank=True)
    resembles = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="lookalikes",
        verbose_name=_("похожа на"),
    )
    # 0–100, and the signs it is made of: [{"code": "name", "weight": 40, "said": "…"}].
    score = models.PositiveSmallIntegerField(default=0)
    signs = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=LookalikeState.choices, default=LookalikeState.NEW)
    # Addresses of screenshots, quotations, what people wrote.
    evidence = ArrayField(models.TextField(), default=list, blank=True)
    note = models.TextField(_("решение и почему"), blank=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "external_id"], name="lookalike_unique")]
        indexes = [models.Index(fields=["state", "-score"], name="lookalike_queue")]

    def __str__(self) -> str:
        return self.title


class LookalikeSearch(models.Model):
    """When the networks were last asked about an organisation: whoever waited longest is next."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="lookalike_search")
    searched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.organization}"
