"""One reply to several questions of one message: until when it waits, and how its parts become one text. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# What is left of the way to the primary answer when the parts that are ready leave without the others.
# A default of this product: a queue of the network, a retry or two, a person who publishes by hand.
RESERVE = timedelta(minutes=30)

_GREETING = r"здравствуйте|добр(?:ый|ое|ого)\s+(?:день|утро|вечер|времени\s+суток)"
_PATRONYMIC = r"(?:\s+[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична|ьич))?"


@dataclass(frozen=True, slots=True)
class Part:
    """The answer to one of the questions, and in two words what was asked."""

    title: str
    text: str


def leaves_at(dues: Iterable[datetime], now: datetime) -> datetime:
    """When a reply leaves with the parts it has: half an hour before the earliest limit of the primary answer."""
    return max(now, min(dues) - RESERVE)


def assembled(parts: Sequence[Part], name: str = "") -> str:
    """The parts as one text: greeted once, numbered, each under its title; what all of them end with stands once.

    `name` is what the author is called by. A greeting with any other name stays where it is, since it cannot be told
    from the words after it. One part is sent as it was written.
    """
    if len(parts) == 1:
        return parts[0].text.strip()
    cut = [_greeting_of(part.text.strip(), name) for part in parts]
    greeting = next((said for said, _rest in cut if said), "")
    texts, closing = _closing([rest for _said, rest in cut])
    body = [
        f"{number}. {part.title}\n{text}"
        for number, (part, text) in enumerate(zip(parts, texts, strict=True), 1)
    ]
    return "\n\n".join([*filter(None, [greeting]), *body, *filter(None, [closing])])


def _greeting_of(text: str, name: str) -> tuple[str, str]:
    """The greeting that a text begins with, as it will open the reply, and the rest of the text."""
    called = rf"{re.escape(name)}(?i:{_PATRONYMIC})" if name else r"(?!)"
    found = re.match(
        rf"(?:(?i:{called}),\s+)?(?i:{_GREETING})(?:,?\s+(?i:{called}))?(?P<end>\s*(?:[!.]|,(?=\s+[а-яё])))\s*",
        text,
    )
    if found is None or not (rest := text[found.end() :]):
        return "", text
    return found[0][: found.start("end")] + "!", rest[0].upper() + rest[1:]


def _closing(texts: list[str]) -> tuple[list[str], str]:
    """The last line that all texts share is said once, after them."""
    cut = [text.rstrip().rpartition("\n") for text in texts]
    last = {line.strip() for _before, _newline, line in cut}
    if len(last) > 1 or not all(before.strip() for before, _newline, _line in cut):
        return texts, ""
    return [before.rstrip() for before, _newline, _line in cut], last.pop()
