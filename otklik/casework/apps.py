from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _load_profiles(*, apps: Any = None, **_kwargs: Any) -> None:
    # Migrations that were taken back leave no table to fill; a flush of a test tells of no migrations at all.
    model = apps.all_models.get("casework", {}).get("slaprofile") if apps is not None else None
    if apps is not None and (model is None or not hasattr(model, "source")):
        return
    from otklik.casework.operations.profiles import load_profiles

    load_profiles()


def _keep_moves(*, apps: Any = None, **_kwargs: Any) -> None:
    if apps is not None and "allowedmove" not in apps.all_models.get("casework", {}):
        return
    from otklik.casework.operations import keep_allowed_moves

    keep_allowed_moves()


class CaseworkConfig(AppConfig):
    name = "otklik.casework"
    label = "casework"

    def ready(self) -> None:
        # The shipped profiles are there after every migration, and after the flush of a test, without a further step.
        post_migrate.connect(_load_profiles, sender=self)
        # So are the moves that the database allows: those of the rules.
        post_migrate.connect(_keep_moves, sender=self)
