"""Paths of the tree of organisations, made anew where parents were changed in bulk."""

from django.db import connection

from otklik.registry.operations.organizations import WouldLoop

_TREE = """
with recursive tree as (
    select id, array[id]::bigint[] as path from registry_organization where parent_id is null
    union all
    select child.id, tree.path || child.id from registry_organization child join tree on child.parent_id = tree.id
)
"""
_WRITE = """
update registry_organization it set path = tree.path
from tree where tree.id = it.id and it.path is distinct from tree.path
"""
_UNREACHED = "select (select count(*) from registry_organization) - (select count(*) from tree)"


def set_paths() -> int:
    """Write the path of every organisation whose own differs from what its parents say; returns how many.

    Raises WouldLoop when some cannot be reached from the top: then one stands under itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TREE + _WRITE)
        written = int(cursor.rowcount)
        cursor.execute(_TREE + _UNREACHED)
        if cursor.fetchone()[0]:
            raise WouldLoop
    return written
