"""Reading the network after a response that did not come: does our answer stand there?"""

from collections.abc import Iterator, Mapping
from typing import Any

from otklik.channels.base import Keys, Letter, NetworkFailure, Outcome, Result
from otklik.channels.vk.api import Api
from otklik.channels.vk.places import link_to
from otklik.channels.vk.wording import random_id, with_mention

PAGE, MOST_PAGES = 100, 5
# Clocks of the network and ours differ; an answer this much "older" than its sending may still be ours.
CLOCKS_DIFFER_SECONDS = 300

# Places of comments: the method, the name of the object's number, and the keys that may read there.
_READING = {
    "wall": ("wall.getComments", "post_id", ("service", "user")),
    "photo": ("photos.getComments", "photo_id", ("user",)),
    "video": ("video.getComments", "video_id", ("user",)),
    "topic": ("board.getComments", "topic_id", ("service", "user")),
}
_BRANCHES = frozenset({"wall", "video"})


def find(letter: Letter, keys: Keys) -> Outcome:
    """DELIVERED with the answer found, RETRY when it is certainly absent, UNKNOWN when that cannot be told.

    Absence is certain only when everything newer than the sending was read. Raises NetworkFailure.
    """
    direct = letter.target.place == "direct"
    api: Api | None = keys.first("community") if direct else keys.first(*_READING[letter.target.place][2])
    if api is None:
        return Outcome(Result.UNKNOWN, reason="no_reading_key")
    pages = _history(letter, api) if direct else _comments(letter, api)
    since = (letter.sent_after.timestamp() - CLOCKS_DIFFER_SECONDS) if letter.sent_after else 0
    for items in pages:
        for item in items:
            if item.get("date", since) < since:
                return Outcome(Result.RETRY, reason="not_found")
            if _is_ours(letter, item):
                return _found(letter, item)
        if len(items) < PAGE:
            return Outcome(Result.RETRY, reason="not_found")
    return Outcome(Result.UNKNOWN, reason="too_much_to_read")


def _comments(letter: Letter, api: Api) -> Iterator[list[Mapping[str, Any]]]:
    target = letter.target
    method, field, _kinds = _READING[target.place]
    owner = {"group_id": letter.page_id} if target.place == "topic" else {"owner_id": f"-{letter.page_id}"}
    branch = _branch(letter, api) if target.place in _BRANCHES else None
    for page in range(MOST_PAGES):
        answer = api.call(
            method,
            **owner,
            **{field: target.object_id},
            comment_id=branch,
            sort="desc",
            count=PAGE,
            offset=page * PAGE,
            preview_length=0 if target.place == "wall" else None,
        )
        yield _items(answer)


def _branch(letter: Letter, api: Api) -> str | None:
    """The first comment of the thread: the only branch in which the answer can stand."""
    target = letter.target
    if target.root_id or not target.reply_to:
        return target.root_id or None
    method, field, _kinds = _READING[target.place]
    form = {"owner_id": f"-{letter.page_id}", field: target.object_id, "start_comment_id": target.reply_to}
    first = next(iter(_items(api.call(method, **form, count=1, sort="asc"))), {})
    if str(first.get("id")) == target.reply_to:
        return target.reply_to
    # A comment deeper in a thread that nobody named: an empty branch would look like a certain absence.
    raise NetworkFailure("thread_unknown", permanent=False)


def _history(letter: Letter, api: Api) -> Iterator[list[Mapping[str, Any]]]:
    for page in range(MOST_PAGES):
        answer = api.call(
            "messages.getHistory", peer_id=letter.target.object_id, count=PAGE, offset=page * PAGE
        )
        yield _items(answer)


def _items(answer: Any) -> list[Mapping[str, Any]]:
    items = answer.get("items") if isinstance(answer, Mapping) else None
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _is_ours(letter: Letter, item: Mapping[str, Any]) -> bool:
    if letter.target.place == "direct":
        return _is_our_message(letter, item)
    if item.get("deleted") or str(item.get("id")) in letter.taken:
        return False
    if abs(_whole(item.get("from_id"))) != int(letter.page_id):
        return False
    replied = item.get("reply_to_comment")
    if letter.target.place != "topic" and letter.target.reply_to != str(replied or ""):
        return False
    return _same(item.get("text"), with_mention(letter))


def _is_our_message(letter: Letter, item: Mapping[str, Any]) -> bool:
    if item.get("out") != 1 or str(item.get("conversation_message_id")) in letter.taken:
        return False
    known = _whole(item.get("random_id"))
    # The number of the sending proves more than the words, but not every version of the method shows it.
    return known == random_id(letter) if known else _same(item.get("text"), letter.text)


def _found(letter: Letter, item: Mapping[str, Any]) -> Outcome:
    direct = letter.target.place == "direct"
    external_id = str(item["conversation_message_id"] if direct else item["id"])
    parents = item.get("parents_stack") or [letter.target.root_id]
    kept = {
        name: item[name]
        for name in ("id", "from_id", "date", "text", "conversation_message_id")
        if name in item
    }
    link = link_to(letter.page_id, letter.target, external_id, str(parents[0]))
    return Outcome(Result.DELIVERED, external_id, link, snapshot={"found": kept})


def _same(text: Any, ours: str) -> bool:
    # The network trims and joins blanks as it likes; a capital is no other answer.
    return isinstance(text, str) and text.casefold().split() == ours.casefold().split()


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
