"""From names in a text to one place: which of the namesakes, on which street, or that several fit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from otklik.triage.nlp.placing.gazetteer import Gazetteer, SettlementRow
from otklik.triage.nlp.placing.reading import kind_class
from otklik.triage.nlp.placing.scene import Scene
from otklik.triage.nlp.placing.settlements import Mention
from otklik.triage.nlp.placing.streets import Street
from otklik.triage.nlp.placing.values import Option

_TOWNS = frozenset({"city", "township"})
_INNER = frozenset({"quarter", "district"})
_VILLAGES = frozenset({"village", "hamlet"})
_NEXT_TO_STREET = 2.0
MOST_OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """Settlements that fit best (one when it is clear), the municipality, and the words that say so."""

    settlements: tuple[int, ...]
    municipality: int | None
    mentions: tuple[Mention, ...]
    name: str = ""


def choose(scene: Scene, mentions: list[Mention], street: Street | None, page: int | None) -> Chosen:
    """What the mentions amount to: settlements within the named district, or on the page, before any other."""
    districts = [mention for mention in mentions if mention.district]
    named = {id_ for mention in districts for id_ in mention.ids}
    scores: defaultdict[int, float] = defaultdict(float)
    spoken: list[Mention] = []
    for mention in mentions:
        if mention.district or not _may_count(scene, mention, street, named, page):
            continue
        spoken.append(mention)
        bonus = _NEXT_TO_STREET if street is not None and _beside(scene, mention, street) else 0
        for id_ in mention.ids:
            scores[id_] += mention.score + bonus
    if not scores:
        first = max(districts, key=lambda mention: mention.score, default=None)
        owner = first.ids[0] if first is not None and len(first.ids) == 1 else None
        return Chosen((), owner, tuple(districts[:1]))
    best = _best(scene.gazetteer, scores, named, page, spoken)
    wholes = {scene.gazetteer.settlements[id_].municipality_id for id_ in best}
    words = tuple(mention for mention in spoken if set(mention.ids) & set(best))
    near = tuple(mention for mention in districts if set(mention.ids) & wholes)
    owner = wholes.pop() if len(wholes) == 1 else None
    return Chosen(tuple(best), owner, words + near, words[0].name if words else "")


def _may_count(
    scene: Scene, mention: Mention, street: Street | None, named: set[int], page: int | None
) -> bool:
    """A word of the language is a place when its district, its page or an address beside it says so."""
    if (
        street is not None
        and mention.first < street.last
        and street.first < mention.last
        and not mention.kind
    ):
        return False
    if not mention.weak:
        return True
    wholes = {scene.gazetteer.settlements[id_].municipality_id for id_ in mention.ids}
    if wholes & named:
        return scene.parted(mention.first) or scene.words[mention.first].big
    parted = scene.parted(mention.first) and scene.parted(mention.last)
    if street is not None and (street.house is not None or parted) and _beside(scene, mention, street):
        return True
    asked = bool(scene.case_of(mention.first))
    return page in wholes and (asked or parted)


def _beside(scene: Scene, mention: Mention, street: Street) -> bool:
    """Whether the street follows the settlement at once: «Обь, Калинина 5», «в Оби на Калинина 2»."""
    gap = scene.text[scene.words[mention.last - 1].end : street.start]
    return mention.last <= street.first and len(gap) < 12 and not set(gap) & set("!?;\n")


def _best(
    gazetteer: Gazetteer, scores: dict[int, float], named: set[int], page: int | None, spoken: list[Mention]
) -> list[int]:
    rows = gazetteer.settlements
    within = {id_: score for id_, score in scores.items() if rows[id_].municipality_id in named}
    pool = within or scores
    top = max(pool.values())
    best = [id_ for id_, score in pool.items() if score >= top - 1e-9]
    best = _inner(gazetteer, best, pool)
    kinds = {mention.kind for mention in spoken if mention.kind and set(mention.ids) & set(best)}
    if len(best) > 1 and page is not None:
        best = [id_ for id_ in best if rows[id_].municipality_id == page] or best
    if len(best) > 1 and kinds:
        best = [id_ for id_ in best if _is_of(rows[id_], kinds)] or best
    if len(best) > 1 and not kinds & _VILLAGES:
        # «Куйбышев» is the town before it is a village.
        best = [id_ for id_ in best if kind_class(rows[id_].kind) in _TOWNS] or best
    return sorted(best)


def _is_of(row: SettlementRow, kinds: set[str]) -> bool:
    own = kind_class(row.kind)
    return own in kinds or (own in _VILLAGES and bool(kinds & _VILLAGES))


def _inner(gazetteer: Gazetteer, best: list[int], pool: dict[int, float]) -> list[int]:
    """A quarter of the town that is named as well says more than the town."""
    rows = gazetteer.settlements
    wholes = {rows[id_].municipality_id for id_ in best}
    if len(wholes) != 1:
        return best
    own = [id_ for id_ in best if kind_class(rows[id_].kind) in _INNER]
    if own:
        return own
    inner = [
        id_ for id_ in pool if rows[id_].municipality_id in wholes and kind_class(rows[id_].kind) in _INNER
    ]
    return [max(inner, key=lambda id_: (pool[id_], -id_))] if inner else best


def homes_of(gazetteer: Gazetteer, street: Street, municipality: int | None) -> list[int]:
    """Settlements where a street named without one may be: where it is known, within the municipality."""
    if municipality is not None and (main := gazetteer.mains.get(municipality)) is not None:
        return [main]
    known = gazetteer.where.get(street.key, frozenset())
    rows = gazetteer.settlements
    if municipality is not None:
        inside = [id_ for id_ in known if rows[id_].municipality_id == municipality]
        return sorted(inside, key=lambda id_: (-rows[id_].population, id_))
    return sorted((id_ for id_ in known if id_ in rows), key=lambda id_: (-rows[id_].population, id_))


def options_of(gazetteer: Gazetteer, settlements: Iterable[int], street: Street | None) -> tuple[Option, ...]:
    """What to choose from, in words: «с. Михайловка, Карасукский район», with the street where it is named."""
    options = []
    for id_ in list(settlements)[:MOST_OPTIONS]:
        row = gazetteer.settlements[id_]
        whole = gazetteer.municipalities.get(row.municipality_id)
        found = gazetteer.street(id_, street.key, street.kind) if street is not None else None
        parts = [f"{row.kind} {row.name}".strip()]
        if whole is not None and row.name not in whole.name:
            parts.append(whole.name)
        options.append(Option(", ".join(parts), row.municipality_id, id_, found.id if found else None))
    return tuple(options)
