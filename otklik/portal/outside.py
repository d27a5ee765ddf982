"""What somebody outside sees of an incident: where it is, and nothing of who wrote."""

from otklik.casework.models import Incident
from otklik.casework.operations import masked


def place_of(incident: Incident) -> str:
    """The place in one line, without a flat."""
    street = str(incident.street) if incident.street else incident.street_name
    parts = (
        incident.municipality.short_name if incident.municipality else "",
        str(incident.settlement) if incident.settlement else "",
        ", ".join(part for part in (street, incident.house) if part),
        incident.object_name,
    )
    return masked(", ".join(part for part in parts if part))
