"""Profiles of deadlines: what ships, what a region wrote itself, and the one that it works by."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache as once
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.models import SlaProfile
from otklik.common.actor import Actor

DATA = Path(__file__).parents[1] / "data" / "profiles.json"
SLA_CACHE = "sla_limits"


@once
def shipped() -> Mapping[str, Mapping[str, Any]]:
    """The profiles that come with the product, by code: name, source and limits."""
    found: dict[str, dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load_profiles() -> int:
    """Add the shipped profiles that are not there; never changes what a region edited. Returns how many came.

    None of them is chosen by that: until somebody chooses, the norms hold, which are those of `default`.
    """
    known = set(SlaProfile.objects.values_list("code", flat=True))
    fresh = [SlaProfile(code=code, **given) for code, given in shipped().items() if code not in known]
    return len(SlaProfile.objects.bulk_create(fresh, ignore_conflicts=True))


@transaction.atomic
def save_profile(
    *, code: str, name: str, source: str, limits: dict[str, Any], by: Actor, now: datetime
) -> SlaProfile:
    """A profile under this code, new or changed. Raises BadLimits, which names the field.

    Deadlines that are set already do not move: they were promised by what held then.
    """
    rules.limits_of(limits)
    values = {"name": name[:150], "source": source[:300], "limits": limits}
    old = SlaProfile.objects.select_for_update(of=("self",)).filter(code=code).first()
    if old and (old.name, old.source, old.limits) == tuple(values.values()):
        return old
    profile, _created = SlaProfile.objects.update_or_create(code=code, defaults=values)
    told: dict[str, Any] = {"code": code, "limits": limits, "before": old.limits if old else None}
    audit.record(by=by, verb="save_profile", subject=profile, now=now, **told)
    cache.delete(SLA_CACHE)
    return profile


@transaction.atomic
def choose_profile(*, profile: SlaProfile, by: Actor, now: datetime) -> None:
    """From now on deadlines are counted by this profile; those that are set already do not move. Raises BadLimits."""
    rules.limits_of(profile.limits)
    # One lock for the choice: of two at once the later one holds, and the constraint never has to refuse.
    others = SlaProfile.objects.select_for_update(of=("self",)).order_by("pk")
    before = next((each for each in others if each.is_default), None)
    if before and before.pk == profile.pk:
        return
    SlaProfile.objects.filter(is_default=True).update(is_default=False)
    SlaProfile.objects.filter(pk=profile.pk).update(is_default=True)
    told = {"code": profile.code, "was": before.code if before else ""}
    audit.record(by=by, verb="choose_profile", subject=profile, now=now, **told)
    cache.delete(SLA_CACHE)
