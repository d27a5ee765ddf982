"""Where I wrote and who answered: the resident's own feed."""

from __future__ import annotations

from dataclasses import dataclass

from netsim.pages.faces import Attached, Face, attached, face
from netsim.pages.talk import path_of
from netsim.pages.visitor import Visit
from netsim.world.entities import Comment
from netsim.world.records import Dialog, Message

FEED = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to what I said."""

    record: Comment
    author: Face
    official: bool
    fresh: bool
    href: str
    attached: list[Attached]


@dataclass(frozen=True, slots=True)
class Mine:
    """A comment of mine and the answers to it."""

    record: Comment
    page: Face
    href: str
    attached: list[Attached]
    answers: list[Answer]
    taken_away: bool

    @property
    def moment(self) -> int:
        """When something last happened here."""
        return max([self.record.date, *(answer.record.date for answer in self.answers)])


def my_comments(visit: Visit) -> list[Comment]:
    """Everything I said in public, oldest first."""
    return [said for said in visit.world.comment_at.values() if said.from_id == visit.my_id]


def answers_to(visit: Visit, mine: Comment) -> list[Comment]:
    """Standing replies to a comment of mine; under a first-level one also the page's words to its thread."""
    replies = visit.world.replies.get((mine.on, mine.owner_id, mine.parent or mine.id), [])
    return [
        reply
        for reply in replies
        if not reply.deleted
        and reply.from_id != visit.my_id
        and (reply.reply_to_comment == mine.id or (not mine.parent and _to_thread(visit, reply)))
    ]


def _to_thread(visit: Visit, reply: Comment) -> bool:
    # A reply to somebody else's reply belongs to them, unless the page speaks to the whole thread.
    return reply.from_id == reply.owner_id and reply.reply_to_user not in visit.world.users


def feed(visit: Visit) -> list[Mine]:
    """My comments with their answers, the freshest event first."""
    found = [_mine(visit, said) for said in my_comments(visit) if not _forgotten(visit, said)]
    return sorted(found, key=lambda mine: (mine.moment, mine.record.id), reverse=True)[:FEED]


def _forgotten(visit: Visit, said: Comment) -> bool:
    return said.deleted and said.deleter_id == visit.my_id


def _mine(visit: Visit, said: Comment) -> Mine:
    world = visit.world
    answers = [
        Answer(
            record=reply,
            author=face(world, reply.from_id),
            official=reply.from_id == reply.owner_id,
            fresh=reply.date > visit.seen,
            href=path_of(reply.object_key, reply.id),
            attached=attached(world, reply.attachments),
        )
        for reply in answers_to(visit, said)
    ]
    return Mine(
        record=said,
        page=face(world, said.owner_id),
        href=path_of(said.object_key, said.id),
        attached=attached(world, said.attachments),
        answers=answers,
        taken_away=said.deleted,
    )


def unseen_answers(visit: Visit) -> int:
    """How many answers came since I last looked."""
    return sum(
        reply.date > visit.seen
        for said in my_comments(visit)
        if not said.deleted
        for reply in answers_to(visit, said)
    )


# -- private messages ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Talking:
    """A conversation in the list."""

    record: Dialog
    other: Face
    last: Message
    unread: int
    href: str


def unread_of(visit: Visit, talk: Dialog) -> int:
    """Messages of the page I have not opened."""
    return sum(1 for m in visit.world.history(talk.group_id, talk.peer_id) if m.out and m.id > talk.out_read)


def unread_letters(visit: Visit) -> int:
    """Messages of all pages I have not opened."""
    return sum(unread_of(visit, talk) for talk in visit.world.dialogs.values() if talk.peer_id == visit.my_id)


def conversations(visit: Visit, group_id: int = 0) -> list[Talking]:
    """My conversations with pages, or, for an administrator, those of one page; the freshest first."""
    world, found = visit.world, []
    for talk in world.dialogs.values():
        if (talk.group_id != group_id) if group_id else (talk.peer_id != visit.my_id):
            continue
        history = world.history(talk.group_id, talk.peer_id)
        if not history:
            continue
        other = face(world, talk.peer_id if group_id else -talk.group_id)
        href = f"/im?sel=-{talk.group_id}" + (f"&peer={talk.peer_id}" if group_id else "")
        unread = int(not talk.answered) if group_id else unread_of(visit, talk)
        found.append(Talking(talk, other, history[-1], unread, href))
    return sorted(found, key=lambda talking: (talking.last.date, talking.last.version), reverse=True)
