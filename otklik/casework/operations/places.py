"""The place of an incident: as the system found it, or as a person says it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otklik.casework.models import Incident
from otklik.common.actor import Actor
from otklik.common.streets import split_street
from otklik.registry.models import Municipality, Settlement
from otklik.triage import operations as triage
from otklik.triage.enums import PlaceStatus
from otklik.triage.models import Verdict


@dataclass(frozen=True, slots=True)
class Place:
    """Where the matter is, in a person's words; a street without a row is one that the gazetteer does not know."""

    municipality: Municipality | None = None
    settlement: Settlement | None = None
    street_name: str = ""
    house: str = ""
    object_name: str = ""


def place_of(verdict: Verdict, *, municipality_id: int | None = None) -> dict[str, Any]:
    """The fields of an incident by its verdict; `municipality_id` is what is known when the text names none."""
    return {
        "municipality_id": verdict.municipality_id or municipality_id,
        "settlement_id": verdict.settlement_id,
        "street_id": verdict.street_id,
        "street_name": verdict.street_name,
        "house": verdict.house,
        "object_name": verdict.object_name,
        "place_status": verdict.place_status,
    }


def place_by(place: Place, *, by: Actor, now: datetime) -> dict[str, Any]:
    """The fields of an incident by what a person says; the gazetteer learns a street that it did not know."""
    name, kind = split_street(place.street_name)
    settlement = place.settlement
    street = None
    if settlement is not None:
        street = triage.learn_street(settlement=settlement, street_name=name, kind=kind, by=by, now=now)
    return {
        "municipality": settlement.municipality if settlement else place.municipality,
        "settlement": settlement,
        "street": street,
        "street_name": name,
        "house": place.house.strip(),
        "object_name": place.object_name.strip(),
        "place_status": PlaceStatus.FOUND if _names_something(place) else PlaceStatus.UNKNOWN,
    }


def _names_something(place: Place) -> bool:
    words = (place.street_name, place.house, place.object_name)
    return bool(place.municipality or place.settlement or any(each.strip() for each in words))


def learnt(incident: Incident, *, by: Actor, now: datetime) -> dict[str, Any]:
    """The street of a place that the system read and a person agreed with, when the gazetteer does not know it yet."""
    known = incident.street_id is not None or incident.place_status != PlaceStatus.FOUND
    if known or incident.settlement is None or not incident.street_name:
        return {}
    street = triage.learn_street(
        settlement=incident.settlement, street_name=incident.street_name, by=by, now=now
    )
    return {"street": street}
