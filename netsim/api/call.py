"""One call of a method: who calls, with what, and the table of methods."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netsim.api.errors import ApiError, invalid
from netsim.shapes import people
from netsim.world import World
from netsim.world.entities import Community, Json
from netsim.world.records import Token

TRUE = {"1", "true", "yes"}
DIGITS_LIMIT = 18


@dataclass(slots=True)
class Call:
    """The world, the token and the parameters of one call; getters raise error 100 as the network does."""

    world: World
    token: Token
    params: dict[str, str]
    notice: Callable[[str, Any], None] = lambda what, thing: None

    # -- parameters -----------------------------------------------------------------------------------------
    def text(self, name: str, default: str = "") -> str:
        """A string."""
        return self.params.get(name, default)

    def need(self, name: str) -> str:
        """A string that must be there."""
        value = self.params.get(name, "")
        if value == "":
            raise invalid(name)
        return value

    def number(
        self, name: str, default: int = 0, *, least: int | None = None, most: int | None = None
    ) -> int:
        """An integer within bounds."""
        raw = self.params.get(name, "")
        if raw == "":
            return default
        digits = raw.strip().removeprefix("-")
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > DIGITS_LIMIT:
            raise invalid(name, "not integer")
        value = int(raw)
        if least is not None and value < least:
            raise invalid(name, f"should be greater or equal to {least}")
        if most is not None and value > most:
            raise invalid(name, f"should be less or equal to {most}")
        return value

    def need_number(self, name: str, *, least: int | None = None) -> int:
        """An integer that must be there."""
        self.need(name)
        return self.number(name, least=least)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean."""
        raw = self.params.get(name, "")
        return raw.lower() in TRUE if raw else default

    def words(self, name: str) -> list[str]:
        """A list of strings separated by commas."""
        return [part.strip() for part in self.params.get(name, "").split(",") if part.strip()]

    def numbers(self, name: str, *, most: int = 1000) -> list[int]:
        """A list of integers separated by commas."""
        words = self.words(name)
        if len(words) > most:
            raise invalid(name, f"should contain no more than {most} items")
        try:
            return [int(word) for word in words]
        except ValueError:
            raise invalid(name, "not integer") from None

    def json(self, name: str) -> Any:
        """A parameter that carries JSON; None when absent."""
        raw = self.params.get(name, "")
        if not raw:
            return None
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise invalid(name, "is not valid JSON") from None

    def page(self, *, default: int = 20, most: int = 100) -> tuple[int, int]:
        """(offset, count); a count over the limit is cut, as VK does."""
        return self.number("offset", least=0), min(self.number("count", default, least=0), most)

    # -- who ------------------------------------------------------------------------------------------------
    @property
    def by(self) -> int:
        """The person who acts: the token's user, or the first administrator of the token's community."""
        if self.token.user_id:
            return self.token.user_id
        group = self.world.community(self.token.group_id)
        return group.admins[0] if group and group.admins else 0

    def is_admin(self, group_id: int) -> bool:
        """Whether the token acts for this community."""
        group = self.world.community(group_id)
        if group is None:
            return False
        if self.token.kind == "community":
            return self.token.group_id == group_id
        return self.token.kind == "user" and self.token.user_id in group.admins

    def group(self, name: str = "group_id", *, own: bool = False) -> Community:
        """The community a parameter names by id; with `own`, the token must act for it (else 15)."""
        group_id = self.number(name) or (self.token.group_id if self.token.kind == "community" else 0)
        if not group_id:
            raise invalid(name)
        return self.known(abs(group_id), own=own)

    def known(self, group_id: int, *, own: bool = False) -> Community:
        """The community with this id (else 125); with `own`, the token must act for it (else 15)."""
        group = self.world.community(group_id)
        if group is None:
            raise ApiError(125)
        if own and not self.is_admin(group_id):
            raise ApiError(15, "you should be group admin" if self.token.kind == "user" else "")
        return group

    def owner(self, name: str = "owner_id") -> int:
        """Whose objects: a community with its minus, or a person; the caller's own when absent."""
        default = self.token.user_id or -self.token.group_id
        return self.number(name, default)

    def extended(self, answer: Json, authors: list[int]) -> Json:
        """The answer with `profiles` and `groups` when `extended=1`."""
        return {**answer, **people.extended(self.world, authors)} if self.flag("extended") else answer


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the table: token kinds (`u` user, `c` community, `s` service) and a scope for
    communities."""

    name: str
    kinds: str
    scope: str
    run: Handler


METHODS: dict[str, Method] = {}


def method(name: str, kinds: str, scope: str = "") -> Callable[[Handler], Handler]:
    """Register a method."""

    def register(run: Handler) -> Handler:
        METHODS[name] = Method(name, kinds, scope, run)
        return run

    return register
