"""Look-alikes in a list at the desk: how far a person sees, what narrows the list, how a name is marked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _

from otklik.desk.access import Desk
from otklik.desk.register.within import organizations_within
from otklik.people.rules import Right
from otklik.registry.enums import LookalikeState, Network
from otklik.registry.models import LookalikePage
from otklik.registry.operations.lookalike_words import sign_words
from otklik.registry.rules.homoglyphs import skeleton, tricks

# A resident does not write of a page for nothing: such a row is read before those that are merely alike.
TOLD_OF_RANK = 70
PILLS: Mapping[str, str] = {
    "new": "info", "fake": "late", "reported": "warn", "gone": "muted", "harmless": "ok", "official": "ok",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlikeQuery:
    """The filters of the list, out of the address; what is unknown there counts as not given."""

    state: str = LookalikeState.NEW
    network: str = ""
    municipality: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> "AlikeQuery":
        """Out of the address of the list."""
        state, place = given.get("state", LookalikeState.NEW), given.get("municipality", "")
        return cls(
            state=state if state in {*LookalikeState.values, "all"} else LookalikeState.NEW,
            network=given.get("network", "") if given.get("network") in Network.values else "",
            municipality=place if place.isascii() and place.isdigit() and len(place) <= 18 else "",
            q=given.get("q", "").strip()[:200],
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        return bool(self.network or self.municipality or self.q)


def alike_within(desk: Desk) -> QuerySet[LookalikePage]:
    """The look-alikes of organisations the person may see; those of nobody belong to the centre."""
    everywhere, _organizations, _pages = desk.reach.where(Right.SEE_REGISTRY)
    found = LookalikePage.objects.all()
    return found if everywhere else found.filter(resembles__in=organizations_within(desk))


def narrowed(query: AlikeQuery, desk: Desk) -> QuerySet[LookalikePage]:
    """Everything but the choice of state applied."""
    found = alike_within(desk)
    if query.network:
        found = found.filter(network=query.network)
    if query.municipality:
        found = found.filter(resembles__municipality_id=query.municipality)
    if query.q:
        words = Q(title__icontains=query.q) | Q(screen_name__icontains=query.q) | Q(external_id=query.q)
        found = found.filter(
            words | Q(resembles__name__icontains=query.q) | Q(resembles__short_name__icontains=query.q)
        )
    return found


def in_order(found: QuerySet[LookalikePage], state: str) -> QuerySet[LookalikePage]:
    """The rows of a list: the likest first; what only people told of stands among the likely ones."""
    rows = found if state == "all" else found.filter(state=state)
    rank = Case(When(signs=[], then=Value(TOLD_OF_RANK)), default="score", output_field=IntegerField())
    return rows.select_related("resembles__municipality").order_by(rank.desc(), "-seen_at", "pk")


def tabs(found: QuerySet[LookalikePage], query: AlikeQuery) -> list[tuple[str, str, int, bool]]:
    """(state, label, how many, chosen) of each tab; states nobody is in are left out, but for the queue itself."""
    counted = dict(found.values_list("state").annotate(n=Count("pk")).order_by())
    shown = [
        (state.value, str(state.label), counted.get(state.value, 0), query.state == state.value)
        for state in LookalikeState
        if counted.get(state.value) or state.value in {query.state, LookalikeState.NEW}
    ]
    return [*shown, ("all", _("все"), sum(counted.values()), query.state == "all")]


class Piece(NamedTuple):
    """A part of a name: plain, or one sign that stands for a letter, with words about it."""

    text: str
    about: str = ""


def pieces(title: str, known: frozenset[str]) -> list[Piece]:
    """The name cut so that signs in place of letters can be marked."""
    found: list[Piece] = []
    done = 0
    for trick in tricks(title, known):
        found += [Piece(title[done : trick.at])] if trick.at > done else []
        found.append(Piece(trick.sign if trick.letter else "·", _about(trick.script, trick.letter)))
        done = trick.at + 1
    return [*found, Piece(title[done:])] if title[done:] else found


def _about(script: str, letter: str) -> str:
    words = {
        "latin": _("латинская буква вместо «%(letter)s»"),
        "greek": _("греческая буква вместо «%(letter)s»"),
        "digit": _("цифра вместо «%(letter)s»"),
        "invisible": _("невидимый знак"),
    }
    return words.get(script, _("похожий знак вместо «%(letter)s»")) % {"letter": letter}


@dataclass(frozen=True, slots=True)
class Row:
    """One look-alike in a list."""

    page: LookalikePage
    title: list[Piece]
    pill: str
    signs: list[str] = field(default_factory=list)


def row_of(page: LookalikePage) -> Row:
    """The name of the look-alike with its signs marked, and the colour of its state."""
    return Row(page, pieces(page.title, _known(page)), PILLS[page.state], _words(page)[:3])


def rows(found: list[LookalikePage]) -> list[Row]:
    """Look-alikes for a list, with the signs that weigh most."""
    return [
        Row(each, pieces(each.title, _known(each)), PILLS[each.state], _words(each)[:3]) for each in found
    ]


def _known(page: LookalikePage) -> frozenset[str]:
    body = page.resembles
    return frozenset(skeleton(f"{body.name} {body.short_name}").split()) if body else frozenset()


def _words(page: LookalikePage) -> list[str]:
    heavy = sorted(page.signs, key=lambda sign: -abs(int(sign.get("weight", 0))))
    return [sign_words(sign) for sign in heavy]
