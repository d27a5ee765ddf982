"""A resident's message as orders to the simulated network."""

import base64
from typing import Any

from demo.messages.generator import ResidentMessage
from demo.messages.people import Resident
from demo.messages.photos import photo


def base64_of(picture: bytes) -> str:
    """A file as the control addresses take it."""
    return base64.b64encode(picture).decode()


def signed(author: Resident, group_id: int) -> dict[str, Any]:
    """Who writes and where; an author the network does not know yet gets this name."""
    return {
        "user_id": author.id,
        "first_name": author.first_name,
        "last_name": author.last_name,
        "sex": 1 if author.female else 2,
        "group_id": group_id,
    }


def order_of(message: ResidentMessage, posts: list[int], *, stamp: str) -> tuple[str, dict[str, Any]]:
    """The deed and its order. `posts` are numbers of the page's posts, the newest last.

    With the same `stamp` the same message is never a second comment. To a page
    without posts one writes privately.
    """
    order = signed(message.author, message.page.group_id) | {"text": message.text}
    if message.photo:
        order["photos"] = [base64_of(photo(message.photo))]
    if message.post is None or not posts:
        return "message", order
    post = posts[-1 - min(message.post, len(posts) - 1)]
    return "comment", order | {"post_id": post, "guid": f"{stamp}-{message.number}"}
