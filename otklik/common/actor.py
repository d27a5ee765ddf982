"""Who does something: the id and name that audit lines keep, whatever kind of account stands behind them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (id of the account) or, without an id, a part of the system that acts by itself."""

    id: int | None
    name: str


SYSTEM = Actor(None, "Отклик")
