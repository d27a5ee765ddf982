"""Pieces of a message: which text belongs to which question, and what is left when some of it goes. Pure.

A span is [start, end) in characters of the message. A question without spans is the whole message.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

Span = tuple[int, int]
_BETWEEN = " "
LONG_SENTENCE = 80
_SENTENCE_END = re.compile(r"[.!?…](?=[\s»\"')])|\n")
_PAUSE = re.compile(r"[,;:](?=\s)|\s(?=[—–]\s)")


def tidy(spans: Iterable[Sequence[int]], text: str) -> list[Span]:
    """Spans in order, inside the text, without spaces at their ends, joined where only spaces lie between.

    Pieces without a letter or a digit are no pieces: nobody asks a comma.
    """
    inside = sorted((max(0, start), min(end, len(text))) for start, end in spans if start < end)
    merged: list[Span] = []
    for start, end in inside:
        if merged and (start <= merged[-1][1] or not text[merged[-1][1] : start].strip()):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    trimmed = (_trimmed(span, text) for span in merged)
    return [span for span in trimmed if _has_words(text[span[0] : span[1]])]


def _trimmed(span: Span, text: str) -> Span:
    piece = text[span[0] : span[1]]
    return span[0] + len(piece) - len(piece.lstrip()), span[1] - len(piece) + len(piece.rstrip())


def _has_words(piece: str) -> bool:
    return any(char.isalnum() for char in piece)


def own(spans: Iterable[Sequence[int]], text: str) -> list[Span]:
    """The pieces of a question; without spans it is the whole message."""
    return tidy(spans, text) or tidy([(0, len(text))], text)


def without(spans: Iterable[Span], cut: Iterable[Span], text: str) -> list[Span]:
    """What is left of the pieces when others are cut out of them."""
    left = list(spans)
    for start, end in cut:
        left = [
            part
            for begins, ends in left
            for part in ((begins, min(ends, start)), (max(begins, end), ends))
            if part[0] < part[1]
        ]
    return tidy(left, text)


def common(spans: Iterable[Span], others: Iterable[Span], text: str) -> list[Span]:
    """What lies in both."""
    others = list(others)
    both = [(max(a, start), min(b, end)) for a, b in spans for start, end in others]
    return tidy([each for each in both if each[0] < each[1]], text)


def kept(spans: Iterable[Span], text: str) -> list[list[int]]:
    """The pieces as a question keeps them: none when they say all that the message says."""
    pieces = tidy(spans, text)
    return [] if not without([(0, len(text))], pieces, text) else [list(span) for span in pieces]


def clauses(spans: Iterable[Span], text: str) -> list[Span]:
    """The pieces cut further, at the ends of sentences and, in long ones, at commas: what a person chooses from."""
    found = []
    for start, end in spans:
        for first, last in _cut(_SENTENCE_END, start, end, text):
            is_long = last - first > LONG_SENTENCE
            found += _cut(_PAUSE, first, last, text) if is_long else [(first, last)]
    return [each for span in found for each in tidy([span], text)]


def _cut(sign: re.Pattern[str], start: int, end: int, text: str) -> list[Span]:
    cuts = [start, *(match.end() for match in sign.finditer(text, start, end)), end]
    return [(first, last) for first, last in pairwise(cuts) if first < last]


def text_of(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The question that the pieces ask: their texts, joined; the whole text when there are none."""
    pieces = [text[start:end] for start, end in spans]
    return _BETWEEN.join(pieces) if pieces else text


def relocated(old: Sequence[tuple[str, Sequence[Sequence[int]]]], text: str) -> list[list[list[int]] | None]:
    """Where the pieces of questions stand in a message that was edited: (question, its spans) → new spans.

    None for a question of which some piece cannot be found: its words are no longer in the message. Pieces are
    looked for in their order, each behind the one before it, so those that are found never overlap; one that stands
    where it stood is not moved to an earlier place with the same words.
    """
    places = sorted(
        (span[0], number, piece)
        for number, (question, spans) in enumerate(old)
        for span, piece in zip(spans, _pieces(question, spans), strict=True)
    )
    found: list[list[list[int]] | None] = [[] for _each in old]
    after = 0
    for start, number, piece in places:
        at, mine = _find(piece, start, after, text), found[number]
        if at < 0 or mine is None:
            found[number] = None
            continue
        after = at + len(piece)
        mine.append([at, after])
    return found


def _find(piece: str, start: int, after: int, text: str) -> int:
    if not piece:
        return -1
    return start if start >= after and text.startswith(piece, start) else text.find(piece, after)


def _pieces(question: str, spans: Sequence[Sequence[int]]) -> list[str]:
    """The question cut back into its pieces by their lengths; blanks when it is not made of them."""
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(question[at : at + end - start])
        at += end - start + len(_BETWEEN)
    return pieces if _BETWEEN.join(pieces) == question else [""] * len(spans)
