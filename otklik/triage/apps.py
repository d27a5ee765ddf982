from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _load_topics(**_kwargs: Any) -> None:
    from otklik.triage.operations import load_topics

    load_topics()


class TriageConfig(AppConfig):
    name = "otklik.triage"
    label = "triage"

    def ready(self) -> None:
        # The shipped list is there after every migration, and after the flush of a test, without a further step.
        post_migrate.connect(_load_topics, sender=self)
