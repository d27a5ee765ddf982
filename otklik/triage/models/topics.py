"""The closed list of topics, in two levels."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.triage.enums import ExecutorLevel, Priority


class TopicGroup(models.Model):
    """A group of topics, as ministries think of them."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("название"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class TopicQuerySet(models.QuerySet["Topic"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Topic(models.Model):
    """One topic of the closed list; retired ones stay for the incidents that have them."""

    group = models.ForeignKey(TopicGroup, models.PROTECT, related_name="topics")
    code = models.CharField(max_length=50, unique=True)
    name = models.CharField(_("название"), max_length=150)
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    target_days = models.PositiveSmallIntegerField(default=10)
    level = models.CharField(max_length=1, choices=ExecutorLevel.choices)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    # What to read before choosing it: «не путать с …».
    hint = models.CharField(_("не путать с"), max_length=300, blank=True)
    synonyms = models.CharField(_("как ещё говорят, через запятую"), max_length=500, blank=True)
    # What the topic is called in the lists that centres report by.
    cur26 = models.CharField(_("группа в списке ЦУР"), max_length=150, blank=True)
    pos = models.CharField(_("категория в ПОС"), max_length=150, blank=True)
    # Of a retired topic: what to choose instead.
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(replaced_by=None) | models.Q(is_active=False),
                name="topic_replaced_is_retired",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TopicsVersion(models.Model):
    """The list as it stood after a change: every change makes the next number, and tells all of the list."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    # [{"code": …, "name": …, "is_active": …}, …] in the order of the list.
    snapshot = models.JSONField()

    def __str__(self) -> str:
        return str(self.number)
