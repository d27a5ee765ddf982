"""What may be decided about a page that looks official, and when. Pure."""

from collections.abc import Mapping

# A page may come back from every end: it is renamed, unlocked, or the decision was a mistake.
MOVES: Mapping[str, frozenset[str]] = {
    "new": frozenset({"fake", "harmless", "gone", "official"}),
    "fake": frozenset({"reported", "gone", "harmless", "official", "new"}),
    "reported": frozenset({"gone", "fake", "harmless", "official", "new"}),
    "gone": frozenset({"new"}),
    "harmless": frozenset({"new"}),
    # The page is in the register then: it is taken out there, not here.
    "official": frozenset(),
}


class IllegalDecision(Exception):
    """Такое решение сейчас принять нельзя: посмотрите, что уже решено об этой странице."""


class GroundsNeeded(Exception):
    """Напишите, на чём основано решение: что на странице выдаёт её за официальную, ссылка на снимок экрана."""


def check_decision(before: str, after: str, *, has_grounds: bool) -> None:
    """Raise IllegalDecision for a move that is none, GroundsNeeded when a page is called a fake without grounds."""
    if after not in MOVES.get(before, frozenset()):
        raise IllegalDecision
    if after == "fake" and not has_grounds:
        raise GroundsNeeded


def decisions(state: str) -> frozenset[str]:
    """What may be decided about a page in this state."""
    return MOVES.get(state, frozenset())
