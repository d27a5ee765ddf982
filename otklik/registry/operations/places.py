"""The region of this deployment, its territory and its days."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.registry.models import Municipality, Region
from otklik.registry.operations.worktimes import working_calendar

REGION_CACHE_SECONDS = 60


@transaction.atomic
def set_shape(
    *, municipality: Municipality, shape: Mapping[str, Any], schematic: bool, by: Actor, now: datetime
) -> None:
    """The outline on the map, as GeoJSON geometry; `schematic` when it is not the true boundary."""
    municipality.shape, municipality.shape_is_schematic = dict(shape), schematic
    municipality.save(update_fields=["shape", "shape_is_schematic"])
    audit.record(by=by, verb="set_shape", subject=municipality, now=now, schematic=schematic)


def region() -> Region | None:
    """The region of this deployment, or None before it is set up."""
    found: Region | None = cache.get("region")
    if found is None:
        found = Region.objects.select_related("calendar").first()
        if found:
            cache.set("region", found, REGION_CACHE_SECONDS)
    return found


def local_date(at: datetime) -> date:
    """The day on which the instant falls in the region."""
    return at.astimezone(working_calendar().tz).date()
