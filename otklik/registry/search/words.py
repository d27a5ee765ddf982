"""From what is written to words. Pure."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

# Written with a slash, meant as one word.
SLASHED = {"д/с": "детсад", "д/сад": "детсад", "ж/к": "жк", "г/о": "го"}


def _listed(name: str) -> frozenset[str]:
    lines = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


TOKEN = re.compile(r"\d+|[a-z]+|[а-я]+")
ORDINAL = re.compile(r"(\d+)[-‑–]?(?:й|я|е|го|му|м|ю|ая|ый|ой|ое|ая|ую|х)(?![а-я])")
# Words of a query that say nothing about which page is meant.
STOP = _listed("stop")
# Words of names that every second name has: they are kept, and weigh nothing.
FORMS = _listed("forms")
UNITS = (
    "нулевой", "первый", "второй", "третий", "четвертый", "пятый", "шестой", "седьмой", "восьмой",
    "девятый", "десятый", "одиннадцатый", "двенадцатый", "тринадцатый", "четырнадцатый", "пятнадцатый",
    "шестнадцатый", "семнадцатый", "восемнадцатый", "девятнадцатый",
)  # fmt: skip
TENS = {"двадцат": 20, "тридцат": 30, "сороков": 40, "пятидесят": 50, "шестидесят": 60, "семидесят": 70,
        "восьмидесят": 80, "девяност": 90, "сот": 100}  # fmt: skip
COUNTED = {"двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70,
           "восемьдесят": 80, "девяносто": 90, "сто": 100}  # fmt: skip
ENDED = re.compile(r"(?:ый|ий|ой|ая|яя|ое|ее|ого|его|ому|ему|ым|им|ом|ем|ую|ью|ья|ье|ьего|ьему|ьей|ей|тья)$")
_NUMERALS = {**{ENDED.sub("", word): number for number, word in enumerate(UNITS)}, **TENS, "трет": 3}


def fold(text: str) -> str:
    """Small letters, ё as е, no accents or look-alike forms; what else there is stays."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е").replace("\u0301", "")


def words(text: str) -> list[str]:
    """The words and numbers of a folded text: «№14-я школа» → 14, школа; «детсад14» → детсад, 14."""
    if "/" in text:
        for slashed, meant in SLASHED.items():
            text = text.replace(slashed, meant)
    return numbered(TOKEN.findall(ORDINAL.sub(r"\1 ", text)))


def numbered(tokens: list[str]) -> list[str]:
    """Numerals in words become numbers: «сорок пятая» → 45. «Пять» and «сто» alone stay: they may be names."""
    told: list[str] = []
    for token in tokens:
        ordinal = _ordinal(token)
        if ordinal is None:
            told.append(token.lstrip("0") or "0" if token.isdigit() else token)
        elif told and told[-1] in COUNTED and ordinal < 20 <= COUNTED[told[-1]]:
            told[-1] = str(COUNTED[told[-1]] + ordinal)
        else:
            told.append(str(ordinal))
    return told


@lru_cache(maxsize=2000)
def _ordinal(token: str) -> int | None:
    if len(token) < 5 or not ENDED.search(token):
        return None
    return _NUMERALS.get(ENDED.sub("", token))
