"""messages.get*, markAs*: reading private messages."""

from __future__ import annotations

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.api.messages import group_of
from netsim.shapes import people, talk
from netsim.world.entities import Json
from netsim.world.records import Message


def _with_people(call: Call, answer: Json, group_id: int, peers: list[int]) -> Json:
    return {**answer, **people.extended(call.world, [*peers, -group_id])} if call.flag("extended") else answer


@method("messages.getHistory", "uc", "messages")
def get_history(call: Call) -> Json:
    """One conversation, newest first (`rev=1` turns it round); `start_message_id` moves the window."""
    group_id = group_of(call)
    peer = call.number("peer_id") or call.number("user_id")
    if not peer:
        raise invalid("peer_id")
    if peer not in call.world.users:
        raise ApiError(936)
    found = call.world.history(group_id, peer)
    ordered = found if call.number("rev") else found[::-1]
    start, at = call.number("start_message_id"), 0
    if start > 0:
        at = next(
            (i for i, m in enumerate(ordered) if (m.id >= start if call.number("rev") else m.id <= start)),
            len(ordered),
        )
    low = max(at + call.number("offset"), 0)
    window = ordered[low : low + min(call.number("count", 20, least=0), 200)]
    answer: Json = {"count": len(found), "items": [talk.message(call.world, m) for m in window]}
    if call.flag("extended"):
        answer["conversations"] = [talk.conversation(call.world, call.world.dialog(group_id, peer))]
    return _with_people(call, answer, group_id, [peer])


@method("messages.getConversations", "uc", "messages")
def get_conversations(call: Call) -> Json:
    """The community's conversations, the freshest first."""
    group_id = group_of(call)
    offset, count = call.page(default=20, most=200)
    shown = [(d, talk.conversation(call.world, d)) for d in call.world.dialogs_of(group_id)]
    unread = sum(1 for _, c in shown if c["unread_count"])
    kind = call.text("filter") or "all"
    if kind == "unread":
        shown = [pair for pair in shown if pair[1]["unread_count"]]
    elif kind == "unanswered":
        shown = [pair for pair in shown if pair[1]["unanswered"]]
    elif kind != "all":
        shown = []
    window = shown[offset : offset + count]
    items = []
    for dialog, conversation in window:
        last = call.world.history(group_id, dialog.peer_id)[-1]
        items.append({"conversation": conversation, "last_message": talk.message(call.world, last)})
    answer = {"count": len(shown), "unread_count": unread, "items": items}
    return _with_people(call, answer, group_id, [d.peer_id for d, _ in window])


@method("messages.getConversationsById", "uc", "messages")
def get_conversations_by_id(call: Call) -> Json:
    """Conversations with these people."""
    group_id, peers = group_of(call), call.numbers("peer_ids", most=100)
    if not peers:
        raise invalid("peer_ids")
    items = [talk.conversation(call.world, d) for p in peers if (d := call.world.dialogs.get((group_id, p)))]
    return _with_people(call, {"count": len(items), "items": items}, group_id, peers)


def _listed(call: Call, group_id: int, found: list[Message]) -> Json:
    items = [talk.message(call.world, m) for m in found]
    return _with_people(call, {"count": len(items), "items": items}, group_id, [m.peer_id for m in found])


@method("messages.getById", "uc", "messages")
def get_by_id(call: Call) -> Json:
    """Messages by ids, or by numbers within a conversation; deleted ones are left out."""
    group_id, ids = group_of(call), call.numbers("message_ids", most=100)
    cmids = call.numbers("cmids", most=100)
    if not ids and not cmids:
        raise invalid("message_ids")
    if cmids and not ids:
        return _listed(
            call,
            group_id,
            [m for m in call.world.history(group_id, call.number("peer_id")) if m.cmid in cmids],
        )
    found = [m for i in ids if (m := call.world.messages.get((group_id, i))) and not m.deleted]
    return _listed(call, group_id, found)


@method("messages.getByConversationMessageId", "uc", "messages")
def get_by_cmid(call: Call) -> Json:
    """Messages by their numbers within a conversation."""
    group_id, peer = group_of(call), call.need_number("peer_id")
    wanted = call.numbers("conversation_message_ids", most=100)
    if not wanted:
        raise invalid("conversation_message_ids")
    return _listed(call, group_id, [m for m in call.world.history(group_id, peer) if m.cmid in wanted])


@method("messages.markAsRead", "uc", "messages")
def mark_as_read(call: Call) -> int:
    """The community has read a conversation."""
    group_id, peer = group_of(call), call.need_number("peer_id")
    dialog = call.world.dialog(group_id, peer)
    received = [m.id for m in call.world.history(group_id, peer) if not m.out]
    dialog.in_read = max([dialog.in_read, *received])
    call.world.save(dialog)
    return 1


@method("messages.markAsAnsweredConversation", "uc", "messages")
def mark_as_answered(call: Call) -> int:
    """The community needs not answer this conversation (or does, with `answered=0`)."""
    dialog = call.world.dialog(group_of(call), call.need_number("peer_id"))
    dialog.answered = call.flag("answered", default=True)
    call.world.save(dialog)
    return 1


@method("messages.isMessagesFromGroupAllowed", "uc", "messages")
def is_allowed(call: Call) -> Json:
    """Whether the community may write to a person."""
    group = call.group()
    if call.token.kind == "community" and group.id != call.token.group_id:
        raise ApiError(15)
    person = call.need_number("user_id")
    if person not in call.world.users:
        raise ApiError(113)
    dialog = call.world.dialogs.get((group.id, person))
    allowed = dialog is not None and dialog.allowed and not call.world.is_banned(group.id, person)
    return {"is_allowed": int(allowed)}
