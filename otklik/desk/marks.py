"""A message cut at everything that was recognised in it, so that the card can show each in its colour. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from otklik.common.text import MENTION
from otklik.desk.rules import spot
from otklik.triage.nlp.masking import PLACEHOLDERS

# What one character can be marked as at most once: later of these is told before earlier ones.
_KINDS = ("personal", "place", "word")
COLOURS = 4
# More than that in one message is a list, and nobody reads it mark by mark.
MOST_MARKS = 400
_HIDDEN = "[скрыто]"


@dataclass(frozen=True, slots=True)
class Layer:
    """What was recognised for one question: its number among those of the message, its pieces, words, place.

    `spans` are empty when the question is the whole message. Words are [text, start, end].
    """

    number: int
    spans: Sequence[Sequence[int]] = ()
    words: Sequence[Sequence[object]] = ()
    place: Sequence[Sequence[object]] = ()
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text with what is to be seen of it: `at` is its first character, `length` what it covers.

    The text shown is shorter than that where a mention of the network is told by its name.
    `kind` is word, place, personal or empty; `colour` is the question's; `other` that it belongs to another question.
    """

    text: str
    at: int
    length: int
    kind: str = ""
    colour: int = 0
    other: bool = False
    note: str = ""


def segments(text: str, layers: Iterable[Layer], personal: Iterable[Sequence[object]] = ()) -> list[Segment]:
    """The text in segments; joined again they are the text as people read it. Offsets that do not fit are left out."""
    # What is personal comes first: of too many marks the others are left out.
    found: list[tuple[int, int, str, int, str]] = [
        (start, end, "personal", 0, kind) for kind, start, end in _spans(personal, len(text))
    ]
    owners: list[tuple[int, int, Layer]] = []
    for layer in layers:
        for kind, words in (("word", layer.words), ("place", layer.place)):
            found += [
                (*at, kind, layer.number % COLOURS, "")
                for word in words
                if (at := spot(text, word)) is not None
            ]
        owners += [(start, end, layer) for start, end in _inside(layer.spans, text)]
    found = list(dict.fromkeys(found))[:MOST_MARKS]
    mentions = islice(MENTION.finditer(text), MOST_MARKS)
    names = {match.start(): (match.end(), match[1]) for match in mentions}
    cuts = {0, len(text), *names, *(end for end, _name in names.values())}
    cuts |= {at for start, end, *_rest in found for at in (start, end)}
    cuts |= {at for start, end, _layer in owners for at in (start, end)}
    made = [_segment(text[start:end], start, found, owners) for start, end in pairwise(sorted(cuts))]
    return _named(made, names)


def _spans(personal: Iterable[Sequence[object]], length: int) -> list[tuple[str, int, int]]:
    """(kind, start, end) of what fits into the text."""
    return [
        (str(kind), start, end)
        for kind, start, end in (each for each in personal if len(each) == 3)
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length
    ]


def hidden(made: Iterable[Segment], personal: Iterable[Sequence[object]], length: int) -> list[Segment]:
    """The segments of a text with each personal datum replaced by the word that says what it was.

    A segment that holds a part of one is hidden whole, whatever else it was marked as.
    """
    covered, kinds = bytearray(length), dict[int, str]()
    for kind, start, end in _spans(personal, length):
        covered[start:end] = b"\1" * (end - start)
        kinds.setdefault(start, kind)
    result, is_inside = [], False
    for each in made:
        if not any(covered[each.at : each.at + each.length]):
            is_inside = False
            result.append(each)
            continue
        # Neighbours are one datum unless another begins here.
        kind = kinds.get(each.at, "")
        text = PLACEHOLDERS.get(kind, _HIDDEN) if kind or not is_inside else ""
        is_inside = True
        result.append(replace(each, text=text, kind="personal", note=kind))
    return result


def _named(made: list[Segment], names: Mapping[int, tuple[int, str]]) -> list[Segment]:
    """The segments with the names of mentions instead of their codes."""
    result, hidden = [], 0
    for each in made:
        if each.at in names:
            hidden, name = names[each.at]
            result.append(replace(each, text=name))
        else:
            result.append(replace(each, text="") if each.at < hidden else each)
    return result


def _inside(spans: Sequence[Sequence[int]], text: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end in spans if 0 <= start < end <= len(text)]


def _segment(
    piece: str, at: int, found: list[tuple[int, int, str, int, str]], owners: list[tuple[int, int, Layer]]
) -> Segment:
    here = [each for each in found if each[0] <= at < each[1]]
    best = max(here, key=lambda each: _KINDS.index(each[2]), default=None)
    owner = next((layer for start, end, layer in owners if start <= at < end), None)
    other = owner is not None and not owner.mine
    if best is None:
        return Segment(piece, at, len(piece), colour=owner.number % COLOURS if owner else 0, other=other)
    return Segment(piece, at, len(piece), best[2], best[3], other, best[4])
