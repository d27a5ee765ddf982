"""From the form of a Russian word to the keys it is known by. Pure.

No morphological dictionary: it would add a quarter to the memory of the web process (ADR 14) and knows few villages.
"""

import re
from functools import lru_cache

VOWELS = "аеиоуыэюя"
# Longest first; what stands in front of an ending is at least two letters.
ENDINGS = (
    "иями", "ыми", "ими", "ями", "ами", "ого", "его", "ому", "ему", "иях", "ием", "ией", "иям", "ая", "яя",
    "ой", "ей", "ый", "ий", "ое", "ее", "ые", "ие", "ую", "юю", "ых", "их", "ым", "им", "ом", "ем", "ия",
    "ии", "ию", "ью", "ях", "ах", "ам", "ям", "а", "я", "ы", "и", "о", "е", "у", "ю", "ь", "й",
)  # fmt: skip
ADJECTIVE = re.compile(r"(?<=..)([сц]к)(?:ий|ого|ому|им|ом|ая|ой|ую|ое|ие|их|ими|ий)$")
# A mayor and his office part only by an ending that is otherwise taken off.
KEPT = dict.fromkeys(("мэрия", "мэрии", "мэрию", "мэрией"), "мэрия")
KEPT |= {form: form for form in ("районо", "гороно", "роно")}
SHORT = 3
RUSSIAN = re.compile(r"[а-я]+")


@lru_cache(maxsize=8_000)
def keys(word: str) -> tuple[str, ...]:
    """The keys of a folded word: its own first, then those by which a related form of it may be known.

    «новосибирского» → «новосибирский», «новосибирск», «новосибир»; «новосибирска» → «новосибирск» alone.
    """
    if not RUSSIAN.fullmatch(word):
        return (word,)
    if word in KEPT:
        return (KEPT[word],)
    if found := ADJECTIVE.search(word):
        base = word[: found.start()]
        others = [base + found[1], *([base] if len(base) > SHORT else [])]
        return (f"{base}{found[1]}ий", *others)
    first = _stem(word)
    return (first, *(each for each in _related(first) if each != first))


def key(word: str) -> str:
    """The word's own key."""
    return keys(word)[0]


def _stem(word: str) -> str:
    if len(word) <= SHORT:
        # «Обь», «Оби» and nothing else of three letters.
        return word[:2] if len(word) == SHORT and word[2] in "ьи" and word[1] not in VOWELS else word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            word = word[: -len(ending)]
            break
    while len(word) > SHORT and word[-1] in "аеиоуыэюяьй":
        word = word[:-1]
    return word


def _related(stem: str) -> list[str]:
    """Елец — Ельца, Орёл — Орла, посёлок — посёлка, ресурсы — ресурсов."""
    base, end = stem[:-2], stem[-2:]
    if len(base) < 2:
        return [base + end[1]] if end == "ел" and base else []
    if end in {"ов", "ев"}:
        return [base] if len(base) > 2 else []
    if end == "ец":
        return [f"{base}ьц" if base.endswith("л") else f"{base}ц"]
    if end in {"ок", "ек"}:
        return [f"{base}к", *([f"{base}ьк"] if end == "ек" else [])]
    if end == "ел":
        return [f"{base}л"]
    return []
