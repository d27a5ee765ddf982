"""Reads the text files of templates and fills their slots.

A file holds blocks parted by blank lines. `@ GROUP page page…` opens a section, `= topic tag… page…`
a template. `{slot}` is filled, `{he|she}` and `{a}` follow the author's gender, `<one|two>` is a choice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
TAGS = frozenset({"winter", "warm", "summer", "direct", "village", "city"})
MONTHS_OF = {"winter": {1, 2, 3, 11, 12}, "warm": {4, 5, 6, 7, 8, 9, 10}, "summer": {5, 6, 7, 8, 9}}
_CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")
_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One text with slots; `topics` are full codes like «ROADS.pothole», empty where there is no request.

    `pages` are the types or codes of bodies it is written to; «any» means every page.
    """

    kind: str
    topics: tuple[str, ...]
    tags: frozenset[str]
    pages: tuple[str, ...]
    photo: str
    text: str

    def fits(self, month: int) -> bool:
        """Whether people write such things in this month (1–12)."""
        seasons = [MONTHS_OF[tag] for tag in self.tags if tag in MONTHS_OF]
        return all(month in season for season in seasons)


@cache
def load(folder: str, name: str) -> tuple[Template, ...]:
    """All templates of one file."""
    group, usual_pages = "", tuple[str, ...]()
    found = []
    for block in (HERE / folder / f"{name}.txt").read_text(encoding="utf-8").split("\n\n"):
        lines = block.strip().split("\n")
        if lines[0].startswith("@"):
            group, *pages = lines[0][1:].split()
            usual_pages = tuple(pages)
        else:
            found.append(_template(lines, group, usual_pages))
    return tuple(found)


def _template(lines: list[str], group: str, usual_pages: tuple[str, ...]) -> Template:
    kind, *words = lines[0].removeprefix("= ").split()
    photo = next((word.partition(":")[2] for word in words if word.startswith("photo:")), "")
    pages = tuple(word for word in words if word not in TAGS and not word.startswith("photo:"))
    return Template(
        kind=kind,
        topics=_topics(kind, group),
        tags=frozenset(words) & TAGS,
        pages=pages or usual_pages,
        photo=photo,
        text="\n".join(lines[1:]),
    )


def _topics(kind: str, group: str) -> tuple[str, ...]:
    if group in {"CHATTER", "SPAM", "ABUSE", "FOLLOWUP"}:
        return ()
    return tuple(code if "." in code else f"{group}.{code}" for code in kind.split("+"))


def fill(text: str, slots: Mapping[str, str], *, female: bool, random: Random) -> str:
    """The text with choices made and slots filled. Raises KeyError for an unknown slot."""

    def slot(match: re.Match[str]) -> str:
        name = match[1]
        if name == "a":
            return "а" if female else ""
        if "|" in name:
            return name.split("|")[int(female)]
        return slots[name]

    chosen = _CHOICE.sub(lambda match: random.choice(match[1].split("|")), text)
    return _SLOT.sub(slot, chosen)
