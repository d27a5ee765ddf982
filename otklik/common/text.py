"""Text as networks send it, made safe to keep, to show and to compare; pure functions."""

import re
import unicodedata

_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_LONGEST_RUN = 1000
_RUNS = re.compile(rf"\s+|\S{{1,{_LONGEST_RUN}}}")
# `[club123|Имя]`, `[id1|Имя]`, and `[id1:bp-123_45|Имя]` as VK writes an answer to a comment.
MENTION = re.compile(r"\[(?:id|club|public|event)\d{1,20}(?::[^|\[\]\n]{0,60})?\|([^\[\]\n]{0,200})\]")


def clean(text: str) -> str:
    """The text as PostgreSQL can hold it: no NUL, no lone surrogates, newlines as `\\n`, composed as NFC.

    A lone surrogate becomes U+FFFD, a pair of them the character it stands for; nothing else is lost.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _composed(_NEWLINES.sub("\n", whole.replace("\0", "")))


def _composed(text: str) -> str:
    # Composing takes time by the square of a run of accents, so a long text is composed word by word, and a
    # "word" that is none in slices: a megabyte of accents would hold a worker for minutes.
    if len(text) <= _LONGEST_RUN:
        return unicodedata.normalize("NFC", text)
    return "".join(unicodedata.normalize("NFC", found[0]) for found in _RUNS.finditer(text))


def gettext_noop(text: str) -> str:
    """Marks a message of pure code for the catalogue; whoever shows it translates it."""
    return text


def excerpt(text: str, limit: int) -> str:
    """One line of at most `limit` characters, cut between words and ended by an ellipsis when cut."""
    if limit < 1:
        raise ValueError("an excerpt has at least one character")
    # Four times the limit leaves room for runs of spaces without walking through a long text.
    line = _SPACES.sub(" ", text[: limit * 4 + 100]).strip()
    if len(line) <= limit:
        return line if len(text) <= limit * 4 + 100 else f"{line[: limit - 1]}…"
    head = line[:limit]
    at = head.rfind(" ")
    # A "word" longer than half the line (a link, a cry) is cut where it stands.
    head = head[:at] if at > limit // 2 else head[: limit - 1]
    return f"{head.rstrip(' ,.;:–—-')}…"


def fold(text: str) -> str:
    """The text for matching: lower case, ё as е; as long as the original where Unicode allows."""
    return text.lower().replace("ё", "е")


def plural(n: int, one: str, few: str, many: str) -> str:
    """The Russian form that goes with the number: 1 ответ, 2 ответа, 5 ответов."""
    tens, units = abs(n) % 100, abs(n) % 10
    if units == 1 and tens != 11:
        return one
    if 2 <= units <= 4 and not 12 <= tens <= 14:
        return few
    return many


def strip_mentions(text: str) -> str:
    """The text with mentions of VK (`[club123|Имя]`) replaced by the names in them."""
    return MENTION.sub(r"\1", text)
