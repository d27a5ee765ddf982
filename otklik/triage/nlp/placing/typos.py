"""A name with one slip of the finger: a letter wrong, lost, added, or two that changed places; two in a long name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from otklik.triage.nlp.placing.forms import LOCATIVE, NOMINATIVE
from otklik.triage.nlp.placing.senses import SETTLEMENT, STREET, Meanings, Sense

_SHORTEST = {SETTLEMENT: 5, STREET: 7}
_LONG, _LONGEST = 12, 40

Shelf = tuple[list[str], list[str]]
"""Forms, and the name of each."""
_EMPTY: Shelf = ([], [])


class Typos:
    """Forms of names by their first letter and length: a slip leaves both nearly as they were."""

    def __init__(self, forms: Mapping[str, Meanings]) -> None:
        self._shelves: dict[int, dict[tuple[str, int], Shelf]] = {
            SETTLEMENT: _shelves((form, means.places) for form, means in forms.items()),
            STREET: _shelves((form, means.streets) for form, means in forms.items()),
        }

        # Sentences begin with the same words again and again.
        self.meant = lru_cache(maxsize=20_000)(self._meant)

    def _meant(self, written: str, role: int) -> str | None:
        """A form of the one name of this role that is a slip away; None when there is none, or several."""
        if not _SHORTEST[role] <= len(written) <= _LONGEST:
            return None
        most = 2 if len(written) >= _LONG else 1
        shelves = self._shelves[role]
        near: list[tuple[int, str, str]] = []
        for length in range(len(written) - most, len(written) + most + 1):
            forms, names = shelves.get((written[0], length), _EMPTY)
            for form, apart, at in process.extract(
                written, forms, scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                near.append((int(apart), form, names[at]))
        if not near:
            return None
        least = min(near)[0]
        nearest = {name for apart, _form, name in near if apart == least}
        return min(form for apart, form, _name in near if apart == least) if len(nearest) == 1 else None


def _shelves(forms: Iterable[tuple[str, tuple[Sense, ...]]]) -> dict[tuple[str, int], Shelf]:
    found: defaultdict[tuple[str, int], Shelf] = defaultdict(lambda: ([], []))
    for form, senses in forms:
        for sense in senses:
            if sense.cases & (NOMINATIVE | LOCATIVE):
                shelf = found[form[0], len(form)]
                shelf[0].append(form)
                shelf[1].append(sense.name)
    return dict(found)
