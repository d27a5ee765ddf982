"""How far a step of an import is, written beside its transaction, so that the page sees it before the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from otklik.registry.models import Import
from otklik.registry.operations.import_check import Tell


@contextmanager
def beside(brought: Import) -> Iterator[Tell]:
    """A `tell` with a connection of its own. The transaction must not touch the row of the import before its end."""
    side: Any = connections.create_connection(DEFAULT_DB_ALIAS)

    def tell(done: int, total: int) -> None:
        with side.cursor() as cursor:
            cursor.execute(
                "update registry_import set done = %s, total = %s where id = %s", [done, total, brought.pk]
            )

    try:
        yield tell
    finally:
        side.close()
