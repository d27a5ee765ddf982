"""messages.send, edit, delete and the buttons: what a community says in private."""

from __future__ import annotations

from typing import Any

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.api.wall import refs
from netsim.world import Letter
from netsim.world.entities import Json
from netsim.world.records import Message

# The schema says 9000, the network refuses beyond 4096 (networks.md §1.4).
TEXT_LIMIT = 4096
PEERS_LIMIT = 100
FORWARDS_LIMIT = 100
CHAT_IDS = 2_000_000_000
EDIT_WINDOW = 24 * 3600


def group_of(call: Call) -> int:
    """The community that speaks: the token's own, or `group_id` of an administrator's token."""
    if call.token.kind == "community":
        return call.token.group_id
    return call.group(own=True).id


def _peers(call: Call) -> list[int]:
    if "peer_ids" in call.params or "user_ids" in call.params:
        many = call.numbers("peer_ids", most=PEERS_LIMIT) or call.numbers("user_ids", most=PEERS_LIMIT)
        if not many:
            raise invalid("peer_ids")
        return many
    if call.text("domain"):
        found = call.world.resolve(call.text("domain"))
        return [found[1] if found and found[0] == "user" else 0]
    peer = call.number("peer_id") or call.number("user_id")
    if not peer:
        raise invalid("peer_id")
    return [peer]


def _refusal(call: Call, group_id: int, peer: int) -> ApiError | None:
    """Why this person cannot be written to, if anything."""
    if peer > CHAT_IDS or peer < 0:
        return ApiError(917, "You don't have access to this chat")
    person = call.world.user(peer)
    if person is None:
        return ApiError(936)
    if person.deactivated:
        return ApiError(18)
    if call.world.is_banned(group_id, peer):
        return ApiError(900)
    talk = call.world.dialogs.get((group_id, peer))
    return None if talk and talk.allowed else ApiError(901)


def keyboard(call: Call) -> Json | None:
    """A keyboard within the network's limits (else 911); its texts are written back as they came."""
    try:
        board = call.json("keyboard")
        if board is None:
            return None
        inline, rows = bool(board.get("inline")), board["buttons"]
        actions = [button["action"] for row in rows for button in row]
        if len(rows) > (6 if inline else 10) or len(actions) > (10 if inline else 40):
            raise ApiError(911, "too many buttons")
        for action in actions:
            if len(action.get("label", "")) > 40 or len(str(action.get("payload", ""))) > 255:
                raise ApiError(911, "label or payload is too long")
    except (KeyError, TypeError, AttributeError):
        raise ApiError(911) from None
    return {"one_time": bool(board.get("one_time")), "inline": inline, "buttons": rows}


def _letter(call: Call, group_id: int) -> Letter:
    text, attached = call.text("message"), refs(call, "attachment")
    if not text and not attached and not call.number("sticker_id") and not call.text("forward_messages"):
        raise invalid("message", "is empty or invalid")
    if len(text) > TEXT_LIMIT:
        raise ApiError(914)
    forwards = call.numbers("forward_messages", most=FORWARDS_LIMIT)
    reply_to, forward = call.number("reply_to"), call.json("forward")
    if isinstance(forward, dict) and forward.get("is_reply"):
        peer = int(forward.get("peer_id", 0))
        cmids = forward.get("conversation_message_ids", [])
        known = [m.id for m in call.world.history(group_id, peer) if m.cmid in cmids]
        reply_to = known[0] if known else reply_to
    return Letter(
        text=text,
        attachments=attached,
        random_id=call.number("random_id"),
        reply_to=reply_to,
        forwards=[number for number in forwards if (group_id, number) in call.world.messages],
        keyboard=keyboard(call),
        payload=call.text("payload"),
    )


@method("messages.send", "uc", "messages")
def send(call: Call) -> Any:
    """Write to one person (an id comes back) or to a hundred (a list with an error for each refused)."""
    group_id = group_of(call)
    if "random_id" not in call.params:
        raise ApiError(100, "random_id is a required parameter")
    peers, letter = _peers(call), _letter(call, group_id)
    if "peer_ids" not in call.params and "user_ids" not in call.params:
        refused = _refusal(call, group_id, peers[0])
        if refused:
            raise refused
        return call.world.send(group_id, peers[0], letter, by=call.by).id
    return [_send_one(call, group_id, peer, letter) for peer in peers]


def _send_one(call: Call, group_id: int, peer: int, letter: Letter) -> Json:
    refused = _refusal(call, group_id, peer)
    if refused:
        told = {"code": refused.code, "description": refused.text}
        return {"peer_id": peer, "message_id": 0, "conversation_message_id": 0, "error": told}
    sent = call.world.send(group_id, peer, letter, by=call.by)
    return {"peer_id": peer, "message_id": sent.id, "conversation_message_id": sent.cmid}


def _own_message(call: Call, group_id: int) -> Message:
    peer, number = call.need_number("peer_id"), call.number("message_id")
    cmid = call.number("cmid") or call.number("conversation_message_id")
    for sent in call.world.history(group_id, peer):
        if sent.out and (sent.id == number if number else sent.cmid == cmid):
            return sent
    raise invalid("message_id", "is invalid")


@method("messages.edit", "uc", "messages")
def edit(call: Call) -> int:
    """Change a message of the community, within a day."""
    sent = _own_message(call, group_of(call))
    if call.world.now() - sent.date > EDIT_WINDOW:
        raise ApiError(909)
    if len(call.text("message")) > TEXT_LIMIT:
        raise ApiError(914)
    attached = refs(call, "attachment")
    if not call.text("message") and not attached:
        raise invalid("message", "is empty or invalid")
    call.world.edit_message(sent, text=call.text("message"), attachments=attached)
    return 1


@method("messages.delete", "uc", "messages")
def delete(call: Call) -> list[Json]:
    """Take messages away, by ids or by numbers in the conversation."""
    group_id = group_of(call)
    peer, cmids = call.number("peer_id"), call.numbers("cmids")
    found = [m for m in call.world.history(group_id, peer) if m.cmid in cmids] if peer and cmids else []
    ids = call.numbers("message_ids")
    found += [m for i in ids if (m := call.world.messages.get((group_id, i))) and not m.deleted]
    if not ids and not cmids:
        raise invalid("message_ids")
    for sent in found:
        call.world.delete_message(sent)
    return [
        {"peer_id": m.peer_id, "message_id": m.id, "conversation_message_id": m.cmid, "response": 1}
        for m in found
    ]


@method("messages.setActivity", "uc", "messages")
def set_activity(call: Call) -> int:
    """Show that the community is typing; the person sees it, the world keeps nothing."""
    group_of(call)
    if call.text("type") not in {"typing", "audiomessage", "photo", "video", "file", "videomessage", ""}:
        raise invalid("type", "is invalid")
    return 1


@method("messages.sendMessageEventAnswer", "c", "messages")
def send_event_answer(call: Call) -> int:
    """Answer a pressed button; the answer is shown to the person."""
    call.need("event_id")
    call.world.changed(
        "button",
        call.token.group_id,
        {"user_id": call.need_number("user_id"), "answer": call.json("event_data")},
    )
    return 1
