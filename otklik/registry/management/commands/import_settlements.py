"""`otklik registry import-settlements FILE`: settlements of the gazetteer out of a table."""

from typing import Any

from otklik.common.actor import Actor
from otklik.registry import operations
from otklik.registry.management.gazetteer import GazetteerCommand


class Command(GazetteerCommand):
    """Says of every row that was not taken why; the same table twice changes nothing."""

    help = "Загрузить населённые пункты из CSV или XLSX: простой таблицы, GeoNames или ОКТМО."
    by = Actor(None, "otklik registry import-settlements")

    def bring(self, **given: Any) -> operations.Brought:
        return operations.import_settlements(**given)
