"""What every page shows of the region: its name, its mark as a demonstration."""

from typing import Any

from django.http import HttpRequest

from otklik.registry.operations import region as the_region


def region(request: HttpRequest) -> dict[str, Any]:
    return {"region": the_region()}
