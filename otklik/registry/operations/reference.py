"""The lists that come with the product: spheres, types of organisations, norms of the passport, tiers of pages."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models, transaction

from otklik.registry.models import CheckNorm, Collection, OrganizationType, Sphere, TierNorm

DATA = Path(__file__).parent.parent / "data"
# The file, the model, and the field by which a row of the one is known in the other.
LISTS: tuple[tuple[str, type[models.Model], str], ...] = (
    ("spheres", Sphere, "code"),
    ("types", OrganizationType, "code"),
    ("norms", CheckNorm, "code"),
    ("tiers", TierNorm, "tier"),
    ("collections", Collection, "slug"),
)
_CODES = frozenset({"types", "spheres"})
_NUMBERS = frozenset({"term_days", "attested_days", "posts_a_week", "silence_days", "answer_days"})


@cache
def shipped(name: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of a list as it comes with the product."""
    with (DATA / f"{name}.tsv").open(encoding="utf-8") as lines:
        told = (line for line in lines if not line.startswith("#"))
        # Quotation marks are letters of the texts here, never a way to write them.
        rows = csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple({key: _value(key, value) for key, value in row.items()} for row in rows)


@transaction.atomic
def load_reference() -> int:
    """Add what the region does not have yet; never changes what it edited. Returns how many rows came."""
    added = 0
    for name, model, key in LISTS:
        known = set(model._default_manager.values_list(key, flat=True))
        has_position = any(field.name == "position" for field in model._meta.fields)
        fresh = [
            model(**row, **({"position": number * 10} if has_position else {}))
            for number, row in enumerate(shipped(name), 1)
            if row[key] not in known
        ]
        added += len(model._default_manager.bulk_create(fresh, ignore_conflicts=True))
    return added


def _value(key: str, text: str) -> Any:
    if key in _CODES:
        return text.split()
    if key in _NUMBERS:
        return int(text)
    return text == "1" if key == "is_automatic" else text
