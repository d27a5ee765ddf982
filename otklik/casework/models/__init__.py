"""What casework remembers: incidents with their moves, answers and clocks. One file a noun."""

from otklik.casework.models.answers import Answer
from otklik.casework.models.brought import (
    BroughtBefore,
    BroughtIncident,
    ExportPiece,
    IncidentExport,
    IncidentTable,
    IncidentTablePiece,
)
from otklik.casework.models.incidents import (
    OPEN_STATES,
    TICKING_STATES,
    Incident,
    IncidentQuerySet,
)
from otklik.casework.models.late import LateWarning
from otklik.casework.models.moves import AllowedMove, Move
from otklik.casework.models.profiles import SlaProfile

__all__ = [
    "OPEN_STATES",
    "TICKING_STATES",
    "AllowedMove",
    "Answer",
    "BroughtBefore",
    "BroughtIncident",
    "ExportPiece",
    "Incident",
    "IncidentExport",
    "IncidentQuerySet",
    "IncidentTable",
    "IncidentTablePiece",
    "LateWarning",
    "Move",
    "SlaProfile",
]
