"""What a caller of `/sim` gave, with clear complaints about what is missing."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from netsim.world import World
from netsim.world.entities import Community, Json, ObjectKey, User


class BadOrderError(ValueError):
    """The order names something that does not exist, or lacks a part."""


class Given:
    """One JSON object of an order."""

    def __init__(self, world: World, body: Any) -> None:
        if not isinstance(body, dict):
            raise BadOrderError("an object is expected")
        self.world = world
        self.body: Json = body

    def text(self, name: str, default: str | None = None) -> str:
        """A string; without a default it must be there."""
        value = self.body.get(name, default)
        if not isinstance(value, str):
            raise BadOrderError(f"{name} must be a string")
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """An integer; without a default it must be there."""
        value = self.body.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadOrderError(f"{name} must be an integer")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean."""
        return bool(self.body.get(name, default))

    def many(self, name: str) -> list[Any]:
        """A list, empty when absent."""
        value = self.body.get(name, [])
        if not isinstance(value, list):
            raise BadOrderError(f"{name} must be a list")
        return value

    def bytes(self, name: str) -> bytes:
        """A file in base64; empty when absent."""
        try:
            return base64.b64decode(self.body.get(name, "") or "", validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise BadOrderError(f"{name} must be base64") from None

    def about(self, *names: str) -> dict[str, Any]:
        """The named parts that were given."""
        return {name: self.body[name] for name in names if name in self.body}

    # -- things of the world --------------------------------------------------------------------------------
    def group(self, name: str = "group_id") -> Community:
        """A community that exists."""
        found = self.world.community(abs(self.number(name)))
        if found is None:
            raise BadOrderError(f"no community {self.body.get(name)}")
        return found

    def person(self, name: str = "user_id") -> User:
        """A person; one who is not known yet is made, with `first_name`, `last_name` and `sex` if given."""
        number = self.number(name)
        if number <= 0:
            raise BadOrderError(f"{name} must be positive")
        about = self.about("first_name", "last_name", "sex", "city") if name == "user_id" else {}
        return self.world.user(number) or self.world.create_user(id=number, **about)

    def owner(self) -> int:
        """`owner_id`, or the community of `group_id`."""
        return self.number("owner_id") if "owner_id" in self.body else -self.group().id

    def object_key(self) -> ObjectKey:
        """What is commented on: one of post_id, photo_id, video_id, topic_id of an owner."""
        for on, name in (
            ("wall", "post_id"),
            ("photo", "photo_id"),
            ("video", "video_id"),
            ("topic", "topic_id"),
        ):
            if name in self.body:
                return (on, self.owner(), self.number(name))
        raise BadOrderError("post_id, photo_id, video_id or topic_id is needed")
