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

    objects = TopicQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
