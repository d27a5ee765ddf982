"""The passport of a page: what was found, what is missing, who must mend it, and the weekly light."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.enums import CheckState, TaskState, Zone
from otklik.registry.models.pages import OfficialPage


class CheckNorm(models.Model):
    """What one check of the passport rests on: the norm in words, the act, the time to mend. Data of the region."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(_("что проверяется"), max_length=150)
    # What the page's administrator is asked to do, in plain words.
    advice = models.TextField(_("что сделать"), blank=True)
    act = models.CharField(_("норма"), max_length=300)
    url = models.URLField(max_length=300, blank=True)
    # Working days from the day the gap was found.
    term_days = models.PositiveSmallIntegerField(_("срок, рабочих дней"), default=10)
    # Checked from the network's own data, or attested by a person because no interface shows it.
    is_automatic = models.BooleanField(default=True)
    # How long an attestation holds, in days; 0 for ever.
    attested_days = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)

    def __str__(self) -> str:
        return self.title


class TierNorm(models.Model):
    """How lively a page of this tier must be. St Petersburg names three; the figures are the region's."""

    tier = models.CharField(max_length=10, unique=True)
    posts_a_week = models.PositiveSmallIntegerField(_("постов в неделю"))
    silence_days = models.PositiveSmallIntegerField(_("дней без постов, не больше"))
    answer_days = models.PositiveSmallIntegerField(_("дней без ответа на вопрос, не больше"), default=3)

    def __str__(self) -> str:
        return self.tier


class Passport(models.Model):
    """What is known of a page from the network's own data: one row a page, renewed by every check."""

    page = models.OneToOneField(OfficialPage, models.CASCADE, related_name="passport")
    # The last facts as values of rules.passport.Facts; the picture's hash is here too.
    facts = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    # Taken by a worker at; the page that waited longest is next.
    taken_at = models.DateTimeField(null=True)
    # Why the last try brought nothing; empty when it did.
    problem = models.CharField(max_length=200, blank=True)
    score = models.PositiveSmallIntegerField(_("готовность, %"), null=True)
    gaps = models.PositiveSmallIntegerField(default=0)
    last_post_at = models.DateTimeField(null=True)
    last_answer_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(models.F("taken_at").asc(nulls_first=True), name="passport_next")]

    def __str__(self) -> str:
        return f"{self.page}"


class PageCheck(models.Model):
    """One line of a passport: fulfilled, a gap, or not known."""

    page = models.ForeignKey(OfficialPage, models.CASCADE, related_name="checks")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=CheckState.choices)
    # What was found, in words for a person.
    found = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(_("с какого времени"))
    checked_at = models.DateTimeField()
    # What a person attested, and until when it holds; a later fact of the network outweighs it.
    attested_by = models.CharField(max_length=200, blank=True)
    attested_at = models.DateTimeField(null=True)
    attested_until = models.DateField(null=True)
    evidence = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "code"], name="page_check_unique")]
        indexes = [models.Index(fields=["code", "state"], name="page_check_state")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.code}: {self.state}"


class PageTask(models.Model):
    """A gap of a passport as work for the page's administrator: opened by a check, closed by a check or a person."""

    page = models.ForeignKey(OfficialPage, models.CASCADE, related_name="tasks")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    found = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(_("срок"))
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "code"], condition=models.Q(state="open"), name="page_task_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | (~models.Q(state="open") & ~models.Q(closed_at=None)),
                name="page_task_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="open"), name="page_task_due"),
            models.Index(fields=["page", "state"], name="page_task_page"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.code}: {self.state}"


class TaskEvent(models.Model):
    """One line of a task's history: opened, prolonged, attested, closed, and by whom."""

    task = models.ForeignKey(PageTask, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.task_id} {self.verb}"


class PageWeek(models.Model):
    """One ISO week of a page: its audience, its posts, and the light («светофор») with the parts of its score."""

    page = models.ForeignKey(OfficialPage, models.CASCADE, related_name="weeks")
    monday = models.DateField()
    followers = models.PositiveIntegerField(null=True)
    posts = models.PositiveSmallIntegerField(null=True)
    # Views of the week's posts together and in the mean; None when the network did not tell.
    reach = models.PositiveIntegerField(null=True)
    mean_reach = models.PositiveIntegerField(null=True)
    parts = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(null=True)
    zone = models.CharField(max_length=6, choices=Zone.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "monday"], name="page_week_unique")]
        indexes = [models.Index(fields=["monday", "zone"], name="page_week_zone")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.monday}"
