"""`otklik registry import-streets FILE`: streets of the gazetteer out of a table."""

from typing import Any

from otklik.common.actor import Actor
from otklik.registry import operations
from otklik.registry.management.gazetteer import GazetteerCommand


class Command(GazetteerCommand):
    """Says of every row that was not taken why; the same table twice changes nothing."""

    help = "Загрузить улицы из CSV или XLSX."
    by = Actor(None, "otklik registry import-streets")

    def bring(self, **given: Any) -> operations.Brought:
        return operations.import_streets(**given)
