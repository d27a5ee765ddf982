"""The rest of what the network remembers: conversations, polls, tokens, intake servers, uploads, daily
figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from netsim.world.entities import Json


@dataclass(slots=True, kw_only=True)
class Message:
    """One private message between a community and a person; ids run per community."""

    KIND: ClassVar[str] = "message"
    group_id: int
    peer_id: int
    id: int
    cmid: int
    from_id: int
    date: int
    out: int
    version: int
    text: str = ""
    attachments: list[str] = field(default_factory=list)
    random_id: int = 0
    admin_author_id: int = 0
    update_time: int = 0
    deleted: bool = False
    important: bool = False
    reply_to: int = 0
    forwards: list[int] = field(default_factory=list)
    keyboard: Json | None = None
    payload: str = ""

    @property
    def key(self) -> str:
        return f"{self.group_id}_{self.id}"


@dataclass(slots=True, kw_only=True)
class Dialog:
    """The conversation of a community with a person; `allowed` opens by writing or by permission."""

    KIND: ClassVar[str] = "dialog"
    group_id: int
    peer_id: int
    allowed: bool = False
    in_read: int = 0
    out_read: int = 0
    answered: bool = True

    @property
    def key(self) -> str:
        return f"{self.group_id}_{self.peer_id}"


@dataclass(slots=True, kw_only=True)
class Member:
    """A person's subscription to a community."""

    KIND: ClassVar[str] = "member"
    group_id: int
    user_id: int
    since: int
    left: bool = False

    @property
    def key(self) -> str:
        return f"{self.group_id}_{self.user_id}"


@dataclass(slots=True, kw_only=True)
class Token:
    """A key to the methods; `quirks` names methods that work in spite of the matrix, as the field reports."""

    KIND: ClassVar[str] = "token"
    value: str
    kind: str
    group_id: int = 0
    user_id: int = 0
    scopes: list[str] = field(default_factory=list)
    quirks: list[str] = field(default_factory=list)
    revoked: bool = False

    @property
    def key(self) -> str:
        return self.value


@dataclass(slots=True, kw_only=True)
class CallbackServer:
    """An address that receives the events of one community."""

    KIND: ClassVar[str] = "callback_server"
    group_id: int
    id: int
    title: str
    url: str
    secret_key: str = ""
    creator_id: int = 0
    status: str = "unconfigured"
    api_version: str = "5.199"
    events: dict[str, int] = field(default_factory=dict)
    errors: int = 0
    removed: bool = False

    @property
    def key(self) -> str:
        return f"{self.group_id}_{self.id}"


@dataclass(slots=True, kw_only=True)
class Event:
    """A thing that happened in a community, as Long Poll and callbacks tell it; `ts` is its Long Poll
    number."""

    KIND: ClassVar[str] = "event"
    group_id: int
    event_id: str
    type: str
    object: Json
    v: str = "5.199"
    ts: int = 0

    @property
    def key(self) -> str:
        return f"{self.group_id}_{self.event_id}"


@dataclass(slots=True, kw_only=True)
class Delivery:
    """An event on its way to one callback server; `due` is the Unix time of the next try."""

    KIND: ClassVar[str] = "delivery"
    id: str
    group_id: int
    server_id: int
    event: Json
    attempt: int = 0
    due: float = 0.0

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True, kw_only=True)
class Poll:
    """A question with answers; votes are kept by person."""

    KIND: ClassVar[str] = "poll"
    owner_id: int
    id: int
    question: str
    created: int
    author_id: int
    answers: list[Json] = field(default_factory=list)
    votes: dict[str, list[int]] = field(default_factory=dict)
    anonymous: bool = False
    multiple: bool = False
    end_date: int = 0
    disable_unvote: bool = False

    @property
    def key(self) -> str:
        return f"{self.owner_id}_{self.id}"


@dataclass(slots=True, kw_only=True)
class Upload:
    """What an upload address received, waiting for its save method."""

    KIND: ClassVar[str] = "upload"
    hash: str
    purpose: str
    owner_id: int
    user_id: int = 0
    file: str = ""
    name: str = ""
    width: int = 0
    height: int = 0
    size: int = 0

    @property
    def key(self) -> str:
        return self.hash


@dataclass(slots=True, kw_only=True)
class StatDay:
    """What happened in a community on one day (Unix time of its UTC midnight)."""

    KIND: ClassVar[str] = "stat_day"
    group_id: int
    day: int
    comments: int = 0
    likes: int = 0
    copies: int = 0
    subscribed: int = 0
    unsubscribed: int = 0
    views: int = 0

    @property
    def key(self) -> str:
        return f"{self.group_id}_{self.day}"
