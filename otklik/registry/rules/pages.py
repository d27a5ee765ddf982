"""Which values an official page may have, the moves of its badge, and addresses of pages as people paste them. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from otklik.common.text import gettext_noop
from otklik.registry.rules import values as shape
from otklik.registry.rules.values import BadValue

NETWORKS = frozenset({"vk", "ok", "telegram", "max"})
KINDS = frozenset({"organisation", "personal"})
TIERS = frozenset({"flagship", "active", "card"})
BADGE_TYPES = frozenset({"gosorg", "blue_tick"})
MOST_FOLLOWERS = 2_000_000_000
LIMITS: Mapping[str, int] = {
    "external_id": 40, "screen_name": 80, "title": 200, "url": 300, "person_name": 150, "person_position": 200,
}  # fmt: skip
# How a badge goes: asked for through Госуслуги, confirmed, lost with a change of name or owner, asked for again.
# A badge that is found on a page was never asked for here; one that was asked for may be refused.
BADGE_MOVES: Mapping[str, frozenset[str]] = {
    "none": frozenset({"requested", "confirmed"}),
    "requested": frozenset({"confirmed", "none"}),
    "confirmed": frozenset({"lost"}),
    "lost": frozenset({"requested", "confirmed"}),
}


class IllegalBadgeMove(Exception):
    """Так метка не меняется: её запрашивают, подтверждают, она может быть потеряна и запрошена снова."""


class EvidenceNeeded(Exception):
    """Напишите, чем это подтверждено: что и когда вы увидели, ссылка или номер документа."""


def check_badge(before: str, after: str) -> None:
    """Raise IllegalBadgeMove when a badge cannot go from one state to the other. Staying is legal."""
    if before != after and after not in BADGE_MOVES.get(before, frozenset()):
        raise IllegalBadgeMove


def _lines(name: str) -> Callable[[Any], Any]:
    check = shape.required_line if name in {"external_id", "title"} else shape.line
    return lambda value: check(name, value, LIMITS[name])


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    **{
        name: _lines(name)
        for name in ("external_id", "screen_name", "title", "person_name", "person_position")
    },
    "network": lambda value: shape.one_of("network", value, NETWORKS),
    "kind": lambda value: shape.one_of("kind", value, KINDS),
    "tier": lambda value: shape.one_of("tier", value, TIERS),
    "url": lambda value: shape.url("url", shape.required_line("url", value, LIMITS["url"]), LIMITS["url"]),
    "component_connected": lambda value: shape.flag("component_connected", value),
    "widgets": lambda value: shape.count("widgets", value, 9),
    "followers": lambda value: shape.count("followers", value, MOST_FOLLOWERS),
    "monitoring": lambda value: shape.table("monitoring", value),
    "opened_on": lambda value: shape.day("opened_on", value),
}
FIELDS = frozenset(_PLAIN)


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values put in order. Raises BadValue for the first that does not fit."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in _PLAIN:
            raise BadValue(name, gettext_noop("У страницы нет такого поля."))
        found[name] = _PLAIN[name](value)
    return found


def of_new(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a page to be added: network, number, title and address are needed. Raises BadValue."""
    found = checked({"network": "", "external_id": "", "title": "", "url": ""} | dict(values))
    check_person(found.get("kind", "organisation"), found.get("person_name", ""))
    return found


def check_person(kind: str, person_name: str) -> None:
    """A personal page says whose it is. Raises BadValue."""
    if kind == "personal" and not person_name:
        raise BadValue("person_name", gettext_noop("Укажите, чья это личная страница."))


class PageAddress(NamedTuple):
    """A network and what stands in the address there: the number in digits, or the short name."""

    network: str
    name: str


