"""What every network has in common: the shapes that cross between a network's folder and the rest.

A network's folder turns its payloads into `Incoming` (pure) and its calls into `Outcome`; nobody above
this package sees a payload of a network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class What(StrEnum):
    """What happened to a message in the network."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"
    POST = "post"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as the network describes it: nothing is downloaded, `url` is not trusted."""

    kind: str
    external_id: str = ""
    url: str = ""
    width: int | None = None
    height: int | None = None
    size: int | None = None
    title: str = ""
    sizes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened on a page, whatever network it came from.

    `place`, `object_id` and `external_id` name a message within its page for ever: object_id is the post,
    photo, video or topic, or the peer of a private dialog. A deletion knows no text, author or date.
    `root_id` is the first comment of the thread, equal to `external_id` for the first one itself.
    """

    what: What
    place: str = ""
    object_id: str = ""
    external_id: str = ""
    root_id: str = ""
    reply_to: str = ""
    author_id: str = ""
    is_own: bool = False
    text: str = ""
    sent_at: datetime | None = None
    files: tuple[File, ...] = ()
    kind: str = ""  # the network's own name of the event, for the journal


@dataclass(frozen=True, slots=True)
class Posted:
    """The least that figures of a page need of one post of its wall; None where the network did not tell."""

    external_id: str
    published_at: datetime
    signs: int = 0
    is_repost: bool = False
    views: int | None = None
    likes: int | None = None
    reposts: int | None = None
    comments: int | None = None
    comments_closed: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer must stand. `author_id` and `author_name` let the network notify the person.

    `root_id` is the first comment of the thread when `reply_to` is deeper in it.
    """

    place: str
    object_id: str
    reply_to: str = ""
    author_id: str = ""
    author_name: str = ""
    root_id: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One answer on its way: everything a network's folder has to know to send it or to find it again.

    `key` is hexadecimal and the same for every try, so a network that keeps idempotency keys drops a repeat.
    `sent_after` bounds the search of a read-back; `taken` are ids of other answers, never taken for this one.
    """

    page_id: str
    target: Target
    text: str
    key: str
    sent_after: datetime | None = None
    taken: frozenset[str] = frozenset()


class Deed(StrEnum):
    """What an administrator of a page does about a comment or its author."""

    REMOVE = "remove"
    RESTORE = "restore"
    BAN = "ban"
    UNBAN = "unban"


@dataclass(frozen=True, slots=True)
class Order:
    """One deed on a page. `target.reply_to` is the comment, `target.author_id` its author.

    `until` is the end of a ban, `ground` our code for why, `words` what the author is told in the network.
    """

    page_id: str
    deed: Deed
    target: Target
    until: datetime | None = None
    ground: str = ""
    words: str = ""


class Result(StrEnum):
    """How an attempt to deliver ended."""

    DELIVERED = "delivered"
    RETRY = "retry"  # the network certainly did nothing; try again after `wait`
    REFUSED = "refused"  # final for this answer
    MANUAL = "manual"  # no token of ours has the right: a person must publish the text
    UNKNOWN = "unknown"  # it may or may not stand there: read back before anything else


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one attempt; `reason` is a code of ours, `detail` the network's own words."""

    result: Result
    external_id: str = ""
    permalink: str = ""
    reason: str = ""
    detail: str = ""
    wait: float = 0.0
    snapshot: Mapping[str, Any] = field(default_factory=dict)


class Scope(StrEnum):
    """What a failure is about, and so what has to stop."""

    CALL = "call"  # this call only
    KEY = "key"  # it is dead: a person gives a new one
    PAUSE = "pause"  # the key works again when a person has done something in the network
    METHOD = "method"  # this method with this key, for a time
    CAPABILITY = "capability"  # the key has no right to do this


class NetworkFailure(Exception):
    """Сеть не выполнила запрос."""

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        permanent: bool,
        lost: bool = False,
        wait: float = 0.0,
        scope: Scope = Scope.CALL,
        code: int = 0,
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail
        self.permanent = permanent  # trying again cannot help
        self.lost = lost  # the request went out and its result is not known
        self.wait = wait  # seconds before another try
        self.scope = scope
        self.code = code  # the network's own number of the error
        # Filled in by the network's folder: which method with which kind of key.
        self.method = self.key_kind = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """What one connection can call with: callers by kind of key, and why the other kinds stand still."""

    usable: Mapping[str, Any]
    stopped: Mapping[str, str] = field(default_factory=dict)

    def first(self, *kinds: str) -> Any:
        """The caller of the first kind that works; None when there is no such key at all.

        Raises NetworkFailure when the only such keys stand still: that is a wait, not a lack.
        """
        for kind in kinds:
            if kind in self.usable:
                return self.usable[kind]
        for kind in kinds:
            if kind in self.stopped:
                raise NetworkFailure(self.stopped[kind], permanent=False, wait=STOPPED_KEY_SECONDS)
        return None


STOPPED_KEY_SECONDS = 3600.0
"""How long a delivery sleeps for a key that a person must mend; a mended key wakes it at once."""


class Sender(Protocol):
    """What a network's folder offers to the outbox. Sending and finding may raise NetworkFailure."""

    def by_hand(self, letter: Letter, reason: str) -> Outcome:
        """MANUAL, with the ready text and the link where a person publishes it."""

    def deliver(self, letter: Letter, keys: Keys) -> Outcome:
        """Send once. DELIVERED with proof, or MANUAL when no key has the right."""

    def find(self, letter: Letter, keys: Keys) -> Outcome:
        """Look for the letter in the network: DELIVERED, RETRY (certainly absent), UNKNOWN (cannot tell)."""
