"""The region, its territory and its calendar. A deployment serves one region; differences between regions are rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.enums import MunicipalityKind


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


class Street(models.Model):
    """A street of a settlement, imported or learnt from a place that a person confirmed."""

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="streets")
    # Without its kind and in its usual form: «Ленина», «Красный», «40 лет Октября».
    name = models.CharField(_("название"), max_length=150)
    kind = models.CharField(_("вид"), max_length=30, default="улица")
    is_learnt = models.BooleanField(_("узнана из подтверждённых мест"), default=False)
    seen = models.PositiveIntegerField(_("подтверждено раз"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["settlement", "name", "kind"], name="street_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class OktmoUnit(models.Model):
    """A row of the all-Russian classifier of municipal territories (ОК 033-2013), as published."""

    code = models.CharField(_("код"), max_length=11, unique=True)
    check_digit = models.CharField(_("контрольное число"), max_length=1, blank=True)
    region_code = models.CharField(_("код субъекта"), max_length=2)
    level = models.CharField(_("уровень"), max_length=40)
    name = models.CharField(_("название"), max_length=300)

    class Meta:
        indexes = [models.Index(fields=["region_code", "code"], name="oktmo_unit_region")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
