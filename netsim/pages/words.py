"""Texts of people as safe HTML, dates and numbers in Russian."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

# A mention as the network stores it, or an address that a browser may be sent to.
TOKEN = re.compile(
    r"\[(?P<kind>id|club|public|event)(?P<number>\d{1,12})\|(?P<name>[^\[\]|\n]{1,200})\]"
    r"|(?P<url>https?://[^\s<>\"'`]+)",
    re.IGNORECASE,
)
PUNCTUATION = ".,;:!?…»)]}"
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def rich(text: str) -> Markup:
    """Text of a person: escaped, mentions as names, http(s) addresses as unvouched links, lines kept."""
    parts, at = [], 0
    for found in TOKEN.finditer(text):
        parts += [escape(text[at : found.start()]), _token(found)]
        at = found.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts).replace("\n", Markup("<br>"))


def _token(found: re.Match[str]) -> Markup:
    if found["url"]:
        address = found["url"].rstrip(PUNCTUATION)
        tail = found["url"][len(address) :]
        link = Markup('<a href="{}" rel="nofollow ugc noopener noreferrer">{}</a>{}')
        return link.format(address, address, tail)
    if found["kind"].lower() == "id":
        return Markup('<b class="mention">{}</b>').format(found["name"])
    return Markup('<a class="mention" href="/club{}">{}</a>').format(found["number"], found["name"])


def plain(text: str, length: int = 160) -> str:
    """One line of the text, mentions as names, cut at a word."""
    line = " ".join(TOKEN.sub(lambda found: found["name"] or found["url"], text).split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(PUNCTUATION) + "…"


def split_long(text: str, length: int = 700) -> tuple[str, str]:
    """(what is shown at once, the rest), divided between words; the rest is empty for a short text."""
    if len(text) <= length * 1.3:
        return text, ""
    # A mention or an address must not be torn apart.
    torn = next((t.end() for t in TOKEN.finditer(text) if t.start() < length < t.end()), length)
    space = text.find(" ", torn)
    cut = space if 0 < space < length * 1.3 else torn
    return text[:cut], text[cut:]


def when(moment: int, now: int) -> str:
    """A Unix time as people say it: «сегодня в 14:05», «вчера в 9:10», «3 марта в 10:00», «3 марта 2025»."""
    then, today = _local(moment), _local(now)
    time = f"{then:%H:%M}"
    if then.date() == today.date():
        return f"сегодня в {time}"
    if then.date() == today.date() - timedelta(days=1):
        return f"вчера в {time}"
    day = f"{then.day} {MONTHS[then.month - 1]}"
    return f"{day} в {time}" if then.year == today.year else f"{day} {then.year}"


def iso(moment: int) -> str:
    """A Unix time for the `datetime` attribute."""
    return _local(moment).isoformat(timespec="minutes")


def _local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, tz=UTC).astimezone()


def plural(number: int, one: str, few: str, many: str) -> str:
    """«1 ответ», «2 ответа», «5 ответов», thousands set apart by a thin space."""
    tens, last = number % 100, number % 10
    form = many
    if not 11 <= tens <= 14:
        form = one if last == 1 else few if 2 <= last <= 4 else many
    return f"{number:,}".replace(",", "\u202f") + "\u00a0" + form


def clock(seconds: int) -> str:
    """The length of a video: «3:25», «1:02:09»."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
