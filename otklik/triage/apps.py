from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _load_shipped(*, apps: Any = None, **_kwargs: Any) -> None:
    # Migrations that were taken back leave no table to fill; a flush of a test tells of no migrations at all.
    if apps is not None and not apps.all_models.get("triage"):
        return
    from otklik.triage.operations import load_routes, load_topics

    load_topics()
    load_routes()


class TriageConfig(AppConfig):
    name = "otklik.triage"
    label = "triage"

    def ready(self) -> None:
        # The shipped lists are there after every migration, and after the flush of a test, without a further step.
        post_migrate.connect(_load_shipped, sender=self)
