"""Organisations as linked data in the words of schema.org, for search engines and for programs."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from otklik.registry.enums import OrgLevel
from otklik.registry.models import Municipality, OfficialPage, Organization

# What schema.org calls institutions that are no government bodies themselves.
TYPES = {
    "school": "School",
    "gymnasium": "School",
    "boarding_school": "School",
    "kindergarten": "Preschool",
    "college": "CollegeOrUniversity",
    "university": "CollegeOrUniversity",
    "hospital": "Hospital",
    "clinic": "MedicalClinic",
    "polyclinic": "MedicalClinic",
    "library": "Library",
    "museum": "Museum",
    "theatre": "PerformingArtsTheater",
}


def organization(found: Organization, pages: list[OfficialPage]) -> dict[str, Any]:
    """GovernmentOrganization or the nearest kind of organisation; only contacts of the body, never of a person."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _type(found),
        "@id": settings.BASE_URL + reverse("portal:organization", args=[found.pk]),
        "name": found.name,
        "alternateName": found.short_name if found.short_name != found.name else "",
        "url": found.site_url,
        "telephone": found.phone,
        "email": found.email,
        "identifier": _identifier(found),
        "address": _address(found),
        "location": _location(found),
        "areaServed": _area(found.municipality),
        "parentOrganization": _parent(found.parent),
        "sameAs": [page.url for page in pages],
    }
    return {name: value for name, value in data.items() if value}


def _type(found: Organization) -> str:
    if found.level in {OrgLevel.INSTITUTION, OrgLevel.UTILITY}:
        return TYPES.get(found.type, "Organization")
    return "GovernmentOrganization"


def _identifier(found: Organization) -> dict[str, str] | None:
    return {"@type": "PropertyValue", "propertyID": "ОГРН", "value": found.ogrn} if found.ogrn else None


def _address(found: Organization) -> dict[str, str] | None:
    if not found.address:
        return None
    said = {"@type": "PostalAddress", "addressCountry": "RU", "streetAddress": found.address}
    return said | ({"addressLocality": found.settlement} if found.settlement else {})


def _location(found: Organization) -> dict[str, Any] | None:
    if found.latitude is None or found.longitude is None:
        return None
    point = {"@type": "GeoCoordinates", "latitude": found.latitude, "longitude": found.longitude}
    # A point belongs to a place: an organisation has none of its own in schema.org.
    return {"@type": "Place", "geo": point}


def _area(place: Municipality | None) -> dict[str, str] | None:
    return {"@type": "AdministrativeArea", "name": place.name} if place else None


def _parent(parent: Organization | None) -> dict[str, str] | None:
    return {"@type": "Organization", "name": parent.name} if parent else None
