"""The facts of a page as a network tells them, and what they amount to. Pure."""

from collections.abc import Iterable, Mapping
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
    avatar_url: str | None = None
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

    @classmethod
    def recalled(cls, told: Mapping[str, Any]) -> "Facts":
        """The facts out of what `told` made of them; names that are not known any more are passed over."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in told.items() if name in known}
        for name in _MOMENTS & set(values):
            values[name] = datetime.fromisoformat(values[name])
        for name in _LISTS & set(values):
            values[name] = tuple(values[name])
        weeks = (each | {"monday": date.fromisoformat(each["monday"])} for each in values.get("weeks", ()))
        return cls(**values | {"weeks": tuple(Week(**each) for each in weeks)})


_MOMENTS = frozenset({"last_post_at", "last_answer_at", "waiting_since"})
_LISTS = frozenset({"links", "token_rights"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a passport: `state` is a value of CheckState, `found` says it in words of the page's language.

    `since` is the moment it became so when the facts tell it; `by_network` when they tell the state itself, and so
    outweigh what anybody attested before.
    """

    code: str
    state: str
    found: str = ""
    since: datetime | None = None
    by_network: bool = False


@dataclass(frozen=True, slots=True)
class Attestation:
    """What a person vouched for, and the last day it holds; without a day it holds until taken back."""

    by: str
    at: datetime
    until: date | None = None


def settled(
    finding: Finding, *, attested: Attestation | None, before: str | None, today: date
) -> Finding | None:
    """The line as it stands after a look at the page; None when it stays as it was (`before` is its state).

    A fact of the network outweighs what was attested earlier, an attestation outweighs the register and silence, and
    silence changes nothing that was known. An attestation that ran out is a gap: somebody has to vouch again.
    """
    if finding.by_network or finding.state == "exempt":
        return finding
    if attested is not None:
        if attested.until is None or attested.until >= today:
            return Finding(finding.code, "fine", f"Подтвердил(а): {attested.by}")
        return Finding(finding.code, "gap", f"Подтверждение действовало до {attested.until:%d.%m.%Y}")
    return None if finding.state == "unknown" and before in {"fine", "gap"} else finding


def readiness(states: Iterable[str]) -> int | None:
    """The share of the fulfilled among the requirements whose state is known, in percent; None when none is."""
    known = [state for state in states if state in {"fine", "gap"}]
    return round(100 * known.count("fine") / len(known)) if known else None


def next_facts(before: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """What is known of the page now, ready for JSON: what the network was silent about stays as it was."""
    told = facts.told()
    if not facts.weeks:
        # The wall was not read this time.
        del told["weeks"]
    return {**before, **told}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
