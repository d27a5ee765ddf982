"""How an answer addresses a person. Pure."""

import re

_NAME = re.compile(r"[^\W\d_]{2,30}(?:[-'’][^\W\d_]{1,30})?")
# Names of accounts that are nobody's.
_NOBODY = frozenset({"deleted", "удалён", "удален", "удаленный", "аноним", "пользователь"})


def first_name(full: str) -> str:
    """The name to call a person by, from «Имя Фамилия»; empty when it does not look like a name."""
    word = full.split(maxsplit=1)[0] if full.split() else ""
    if not _NAME.fullmatch(word) or word.casefold() in _NOBODY:
        return ""
    return word
