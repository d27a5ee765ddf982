"""The comments under an object as a page shows them: a window of first-level ones, each with its thread."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

from netsim.pages.faces import Attached, Face, attached, face
from netsim.pages.visitor import Problem, Unsent, Visit
from netsim.world.entities import Comment, Community, ObjectKey, Photo, Post, Topic, Video

PAGE = 50
THREAD = 20
ADDRESS = re.compile(r"(wall|photo|video|topic)-(\d{1,12})_(\d{1,12})")
Thing = Post | Photo | Video | Topic


@dataclass(slots=True, kw_only=True)
class Said:
    """One comment with what the visitor may do to it."""

    record: Comment
    author: Face
    official: bool
    answers: str
    answers_id: int
    attached: list[Attached]
    may_edit: bool
    may_delete: bool
    may_restore: bool
    may_reply: bool
    pointed: bool
    replies: list[Said] = field(default_factory=list)
    hidden: int = 0
    unsent: Unsent | None = None

    @property
    def key(self) -> str:
        """The anchor of the comment on its page."""
        return f"said-{self.record.id}"

    @property
    def version(self) -> str:
        """Changes when the comment has to be drawn anew."""
        r = self.record
        seen = (
            r.text,
            r.attachments,
            r.deleted,
            r.edited,
            len(r.likes),
            self.author.name,
            self.pointed,
            self.answers,
        )
        return f"{zlib.crc32(repr(seen).encode()):08x}"

    @property
    def rights(self) -> str:
        """Changes when other buttons have to be shown."""
        allowed = (self.may_edit, self.may_delete, self.may_restore, self.may_reply)
        return "".join("01"[right] for right in allowed) + (self.version if self.may_edit else "")


@dataclass(slots=True, kw_only=True)
class Talk:
    """The comments under one object."""

    key: ObjectKey
    thing: Thing
    group: Community
    opened: bool
    total: int
    items: list[Said]
    start: int
    size: int
    may_manage: bool
    unsent: Unsent | None = None

    @property
    def address(self) -> str:
        """The path of the object's own page."""
        return path_of(self.key)


def path_of(key: ObjectKey, comment_id: int = 0) -> str:
    """The page of an object, pointing at one of its comments when asked."""
    on, owner, number = key
    pointing = f"?reply={comment_id}#said-{comment_id}" if comment_id else ""
    return f"/{on}{owner}_{number}{pointing}"


def key_of(address: str) -> ObjectKey:
    """The object a form names (`wall-1_2`). Raises `Problem` for anything else."""
    found = ADDRESS.fullmatch(address)
    if not found:
        raise Problem("gone", status=404)
    return found[1], -int(found[2]), int(found[3])


def thing_of(visit: Visit, key: ObjectKey) -> tuple[Thing, Community]:
    """The object and its community. Raises `Problem` when it is not there."""
    world, owner = visit.world, key[1]
    group = world.community(-owner)
    if group is None:
        raise Problem("unknown", status=404)
    thing = _found(visit, key)
    if thing is None:
        raise Problem("gone", status=404, detail=f"/club{group.id}")
    return thing, group


def _found(visit: Visit, key: ObjectKey) -> Thing | None:
    world, (on, owner, number) = visit.world, key
    if on == "photo":
        return world.photos.get((owner, number))
    if on == "video":
        return world.videos.get((owner, number))
    if on == "topic":
        return world.topics.get((owner, number))
    return world.post(owner, number) if world.exists(key) else None


@dataclass(slots=True)
class _Reader:
    """Turns records into `Said` for one visitor and one object."""

    visit: Visit
    opened: bool
    pointed: int = 0

    def shown(self, record: Comment) -> bool:
        """Whether it keeps a place: it stands, or replies hang on it, or the visitor may restore it."""
        return not record.deleted or self._restorable(record) or bool(self.visit.world.thread(record))

    def _restorable(self, record: Comment) -> bool:
        return record.deleted and self.visit.me is not None and self._mine(record)

    def _mine(self, record: Comment) -> bool:
        if self.visit.admin:
            return True
        # What the page took away its author cannot bring back.
        by_me = not record.deleted or record.deleter_id == self.visit.my_id
        return record.from_id == self.visit.my_id and by_me

    def said(self, record: Comment) -> Said:
        """One comment without its thread."""
        visit, stands, mine = self.visit, not record.deleted, bool(self.visit.me) and self._mine(record)
        own = record.from_id == (record.owner_id if visit.admin else visit.my_id)
        to = face(visit.world, record.reply_to_user) if record.reply_to_comment else None
        unsent = visit.unsent
        return Said(
            record=record,
            author=face(visit.world, record.from_id),
            official=record.from_id == record.owner_id,
            answers=to.name if to and record.reply_to_comment != record.parent else "",
            answers_id=record.reply_to_comment,
            attached=attached(visit.world, record.attachments) if stands else [],
            may_edit=stands and mine and own,
            may_delete=stands and mine,
            may_restore=self._restorable(record),
            may_reply=stands and self.opened and visit.me is not None,
            pointed=record.id == self.pointed,
            unsent=unsent if unsent and record.id in {unsent.reply_to, unsent.edits} else None,
        )

    def with_thread(self, record: Comment, limit: int) -> Said:
        """A first-level comment with the last replies of its thread (all when one of them is pointed at)."""
        replies = self.visit.world.replies.get((record.on, record.owner_id, record.id), [])
        replies = [reply for reply in replies if not reply.deleted or self._restorable(reply)]
        answered = {reply.id for reply in replies} | {record.id}
        if self.pointed in answered or (self.visit.unsent and self.visit.unsent.reply_to in answered):
            limit = max(limit, len(replies))
        head = self.said(record)
        head.replies = [self.said(reply) for reply in replies[-limit:]]
        head.hidden = len(replies) - len(head.replies)
        return head


def _homeless(visit: Visit, key: ObjectKey, unsent: Unsent, *, opened: bool) -> bool:
    """Whether what was refused stands in the form of the whole talk: its own form is not shown (any more)."""
    target = visit.world.comment(key[0], key[1], unsent.reply_to or unsent.edits)
    lost = target is None or target.deleted or target.object_key != key
    return lost or (bool(unsent.reply_to) and not opened)


def talk(
    visit: Visit,
    key: ObjectKey,
    *,
    start: int | None = None,
    pointed: int = 0,
    size: int = PAGE,
    thread: int = THREAD,
) -> Talk:
    """The comments under an object, the last ones unless a place is asked for. Raises `Problem`."""
    thing, group = thing_of(visit, key)
    world, opened, unsent = visit.world, visit.world.is_open(key), visit.unsent
    reader = _Reader(visit, opened, pointed)
    level = [c for c in world.comments(key, deleted=True) if not c.parent and reader.shown(c)]
    low = max(len(level) - size, 0) if start is None else max(min(start, len(level) - 1), 0)
    wanted = world.comment(key[0], key[1], pointed) if pointed else None
    if wanted is not None:
        root = wanted.parent or wanted.id
        at = next((index for index, c in enumerate(level) if c.id == root), low)
        low = low if low <= at < low + size else max(at - size // 2, 0)
    return Talk(
        key=key,
        thing=thing,
        group=group,
        opened=opened,
        total=len(world.comments(key)),
        items=[reader.with_thread(c, thread) for c in level[low : low + size]],
        start=low,
        size=len(level),
        may_manage=visit.admin,
        unsent=unsent if unsent and _homeless(visit, key, unsent, opened=opened) else None,
    )
