"""The world of the simulated network: pages, people and everything they said, kept in memory and journaled.

`World` is the whole of it: queries (`community`, `posts`, `comments`, `thread`, `dialog`, `history`…), deeds
(`say`, `write`, `send`, `like`…) which emit the events VK would emit, and a feed of changes (`subscribe`).
It belongs to one thread, the server's loop.
"""

from __future__ import annotations

from pathlib import Path

from netsim.world.access import Access
from netsim.world.comments import CommentsClosedError, Draft, NoSuchObjectError
from netsim.world.dialogs import Letter
from netsim.world.journal import Journal
from netsim.world.state import Change

__all__ = ["Change", "CommentsClosedError", "Draft", "Letter", "NoSuchObjectError", "World", "open_world"]


class World(Access):
    """All that the network knows and can do."""


def open_world(folder: Path | None, *, base_url: str = "") -> World:
    """The world kept in `folder` (made when absent), or one that lives in memory only."""
    if folder is None:
        return World(base_url=base_url)
    world = World(Journal(folder / "world.sqlite3"), base_url=base_url, files=folder / "files")
    world.load()
    world.journal.start()
    return world
