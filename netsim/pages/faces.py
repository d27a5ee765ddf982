"""How authors and attachments look on a page."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from netsim.shapes import media
from netsim.world import World
from netsim.world.entities import Json

TONES = 8


@dataclass(frozen=True, slots=True)
class Face:
    """An author: a person, or a page of a body (`is_page`)."""

    id: int
    name: str
    initials: str
    tone: int
    photo: str
    href: str
    is_page: bool = False
    badge: bool = False


def face(world: World, author_id: int) -> Face:
    """The author with this id (negative for a page); one nobody knows gets a name of dashes."""
    tone = zlib.crc32(str(author_id).encode()) % TONES
    if author_id < 0:
        group = world.community(-author_id)
        name = group.name if group else "—"
        photo, badge = (group.photo, bool(group.is_government or group.verified)) if group else ("", False)
        return Face(
            author_id, name, initials(name), tone, photo, f"/club{-author_id}", is_page=True, badge=badge
        )
    person = world.user(author_id)
    name = f"{person.first_name} {person.last_name}".strip() if person else ""
    return Face(author_id, name or "—", initials(name), tone, person.photo if person else "", "")


def initials(name: str) -> str:
    """Two letters for the circle beside a name: of its first two words that are not service words."""
    words = [word.lstrip("«\"'(#№") for word in name.split()]
    heads = [word[0] for word in words if len(word) > 2 and word[0].isalpha()] or [w[0] for w in words if w]
    return "".join(heads[:2]).upper() or "—"


@dataclass(frozen=True, slots=True)
class Attached:
    """One attachment: `kind` is photo, video, doc, link or poll."""

    kind: str
    href: str
    title: str
    width: int = 0
    height: int = 0
    poll: Json | None = None


def attached(world: World, refs: list[str], viewer: int = 0) -> list[Attached]:
    """The attachments that still exist, with addresses of this very site."""
    found = ((ref, media.attachment(world, ref)) for ref in refs)
    return [_attached(world, ref, shown, viewer) for ref, shown in found if shown]


def _attached(world: World, ref: str, shown: Json, viewer: int) -> Attached:
    kind: str = shown["type"]
    body: dict[str, Any] = shown[kind]
    if kind == "photo":
        picture = world.photos[body["owner_id"], body["id"]]
        return Attached(kind, f"/img/{picture.file}", picture.text, picture.width, picture.height)
    if kind == "poll":
        asked = world.polls[body["owner_id"], body["id"]]
        return Attached(kind, "", asked.question, poll=media.poll(world, asked, viewer))
    if kind == "doc":
        paper = world.docs[body["owner_id"], body["id"]]
        return Attached(kind, f"/img/{paper.file}?doc=1", paper.title)
    if kind == "video":
        return Attached(kind, f"/{ref}", body["title"])
    return Attached(kind, body["url"], body["title"])
