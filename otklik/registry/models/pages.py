"""Official pages and who acts where."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry.enums import BadgeStatus, BadgeType, Network, PageKind, PageTier
from otklik.registry.models.organizations import Organization


class OfficialPage(models.Model):
    """A page of an organisation, or of an official, in one network."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="pages")
    network = models.CharField(_("сеть"), max_length=10, choices=Network.choices)
    kind = models.CharField(
        _("вид страницы"), max_length=12, choices=PageKind.choices, default=PageKind.ORGANISATION
    )
    # Whose page it is when it is a person's own.
    person_name = models.CharField(_("чья личная страница"), max_length=150, blank=True)
    person_position = models.CharField(_("должность"), max_length=200, blank=True)
    tier = models.CharField(
        _("тип ведения"), max_length=10, choices=PageTier.choices, default=PageTier.ACTIVE
    )
    external_id = models.CharField(_("номер в сети"), max_length=40)
    screen_name = models.CharField(_("короткий адрес"), max_length=80, blank=True)
    title = models.CharField(_("название страницы"), max_length=200)
    url = models.URLField(_("адрес страницы"), max_length=300)
    badge_type = models.CharField(_("вид метки"), max_length=10, choices=BadgeType.choices, blank=True)
    badge_status = models.CharField(
        _("метка"), max_length=10, choices=BadgeStatus.choices, default=BadgeStatus.NONE
    )
    badge_confirmed_at = models.DateField(_("метка подтверждена"), null=True, blank=True)
    badge_lost_at = models.DateField(_("метка потеряна"), null=True, blank=True)
    badge_evidence = models.TextField(_("чем подтверждена метка"), blank=True)
    # The federal "Госпаблики" component; not the same as our own connection, which is a row of channels.
    component_connected = models.BooleanField(_("подключена к компоненту «Госпаблики»"), default=False)
    widgets = models.PositiveSmallIntegerField(_("виджетов ПОС"), null=True, blank=True)
    followers = models.PositiveIntegerField(_("подписчиков"), null=True, blank=True)
    # The figures of the last federal monitoring table, as they stood in it.
    monitoring = models.JSONField(_("показатели мониторинга"), default=dict, blank=True)
    # When it began to count as the organisation's page: the fact on a past day is counted by it.
    opened_on = models.DateField(_("ведётся с"), null=True, blank=True)
    closed_on = models.DateField(_("закрыта"), null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "external_id"], name="page_external_unique"),
            models.CheckConstraint(
                condition=~models.Q(kind="personal") | ~models.Q(person_name=""),
                name="page_personal_has_name",
            ),
            models.CheckConstraint(
                condition=~models.Q(badge_status="confirmed") | ~models.Q(badge_confirmed_at=None),
                name="page_badge_has_date",
            ),
        ]
        indexes = [
            models.Index(fields=["network", "screen_name"], name="page_screen_name"),
            models.Index(models.F("followers").desc(nulls_last=True), name="page_popular"),
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
