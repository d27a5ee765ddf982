"""What the desk decides without a database: clocks, marks in a text, safe addresses, who may press what. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from otklik.casework.rules import ASKED_FROM, ENDED, OPEN, STAYS, VERBS, clock_of
from otklik.common.worktime import WorkCalendar
from otklik.people.rules import Right

# Less than this of working time left, or than a quarter of the way, and the clock warns.
SOON = timedelta(hours=1)
_HOURS_OF_A_DAY = 8
# States in which a draft may be written (casework keeps the same set; a test compares them).
DRAFTING = frozenset({"triage", "routed", "in_progress"})

# What each power needs: one of these rights, and a state from which the verb of casework starts.
_RIGHTS: Mapping[str, frozenset[Right]] = {
    "confirm": frozenset({Right.TRIAGE}),
    "correct": frozenset({Right.TRIAGE}),
    "reject": frozenset({Right.TRIAGE}),
    "restore": frozenset({Right.TRIAGE}),
    "attach": frozenset({Right.TRIAGE}),
    "detach": frozenset({Right.TRIAGE}),
    "split": frozenset({Right.TRIAGE}),
    "join": frozenset({Right.TRIAGE}),
    "move_span": frozenset({Right.TRIAGE}),
    # A question stands under the post for everybody to read, as an answer does.
    "ask": frozenset({Right.PUBLISH}),
    "go_on": frozenset({Right.PUBLISH}),
    "accept": frozenset({Right.WORK}),
    "take_up": frozenset({Right.WORK}),
    "decline": frozenset({Right.WORK}),
    "route": frozenset({Right.TRIAGE, Right.ASSIGN}),
    "assign": frozenset({Right.ASSIGN, Right.WORK}),
    "draft": frozenset({Right.WORK}),
    "publish": frozenset({Right.PUBLISH}),
    "submit": frozenset({Right.WORK}),
    "approve": frozenset({Right.APPROVE}),
    # Whoever agrees gives it back, and whoever works on it may think again.
    "send_back": frozenset({Right.APPROVE, Right.WORK}),
    "take_back": frozenset({Right.PUBLISH}),
    "send_together": frozenset({Right.PUBLISH, Right.TRIAGE}),
    "settle": frozenset({Right.PUBLISH, Right.TRIAGE}),
    "take_note": frozenset({Right.PUBLISH, Right.TRIAGE}),
    "close": frozenset({Right.CLOSE}),
    "reopen": frozenset({Right.WORK, Right.TRIAGE, Right.CLOSE}),
    "dispute": frozenset({Right.WORK, Right.TRIAGE, Right.CLOSE}),
    "postpone": frozenset({Right.WORK}),
    # The centre judges what was answered and done.
    "review": frozenset({Right.CLOSE}),
    "return_for_rework": frozenset({Right.CLOSE}),
    "not_done": frozenset({Right.CLOSE}),
    # The coordinator's: time, and other orders of things.
    "pause": frozenset({Right.TRIAGE}),
    "resume": frozenset({Right.TRIAGE}),
    "extend": frozenset({Right.TRIAGE}),
    "allow_interim": frozenset({Right.TRIAGE}),
    "take_on": frozenset({Right.TRIAGE}),
    "transfer": frozenset({Right.TRIAGE}),
    "tell_again": frozenset({Right.TRIAGE}),
    "take_result": frozenset({Right.TRIAGE}),
    "open_personal": frozenset({Right.OPEN_PERSONAL}),
    # For colleagues, never for the author: whoever works on incidents or sorts them.
    "note": frozenset({Right.WORK, Right.TRIAGE}),
}
_STATES: Mapping[str, frozenset[str]] = {
    "confirm": frozenset({"new", "triage"}),
    "correct": VERBS["confirm"][0],
    "assign": frozenset({"routed", "in_progress", "rework", "reopened", "interim_answered", "deferred"}),
    # A rework is taken up first: then there is a place to write in.
    "submit": frozenset({"in_progress"}),
    "draft": DRAFTING,
    "split": STAYS["split"],
    "join": STAYS["take_in"],
    "move_span": STAYS["move_span"],
    "take_back": frozenset({"publishing", "clarification"}),
    "take_note": STAYS["take_note"],
    # A question whose fate is not known may belong to an incident that has gone on since.
    # Whatever became of the incident: nothing of it changes.
    "open_personal": OPEN | ENDED,
    "note": OPEN | ENDED,
    "settle": frozenset({"publishing", "uncertain", "clarification", "transferred"}) | ASKED_FROM,
}


def states_of(power: str) -> frozenset[str]:
    """The states in which the power can be used at all."""
    return _STATES.get(power) or STAYS.get(power) or VERBS[power][0]


def powers_in(state: str, rights: Iterable[Right]) -> frozenset[str]:
    """What somebody with these rights over an incident may do while it is in this state."""
    held = frozenset(rights)
    return frozenset(
        power for power, any_of in _RIGHTS.items() if held & any_of and state in states_of(power)
    )


def may_ever(power: str, rights: Iterable[Right]) -> bool:
    """Whether somebody with these rights may use the power in some state or other."""
    return bool(_RIGHTS[power] & frozenset(rights))


@dataclass(frozen=True, slots=True)
class Clock:
    """Working time left: minutes (negative when late), its text, and how urgent it is: ok, warn or late."""

    minutes: int
    text: str
    tone: str
    always: bool


def clock(due: datetime, now: datetime, priority: str, calendar: WorkCalendar, limit: timedelta) -> Clock:
    """The clock to `due` by the calendar that the priority runs by; `limit` is the whole way."""
    left = clock_of(priority, calendar).between(now, due)
    # Late by the wall clock is late, also in the night when no working time passes.
    late = due < now
    minutes = int(abs(left).total_seconds() // 60)
    tone = "late" if late else ("warn" if left < max(SOON, limit / 4) else "ok")
    # Late in the night, before any working minute has passed, is `0:00`: there is nothing to subtract from yet.
    text = clock_text(minutes, late=late and minutes > 0)
    return Clock(-minutes if late else minutes, text, tone, priority == "critical")


def clock_text(minutes: int, *, late: bool) -> str:
    """`3:10`, `−0:18`; from a hundred hours on only hours, which is what the eye can use."""
    hours, rest = divmod(minutes, 60)
    text = f"{hours}:{rest:02d}" if hours < 100 else f"{hours}"
    return f"−{text}" if late else text


def working_stretches(calendar: WorkCalendar, now: datetime, days: int = 2) -> list[tuple[int, int]]:
    """Stretches of working time from today on, in seconds of the epoch: a page counts its clocks down by them."""
    today = now.astimezone(calendar.tz).date()
    found: list[tuple[int, int]] = []
    for day in (today + timedelta(days=number) for number in range(days)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.tz)
        # Wall clock times: adding to a local midnight keeps them right on a day whose offset changes.
        found += [
            (int((midnight + span.begins).timestamp()), int((midnight + span.ends).timestamp()))
            for span in calendar.spans_of(day)
        ]
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and the number of the question that was recognised by it (None: plain)."""

    text: str
    part: int | None = None


