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


def _load_moderation_rules(*, apps: Any = None, **_kwargs: Any) -> None:
    if apps is not None and "moderationrule" not in apps.all_models.get("casework", {}):
        return
    from otklik.casework.operations.moderation_rules import load_moderation_rules

    load_moderation_rules()


def _load_retention_rules(*, apps: Any = None, **_kwargs: Any) -> None:
    if apps is not None and "retentionrule" not in apps.all_models.get("casework", {}):
        return
    from otklik.casework.operations.retention_rules import load_retention_rules

    load_retention_rules()


class CaseworkConfig(AppConfig):
    name = "otklik.casework"
    label = "casework"

    def ready(self) -> None:
        # The shipped profiles are there after every migration, and after the flush of a test, without a further step.
        post_migrate.connect(_load_profiles, sender=self)
        # So are the moves that the database allows: those of the rules.
        post_migrate.connect(_keep_moves, sender=self)
        # And the rules of moderation, and the terms for which personal data is kept.
        post_migrate.connect(_load_moderation_rules, sender=self)
        post_migrate.connect(_load_retention_rules, sender=self)
