"""One place of one message."""

from otklik.common.text import fold
from otklik.triage.nlp.placing.choosing import Chosen, choose, homes_of, options_of
from otklik.triage.nlp.placing.gazetteer import Gazetteer, StreetRow
from otklik.triage.nlp.placing.objects import object_of
from otklik.triage.nlp.placing.scene import Scene, scene_of
from otklik.triage.nlp.placing.settlements import Mention, mentions_of
from otklik.triage.nlp.placing.streets import Street, streets_of
from otklik.triage.nlp.placing.values import AMBIGUOUS, FOUND, FROM_PAGE, UNKNOWN, Option, Place, PlaceWord


def find_place(text: str, gazetteer: Gazetteer, *, page_municipality: int | None = None) -> Place:
    """Where the message is about: municipality, settlement, street, house and object, as far as it says.

    `page_municipality` is the municipality of the page on which it was written, None for a page of the whole
    region. What fits several places is AMBIGUOUS and tells them; nothing is guessed.
    """
    scene = scene_of(text, gazetteer)
    mentions = mentions_of(scene)
    streets = streets_of(scene, mentions)
    street = _street_of(scene, streets, mentions)
    chosen = choose(scene, mentions, street, page_municipality)
    named = object_of(text, scene.words)
    words = _words(scene, chosen, street, named)
    settlement, municipality, options, status = _resolve(gazetteer, chosen, street, page_municipality)
    row = _row(gazetteer, street, settlement, municipality)
    house = street.house if street is not None else None
    if street is None and scene.houses and settlement is not None:
        house = scene.houses[0]
    return Place(
        status=status,
        municipality_id=municipality,
        settlement_id=settlement,
        settlement_name=gazetteer.settlements[settlement].name if settlement is not None else chosen.name,
        street_id=row.id if row else None,
        street_name=row.name if row else street.name[:150] if street else "",
        street_kind=row.kind if row else (street.kind or "улица") if street else "",
        house=house.number[:30] if house else "",
        object_name=named[0][:200] if named else "",
        options=options,
        words=words,
    )


def _street_of(scene: Scene, streets: list[Street], mentions: list[Mention]) -> Street | None:
    """The surest street; a settlement of that name that is said plainly takes its words: «переезд на Посевной»."""
    for street in streets:
        said = any(mention.score >= 3 and _one_name(mention, street) for mention in mentions)
        if not (said and street.score <= 2):
            return street
    return None


def _one_name(mention: Mention, street: Street) -> bool:
    return fold(mention.name) == street.key


def _resolve(
    gazetteer: Gazetteer, chosen: Chosen, street: Street | None, page: int | None
) -> tuple[int | None, int | None, tuple[Option, ...], str]:
    """(settlement, municipality, options, status) of what the text names and the page adds."""
    if len(chosen.settlements) == 1:
        return chosen.settlements[0], chosen.municipality, (), FOUND
    if chosen.settlements:
        options = options_of(gazetteer, chosen.settlements, street)
        return None, chosen.municipality, options, AMBIGUOUS
    municipality = chosen.municipality if chosen.municipality is not None else page
    if street is None:
        if municipality is None:
            return None, None, (), UNKNOWN
        return None, municipality, (), FOUND if chosen.municipality is not None else FROM_PAGE
    homes = homes_of(gazetteer, street, municipality)
    # A street that every town has tells nothing, even where only one town has told of its own.
    told = len(homes) == 1 and (
        municipality is not None or not gazetteer.is_everywhere(street.key, street.kind)
    )
    if told:
        home = homes[0]
        return home, gazetteer.settlements[home].municipality_id, (), FOUND
    return None, municipality, options_of(gazetteer, homes, street), AMBIGUOUS


def _row(
    gazetteer: Gazetteer, street: Street | None, settlement: int | None, municipality: int | None
) -> StreetRow | None:
    """The row of the street; streets of a quarter are kept with its town."""
    if street is None:
        return None
    own = gazetteer.street(settlement, street.key, street.kind)
    if own is not None or settlement is None or municipality is None:
        return own
    return gazetteer.street(gazetteer.mains.get(municipality), street.key, street.kind)


def _words(
    scene: Scene, chosen: Chosen, street: Street | None, named: tuple[str, int, int] | None
) -> tuple[PlaceWord, ...]:
    spans = {(scene.words[each.first].start, scene.words[each.last - 1].end) for each in chosen.mentions}
    if street is not None:
        house = street.house
        end = scene.words[street.last - 1].end
        spans.add((street.start, max(end, house.end) if house and 0 <= house.start - end <= 8 else end))
        if house and not 0 <= house.start - end <= 8:
            spans.add((house.start, house.end))
    if named is not None:
        spans.add((named[1], named[2]))
    return tuple(PlaceWord(scene.text[start:end], start, end) for start, end in sorted(spans))
