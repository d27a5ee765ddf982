"""What the network remembers: plain records, each known by `kind` and `key` in the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

Json = dict[str, Any]
# What a comment hangs on: ("wall" | "photo" | "video" | "topic", owner id (negative for a community), object
# id).
ObjectKey = tuple[str, int, int]


@dataclass(slots=True, kw_only=True)
class User:
    """A person with an account in the network."""

    KIND: ClassVar[str] = "user"
    id: int
    first_name: str = "Иван"
    last_name: str = "Иванов"
    sex: int = 0
    screen_name: str = ""
    city: str = ""
    is_closed: bool = False
    deactivated: str = ""
    photo: str = ""

    @property
    def key(self) -> str:
        return str(self.id)


@dataclass(slots=True, kw_only=True)
class Community:
    """A page of a body; `id` is positive, its objects are owned by `-id`."""

    KIND: ClassVar[str] = "community"
    id: int
    name: str
    screen_name: str = ""
    type: str = "page"
    description: str = ""
    activity: str = ""
    status: str = ""
    site: str = ""
    phone: str = ""
    city: str = ""
    verified: int = 0
    is_government: bool | None = None
    is_closed: int = 0
    members_count: int = 0
    links_forbidden: bool = False
    can_message: int = 1
    wall: int = 1
    photo: str = ""
    cover: str = ""
    admins: list[int] = field(default_factory=list)
    contacts: list[Json] = field(default_factory=list)
    # The first is the main one: {title?, address, phone?, latitude?, longitude?, work_info_status?, timetable?}.
    addresses: list[Json] = field(default_factory=list)
    # "deleted" or "banned": the page is gone for everybody.
    deactivated: str = ""
    links: list[Json] = field(default_factory=list)
    banned: dict[str, Json] = field(default_factory=dict)
    widget: Json = field(default_factory=dict)
    confirmation_code: str = ""
    longpoll: Json = field(default_factory=dict)
    created: int = 0

    @property
    def key(self) -> str:
        return str(self.id)

    @property
    def takes_comments(self) -> bool:
        """Whether the wall is open or limited; a switched off or closed one takes no comments."""
        return self.wall in {1, 2}


@dataclass(slots=True, kw_only=True)
class Post:
    """A wall entry; `publish_date` in the future means postponed."""

    KIND: ClassVar[str] = "post"
    owner_id: int
    id: int
    from_id: int
    date: int
    text: str = ""
    created_by: int = 0
    signer_id: int = 0
    attachments: list[str] = field(default_factory=list)
    post_type: str = "post"
    comments_open: bool = True
    pinned: bool = False
    deleted: bool = False
    edited: int = 0
    views: int = 0
    likes: list[int] = field(default_factory=list)
    copy_of: str = ""
    guid: str = ""
    marked_as_ads: int = 0

    @property
    def key(self) -> str:
        return f"{self.owner_id}_{self.id}"


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment under any object; `parent` is the first-level comment of its thread, 0 for a first-level
    one."""

    KIND: ClassVar[str] = "comment"
    on: str
    owner_id: int
    object_id: int
    id: int
    from_id: int
    date: int
    text: str = ""
    attachments: list[str] = field(default_factory=list)
    parent: int = 0
    reply_to_comment: int = 0
    reply_to_user: int = 0
    created_by: int = 0
    deleted: bool = False
    deleter_id: int = 0
    edited: int = 0
    likes: list[int] = field(default_factory=list)
    guid: str = ""

    @property
    def key(self) -> str:
        return f"{self.on}:{self.owner_id}_{self.id}"

    @property
    def object_key(self) -> ObjectKey:
        """The object this comment stands under."""
        return (self.on, self.owner_id, self.object_id)


@dataclass(slots=True, kw_only=True)
class Photo:
    """A stored picture; `file` names the bytes in the data folder."""

    KIND: ClassVar[str] = "photo"
    owner_id: int
    id: int
    date: int
    file: str
    width: int
    height: int
    album_id: int = -7
    user_id: int = 0
    text: str = ""
    access_key: str = ""
    comments_open: bool = True
    likes: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.owner_id}_{self.id}"


@dataclass(slots=True, kw_only=True)
class Video:
    """A video or a live broadcast (`live_status`: "", upcoming, started, finished)."""

    KIND: ClassVar[str] = "video"
    owner_id: int
    id: int
    date: int
    title: str = ""
    description: str = ""
    duration: int = 0
    user_id: int = 0
    live_status: str = ""
    live_start_time: int = 0
    spectators: int = 0
    views: int = 0
    access_key: str = ""
    comments_open: bool = True
    likes: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.owner_id}_{self.id}"


@dataclass(slots=True, kw_only=True)
class Topic:
    """A discussion of a community."""

    KIND: ClassVar[str] = "topic"
    owner_id: int
    id: int
    title: str
    created: int
    created_by: int
    updated: int = 0
    updated_by: int = 0
    closed: bool = False
    fixed: bool = False

    @property
    def key(self) -> str:
        return f"{self.owner_id}_{self.id}"


@dataclass(slots=True, kw_only=True)
class Doc:
    """A stored file; `type` as in docs.get (1 text, 4 picture, 8 other)."""

    KIND: ClassVar[str] = "doc"
    owner_id: int
    id: int
    date: int
    title: str
    file: str
    size: int
    ext: str
    type: int = 8
    access_key: str = ""

    @property
    def key(self) -> str:
        return f"{self.owner_id}_{self.id}"
