"""Where a text names a street: after its kind, before a house, after «на» and «по», after its town."""

import re
from dataclasses import dataclass, replace

from otklik.common.streets import KIND_OF, TAILS
from otklik.common.text import fold
from otklik.triage.nlp.placing import forms
from otklik.triage.nlp.placing.evidence import ENDS, evidence, house_before, owned
from otklik.triage.nlp.placing.houses import House, house_after
from otklik.triage.nlp.placing.objects import is_object
from otklik.triage.nlp.placing.scene import PREPOSITIONS, Scene, agrees
from otklik.triage.nlp.placing.senses import STREET, Sense, is_ordinary
from otklik.triage.nlp.placing.settlements import Mention
from otklik.triage.nlp.placing.unknown import end_of_name, name_between, nominative, unknown_name
from otklik.triage.nlp.words import analyzer

# Kinds that are said of other things as well: «площадь у вокзала», «и пр.», «5 ш.».
_WEAK = frozenset({"пр", "ш", "пл", "наб", "набережная", "набережной", "набережную", "площадь", "площади", "тракт",
                   "тракта", "тракте", "аллея", "аллее", "аллеи", "бул"})  # fmt: skip
_SHORT = frozenset({"ул", "пр", "пер", "просп", "бул", "пл", "ш", "наб", "пркт", "т", "кт", "д", "р"})
_KIND_STARTS = frozenset(KIND_OF) | {head for head, _tail in TAILS}
_NEAR = 60
_ORDINAL = re.compile(r"(?<![^\W_])(\d{1,2})\s?-?\s?(?:я|й|ая|ый|ой|м|ом|ю|ую|го|му)\s$", re.IGNORECASE)
_LONGEST = 3
_ALONG = frozenset({"по", "на"})
# «дом номер 5»: so many words between the name of a street and the number of a house.
_BEFORE_NUMBER = 2


@dataclass(frozen=True, slots=True)
class Street:
    """Words `first` to `last` name a street: `key` is its folded name, `name` how it is written.

    `kind` is what the text says («проспект»); `known` is a name of the gazetteer or of the common list.
    """

    first: int
    last: int
    key: str
    name: str
    kind: str
    known: bool
    score: float
    house: House | None = None
    start: int = -1


def streets_of(scene: Scene, mentions: list[Mention]) -> list[Street]:
    """Every street that the text names, the surest first."""
    found: list[Street] = []
    taken: set[int] = set()
    for at, kind, size in _kinds(scene):
        street = _after_kind(scene, at, size, kind) or _before_kind(scene, at, size, kind)
        if street is not None:
            found.append(street)
            taken.update(range(street.first, street.last))
    ends = {mention.last for mention in mentions}
    for hit in scene.hits.values():
        senses = hit.means.streets
        if (
            senses
            and hit.first not in taken
            and (street := _bare(scene, hit.first, hit.last, senses[0], ends))
        ):
            found.append(street)
            taken.update(range(street.first, street.last))
    found += _unknown(scene, ends, taken, mentions)
    whole = [_with_house(scene, _with_ordinal(scene, street)) for street in found]
    return sorted(whole, key=lambda street: (-street.score, street.first))


def _kinds(scene: Scene) -> list[tuple[int, str, int]]:
    """Words that say what kind of a street stands beside them: (place, kind, how many words)."""
    found = []
    for at in scene.words.among(_KIND_STARTS):
        word, following = scene.words.texts[at], at + 1
        is_joined = following < len(scene.words) and scene.words.gap(following) == "-"
        tail = TAILS.get((word, scene.words.texts[following])) if is_joined else None
        if tail:
            found.append((at, tail, 2))
        elif kind := KIND_OF.get(word):
            found.append((at, kind, 1))
    return found


def _sense(scene: Scene, at: int) -> tuple[int, Sense] | None:
    hit = scene.hits.get(at)
    if hit is None:
        return None
    return (hit.last, hit.means.streets[0]) if hit.means.streets else None


