"""Private messages between communities and people."""

from __future__ import annotations

from dataclasses import dataclass, field

from netsim.shapes import talk as shapes
from netsim.world.comments import Comments
from netsim.world.entities import Json
from netsim.world.records import Dialog, Message

FIRST_VERSION = 10_000_001
# A repeated random_id is noticed among the last hundred messages of a dialog (dev.vk.com, messages.send).
RANDOM_ID_WINDOW = 100


@dataclass(slots=True, kw_only=True)
class Letter:
    """What is about to be sent."""

    text: str = ""
    attachments: list[str] = field(default_factory=list)
    random_id: int = 0
    reply_to: int = 0
    forwards: list[int] = field(default_factory=list)
    keyboard: Json | None = None
    payload: str = ""


class Dialogs(Comments):
    """Everything said in private."""

    def dialog(self, group_id: int, peer_id: int) -> Dialog:
        """The conversation, made when it is first asked for."""
        talk = self.dialogs.get((group_id, peer_id))
        if talk is None:
            talk = Dialog(group_id=group_id, peer_id=peer_id)
            self.add(talk)
        return talk

    def dialogs_of(self, group_id: int) -> list[Dialog]:
        """The page's conversations that hold messages, the freshest first."""
        found = [
            d for (gid, _), d in self.dialogs.items() if gid == group_id and self.history(gid, d.peer_id)
        ]
        return sorted(found, key=lambda d: self.dialog_messages[group_id, d.peer_id][-1].id, reverse=True)

    def history(self, group_id: int, peer_id: int) -> list[Message]:
        """Messages that stand, oldest first."""
        return [m for m in self.dialog_messages.get((group_id, peer_id), []) if not m.deleted]

    def _message(self, group_id: int, peer_id: int, letter: Letter, *, out: int, by: int) -> Message:
        sent = Message(
            group_id=group_id,
            peer_id=peer_id,
            id=self.following(f"message:{group_id}"),
            cmid=self.following(f"cmid:{group_id}:{peer_id}"),
            from_id=-group_id if out else peer_id,
            date=self.now(),
            out=out,
            version=self.following("version", FIRST_VERSION),
            text=letter.text,
            attachments=letter.attachments,
            random_id=letter.random_id,
            admin_author_id=by,
            reply_to=letter.reply_to,
            forwards=letter.forwards,
            keyboard=letter.keyboard,
            payload=letter.payload,
        )
        self.add(sent)
        return sent

    def write(self, group_id: int, user_id: int, letter: Letter) -> Message:
        """A person writes to the page; that alone lets the page answer."""
        talk = self.dialog(group_id, user_id)
        talk.allowed, talk.answered = True, False
        self.save(talk)
        sent = self._message(group_id, user_id, letter, out=0, by=0)
        told = {"message": shapes.message(self, sent), "client_info": shapes.CLIENT_INFO}
        self.emit(group_id, "message_new", told)
        self.changed("message", group_id, sent)
        return sent

    def send(self, group_id: int, peer_id: int, letter: Letter, *, by: int = 0) -> Message:
        """The page writes to a person; a repeated non-zero `random_id` returns the former message."""
        if letter.random_id:
            for former in self.dialog_messages[group_id, peer_id][-RANDOM_ID_WINDOW:]:
                if former.out and former.random_id == letter.random_id:
                    return former
        talk = self.dialog(group_id, peer_id)
        talk.answered = True
        sent = self._message(group_id, peer_id, letter, out=1, by=by)
        talk.in_read = sent.id
        self.save(talk)
        self.emit(group_id, "message_reply", shapes.message(self, sent))
        self.changed("message", group_id, sent)
        return sent

    def edit_message(self, sent: Message, *, text: str, attachments: list[str] | None = None) -> None:
        """Change a message; the other side sees the new text."""
        sent.text, sent.update_time = text, self.now()
        sent.version = self.following("version", FIRST_VERSION)
        if attachments is not None:
            sent.attachments = attachments
        self.save(sent)
        self.emit(sent.group_id, "message_edit", shapes.message(self, sent) | {"random_id": 0})
        self.changed("message", sent.group_id, sent)

    def delete_message(self, sent: Message) -> None:
        """Take a message away for both; the network tells nothing about it."""
        sent.deleted = True
        self.save(sent)
        self.changed("message", sent.group_id, sent)

    def allow(self, group_id: int, user_id: int, *, key: str = "") -> None:
        """A person lets the page write to them."""
        talk = self.dialog(group_id, user_id)
        talk.allowed = True
        self.save(talk)
        self.emit(group_id, "message_allow", {"user_id": user_id, "key": key})

    def deny(self, group_id: int, user_id: int) -> None:
        """A person forbids the page to write to them."""
        talk = self.dialog(group_id, user_id)
        talk.allowed = False
        self.save(talk)
        self.emit(group_id, "message_deny", {"user_id": user_id})

    def read_by_user(self, group_id: int, user_id: int) -> None:
        """A person opened the conversation: what the page sent is read."""
        talk = self.dialog(group_id, user_id)
        sent = [m for m in self.history(group_id, user_id) if m.out]
        if sent and sent[-1].id > talk.out_read:
            talk.out_read = sent[-1].id
            self.save(talk)
            told = {"from_id": user_id, "peer_id": user_id, "read_message_id": sent[-1].id}
            self.emit(group_id, "message_read", told | {"conversation_message_id": sent[-1].cmid})

    def press(self, group_id: int, user_id: int, payload: object, cmid: int = 0) -> str:
        """A person presses a callback button; returns the event id to be answered."""
        event_id = self.secret(12)
        told = {"user_id": user_id, "peer_id": user_id, "event_id": event_id, "payload": payload}
        self.emit(group_id, "message_event", told | {"conversation_message_id": cmid or 1})
        return event_id
