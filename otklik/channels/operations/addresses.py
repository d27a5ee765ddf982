"""Where things stand in a network, for a person who wants to look."""

from otklik.channels.base import Target
from otklik.channels.models import Connection
from otklik.channels.vk.places import link_to_place


def address_of(*, connection: Connection, place: str, object_id: str) -> str:
    """The address of a post, photo, video or discussion of the page."""
    return link_to_place(connection.external_id, Target(place=place, object_id=object_id))


def address_of_comment(*, connection: Connection, target: Target) -> str:
    """The address of one comment (`target.reply_to`), or of its dialog."""
    return link_to_place(connection.external_id, target)
