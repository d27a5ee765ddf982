"""The region and its pages. A deployment serves one region; differences between regions are rows."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry.enums import MunicipalityKind, Network, OrgLevel, PageKind


class WorkCalendar(models.Model):
    """The working week of a region in its own time zone; days that differ are rows of CalendarDay."""

    name = models.CharField(max_length=100, unique=True)
    timezone = models.CharField(max_length=50)
    # {"0": [["09:00", "13:00"], ["14:00", "18:00"]], …}: weekday (Monday is 0) → working spans of local time.
    week = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that differs from its week: a holiday (no spans), a moved working day, a shortened day."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    date = models.DateField()
    spans = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_unique")]

    def __str__(self) -> str:
        return f"{self.date}: {self.note}"


class Region(models.Model):
    """The one region of this deployment."""

    name = models.CharField(_("название"), max_length=150)
    code = models.CharField(_("код субъекта"), max_length=3, unique=True)
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT)
    is_demo = models.BooleanField(_("демонстрация"), default=False)
    only = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="region_is_one"),
            models.CheckConstraint(condition=models.Q(only=True), name="region_only_true"),
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A first-level municipality of the region."""

    oktmo = models.CharField(_("ОКТМО"), max_length=11, unique=True)
    name = models.CharField(_("название"), max_length=150)
    short_name = models.CharField(_("короткое название"), max_length=80)
    kind = models.CharField(max_length=10, choices=MunicipalityKind.choices)
    seat = models.CharField(_("центр"), max_length=100, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)
    shape = models.JSONField(_("граница, GeoJSON"), null=True)
    # A schematic cell must never be taken for a boundary.
    shape_is_schematic = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Settlement(models.Model):
    """A settlement of the gazetteer."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="settlements")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=30, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name", "kind"], name="settlement_unique")
        ]

    def __str__(self) -> str:
        return self.name


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def subtree_of(self, organization_ids: list[int]) -> Self:
        """The organisations themselves and everything below them."""
        return self.filter(path__overlap=organization_ids)


class Organization(models.Model):
    """A body or institution; `path` holds the ids from the root down to the organisation itself."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    code = models.CharField(_("код"), max_length=80, unique=True)
    name = models.CharField(_("название"), max_length=300)
    short_name = models.CharField(_("короткое название"), max_length=120)
    level = models.CharField(max_length=12, choices=OrgLevel.choices)
    type = models.CharField(_("тип"), max_length=40, blank=True)
    spheres = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True)
    ogrn = models.CharField(_("ОГРН"), max_length=15, blank=True)
    is_active = models.BooleanField(default=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["path"], name="organization_path")]

    def __str__(self) -> str:
        return self.short_name or self.name


class OfficialPage(models.Model):
    """A page of an organisation, or of an official, in one network."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="pages")
    network = models.CharField(max_length=10, choices=Network.choices)
    kind = models.CharField(max_length=12, choices=PageKind.choices, default=PageKind.ORGANISATION)
    external_id = models.CharField(_("номер в сети"), max_length=40)
    screen_name = models.CharField(_("короткий адрес"), max_length=80, blank=True)
    title = models.CharField(_("название страницы"), max_length=200)
    url = models.URLField(max_length=300)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "external_id"], name="page_external_unique")
        ]

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    """Who acts in which role, and where: for the centre, for a body with its subtree, or for one page."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True)
    page = models.ForeignKey(OfficialPage, models.CASCADE, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "organization", "page"],
                name="membership_unique",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(organization=None) | models.Q(page=None), name="membership_one_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_role_display()}"
