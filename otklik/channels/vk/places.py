"""Addresses of things in VK, as a person opens them."""

import re

from django.conf import settings

from otklik.channels.base import Target

_LETTER = {"photo": "photo", "video": "video", "topic": "topic", "wall": "wall"}
_COMMENT_IN_LINK = re.compile(r"[?&](?:reply|post|msgid)=(\d+)")


def link_to_place(page_id: str, target: Target) -> str:
    """Where a person goes to answer: the comment itself, its object, or the dialog."""
    if target.reply_to and target.place != "direct":
        return link_to(page_id, target, target.reply_to, target.root_id)
    if target.place == "direct":
        return f"{settings.VK_SITE_URL}/gim{page_id}?sel={target.object_id}"
    return f"{settings.VK_SITE_URL}/{_LETTER[target.place]}-{page_id}_{target.object_id}"


def link_to(page_id: str, target: Target, external_id: str, root_id: str = "") -> str:
    """The address of one comment or message."""
    if target.place == "direct":
        return f"{settings.VK_SITE_URL}/gim{page_id}?sel={target.object_id}&msgid={external_id}"
    address = f"{settings.VK_SITE_URL}/{_LETTER[target.place]}-{page_id}_{target.object_id}"
    if target.place == "topic":
        return f"{address}?post={external_id}"
    thread = f"&thread={root_id}" if root_id and root_id != external_id else ""
    return f"{address}?reply={external_id}{thread}"


def id_in_link(link: str) -> str:
    """The number of the comment or message that an address names, or an empty text."""
    found = _COMMENT_IN_LINK.search(link)
    return found[1] if found else ""
