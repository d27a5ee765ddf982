"""References of many objects to rows of one table, read with one statement."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def given(rows: QuerySet[Row], holders: Iterable[tuple[Model, str]]) -> None:
    """Give each holder the row that its reference of that name leads to; no statement when none leads anywhere.

    `prefetch_related` asks once for each name: a card refers to bodies by four of them.
    """
    named = [(holder, name, getattr(holder, f"{name}_id")) for holder, name in holders]
    wanted = {pk for _holder, _name, pk in named if pk is not None}
    found = rows.in_bulk(wanted) if wanted else {}
    for holder, name, pk in named:
        if pk is not None:
            setattr(holder, name, found[pk])
