"""Comments under posts, photos, videos and discussions, with their threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from netsim.shapes import walls as shapes
from netsim.world.entities import Comment, ObjectKey
from netsim.world.walls import Walls

EVENT_STEMS = {
    "wall": "wall_reply",
    "photo": "photo_comment",
    "video": "video_comment",
    "topic": "board_post",
}


class NoSuchObjectError(LookupError):
    """There is no such post, photo, video, discussion or comment."""


class CommentsClosedError(Exception):
    """Comments under this object are closed."""


@dataclass(slots=True, kw_only=True)
class Draft:
    """What somebody is about to say."""

    from_id: int
    text: str = ""
    attachments: list[str] = field(default_factory=list)
    reply_to: int = 0
    created_by: int = 0
    guid: str = ""


class Comments(Walls):
    """Everything said in public."""

    def comment(self, on: str, owner_id: int, comment_id: int) -> Comment | None:
        """A comment by its place, deleted or not."""
        return self.comment_at.get((on, owner_id, comment_id))

    def comments(self, key: ObjectKey, *, deleted: bool = False) -> list[Comment]:
        """What was said under an object, oldest first, threads included."""
        return [c for c in self.threads.get(key, {}).values() if deleted or not c.deleted]

    def thread(self, said: Comment) -> list[Comment]:
        """Standing replies in the thread of a first-level comment."""
        return [c for c in self.replies.get((said.on, said.owner_id, said.id), []) if not c.deleted]

    def exists(self, key: ObjectKey) -> bool:
        """Whether there is an object to comment on."""
        on, owner, number = key
        if on == "wall":
            entry = self.post(owner, number)
            return entry is not None and entry.post_type != "postpone"
        return (owner, number) in self.comment_shelf(on)

    def comment_shelf(self, on: str) -> dict[tuple[int, int], Any]:
        """The photos, videos or discussions that take comments."""
        shelves: dict[str, dict[tuple[int, int], Any]] = {
            "photo": self.photos,
            "video": self.videos,
            "topic": self.topics,
        }
        return shelves[on]

    def is_open(self, key: ObjectKey) -> bool:
        """Whether the object takes comments."""
        on, owner, number = key
        if on == "wall":
            entry = self.post(owner, number)
            group = self.communities.get(-owner)
            return entry is not None and entry.comments_open and (group is None or group.takes_comments)
        if on == "topic":
            return not self.topics[owner, number].closed
        return bool(self.comment_shelf(on)[owner, number].comments_open)

    def say(self, key: ObjectKey, draft: Draft) -> Comment:
        """Write a comment; the same `guid` of the same author under the same object returns the former one.

        Raises `NoSuchObjectError` and `CommentsClosedError`.
        """
        on, owner, number = key
        former = self.guids.get(f"{on}:{owner}:{number}:{draft.from_id}:{draft.guid}") if draft.guid else None
        if isinstance(former, Comment):
            return former
        if not self.exists(key):
            raise NoSuchObjectError(f"{on}{owner}_{number}")
        if not self.is_open(key):
            raise CommentsClosedError(f"{on}{owner}_{number}")
        said = self._comment(key, draft)
        self.add(said)
        gid = -owner
        if on == "topic":
            discussion = self.topics[owner, number]
            discussion.updated, discussion.updated_by = said.date, said.from_id
            self.save(discussion)
        if gid in self.communities:
            self.count(gid, "comments")
            self.emit(gid, f"{EVENT_STEMS[on]}_new", shapes.comment_event(self, said))
            self.changed("comment", gid, said)
        return said

    def _comment(self, key: ObjectKey, draft: Draft) -> Comment:
        on, owner, number = key
        answered = self.comment(on, owner, draft.reply_to) if draft.reply_to else None
        if draft.reply_to and (answered is None or answered.object_key != key or answered.deleted):
            raise NoSuchObjectError(f"comment {draft.reply_to}")
        said = Comment(
            on=on,
            owner_id=owner,
            object_id=number,
            id=self.following(f"wall:{owner}" if on == "wall" else f"{on}-comment:{owner}"),
            from_id=draft.from_id,
            date=self.now(),
            text=draft.text,
            attachments=draft.attachments,
            created_by=draft.created_by,
            guid=draft.guid,
        )
        if answered is not None:
            said.parent = answered.parent or answered.id
            said.reply_to_comment, said.reply_to_user = answered.id, answered.from_id
        return said

    def edit_comment(self, said: Comment, *, text: str, attachments: list[str] | None = None) -> None:
        """Change what was said."""
        said.text, said.edited = text, self.now()
        if attachments is not None:
            said.attachments = attachments
        self._moved(said, "edit")

    def delete_comment(self, said: Comment, *, by: int) -> None:
        """Take a comment away; it can be restored."""
        if not said.deleted:
            said.deleted, said.deleter_id = True, by
            self._moved(said, "delete")

    def restore_comment(self, said: Comment) -> None:
        """Bring a deleted comment back."""
        if said.deleted:
            said.deleted, said.deleter_id = False, 0
            self._moved(said, "restore")

    def _moved(self, said: Comment, how: str) -> None:
        self.save(said)
        gid = -said.owner_id
        if gid in self.communities:
            told = shapes.comment_deleted(said) if how == "delete" else shapes.comment_event(self, said)
            self.emit(gid, f"{EVENT_STEMS[said.on]}_{how}", told)
            self.changed("comment", gid, said)
