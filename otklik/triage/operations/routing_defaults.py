"""The rules that come with the product: a region edits or retires them like its own."""

from typing import Any, Final

from django.db import transaction

from otklik.triage.models import RoutingRule

SHIPPED: Final[dict[str, dict[str, Any]]] = {
    "municipal_on_institution": {
        "level": "M",
        "page_level": "institution",
        "target": "administration",
        "note": "Что решает муниципалитет, у школы или больницы не спрашивают.",
    },
    "page": {"target": "page", "note": "Остальное решает тот, на чьей странице спросили."},
}


@transaction.atomic
def load_routes() -> int:
    """Add the shipped rules that the region does not have yet; never changes what it edited or retired."""
    known = set(RoutingRule.objects.exclude(code="").values_list("code", flat=True))
    fresh = [RoutingRule(code=code, **values) for code, values in SHIPPED.items() if code not in known]
    RoutingRule.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
