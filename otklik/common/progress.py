"""How far a long step is, written beside its transaction, so that a page sees it before the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

Tell = Callable[[int, int], None]


@contextmanager
def beside(row: models.Model) -> Iterator[Tell]:
    """A `tell(done, total)` with a connection of its own, for a row that has these two columns.

    The transaction must not touch the row before its end.
    """
    side: Any = connections.create_connection(DEFAULT_DB_ALIAS)
    table = side.ops.quote_name(row._meta.db_table)

    def tell(done: int, total: int) -> None:
        with side.cursor() as cursor:
            cursor.execute(
                f"update {table} set done = %s, total = %s where id = %s",  # noqa: S608 names of ours
                [done, total, row.pk],
            )

    try:
        yield tell
    finally:
        side.close()
