"""Answers into VK: one call, idempotent by `guid` and `random_id`."""

from typing import Any

from otklik.channels.base import Keys, Letter, NetworkFailure, Outcome, Result
from otklik.channels.vk import errors
from otklik.channels.vk.api import Api
from otklik.channels.vk.places import link_to, link_to_place
from otklik.channels.vk.readback import find
from otklik.channels.vk.wording import random_id, with_mention

__all__ = ["by_hand", "deliver", "find", "with_mention"]

# Places of comments: the method, the name of the object's number, and the keys that may write there.
_WRITING = {
    "wall": ("wall.createComment", "post_id", ("community", "user")),
    "photo": ("photos.createComment", "photo_id", ("user",)),
    "video": ("video.createComment", "video_id", ("user",)),
    "topic": ("board.createComment", "topic_id", ("user",)),
}


def deliver(letter: Letter, keys: Keys) -> Outcome:
    """Send the letter once. DELIVERED with a permalink, or MANUAL with the link where a person publishes it.

    Raises NetworkFailure.
    """
    if letter.target.place == "direct":
        return _deliver_direct(letter, keys.first("community"))
    method, field, kinds = _WRITING[letter.target.place]
    api: Api | None = keys.first(*kinds)
    if api is None:
        return by_hand(letter, "no_key")
    text = with_mention(letter)
    try:
        answer = api.call(method, **_comment_form(letter, field, text))
    except NetworkFailure as failure:
        raise _sharper(failure) from failure
    return _delivered(letter, answer, text)


def _comment_form(letter: Letter, field: str, text: str) -> dict[str, Any]:
    target, topic = letter.target, letter.target.place == "topic"
    owner = {"group_id": letter.page_id} if topic else {"owner_id": f"-{letter.page_id}"}
    # Under a post `from_group` is the number of the community, elsewhere a flag.
    as_group = letter.page_id if target.place == "wall" else "1"
    # A discussion has no replies to a comment: the mention in the text is the only thread there.
    reply = None if topic else (target.reply_to or None)
    form: dict[str, Any] = {**owner, field: target.object_id, "from_group": as_group, "message": text}
    return {**form, "reply_to_comment": reply, "guid": letter.key[:32]}


def _delivered(letter: Letter, answer: Any, text: str) -> Outcome:
    found = answer.get("comment_id") if isinstance(answer, dict) else answer
    if not isinstance(found, int) or isinstance(found, bool) or found <= 0:
        raise NetworkFailure("broken_response", repr(answer)[:100], permanent=False, lost=True)
    parents = answer.get("parents_stack") if isinstance(answer, dict) else None
    root = str(parents[0]) if isinstance(parents, list) and parents else letter.target.root_id
    link = link_to(letter.page_id, letter.target, str(found), root)
    return Outcome(Result.DELIVERED, str(found), link, snapshot={"text": text, "response": answer})


def _deliver_direct(letter: Letter, api: Api | None) -> Outcome:
    if api is None:
        return by_hand(letter, "no_key")
    answer = api.call(
        "messages.send",
        # The list form, although there is one peer: only it tells the number inside the conversation.
        peer_ids=letter.target.object_id,
        message=letter.text,
        random_id=random_id(letter),
    )
    sent = answer[0] if isinstance(answer, list) and answer else None
    if not isinstance(sent, dict):
        raise NetworkFailure("broken_response", repr(answer)[:100], permanent=False, lost=True)
    if isinstance(sent.get("error"), dict):
        refused = errors.failure(int(sent["error"].get("code", 0)), str(sent["error"].get("description", "")))
        refused.method, refused.key_kind = "messages.send", api.kind
        raise refused
    return _delivered(letter, {"comment_id": sent.get("conversation_message_id"), **sent}, letter.text)


def by_hand(letter: Letter, reason: str) -> Outcome:
    """MANUAL: the text as it would stand there, and the link where a person publishes it."""
    link = link_to_place(letter.page_id, letter.target)
    return Outcome(Result.MANUAL, permalink=link, reason=reason, snapshot={"text": with_mention(letter)})


def _sharper(failure: NetworkFailure) -> NetworkFailure:
    # VK names a deleted comment only by the parameter it dislikes.
    if failure.code == 100 and "reply_to_comment" in failure.detail:
        failure.reason = "comment_deleted"
    return failure