def _after_kind(scene: Scene, at: int, size: int, kind: str) -> Street | None:
    first = at + size
    if first >= len(scene.words) or scene.words[first].gap.strip(' \u00a0.:«"'):
        return None
    word, written = scene.words[first], scene.words[at].text
    house = None
    if (found := _sense(scene, first)) and not _longer(scene, found):
        last, sense = found
        house = house_after(scene.text, scene.words.end(last - 1))
        sure = word.big or house is not None or written in _SHORT - _WEAK
        # «улица новая» may be a name where nothing has capitals, «на улице большой сугроб» is none.
        sure = sure or (scene.small and written not in _WEAK and not owned(scene, first, last, sense))
        if sure or not sense.ordinary:
            street = _known(first, last, sense, kind, 5.0)
            return replace(street, house=house, start=scene.words[at].start)
        return None
    if written in _WEAK and not word.big:
        return None
    last, name = unknown_name(scene, first, kind, short=written in _SHORT)
    # «по аллее Городского кладбища»: the adjective belongs to a noun.
    if not name or (written in _WEAK and scene.noun_agrees(scene.words[last - 1].text, last, forms.EVERY)):
        return None
    return _guessed(
        scene, Street(first, last, fold(name), name, kind, False, 4.0, start=scene.words[at].start)
    )


def _longer(scene: Scene, found: tuple[int, Sense]) -> bool:
    """«улица Советской Армии» is not «Советская»: a noun in a capital goes on with the adjective."""
    last, sense = found
    if not sense.adjective or not scene.plain(last) or not scene.words[last].big or last in scene.hits:
        return False
    return agrees(scene.words[last - 1].text, scene.words[last].text, forms.EVERY)


def _before_kind(scene: Scene, at: int, size: int, kind: str) -> Street | None:
    """«Никольский проспект», «на Красном проспекте»."""
    if not scene.plain(at):
        return None
    for size_of_name in range(min(_LONGEST, at), 0, -1):
        found = _sense(scene, at - size_of_name)
        if found and found[0] == at and (scene.words[at - size_of_name].big or not found[1].ordinary):
            street = _known(at - size_of_name, at, found[1], kind, 5.0)
            end = scene.words.end(at + size - 1)
            return replace(street, house=house_after(scene.text, end), start=scene.words[street.first].start)
    word = scene.words[at - 1]
    if not word.big or not forms.is_adjective(nominative(word.text, kind)) or scene.words[at].text in _SHORT:
        return None
    if scene.starts(at - 1) and is_ordinary(word.text) and not house_after(scene.text, scene.words.end(at)):
        return None
    name = nominative(scene.text[word.start : word.end], kind)
    house = house_after(scene.text, scene.words.end(at))
    return Street(at - 1, at, fold(name), name, kind, False, 4.0, house, word.start)


def _known(first: int, last: int, sense: Sense, kind: str, score: float) -> Street:
    return Street(first, last, fold(sense.name), sense.name, kind, True, score)


def _guessed(scene: Scene, street: Street) -> Street:
    """A name that no form fits: one of the gazetteer with a slip in it, or a new one."""
    first, last = street.first, street.last
    for size in range(last - first, 0, -1):
        written = " ".join(scene.words.texts[first : first + size])
        form = scene.gazetteer.typos.meant(written, STREET)
        # A part that is right by itself has no slip: «Советской Армии».
        # Nor has a word of the language: «переулок Школьный» is not «Школьная».
        if form is not None and form != written and not (size == 1 and analyzer().word_is_known(written)):
            sense = scene.gazetteer.forms[form].streets[0]
            known = _known(first, first + size, sense, street.kind, street.score)
            return replace(known, start=street.start)
    return street


