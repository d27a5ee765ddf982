"""What an administrator does about a comment in VK: removes and restores it, bans and unbans its author.

Only a key of a person who runs the community may do it (wall.deleteComment, groups.ban: `user`); a discussion takes
the community's key, too. Every deed may be repeated: what is so already is a success.
"""

from typing import Any

from otklik.channels.base import Deed, Keys, NetworkFailure, Order, Outcome, Result
from otklik.channels.vk.api import Api
from otklik.channels.vk.places import link_to_place

# wall.deleteComment → wall.restoreComment, and so on.
_SECTIONS = {"wall": "wall", "photo": "photos", "video": "video", "topic": "board"}
# Numbers of groups.ban: 1 spam, 2 insults, 3 obscene language, 0 another reason.
_BAN_REASONS = {"spam": 1, "insult": 2, "threat": 2, "profanity": 3}
_NOT_BANNED = 104
# Of a comment that is not there; 211 and 15 also of one that the key may not see, so these are looked into.
_PERHAPS_GONE = frozenset({15, 100, 211})


def carry_out(order: Order, keys: Keys) -> Outcome:
    """Do it once. DELIVERED, or MANUAL with the link where a person does it, when no key has the right.

    Raises NetworkFailure.
    """
    kinds = ("user", "community") if _is_of_topic(order) else ("user",)
    api: Api | None = keys.first(*kinds)
    if api is None:
        return by_hand(order, "no_key")
    _DEEDS[order.deed](api, order)
    return Outcome(Result.DELIVERED, permalink=link_to_place(order.page_id, order.target))


def by_hand(order: Order, reason: str) -> Outcome:
    """MANUAL, with the link where a person does it."""
    return Outcome(Result.MANUAL, permalink=link_to_place(order.page_id, order.target), reason=reason)


def _is_of_topic(order: Order) -> bool:
    return order.target.place == "topic" and order.deed in {Deed.REMOVE, Deed.RESTORE}


def _comment(order: Order) -> dict[str, Any]:
    target = order.target
    if target.place == "topic":
        return {"group_id": order.page_id, "topic_id": target.object_id, "comment_id": target.reply_to}
    return {"owner_id": f"-{order.page_id}", "comment_id": target.reply_to}


def _remove(api: Api, order: Order) -> None:
    _change(api, order, "deleteComment", wanted=True)


def _restore(api: Api, order: Order) -> None:
    _change(api, order, "restoreComment", wanted=False)


def _change(api: Api, order: Order, verb: str, *, wanted: bool) -> None:
    try:
        api.call(f"{_SECTIONS[order.target.place]}.{verb}", **_comment(order))
    except NetworkFailure as failure:
        if failure.code not in _PERHAPS_GONE or _is_gone(api, order, failure) is not wanted:
            raise


def _is_gone(api: Api, order: Order, failure: NetworkFailure) -> bool | None:
    """Whether the comment is removed in the network; None when that cannot be told."""
    if order.target.place != "wall":
        return True if failure.code == 100 and "comment_id" in failure.detail else None
    try:
        answer = api.call("wall.getComment", **_comment(order))
    except NetworkFailure as reading:
        # The page's own administrator does not see it: there is none.
        return True if reading.code == failure.code == 211 else None
    items = answer.get("items") if isinstance(answer, dict) else None
    first = items[0] if isinstance(items, list) and items else None
    return bool(first.get("deleted")) if isinstance(first, dict) else None


def _ban(api: Api, order: Order) -> None:
    api.call(
        "groups.ban",
        group_id=order.page_id,
        owner_id=order.target.author_id,
        end_date=int(order.until.timestamp()) if order.until else None,
        reason=_BAN_REASONS.get(order.ground, 0),
        comment=order.words or None,
        comment_visible=1,
    )


def _unban(api: Api, order: Order) -> None:
    try:
        api.call("groups.unban", group_id=order.page_id, owner_id=order.target.author_id)
    except NetworkFailure as failure:
        if failure.code != _NOT_BANNED:
            raise


_DEEDS = {Deed.REMOVE: _remove, Deed.RESTORE: _restore, Deed.BAN: _ban, Deed.UNBAN: _unban}
