"""Where a message is about: municipality, settlement, street, house, object; pure, from a gazetteer given as a value.

Promises that a place that fits several is said to be ambiguous and never guessed, that what a text does not
name is left to the page, and that the same text and gazetteer give the same place.
"""

from otklik.triage.nlp.placing.finding import find_place
from otklik.triage.nlp.placing.gazetteer import (
    Gazetteer,
    MunicipalityRow,
    SettlementRow,
    StreetRow,
    gazetteer_from_rows,
    make_gazetteer,
)
from otklik.triage.nlp.placing.values import (
    AMBIGUOUS,
    FOUND,
    FROM_PAGE,
    UNKNOWN,
    Option,
    Place,
    PlaceWord,
)

__all__ = [
    "AMBIGUOUS",
    "FOUND",
    "FROM_PAGE",
    "UNKNOWN",
    "Gazetteer",
    "MunicipalityRow",
    "Option",
    "Place",
    "PlaceWord",
    "SettlementRow",
    "StreetRow",
    "find_place",
    "gazetteer_from_rows",
    "make_gazetteer",
]
