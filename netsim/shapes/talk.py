"""Private messages and conversations as JSON."""

from __future__ import annotations

from netsim.shapes import media
from netsim.world.entities import Json
from netsim.world.records import Dialog, Message
from netsim.world.state import State

CLIENT_INFO: Json = {
    "button_actions": [
        "text", "vkpay", "open_app", "location", "open_link", "open_photo", "callback", "intent_subscribe",
        "intent_unsubscribe",
    ],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": True,
    "lang_id": 0,
}  # fmt: skip


def message(state: State, sent: Message, *, nested: bool = True) -> Json:
    """A private message, from the community's side."""
    shown: Json = {
        "date": sent.date,
        "from_id": sent.from_id,
        "id": sent.id,
        "version": sent.version,
        "out": sent.out,
        "important": sent.important,
        "is_hidden": False,
        "attachments": media.attachments(state, sent.attachments),
        "conversation_message_id": sent.cmid,
        "fwd_messages": [],
        "text": sent.text,
        "peer_id": sent.peer_id,
        "random_id": sent.random_id,
    }
    optional = {
        "admin_author_id": sent.admin_author_id,
        "update_time": sent.update_time,
        "payload": sent.payload,
        "keyboard": sent.keyboard,
    }
    shown |= {name: value for name, value in optional.items() if value}
    if sent.deleted:
        shown["deleted"] = 1
    if nested:
        _add_others(state, sent, shown)
    return shown


def _add_others(state: State, sent: Message, shown: Json) -> None:
    if sent.reply_to and (other := state.messages.get((sent.group_id, sent.reply_to))):
        shown["reply_message"] = message(state, other, nested=False)
    others = [state.messages.get((sent.group_id, number)) for number in sent.forwards]
    shown["fwd_messages"] = [message(state, other, nested=False) for other in others if other]


def conversation(state: State, talk: Dialog) -> Json:
    """A conversation of a community with a person."""
    messages = [m for m in state.dialog_messages[talk.group_id, talk.peer_id] if not m.deleted]
    last = messages[-1] if messages else None
    unread = sum(1 for m in messages if not m.out and m.id > talk.in_read)
    by_id = {m.id: m.cmid for m in messages}
    return {
        "peer": {"id": talk.peer_id, "type": "user", "local_id": talk.peer_id},
        "last_message_id": last.id if last else 0,
        "in_read": talk.in_read,
        "out_read": talk.out_read,
        "sort_id": {"major_id": 0, "minor_id": last.id if last else 0},
        "last_conversation_message_id": last.cmid if last else 0,
        "in_read_cmid": by_id.get(talk.in_read, 0),
        "out_read_cmid": by_id.get(talk.out_read, 0),
        "unread_count": unread,
        "is_marked_unread": False,
        "important": False,
        "unanswered": not talk.answered,
        "can_write": {"allowed": talk.allowed, **({} if talk.allowed else {"reason": 901})},
        "version": last.version if last else 10_000_000,
    }
