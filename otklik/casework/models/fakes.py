"""False statements that spread: where, what is true and by whose word, what was published against them."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import FakeKind, FakeState
from otklik.casework.models.incidents import Incident
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import Municipality, Organization
from otklik.registry.rules import Reach
from otklik.triage.models import Topic

_JUDGED = ["refuted", "confirmed", "uncheckable"]


class FakeReportQuerySet(models.QuerySet["FakeReport"]):
    def visible_to(self, reach: Reach) -> Self:
        """What a person may see: everything at the centre, else what concerns its bodies."""
        everywhere, organizations, _pages = reach.where(Right.SEE_INCIDENTS)
        return self if everywhere else self.filter(executor_id__in=organizations)


class FakeReport(models.Model):
    """A statement of fact that is said to be false: checked by another person than the one who wrote it down."""

    # Without names and phones of residents.
    statement = models.TextField(_("что утверждают"))
    kind = models.CharField(_("что это"), max_length=8, choices=FakeKind.choices, default=FakeKind.FACT)
    state = models.CharField(
        _("состояние"), max_length=11, choices=FakeState.choices, default=FakeState.REPORTED
    )
    first_seen = models.DateField(_("замечено"))
    # As a person tells it: nobody here counts views.
    spread = models.CharField(_("насколько разошлось"), max_length=300, blank=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, related_name="+")
    # Whom it concerns, if anybody.
    executor = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="fakes")
    reported_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    checker = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    truth = models.TextField(_("как на самом деле"), blank=True)
    # The body, the act or the person that confirmed it.
    source = models.CharField(_("откуда известно"), max_length=300, blank=True)
    source_link = models.URLField(_("ссылка на источник"), max_length=500, blank=True)
    judged_at = models.DateTimeField(null=True)
    # Of what is closed without a check: why it is an opinion.
    note = models.TextField(blank=True)
    rebuttal = models.TextField(_("опровержение"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = FakeReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(statement=""), name="fake_says_what"),
            models.CheckConstraint(
                condition=Q(checker=None) | ~Q(checker=F("reported_by")), name="fake_four_eyes"
            ),
            models.CheckConstraint(
                condition=(Q(state="reported") & Q(checker=None))
                | Q(state="closed")
                | Q(state__in=["checking", *_JUDGED], checker__isnull=False),
                name="fake_checked_by",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_JUDGED, judged_at__isnull=False) & ~Q(truth=""))
                | (~Q(state__in=_JUDGED) & Q(judged_at=None, truth="", source="", source_link="")),
                name="fake_judged_by_finding",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refuted", "confirmed"]) | ~Q(source="") | ~Q(source_link=""),
                name="fake_judged_by_source",
            ),
            models.CheckConstraint(
                condition=Q(kind="opinion", state="closed") | (Q(kind="fact") & ~Q(state="closed")),
                name="fake_opinion_is_closed",
            ),
            models.CheckConstraint(condition=Q(rebuttal="") | Q(state="refuted"), name="fake_rebuts_refuted"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="fake_state")]

    def __str__(self) -> str:
        return self.statement[:60]

    @property
    def number(self) -> str:
        """The number people say."""
        return f"Ф-{self.pk}"


class FakeLink(models.Model):
    """Where the statement was met: an address in a network, or an incident whose author repeats it."""

    report = models.ForeignKey(FakeReport, models.CASCADE, related_name="links", db_index=False)
    url = models.URLField(max_length=500, blank=True)
    incident = models.ForeignKey(Incident, models.CASCADE, null=True, related_name="fake_links")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(incident=None) & ~Q(url="")) | Q(incident__isnull=False, url=""),
                name="fake_link_of_one",
            ),
            models.UniqueConstraint(
                fields=["report", "url"], condition=~Q(url=""), name="fake_link_address_once"
            ),
            models.UniqueConstraint(fields=["report", "incident"], name="fake_link_incident_once"),
        ]

    def __str__(self) -> str:
        return self.url or str(self.incident_id)


class FakePublication(models.Model):
    """Where the rebuttal stands, since which day."""

    report = models.ForeignKey(FakeReport, models.CASCADE, related_name="publications", db_index=False)
    url = models.URLField(_("где опубликовано"), max_length=500)
    published_on = models.DateField(_("когда"))
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(url=""), name="fake_published_somewhere"),
            models.UniqueConstraint(fields=["report", "url"], name="fake_published_once"),
        ]

    def __str__(self) -> str:
        return self.url
