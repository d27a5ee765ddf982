"""The facts of a page as a network tells them, and what they amount to. Pure."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Week:
    """The posts of one ISO week: all of them, those of one's own with 100 signs or more, their views."""

    monday: date
    posts: int = 0
    own: int = 0
    views: int | None = None
    mean_views: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What one look at a page brought. None means that the network does not tell or was not asked: never a gap."""

    title: str | None = None
    description: str | None = None
    category: str | None = None
    site: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    hours: str | None = None
    has_map_point: bool | None = None
    has_avatar: bool | None = None
    # 64 bits of the picture's average hash in hexadecimal.
    avatar_hash: str | None = None
    has_cover: bool | None = None
    links: tuple[str, ...] | None = None
    followers: int | None = None
    is_verified: bool | None = None
    # The badge as undocumented fields show it.
    has_badge: bool | None = None
    comments_open: bool | None = None
    messages_open: bool | None = None
    token_alive: bool | None = None
    token_rights: tuple[str, ...] | None = None
    administrators: int | None = None
    # The page is gone, closed to strangers or blocked: the word of the network.
    away: str | None = None
    last_post_at: datetime | None = None
    last_answer_at: datetime | None = None
    # The oldest question nobody has answered.
    waiting_since: datetime | None = None
    weeks: tuple[Week, ...] = field(default=())

    def told(self) -> dict[str, Any]:
        """What is known, ready for JSON: moments and days in ISO form."""
        known = {each.name for each in fields(self) if getattr(self, each.name) is not None}
        return {name: _plain(value) for name, value in asdict(self).items() if name in known}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
