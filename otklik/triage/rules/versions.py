"""What differs between two versions of the list of topics. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Snapshot = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of one topic; `field` is "" when the topic itself came or went."""

    code: str
    name: str
    field: str
    old: Any
    new: Any


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """What changed, in the order of the later list; topics that went stand last."""
    was = {row["code"]: row for row in before}
    found = []
    for row in after:
        old = was.pop(row["code"], None)
        if old is None:
            found.append(Difference(row["code"], row["name"], "", None, row["name"]))
            continue
        found += [
            Difference(row["code"], row["name"], field, old.get(field), value)
            for field, value in row.items()
            if old.get(field) != value
        ]
    return found + [Difference(code, row["name"], "", row["name"], None) for code, row in was.items()]
