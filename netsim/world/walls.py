"""Posts: published, postponed, edited, pinned, reposted, liked."""

from __future__ import annotations

from typing import Any

from netsim.shapes import walls as shapes
from netsim.world.communities import Communities
from netsim.world.entities import Comment, Photo, Post, Video

LIKE_TYPES = {"wall": "comment", "photo": "photo_comment", "video": "video_comment", "topic": "topic_comment"}


class Walls(Communities):
    """The walls of communities and people."""

    def post(self, owner_id: int, post_id: int) -> Post | None:
        """A post that stands (published or postponed)."""
        entry = self.walls.get(owner_id, {}).get(post_id)
        return entry if entry and not entry.deleted else None

    def posts(self, group_id: int, *, postponed: bool = False) -> list[Post]:
        """The page's posts, newest first, the pinned one on top."""
        return self.wall_of(-group_id, postponed=postponed)

    def wall_of(self, owner_id: int, *, postponed: bool = False) -> list[Post]:
        """The posts of any wall, newest first, the pinned one on top."""
        wanted = [
            p
            for p in self.walls.get(owner_id, {}).values()
            if not p.deleted and (p.post_type == "postpone") == postponed
        ]
        return sorted(wanted, key=lambda p: (p.pinned, p.date, p.id), reverse=True)

    def create_post(
        self, owner_id: int, *, from_id: int, text: str = "", publish_date: int = 0, **more: Any
    ) -> Post:
        """A new post; with a `publish_date` in the future it waits for `publish_due`."""
        waits = publish_date > self.now()
        number = self.following(f"wall:{owner_id}")
        more.setdefault("post_type", "postpone" if waits else "post")
        more.setdefault("date", publish_date or self.now())
        entry = Post(owner_id=owner_id, id=number, from_id=from_id, text=text, **more)
        self.add(entry)
        self._tell_post(entry)
        return entry

    def _tell_post(self, entry: Post) -> None:
        gid = -entry.owner_id
        if gid in self.communities and entry.post_type != "postpone":
            self.emit(gid, "wall_post_new", shapes.post_event(self, entry))
        if entry.copy_of:
            self._tell_repost(entry)
        self.changed("post", gid, entry)

    def _tell_repost(self, entry: Post) -> None:
        owner = int(entry.copy_of.split("_")[0])
        if -owner in self.communities:
            self.count(-owner, "copies")
            self.emit(-owner, "wall_repost", shapes.post_event(self, entry))

    def publish_due(self) -> list[Post]:
        """Publish the postponed posts whose time has come."""
        now = self.now()
        due = [
            p
            for wall in list(self.walls.values())
            for p in wall.values()
            if p.post_type == "postpone" and not p.deleted and p.date <= now
        ]
        for entry in due:
            entry.post_type = "post"
            self.save(entry)
            self._tell_post(entry)
        return due

    def edit_post(self, entry: Post, **changes: Any) -> None:
        """Change a post; real VK sends no event for it."""
        for name, value in changes.items():
            setattr(entry, name, value)
        if entry.post_type != "postpone":
            entry.edited = self.now()
        self.save(entry)
        self.changed("post", -entry.owner_id, entry)

    def set_post(self, entry: Post, **changes: Any) -> None:
        """Change a post's state (comments open, pinned, deleted) without marking its text as edited."""
        if changes.get("pinned"):
            for other in self.walls[entry.owner_id].values():
                if other.pinned:
                    other.pinned = False
                    self.save(other)
        for name, value in changes.items():
            setattr(entry, name, value)
        self.save(entry)
        self.changed("post", -entry.owner_id, entry)

    # -- likes ----------------------------------------------------------------------------------------------
    def like(self, thing: Post | Comment | Photo | Video, user_id: int, *, remove: bool = False) -> int:
        """A person likes a post, a comment, a photo or a video; returns how many do."""
        if (user_id in thing.likes) == (not remove):
            return len(thing.likes)
        if remove:
            thing.likes.remove(user_id)
        else:
            thing.likes.append(user_id)
        self.save(thing)
        gid = -thing.owner_id
        if gid in self.communities:
            if not remove:
                self.count(gid, "likes")
            self._tell_like(thing, user_id, "like_remove" if remove else "like_add")
            self.changed("like", gid, thing)
        return len(thing.likes)

    def _tell_like(self, thing: Post | Comment | Photo | Video, user_id: int, event: str) -> None:
        kind, thread, under = thing.KIND, 0, 0
        if isinstance(thing, Comment):
            kind, thread, under = LIKE_TYPES[thing.on], thing.parent, thing.object_id
        self.emit(
            -thing.owner_id,
            event,
            {
                "liker_id": user_id,
                "object_type": kind,
                "object_owner_id": thing.owner_id,
                "object_id": thing.id,
                "thread_reply_id": thread,
                "post_id": under,
            },
        )
