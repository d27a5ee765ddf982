"""Organisations, what they do, and where they must be present."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.enums import Network, ObligationStatus, OrgLevel
from otklik.registry.models.places import Municipality, WorkCalendar


class Sphere(models.Model):
    """A field of activity: education, health, culture. The shipped list is a start, a region changes it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("название"), max_length=100)
    position = models.PositiveSmallIntegerField(default=100)

    def __str__(self) -> str:
        return self.name


class OrganizationType(models.Model):
    """A type of organisation: school, clinic, ministry. `words` are what people call it besides its name."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("название"), max_length=100)
    plural = models.CharField(_("во множественном числе"), max_length=100)
    sphere = models.CharField(max_length=40, blank=True)
    words = models.TextField(_("как ещё называют, через запятую"), blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    def __str__(self) -> str:
        return self.name


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def subtree_of(self, organization_ids: list[int]) -> Self:
        """The organisations themselves and everything below them."""
        return self.filter(path__overlap=organization_ids)


class Organization(models.Model):
    """A body or institution; `path` holds the ids from the root down to the organisation itself."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Who founded it in law; most often the parent.
    founder = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="founded")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    code = models.CharField(_("код"), max_length=80, unique=True)
    name = models.CharField(_("название"), max_length=300)
    short_name = models.CharField(_("короткое название"), max_length=120)
    level = models.CharField(_("уровень"), max_length=12, choices=OrgLevel.choices)
    type = models.CharField(_("тип"), max_length=40, blank=True)
    # At most three, the main one first.
    spheres = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, verbose_name=_("муниципалитет")
    )
    settlement = models.CharField(_("населённый пункт"), max_length=100, blank=True)
    ogrn = models.CharField(_("ОГРН"), max_length=15, blank=True)
    address = models.CharField(_("адрес"), max_length=300, blank=True)
    phone = models.CharField(_("телефон"), max_length=100, blank=True)
    email = models.CharField(_("электронная почта"), max_length=150, blank=True)
    site_url = models.URLField(_("официальный сайт"), max_length=300, blank=True)
    hours = models.CharField(_("часы работы"), max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Who it serves: the measure of reach for an institution; a municipality has its residents.
    served = models.PositiveIntegerField(_("обслуживает человек"), null=True, blank=True)
    aliases = models.TextField(_("как ещё называют, через запятую"), blank=True)
    is_active = models.BooleanField(default=True)
    # Its own working time; without it that of the nearest organisation above, and of the region at last.
    calendar = models.ForeignKey(
        WorkCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("рабочий календарь"),
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["path"], name="organization_path"),
            models.Index(fields=["ogrn"], condition=~models.Q(ogrn=""), name="organization_ogrn"),
            models.Index(fields=["municipality", "type"], name="organization_place_type"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(spheres__len__lte=3), name="organization_three_spheres")
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class PageObligation(models.Model):
    """Whether an organisation must keep an official page in a network; an exemption names its basis."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="obligations")
    network = models.CharField(_("сеть"), max_length=10, choices=Network.choices)
    status = models.CharField(_("обязанность"), max_length=10, choices=ObligationStatus.choices)
    exemption_basis = models.TextField(_("основание не вести страницу"), blank=True)
    document_ref = models.CharField(_("документ"), max_length=300, blank=True)
    # Since when it is so; the plan on a past day is counted by it.
    since = models.DateField(_("с какого дня"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "network"], name="obligation_unique"),
            models.CheckConstraint(
                condition=~models.Q(status="exempt") | ~models.Q(exemption_basis=""),
                name="obligation_exempt_has_basis",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {self.get_network_display()}: {self.get_status_display()}"
