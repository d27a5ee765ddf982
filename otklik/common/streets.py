"""Words that say what kind of a street it is, and the name of a street without them; pure."""

import re

_FORMS = {
    "улица": "ул улица улицы улице улицу улицей улиц",
    "проспект": "пр просп пркт проспект проспекта проспекту проспектом проспекте",
    "переулок": "пер переулок переулка переулку переулком переулке",
    "бульвар": "бул бульвар бульвара бульвару бульваром бульваре",
    "шоссе": "шоссе ш",
    "площадь": "пл площадь площади площадью",
    "проезд": "проезд проезда проезду проездом проезде",
    "тупик": "тупик тупика тупику тупиком тупике",
    "тракт": "тракт тракта тракту трактом тракте",
    "набережная": "наб набережная набережной набережную",
    "аллея": "аллея аллеи аллее аллею аллеей",
}
KIND_OF: dict[str, str] = {form: kind for kind, forms in _FORMS.items() for form in forms.split()}
"""A folded word → the kind of street it means."""

TAILS = {("пр", "т"): "проспект", ("пр", "кт"): "проспект", ("пр", "д"): "проезд", ("б", "р"): "бульвар",
         ("ш", "се"): "шоссе", ("пер", "к"): "переулок"}  # fmt: skip
"""Kinds that are written with a hyphen: «пр-т», «пр-д», «б-р»."""

_WORD = re.compile(r"\S+")
_WEAK = frozenset({"набережная", "площадь", "аллея"})
_EDGES = ".,;: \t\n"


def split_street(written: str) -> tuple[str, str]:
    """The name and the kind of a street as somebody wrote it: «Красный проспект» → («Красный», «проспект»).

    A name without a kind is a «улица»; «Набережная» alone is a name, and so is a kind that stands alone.
    """
    parts = [part for part in (_trimmed(each) for each in _WORD.findall(_apart(written))) if part]
    if len(parts) > 1:
        # «Набережная улица» is a street of that name; «набережная Оби» is an embankment.
        for at in sorted((0, len(parts) - 1), key=lambda end: _kind(parts[end]) in _WEAK):
            if kind := _kind(parts[at]):
                return " ".join(parts[:at] + parts[at + 1 :]), kind
    return " ".join(parts), "улица"


def _trimmed(part: str) -> str:
    bare = part.strip(_EDGES)
    # The dot of an initial stays: «С. Лазо».
    return f"{bare}." if len(bare) == 1 and bare.isupper() and part.endswith(".") else bare


def _apart(written: str) -> str:
    # «ул.Ленина» is two words.
    return written[:300].replace(".", ". ")


def _kind(word: str) -> str:
    plain = word.lower().replace("ё", "е")
    head, _, tail = plain.partition("-")
    return KIND_OF.get(plain) or TAILS.get((head, tail), "")
