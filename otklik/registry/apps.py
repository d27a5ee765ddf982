from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _load_reference(*, apps: Any = None, **_kwargs: Any) -> None:
    # Migrations that were taken back leave no table to fill; a flush of a test tells of no migrations at all.
    if apps is not None and "checknorm" not in apps.all_models.get("registry", {}):
        return
    from otklik.registry.operations.reference import load_reference

    load_reference()


class RegistryConfig(AppConfig):
    name = "otklik.registry"
    label = "registry"

    def ready(self) -> None:
        # The shipped lists are there after every migration, and after the flush of a test, without a further step.
        post_migrate.connect(_load_reference, sender=self)
