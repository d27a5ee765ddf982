"""Private messages: the page of conversations, and what is done on it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from netsim.pages.answers import conversations
from netsim.pages.faces import Attached, Face, attached, face
from netsim.pages.forms import text_of, whole_number
from netsim.pages.pictures import LETTER_ALBUM, received
from netsim.pages.render import page
from netsim.pages.views import number
from netsim.pages.visitor import Problem, Unsent, Visit
from netsim.world import Letter
from netsim.world.entities import Community
from netsim.world.records import Message

TEXT_LIMIT = 4096
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A message in an open conversation."""

    record: Message
    author: Face
    mine: bool
    read: bool
    attached: list[Attached]

    @property
    def version(self) -> str:
        """Changes when the message has to be drawn anew."""
        return f"{self.record.version}-{int(self.read)}"


@dataclass(frozen=True, slots=True)
class Place:
    """The conversation somebody looks at: which page, which person, from which side."""

    group: Community
    peer_id: int
    as_page: bool

    @property
    def address(self) -> str:
        """The path of the conversation."""
        return f"/im?sel=-{self.group.id}" + (f"&peer={self.peer_id}" if self.as_page else "")


def place_of(visit: Visit, group_id: int, peer_id: int) -> Place | None:
    """The conversation asked for; None when only a list was. Raises `Problem`."""
    me = visit.person()
    if not group_id:
        return None
    group = visit.world.community(group_id)
    if group is None or (peer_id and peer_id not in visit.world.users):
        raise Problem("unknown", status=404)
    if visit.admin:
        return Place(group, peer_id, as_page=True) if peer_id else None
    return Place(group, me.id, as_page=False)


async def letters(visit: Visit) -> Response:
    """My conversations, one of them open when the address names a page."""
    return letters_page(visit, number(visit, "sel"), number(visit, "peer"))


def letters_page(visit: Visit, group_id: int, peer_id: int, status: int = 200) -> Response:
    """The list of conversations and the open one; opening it marks it as read."""
    world, place = visit.world, place_of(visit, group_id, peer_id)
    group = world.community(group_id) if group_id else None
    if place and not place.as_page and world.history(group_id, place.peer_id):
        world.read_by_user(group_id, place.peer_id)
    talk = world.dialogs.get((place.group.id, place.peer_id)) if place else None
    base = f"/im?sel=-{group_id}" if group_id else "/im"
    return page(
        visit,
        "letters.html",
        here=place.address if place else base,
        live=f"talk:{place.group.id}:{place.peer_id}" if place else f"talks:{group_id if visit.admin else 0}",
        status=status,
        place=place,
        group=group,
        other=face(world, place.peer_id if place.as_page else -place.group.id) if place else None,
        talks=conversations(visit, group_id if visit.admin else 0) if group_id or not visit.admin else [],
        allowed=talk is not None and talk.allowed,
        banned=place is not None and world.is_banned(place.group.id, place.peer_id),
        lines=_lines(visit, place) if place else [],
    )


def _lines(visit: Visit, place: Place) -> list[Line]:
    world = visit.world
    talk = world.dialogs.get((place.group.id, place.peer_id))
    read_to = 0 if talk is None else talk.out_read if place.as_page else talk.in_read
    return [
        Line(
            record=m,
            author=face(world, m.from_id),
            mine=bool(m.out) == place.as_page,
            read=m.id <= read_to,
            attached=attached(world, m.attachments),
        )
        for m in world.history(place.group.id, place.peer_id)[-SHOWN:]
    ]


# -- deeds --------------------------------------------------------------------------------------------------
def _named(visit: Visit, form: FormData) -> Place:
    place = place_of(visit, whole_number(form, "group"), whole_number(form, "peer"))
    if place is None:
        raise Problem("unknown", status=404)
    return place


async def send(visit: Visit, form: FormData) -> Response:
    """Write a message: to the page, or as the page by its administrator."""
    place = _named(visit, form)
    try:
        return await _send(visit, form, place)
    except Problem as problem:
        visit.unsent = Unsent(text=text_of(form), problem=problem)
        return letters_page(visit, place.group.id, place.peer_id, problem.status)


async def _send(visit: Visit, form: FormData, place: Place) -> Response:
    text = text_of(form, TEXT_LIMIT)
    if visit.world.is_banned(place.group.id, place.peer_id):
        raise Problem("banned", status=403)
    talk = visit.world.dialogs.get((place.group.id, place.peer_id))
    if place.as_page and not (talk and talk.allowed):
        raise Problem("denied", status=403)
    if not place.as_page and not place.group.can_message:
        raise Problem("no_letters", status=403)
    owner = -place.group.id if place.as_page else place.peer_id
    pictures = await received(visit, form, owner, LETTER_ALBUM)
    if not text.strip() and not pictures:
        raise Problem("empty")
    letter = Letter(text=text, attachments=pictures)
    if place.as_page:
        by = visit.speaker(place.group)[1]
        visit.world.send(place.group.id, place.peer_id, letter, by=by)
    else:
        visit.world.write(place.group.id, place.peer_id, letter)
    return RedirectResponse(f"{place.address}#last", 303)


def _own(visit: Visit, form: FormData, place: Place) -> Message:
    sent = visit.world.messages.get((place.group.id, whole_number(form, "message")))
    if sent is None or sent.deleted or sent.peer_id != place.peer_id or bool(sent.out) != place.as_page:
        raise Problem("gone", status=404, detail=place.address)
    return sent


async def edit(visit: Visit, form: FormData) -> Response:
    """Change my message."""
    place = _named(visit, form)
    sent, text = _own(visit, form, place), text_of(form, TEXT_LIMIT)
    if not text.strip() and not sent.attachments:
        raise Problem("empty")
    visit.world.edit_message(sent, text=text)
    return RedirectResponse(f"{place.address}#letter-{sent.id}", 303)


async def delete(visit: Visit, form: FormData) -> Response:
    """Take my message away, for both sides."""
    place = _named(visit, form)
    visit.world.delete_message(_own(visit, form, place))
    return RedirectResponse(f"{place.address}#last", 303)


async def allow(visit: Visit, form: FormData) -> Response:
    """Let the page write to me, or forbid it."""
    place = _named(visit, form)
    if place.as_page:
        raise Problem("not_yours", status=403)
    (visit.world.deny if form.get("allow") == "no" else visit.world.allow)(place.group.id, place.peer_id)
    return RedirectResponse(place.address, 303)
