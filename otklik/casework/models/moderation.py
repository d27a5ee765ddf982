"""Moderation of comments on official pages: rules as data, what was decided by them, the evidence, the appeals."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import AppealVerdict, ModerationGround, ModerationMeasure, ModerationState
from otklik.channels.models import Delivery
from otklik.inbox.models import Author, SourceMessage
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import OfficialPage
from otklik.registry.rules import Reach

GROUNDS = ["profanity", "insult", "threat", "hate", "spam", "malware", "illegal", "adult", "personal_data",
           "false_information", "agitation"]  # fmt: skip
# What holds or is on its way: a second of the same kind has no sense.
IN_FORCE = ["asked", "doing", "done", "by_hand"]


class ModerationRule(models.Model):
    """What is forbidden under the posts of official pages, on which ground, and how far one may go for it."""

    code = models.SlugField(_("код"), max_length=40)
    title = models.CharField(_("название"), max_length=120)
    forbids = models.TextField(_("что запрещено"))
    ground = models.CharField(_("основание"), max_length=20, choices=ModerationGround.choices)
    # The strongest measure; what is weaker is allowed, too.
    measure = models.CharField(_("мера"), max_length=6, choices=ModerationMeasure.choices)
    longest_days = models.PositiveSmallIntegerField(_("срок, дней"), null=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=150, blank=True)
    # Empty while the rule is as it was shipped.
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="moderation_rule_code"),
            models.CheckConstraint(
                condition=models.Q(ground__in=GROUNDS), name="moderation_rule_ground_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    measure="ban", longest_days__isnull=False, longest_days__gte=1, longest_days__lte=365
                )
                | models.Q(measure__in=["warn", "remove"], longest_days=None),
                name="moderation_rule_term",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ModerationActionQuerySet(models.QuerySet["ModerationAction"]):
    def visible_to(self, reach: Reach) -> Self:
        """Everything for whoever moderates at the centre, else what concerns the pages that the person runs."""
        if Right.MODERATE in reach.center:
            return self
        _everywhere, organizations, pages = reach.where(Right.RUN_PAGE)
        return self.filter(models.Q(page__organization_id__in=organizations) | models.Q(page_id__in=pages))


class ModerationAction(models.Model):
    """One measure about one message: decided by a person by a rule, carried out by the network or by hand."""

    message = models.ForeignKey(SourceMessage, models.PROTECT, related_name="moderation_actions")
    page = models.ForeignKey(OfficialPage, models.PROTECT, related_name="moderation_actions")
    author = models.ForeignKey(Author, models.PROTECT, null=True, related_name="moderation_actions")
    measure = models.CharField(_("мера"), max_length=6, choices=ModerationMeasure.choices)
    rule = models.ForeignKey(ModerationRule, models.PROTECT, null=True, related_name="actions")
    rule_version = models.PositiveIntegerField(null=True)
    # When a ban ends by itself; nothing else has a term.
    until = models.DateTimeField(null=True)
    comment = models.TextField(_("пояснение"), blank=True)
    state = models.CharField(
        _("состояние"), max_length=8, choices=ModerationState.choices, default=ModerationState.ASKED
    )
    # What is on its way, or was done last, is the taking back.
    undoing = models.BooleanField(default=False)
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    # By hand: who said that it is done in the network.
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    undone_by = models.CharField(max_length=200, blank=True)
    undo_reason = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="moderation_action")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)

    objects = ModerationActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(measure="leave", rule=None, rule_version=None)
                | (
                    ~models.Q(measure="leave")
                    & models.Q(rule__isnull=False)
                    & models.Q(rule_version__isnull=False)
                ),
                name="moderation_action_by_rule",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    measure="ban", author__isnull=False, until__isnull=False, until__gt=models.F("decided_at")
                )
                | (~models.Q(measure="ban") & models.Q(until=None)),
                name="moderation_action_ban_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(state="doing", lease_until__isnull=False)
                | (~models.Q(state="doing") & models.Q(lease_until=None)),
                name="moderation_action_leased",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["done", "undone", "expired"])
                | models.Q(finished_at__isnull=False),
                name="moderation_action_finished",
            ),
            models.UniqueConstraint(
                fields=["message", "measure"],
                condition=models.Q(state__in=IN_FORCE),
                name="moderation_action_once",
            ),
            models.UniqueConstraint(
                fields=["page", "author"],
                condition=models.Q(state__in=IN_FORCE, measure="ban"),
                name="moderation_action_one_ban",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=models.Q(state__in=["asked", "doing"]),
                name="moderation_action_due",
            ),
            models.Index(fields=["state", "-decided_at", "-id"], name="moderation_action_state"),
            models.Index(fields=["decided_at"], name="moderation_action_decided"),
            models.Index(
                fields=["until"],
                condition=models.Q(measure="ban", state__in=["done", "by_hand"]),
                name="moderation_action_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.message_id}: {self.state}"


class ModerationEvidence(models.Model):
    """The message as it stood when something was decided about it. A trigger keeps it unchanged."""

    action = models.OneToOneField(ModerationAction, models.PROTECT, related_name="evidence")
    text = models.TextField()
    author_name = models.CharField(max_length=200, blank=True)
    author_url = models.URLField(max_length=300, blank=True)
    link = models.URLField(max_length=300)
    written_at = models.DateTimeField(null=True)
    # [{"kind": "photo", "url": "…", "title": ""}, …]
    files = models.JSONField(default=list)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class ModerationAppeal(models.Model):
    """The author disagrees: what was said, when, and what came of it."""

    action = models.ForeignKey(ModerationAction, models.PROTECT, related_name="appeals")
    text = models.TextField(_("что пишет автор"))
    received_at = models.DateTimeField(_("когда"))
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=AppealVerdict.choices, blank=True)
    why = models.TextField(blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="moderation_appeal_says"),
            models.CheckConstraint(
                condition=models.Q(verdict="", decided_by=None, decided_at=None, why="")
                | (
                    models.Q(verdict__in=["upheld", "granted"])
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~models.Q(why="")
                ),
                name="moderation_appeal_decided",
            ),
            models.UniqueConstraint(
                fields=["action"], condition=models.Q(verdict=""), name="moderation_appeal_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
