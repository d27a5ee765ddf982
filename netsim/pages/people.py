"""Residents a visitor may become."""

from __future__ import annotations

import unicodedata

from netsim.pages.faces import Face, face
from netsim.pages.visitor import Problem
from netsim.world import World
from netsim.world.entities import User

# Invented people; their numbers lie below those the world gives out by itself.
READY = (
    (100_200_201, "Анна", "Лескова", 1),
    (100_200_202, "Виктор", "Журавин", 2),
    (100_200_203, "Галина", "Сметанкина", 1),
    (100_200_204, "Тимур", "Ахмадеев", 2),
    (100_200_205, "Ольга", "Броднева", 1),
    (100_200_206, "Пётр", "Кедровский", 2),
)
NAME = 40
RECENT = 8


def ready(world: World) -> list[Face]:
    """The residents that are always there."""
    return [face(world, add(world, number).id) for number, *_ in READY]


def add(world: World, number: int) -> User:
    """A ready resident by number. Raises `Problem`."""
    for own, first, last, sex in READY:
        if own == number:
            return world.create_user(id=own, first_name=first, last_name=last, sex=sex)
    raise Problem("stranger", status=404)


def recent(world: World) -> list[Face]:
    """Other people who spoke last: to see their answers as they see them."""
    own = {number for number, *_ in READY}
    found: list[int] = []
    for said in reversed(world.comment_at.values()):
        if (
            said.from_id > 0
            and said.from_id not in own
            and said.from_id not in found
            and said.from_id in world.users
        ):
            found.append(said.from_id)
        if len(found) == RECENT:
            break
    return [face(world, number) for number in found]


def named(world: World, asked: str) -> User:
    """The person with this name, made when there is none. Raises `Problem` for a bad name."""
    # Control and direction marks could disguise a name; letters of every script may stay.
    name = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in asked).split())
    if not any(c.isalpha() for c in name):
        raise Problem("no_name")
    first, _, last = name.partition(" ")
    if len(first) > NAME or len(last) > NAME:
        raise Problem("long_name", detail=str(NAME))
    for person in world.users.values():
        if (person.first_name, person.last_name) == (first, last) and not person.deactivated:
            return person
    return world.create_user(first_name=first, last_name=last)
