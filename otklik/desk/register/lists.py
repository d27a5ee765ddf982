"""Spheres, types and bodies to choose from, and their names by code. They hardly change: kept for a minute."""

from collections.abc import Callable

from django.core.cache import cache

from otklik.desk import choices
from otklik.desk.choices import CACHE_SECONDS, Choice
from otklik.registry.models import Organization, OrganizationType, Sphere


def spheres() -> list[Choice]:
    """Spheres in their order."""
    return _kept(
        "desk:spheres", lambda: list(Sphere.objects.order_by("position", "name").values_list("code", "name"))
    )


def types() -> list[Choice]:
    """Types of organisations in their order."""
    return _kept(
        "desk:organization_types",
        lambda: list(OrganizationType.objects.order_by("position", "name").values_list("code", "name")),
    )


def superiors() -> list[Choice]:
    """Bodies that something stands below, and the main ones: what an organisation is put under, without a search."""
    return _kept("desk:superiors", _superiors)


def _superiors() -> list[tuple[str, str]]:
    main = [(each.value, each.label) for each in choices.main_bodies()]
    known = {value for value, _label in main}
    above = Organization.objects.filter(children__is_active=True, is_active=True).distinct()
    return main + [
        (str(pk), name)
        for pk, name in above.order_by("short_name", "pk").values_list("pk", "short_name")
        if str(pk) not in known
    ]


def sphere_name(code: str) -> str:
    """The name of a sphere; a code that the list has lost stays as it is."""
    return next((each.label for each in spheres() if each.value == code), code)


def type_name(code: str) -> str:
    """The name of a type; a code that the list has lost stays as it is."""
    return next((each.label for each in types() if each.value == code), code)


def _kept(key: str, read: Callable[[], list[tuple[str, str]]]) -> list[Choice]:
    found: list[Choice] | None = cache.get(key)
    if found is None:
        found = [Choice(code, name) for code, name in read()]
        cache.set(key, found, CACHE_SECONDS)
    return found
