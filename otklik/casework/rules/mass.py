"""Mass problems: their one status, how long an answer to all takes, and what an author says of not belonging. Pure."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from otklik.casework.rules.machine import IllegalMove

LEAST_CHOSEN = 2
"""One question is no mass problem, however many people a person expects to ask it."""

RADIUS_M = 1000
EARTH_M = 6_371_000.0

LIVE = frozenset({"open", "interim", "planned", "answered", "fixed"})
_AT_WORK = LIVE - {"fixed"}
# Each verb: the states of a problem it starts from, and the one it leads to.
MASS_VERBS: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "tell_interim": (_AT_WORK, "interim"),
        "tell_plan": (_AT_WORK, "planned"),
        "tell_final": (_AT_WORK, "answered"),
        # What is fixed stays so while its authors are told.
        "tell_fixed": (frozenset({"fixed"}), "fixed"),
        "confirm_fix": (_AT_WORK, "fixed"),
        "not_fixed": (frozenset({"fixed"}), "open"),
        "close": (frozenset({"fixed"}), "closed"),
        "reopen": (frozenset({"closed"}), "open"),
    }
)


def check_step(verb: str, before: str) -> str:
    """The state of the problem that the verb leads to. Raises IllegalMove when it does not start there."""
    starts, after = MASS_VERBS[verb]
    if before not in starts:
        raise IllegalMove
    return after


def telling(kind: str, state: str) -> str:
    """The verb that an answer of this kind makes. Of what is fixed only the final word may be said."""
    return "tell_fixed" if state == "fixed" and kind == "final" else f"tell_{kind}"


def takes(pages: Mapping[int, int], *, page_a_minute: int, a_minute: int) -> timedelta:
    """How long it takes to tell so many people of each page (id → number) under both limits."""
    if not pages:
        return timedelta(0)
    minutes = max(sum(pages.values()) / a_minute, max(pages.values()) / page_a_minute)
    return timedelta(minutes=math.ceil(minutes * 10) / 10)


def is_quiet(heard_at: datetime, fixed_at: datetime, now: datetime, quiet: timedelta) -> bool:
    """Whether nobody has written since so long, counted from the fix at the earliest."""
    return now - max(heard_at, fixed_at) >= quiet


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two points (latitude, longitude in degrees) on the ground."""
    (lat1, lon1), (lat2, lon2) = ([math.radians(each) for each in point] for point in (one, other))
    step = math.sin((lat2 - lat1) / 2) ** 2
    step += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(step)))


_MOST_READ = 2000
_OTHER = (
    "у меня другое",
    "у меня другой вопрос",
    "у меня другая проблема",
    "у меня другая беда",
    "у меня другая ситуация",
    "у меня не это",
    "у нас другое",
    "у нас другая проблема",
    "у нас другая ситуация",
    "я о другом",
    "я про другое",
    "я писал о другом",
    "я писала о другом",
    "я спрашивал о другом",
    "я спрашивала о другом",
    "я спрашивал про другое",
    "я спрашивала про другое",
    "вопрос был о другом",
    "вопрос был про другое",
    "мой вопрос о другом",
    "мой вопрос не об этом",
    "мой вопрос был не об этом",
    "это не про меня",
    "это не про нас",
)


def says_other(text: str) -> bool:
    """Whether the author says that the common answer is not about what was asked: «у меня другое»."""
    words = re.findall(r"\w+", text[:_MOST_READ].casefold().replace("ё", "е"))
    said = f" {' '.join(words)} "
    return any(f" {each} " in said for each in _OTHER)
