"""How much a page looks like the official page of an organisation, and by which signs. Pure.

The score orders a queue; what a page is, a person decides.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from otklik.registry.rules.homoglyphs import disguised, skeleton, tricks
from otklik.registry.rules.naming import initials, numbers_of, words_of

# From this score a page found by a search is put before a person.
NOTABLE = 35
_NEAR_NAME, _NEAR_ADDRESS, _NEAR_DESCRIPTION = 0.78, 0.84, 0.6
# Of 64 bits of an average hash: a copy differs by a few, another picture by about half.
COPIED_BITS, NEAR_BITS = 4, 10
_TELLING_DESCRIPTION = 40
_BEGINNING = 5

_DISCLAIMS = re.compile(
    r"неофициальн|не явля\w+ официальн|не официальн\w+|фан[- ]?(?:группа|клуб|страниц)|пароди"
)
_CLAIMS = re.compile(
    r"официальн\w*|госорганизаци\w*|госпаблик\w*|пресс-?служб\w*|от имени (?:администрации|мини)"
)
_HARMLESS = re.compile(
    r"\b(?:подслушано|типичн\w+|чп|инцидент|барахолк\w*|объявлени\w+|куплю|продам|новости|афиша|знакомств\w+|"
    r"работа|вакансии|любим\w+|наш\w* (?:город|район|школ\w+)|выпускник\w*|родител\w+|жители|попутчики|отдам)\b"
)
_OFFICES = ("министерств", "администрац", "правительств", "губернатор", "департамент", "управлен", "мэр", "глав",
            "школ", "гимназ", "лице", "больниц", "поликлиник", "сад", "библиотек", "колледж", "совет")  # fmt: skip

# Offices of which a region has few: their word alone is worth asking for.
_AUTHORITIES = frozenset({"министерств", "администрац", "правительств", "губернатор", "мэр"})


@dataclass(frozen=True, slots=True)
class Official:
    """What is known of an organisation and its pages in the network: what a page may be taken for."""

    names: tuple[str, ...]
    places: tuple[str, ...] = ()
    screen_names: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    avatar_hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as a stranger sees it; None means that the network did not tell."""

    title: str
    screen_name: str = ""
    description: str = ""
    avatar_hash: str = ""
    has_badge: bool | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason for or against; `weight` may be negative, `said` quotes what it rests on."""

    code: str
    weight: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """The score, 0–100, and the signs it is the sum of."""

    score: int
    signs: tuple[Sign, ...] = ()

    def told(self) -> list[dict[str, Any]]:
        """The signs, ready for JSON."""
        return [asdict(sign) for sign in self.signs]


def resemblance(seen: Seen, official: Official) -> Resemblance:
    """How much the page looks like a page of this organisation.

    Without a sign of likeness (name, address, picture, description) the score is 0, whatever the page claims.
    """
    likeness = [
        *_name(seen, official),
        *_address(seen, official),
        *_picture(seen, official),
        *_copied(seen, official),
    ]
    if not likeness:
        return Resemblance(0)
    signs = [*likeness, *_letters(seen, official), *_about_itself(seen), *_badge(seen)]
    return Resemblance(max(0, min(100, sum(sign.weight for sign in signs))), tuple(signs))


def closeness(one: str, other: str) -> float:
    """How near two names are, 0–1, after spelling out and stemming; other numbers make them strangers."""
    first, second = words_of(one), words_of(other)
    if not first or not second or numbers_of(first) != numbers_of(second):
        return 0.0
    if _is_abbreviation(first, second) or _is_abbreviation(second, first):
        return 0.9
    return float(fuzz.token_sort_ratio(" ".join(first), " ".join(second))) / 100


def bits_apart(one: str, other: str) -> int:
    """By how many bits two average hashes differ; 64 for what is no hash."""
    try:
        return (int(one, 16) ^ int(other, 16)).bit_count()
    except ValueError:
        return 64


def _is_abbreviation(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    return len(short) == 1 and len(full) > 2 and short[0] == initials(full)


def _name(seen: Seen, official: Official) -> Iterator[Sign]:
    best = max(official.names, key=lambda name: closeness(seen.title, name), default="")
    near = closeness(seen.title, best) if best else 0.0
    if near > 0.995:
        yield Sign("name_same", 45, best)
    elif near >= _NEAR_NAME:
        yield Sign("name_near", round(20 + 25 * (near - _NEAR_NAME) / (1 - _NEAR_NAME)), best)
    elif _holds(seen.title, official):
        yield Sign("name_inside", 30, best)
    elif part := _without_place(seen.title, official):
        yield Sign("name_part", 25, part)
    elif office := _office_and_place(seen.title, official):
        yield Sign("office_and_place", 20, office)


def _holds(title: str, official: Official) -> bool:
    """Whether the whole of an official name, two telling words at least, stands in the title among others."""
    words = set(words_of(title))
    for name in official.names:
        telling = set(words_of(name))
        if len(telling) >= 2 and telling <= words and numbers_of(telling) == numbers_of(words):
            return True
    return False


def _without_place(title: str, official: Official) -> str:
    """The official name that the title gives without its place, or an empty text: «Школа № 305»."""
    words = set(words_of(title))
    places = {word for place in official.places for word in words_of(place)}
    for name in official.names:
        telling = set(words_of(name))
        if len(words) >= 2 and words < telling and telling - words <= places:
            return name
    return ""


def _office_and_place(title: str, official: Official) -> str:
    words = words_of(title)
    own = {office for name in official.names for office in _offices(words_of(name))}
    places = {word for place in official.places for word in words_of(place) if len(word) > 3}
    offices, where = own & set(_offices(words)), places & set(words)
    numbers = frozenset(number for name in official.names for number in numbers_of(words_of(name)))
    if not offices or not where or numbers_of(words) - numbers:
        return ""
    return ", ".join(sorted(offices | where))


def _offices(words: tuple[str, ...]) -> list[str]:
    return [office for office in _OFFICES if any(word.startswith(office) for word in words)]


def _address(seen: Seen, official: Official) -> Iterator[Sign]:
    own = _plain_address(seen.screen_name)
    for name in official.screen_names:
        if own and Levenshtein.normalized_similarity(own, _plain_address(name)) >= _NEAR_ADDRESS:
            yield Sign("address", 15, name)
            return


def _plain_address(name: str) -> str:
    """A short address as it reads: `adm_berdsk`, `adm-berdsk`, `admberd5k` are near; a bare number is none."""
    if re.fullmatch(r"(?:club|public|event)?\d*", name.lower()):
        return ""
    return re.sub(r"[^a-z0-9]", "", name.lower()).translate(str.maketrans("0135", "oles"))


def _picture(seen: Seen, official: Official) -> Iterator[Sign]:
    apart = min((bits_apart(seen.avatar_hash, each) for each in official.avatar_hashes), default=64)
    if apart <= COPIED_BITS:
        yield Sign("avatar_same", 25, str(apart))
    elif apart <= NEAR_BITS:
        yield Sign("avatar_near", 12, str(apart))


def _copied(seen: Seen, official: Official) -> Iterator[Sign]:
    if len(seen.description) < _TELLING_DESCRIPTION:
        return
    for text in official.descriptions:
        if len(text) >= _TELLING_DESCRIPTION:
            near = fuzz.ratio(skeleton(seen.description)[:2000], skeleton(text)[:2000]) / 100
            if near >= _NEAR_DESCRIPTION:
                yield Sign("description", 15, f"{near:.0%}")
                return


def _letters(seen: Seen, official: Official) -> Iterator[Sign]:
    known = frozenset(word for name in official.names for word in skeleton(name).split())
    found = tricks(seen.title, known)
    if found:
        yield Sign("letters", 30, "".join(dict.fromkeys(trick.sign for trick in found if trick.letter)))


def _about_itself(seen: Seen) -> Iterator[Sign]:
    text = skeleton(f"{seen.title}\n{seen.description}")
    title = skeleton(seen.title)
    if disclaims := _DISCLAIMS.search(text):
        yield Sign("disclaims", -40, disclaims[0])
        return
    claims = _CLAIMS.search(text)
    if claims:
        yield Sign("claims", 15, claims[0])
    elif harmless := _HARMLESS.search(title):
        yield Sign("harmless", -45, harmless[0])


def _badge(seen: Seen) -> Iterator[Sign]:
    if seen.has_badge:
        # Nobody but a body of the state gets it: most likely a page that the register lacks.
        yield Sign("badge", -20)
    elif seen.has_badge is False:
        yield Sign("no_badge", 5)


def queries(official: Official, *, most: int = 6) -> tuple[str, ...]:
    """Words to ask a network's search for pages that look like this organisation's, the likeliest first.

    A search compares letters, so besides the names it is asked for what a disguise most often leaves: the name
    wholly in look-alikes, beginnings of its words, the name without its place, the office alone.
    """
    names = sorted({" ".join(_core(name).split()) for name in official.names} - {""}, key=len)
    if not names:
        return ()
    short, full = names[0], names[-1]
    places = {word for place in official.places for word in words_of(place)}
    without = [word for word in short.split() if not set(words_of(word)) <= places or word.isdigit()]
    office = next((each for name in names for each in _offices(words_of(name))), "")
    asked = [short, disguised(short), *names[1:2], " ".join(_beginnings(full))]
    asked += [" ".join(without) if len(without) > 1 else ""]
    asked += [
        short.split()[0] if office in _AUTHORITIES else f"{office} {next(iter(official.places), '')}".strip()
    ]
    return tuple(dict.fromkeys(filter(None, asked)))[:most]


def _beginnings(name: str) -> list[str]:
    return [word[:_BEGINNING] for word in name.split() if word.isdigit() or len(word) > 2]


def _core(name: str) -> str:
    # Marks and brackets are no words; the sign of a number stands in names of pages as often as not.
    return re.sub(r"[^\w\s-]", " ", name.replace("№", " "))