def _bare(scene: Scene, first: int, last: int, sense: Sense, towns: set[int]) -> Street | None:
    """A known name without its kind: what stands around it has to speak for a street."""
    score = evidence(scene, first, last, sense, towns)
    if score <= 0:
        return None
    return _known(first, last, sense, "", score)


def _unknown(scene: Scene, towns: set[int], taken: set[int], mentions: list[Mention]) -> list[Street]:
    """Names that nobody knows, before a house: «Коротеева 5», «по Вишнёвой, 3»."""
    near = _near_houses(scene)
    named = {at for mention in mentions for at in range(mention.first, mention.last)} if near else set()
    found: list[Street] = []
    for at in sorted(near.intersection(towns if scene.small else scene.words.bigs)):
        if at in taken or at in named:
            continue
        last = end_of_name(scene, at, short=True)
        if any(each in taken or each in named for each in range(at, last)):
            continue
        # The dictionary is asked last: it takes longer than all the rest.
        if last > at and _has_house(scene, at, last) and not _cannot_be(scene, at):
            name = name_between(scene, at, last, "улица")
            found.append(_guessed(scene, Street(at, last, fold(name), name, "", False, 3.0)))
            taken.update(range(at, last))
    return found


def _has_house(scene: Scene, first: int, last: int) -> bool:
    if house_after(scene.text, scene.words.end(last - 1)) is not None:
        return True
    return _is_along(scene, first) and house_before(scene, first) is not None


def _near_houses(scene: Scene) -> set[int]:
    """Places of words that a street with a house may begin at: its number stands near after it, or was said before."""
    far = _LONGEST + _BEFORE_NUMBER
    near = {at for number in scene.words.numbers for at in range(max(0, number - far), number)}
    if scene.houses:
        near.update(at + 1 for at in scene.words.among(_ALONG))
    return near


def _is_along(scene: Scene, at: int) -> bool:
    return scene.follows(at, _ALONG)


def _cannot_be(scene: Scene, at: int) -> bool:
    word = scene.words[at]
    if word.text.isdecimal():
        return True
    if word.text in PREPOSITIONS or word.text in KIND_OF or is_object(word.text) or len(word.text) < 3:
        return True
    # «ТСЖ № 102», «МКД 5» are no streets.
    if scene.text[word.start : word.end].isupper() and len(word.text) < 6:
        return True
    # A sentence begins with any word; an adjective or a known word of the language there is none of ours.
    return (scene.starts(at) or not forms.is_adjective(word.text)) and is_ordinary(word.text)


def _with_ordinal(scene: Scene, street: Street) -> Street:
    """«1-я Степная» is another street than «Степная»."""
    found = _ORDINAL.search(
        scene.text, max(0, scene.words[street.first].start - 8), scene.words[street.first].start
    )
    if found is None or not forms.is_adjective(fold(street.name)):
        return street
    ending = "й" if street.name.endswith(("й", "е")) else "я"
    name = f"{int(found[1])}-{ending} {street.name}"
    start = found.start() if street.start < 0 else min(street.start, found.start())
    known = fold(name) in scene.gazetteer.where
    return replace(street, name=name, key=fold(name), start=start, known=known)


def _with_house(scene: Scene, street: Street) -> Street:
    start = street.start if street.start >= 0 else scene.words[street.first].start
    end = scene.words.end(street.last - 1)
    house = street.house or house_after(scene.text, end) or house_before(scene, street.first)
    if house is None:
        house = _house_near(scene, start, end)
    return replace(street, house=house, start=start, score=street.score + (1 if house else 0))


def _house_near(scene: Scene, start: int, end: int) -> House | None:
    """«На проспекте Дзержинского у дома 12»: in the same sentence, not far."""
    for house in scene.houses:
        low, high = (end, house.start) if house.start >= end else (house.end, start)
        if (
            0 <= high - low <= _NEAR
            and not set(scene.text[low:high].replace("д.", "").replace("ул.", "")) & ENDS
        ):
            return house
    return None