_HOSTS: Mapping[str, str] = {
    "vk.com": "vk", "vk.ru": "vk", "vkontakte.ru": "vk", "ok.ru": "ok", "odnoklassniki.ru": "ok",
    "t.me": "telegram", "telegram.me": "telegram", "telegram.dog": "telegram", "max.ru": "max",
}  # fmt: skip
# First parts of addresses that are places of the network itself, never a page.
_NOT_PAGES = frozenset(
    {
        "feed", "im", "search", "groups", "friends", "video", "videos", "away.php", "share.php", "login", "apps",
        "support", "settings", "joinchat", "addstickers", "share", "proxy", "dk", "games", "music", "online",
        "guests", "feedback", "join", "download", "help", "terms", "privacy", "legal", "about", "iv", "market",
    }
)  # fmt: skip
_VK_NUMBER = re.compile(r"(?:club|public|event)(\d{1,15})", re.IGNORECASE)
_VK_OBJECT = re.compile(
    r"(?:wall|photo|video|topic|album|market|clip|doc|app\d+_|article|albums|videos)-(\d{1,15})"
)
_VK_WALL_ID = re.compile(r"-(\d{1,15})_\d+")
_SLUG: Mapping[str, re.Pattern[str]] = {
    "vk": re.compile(r"[a-z0-9_.]{2,64}", re.IGNORECASE),
    "ok": re.compile(r"[a-z0-9_.-]{2,80}", re.IGNORECASE),
    "telegram": re.compile(r"[a-z][a-z0-9_]{3,63}", re.IGNORECASE),
    "max": re.compile(r"-?\d{3,20}|[a-z][a-z0-9_.-]{2,80}", re.IGNORECASE),
}


def parse_page_address(text: str) -> PageAddress | None:
    """The page that an address in VK, OK, Telegram or MAX leads to; None when it leads to none.

    `club5`, `public5` and anything on the wall of a community give its number; `id5` of a person stays as it is.
    """
    raw = text.strip().strip("<>«»\"'()., ")
    if not raw or re.search(r"\s", raw) or len(raw) > 500:
        return None
    try:
        parts = urlsplit(raw if re.match(r"^[a-z]+:", raw, re.IGNORECASE) else f"https://{raw.lstrip('/')}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme == "tg" and host == "resolve":
        return _named("telegram", parse_qs(parts.query).get("domain", [""])[0])
    network = _HOSTS.get(re.sub(r"^(?:www|m|web|new|wap|mobile)\.", "", host))
    if network is None or parts.scheme not in {"http", "https"}:
        return None
    path = [unquote(each) for each in parts.path.split("/") if each]
    if network == "vk":
        return _in_vk(path, parse_qs(parts.query))
    return _elsewhere(network, path)


def _in_vk(path: list[str], query: Mapping[str, list[str]]) -> PageAddress | None:
    first = path[0] if path else ""
    shown = next((query[key][0] for key in ("w", "z") if key in query), "")
    found = _VK_OBJECT.match(first) or _VK_OBJECT.match(shown) or _VK_WALL_ID.match(shown)
    if found:
        return PageAddress("vk", found[1])
    if first.startswith("@"):
        # An article: its address begins with the short name of the page.
        return _named("vk", first[1:].split("-", 1)[0])
    number = _VK_NUMBER.fullmatch(first)
    return PageAddress("vk", number[1]) if number else _named("vk", first)


def _elsewhere(network: str, path: list[str]) -> PageAddress | None:
    # ok.ru/group/553…, t.me/s/name, t.me/c/…: the first part only says what the second one is.
    if len(path) > 1 and path[0].lower() in {"group", "profile", "s", "c"} and network in {"ok", "telegram"}:
        second = path[1]
        if path[0].lower() == "s":
            return _named(network, second)
        return PageAddress(network, second) if second.isdecimal() else None
    first = path[0] if path else ""
    if network == "ok" and re.fullmatch(r"group\d{5,20}", first):
        return PageAddress(network, first.removeprefix("group"))
    return _named(network, first)


def _named(network: str, name: str) -> PageAddress | None:
    if name.lower() in _NOT_PAGES or not _SLUG[network].fullmatch(name):
        return None
    return PageAddress(network, name)
