"""Attachments of VK as `File`: forgiving, for a strange one is no reason to lose the words beside it."""

from collections.abc import Mapping
from typing import Any

from otklik.channels.base import File
from otklik.common.text import clean, excerpt

MOST_FILES = 30  # VK allows ten attachments; forwarded messages and the place are counted here too
MOST_SIZES = 20
LONGEST_URL = 4000


def files_of(item: Mapping[str, Any]) -> tuple[File, ...]:
    """Everything beside the text of a comment, message or post, in the order of the network."""
    found = [_file(each) for each in _list(item.get("attachments"))[:MOST_FILES]]
    found += [_forwarded(each) for each in _list(item.get("fwd_messages"))[:MOST_FILES]]
    if isinstance(item.get("geo"), Mapping):
        found.append(_place(item["geo"]))
    return tuple(file for file in found if file is not None)[:MOST_FILES]


def _file(attachment: Any) -> File | None:
    if not isinstance(attachment, Mapping) or not isinstance(attachment.get("type"), str):
        return None
    kind = clean(attachment["type"])[:20]
    thing = attachment.get(attachment["type"])
    if not isinstance(thing, Mapping):
        return File(kind)
    sizes = tuple(filter(None, map(_size, _pictures(thing)[:MOST_SIZES])))
    best: Mapping[str, Any] = max(
        sizes, key=lambda size: (size["width"] or 0) * (size["height"] or 0), default={}
    )
    return File(
        kind=kind,
        external_id=_external_id(thing),
        url=_url(thing) or best.get("url", ""),
        width=_small(thing.get("width")) or best.get("width"),
        height=_small(thing.get("height")) or best.get("height"),
        size=_large(thing.get("size")),
        title=_title(kind, thing),
        sizes=sizes,
    )


def _forwarded(message: Any) -> File | None:
    # A resident who forwards somebody's words often writes none of their own.
    if not isinstance(message, Mapping):
        return None
    return File(
        "forwarded", str(_large(message.get("conversation_message_id")) or ""), title=_text(message, "text")
    )


def _place(geo: Mapping[str, Any]) -> File:
    point, place = geo.get("coordinates"), geo.get("place")
    where = ""
    if isinstance(point, Mapping):
        pair = (point.get("latitude"), point.get("longitude"))
        if all(isinstance(each, int | float) and abs(each) <= 180 for each in pair):
            where = f"{pair[0]},{pair[1]}"
    elif isinstance(point, str):
        where = ",".join(clean(point).split())[:80]
    return File("geo", where, title=_text(place, "title") if isinstance(place, Mapping) else "")


def _pictures(thing: Mapping[str, Any]) -> list[Any]:
    preview = thing.get("preview")
    photo = preview.get("photo") if isinstance(preview, Mapping) else thing.get("photo")
    nested = photo.get("sizes") if isinstance(photo, Mapping) else None
    for candidate in (thing.get("sizes"), thing.get("image"), thing.get("images"), nested):
        if _list(candidate):
            return _list(candidate)
    return []


def _size(size: Any) -> dict[str, Any] | None:
    if not isinstance(size, Mapping):
        return None
    url = _text(size, "url") or _text(size, "src")
    if not url:
        return None
    kind = _text(size, "type")[:10]
    found = {
        "url": url[:LONGEST_URL],
        "width": _small(size.get("width")),
        "height": _small(size.get("height")),
    }
    return {**found, "type": kind} if kind else found


def _external_id(thing: Mapping[str, Any]) -> str:
    owner = thing.get("owner_id", thing.get("from_id", thing.get("to_id")))
    own = thing.get("id", thing.get("sticker_id"))
    parts = [part for part in (owner, own) if isinstance(part, int) and abs(part) < 2**63]
    key = _text(thing, "access_key")
    return "_".join([*map(str, parts), *([key] if parts and key else [])])[:80]


def _url(thing: Mapping[str, Any]) -> str:
    for name in ("url", "link_ogg", "link_mp3", "player"):
        if found := _text(thing, name):
            return found[:LONGEST_URL]
    return ""


def _title(kind: str, thing: Mapping[str, Any]) -> str:
    if kind == "wall":
        return excerpt(_text(thing, "text"), 500) if _text(thing, "text") else ""
    if kind == "audio":
        return " — ".join(filter(None, (_text(thing, "artist"), _text(thing, "title"))))
    if kind == "audio_message":
        return _text(thing, "transcript")
    return _text(thing, "title") or _text(thing, "text") or _text(thing, "question")


def _text(thing: Mapping[str, Any], name: str) -> str:
    value = thing.get(name)
    return clean(value) if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _small(value: Any) -> int | None:
    ok = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return value if ok else None


def _large(value: Any) -> int | None:
    ok = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return value if ok else None