def pieces(text: str, words: Iterable[tuple[int, Sequence[object]]]) -> list[Piece]:
    """The text cut at the words of verdicts: (part, [word, start, end]); joined again it is the same text.

    A word whose offsets no longer fit (the resident edited the message) is looked for, and left out if gone.
    """
    spans: list[tuple[int, int, int]] = []
    for part, found in words:
        span = spot(text, found)
        if span:
            spans.append((*span, part))
    result, at = [], 0
    for start, end, part in sorted(spans):
        if start < at:
            continue
        if start > at:
            result.append(Piece(text[at:start]))
        result.append(Piece(text[start:end], part))
        at = end
    if at < len(text):
        result.append(Piece(text[at:]))
    return result


def spot(text: str, found: Sequence[object]) -> tuple[int, int] | None:
    """Where [word, start, end] stands in the text: there, or wherever the word is now; None when it is gone."""
    if len(found) != 3:
        return None
    word, start, end = found
    if not (isinstance(word, str) and isinstance(start, int) and isinstance(end, int)) or not word:
        return None
    if 0 <= start < end <= len(text) and text[start:end].lower() == word.lower():
        return start, end
    lowered = _lowered(text)
    at = lowered.find(word.lower()) if len(lowered) == len(text) else text.find(word)
    return (at, at + len(word)) if at >= 0 else None


@lru_cache(maxsize=1)
def _lowered(text: str) -> str:
    """Hundreds of words are looked for in one text, one after another."""
    return text.lower()


_GREETING = re.compile(
    r"^\W*(?:здравствуйте|здрасьте|добрый\s+(?:день|вечер)|доброе\s+утро|доброго\s+(?:дня|времени\s+суток)|привет)\b"
    r"[\s!,.)]*",
    re.IGNORECASE,
)


def without_greeting(text: str) -> str:
    """The text from where the matter begins; a text of nothing but a greeting stays as it is."""
    rest = _GREETING.sub("", text, count=1).strip()
    return rest[:1].upper() + rest[1:] if rest else text


def safe_url(address: str) -> str:
    """The address when a browser may open it: http(s) with a host and nothing odd in it; else an empty text."""
    if any(char.isspace() or ord(char) < 32 for char in address.strip()):
        return ""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in {"http", "https"} and parts.hostname else ""
