"""Communities and people: who exists, who follows whom, who is banned, what the page shows of itself."""

from __future__ import annotations

from typing import Any

from netsim.world.entities import Community, Json, User
from netsim.world.events import BLANK_EVENTS
from netsim.world.records import Member, StatDay
from netsim.world.state import State

DAY = 86_400
FIRST_COMMUNITY = 200_000_001
FIRST_USER = 100_200_300
EDITABLE = {
    "description",
    "activity",
    "status",
    "site",
    "phone",
    "name",
    "screen_name",
    "wall",
    "can_message",
}
# Names of settings as group_change_settings tells them.
CHANGE_NAMES = {"name": "title", "site": "website"}


class Communities(State):
    """Pages and people."""

    def community(self, group_id: int) -> Community | None:
        """The community with this positive id."""
        return self.communities.get(group_id)

    def user(self, user_id: int) -> User | None:
        """The person with this id."""
        return self.users.get(user_id)

    def resolve(self, name: str) -> tuple[str, int] | None:
        """What a short address means: (type, id). `id1`, `club1`, `public1` always work."""
        if name in self.names:
            return self.names[name]
        for prefix, shelf in (("id", self.users), ("club", self.communities), ("public", self.communities)):
            digits = name.removeprefix(prefix)
            if name.startswith(prefix) and digits.isdecimal() and int(digits) in shelf:
                return ("user" if prefix == "id" else "group", int(digits))
        return None

    def create_community(self, *, name: str, id: int = 0, **about: Any) -> Community:
        """A new page; a page with this id is returned as it is, so that a loader may run twice."""
        if id in self.communities:
            return self.communities[id]
        number = id or self.following("community", FIRST_COMMUNITY)
        about.setdefault("screen_name", f"club{number}")
        group = Community(id=number, name=name, created=self.now(), **about)
        group.confirmation_code = group.confirmation_code or self.secret(8)
        group.longpoll = group.longpoll or {
            "is_enabled": False, "api_version": "5.199", "key": self.secret(40), "events": dict(BLANK_EVENTS),
        }  # fmt: skip
        self.add(group)
        self.changed("community", group.id, group)
        return group

    def create_user(self, *, id: int = 0, **about: Any) -> User:
        """A new person; one with this id is returned as it is."""
        if id in self.users:
            return self.users[id]
        person = User(id=id or self.following("user", FIRST_USER), **about)
        self.add(person)
        return person

    def edit_community(self, group_id: int, by: int, changes: Json) -> None:
        """An administrator changed the page's settings; tells group_change_settings once with all changes."""
        group = self.communities[group_id]
        told: Json = {}
        for field, new in changes.items():
            old = getattr(group, field)
            if field in EDITABLE and new != old:
                setattr(group, field, new)
                told[CHANGE_NAMES.get(field, field)] = {"old_value": old, "new_value": new}
        if "screen_name" in changes:
            self.names[group.screen_name] = (group.type, group.id)
        if told:
            self.save(group)
            allowed = {
                k: v for k, v in told.items() if k not in {"status", "activity", "can_message", "phone"}
            }
            self.emit(group_id, "group_change_settings", {"user_id": max(by, 0), "changes": allowed})
            self.changed("community", group_id, group)

    # -- followers ------------------------------------------------------------------------------------------
    def is_member(self, group_id: int, user_id: int) -> bool:
        """Whether the person follows the page."""
        member = self.members.get(group_id, {}).get(user_id)
        return member is not None and not member.left

    def join(self, group_id: int, user_id: int) -> None:
        """A person follows the page."""
        if not self.is_member(group_id, user_id):
            self.members[group_id].pop(user_id, None)
            self.add(Member(group_id=group_id, user_id=user_id, since=self.now()))
            self.count(group_id, "subscribed")
            self.emit(group_id, "group_join", {"user_id": user_id, "join_type": "join"})

    def leave(self, group_id: int, user_id: int) -> None:
        """A person stops following; one who followed before the world began is taken off the given number."""
        member = self.members[group_id].get(user_id)
        if member is None:
            group = self.communities[group_id]
            group.members_count = max(group.members_count - 1, 0)
            self.save(group)
        else:
            del self.members[group_id][user_id]
            self.forget(member)
        self.count(group_id, "unsubscribed")
        self.emit(group_id, "group_leave", {"user_id": user_id, "self": 1})

    # -- bans -----------------------------------------------------------------------------------------------
    def ban(
        self, group_id: int, user_id: int, by: int, *, end: int = 0, reason: int = 0, comment: str = ""
    ) -> None:
        """Put a person on the page's blacklist; `end` is Unix time, 0 for ever."""
        group = self.communities[group_id]
        info = {"admin_id": by, "date": self.now(), "reason": reason, "comment": comment, "end_date": end}
        group.banned[str(user_id)] = info
        self.save(group)
        self.emit(
            group_id,
            "user_block",
            {"admin_id": by, "user_id": user_id, "unblock_date": end, "reason": reason, "comment": comment},
        )

    def unban(self, group_id: int, user_id: int, by: int) -> bool:
        """Take a person off the blacklist; False when they were not on it."""
        group = self.communities[group_id]
        if group.banned.pop(str(user_id), None) is None:
            return False
        self.save(group)
        self.emit(group_id, "user_unblock", {"admin_id": by, "user_id": user_id, "by_end_date": 0})
        return True

    def is_banned(self, group_id: int, user_id: int) -> bool:
        """Whether the blacklist holds the person now."""
        group = self.communities.get(group_id)
        info = group.banned.get(str(user_id)) if group else None
        return info is not None and (not info["end_date"] or info["end_date"] > self.now())

    # -- links ----------------------------------------------------------------------------------------------
    def add_link(self, group_id: int, url: str, text: str) -> Json:
        """Put a link into the page's links block."""
        group = self.communities[group_id]
        host = url.split("//", 1)[-1].split("/", 1)[0]
        item: Json = {
            "id": self.following("link", 24_434_193),
            "name": text or host,
            "desc": text,
            "url": url,
        }
        group.links.append(item)
        self.save(group)
        return item

    # -- figures --------------------------------------------------------------------------------------------
    def count(self, group_id: int, what: str, number: int = 1) -> None:
        """Add to the page's figures of today."""
        day = self.now() // DAY * DAY
        row = self.stat_days.get((group_id, day))
        if row is None:
            row = self.stat_days[group_id, day] = StatDay(group_id=group_id, day=day)
        setattr(row, what, getattr(row, what) + number)
        self.save(row)
