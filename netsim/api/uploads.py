"""photos.*, docs.*: the first and the third step of an upload (the second is `netsim.web.uploads`)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.shapes import media
from netsim.world.entities import Json
from netsim.world.records import Upload

MESSAGES_ALBUM = -64
WALL_ALBUM = -14


def upload_url(call: Call, purpose: str, owner_id: int) -> str:
    """The address of the second step; the ticket is known to nobody else."""
    ticket = Upload(hash=call.world.secret(40), purpose=purpose, owner_id=owner_id, user_id=call.by)
    call.world.add(ticket)
    return f"{call.world.base_url}/upload/{purpose}?{urlencode({'act': 'do_add', 'ticket': ticket.hash})}"


def received(call: Call, field: str, purpose: str) -> Upload:
    """The upload that the reply of the second step names; used once."""
    raw, proof = call.need(field), call.text("hash")
    if raw in {"[]", "null"}:
        raise ApiError(129)
    name = raw
    if field == "photo":
        try:
            name = json.loads(raw)[0]["photo"]
        except (ValueError, LookupError, TypeError):
            raise ApiError(129) from None
    upload = call.world.uploads.get(str(name).partition("|")[0])
    if upload is None or upload.purpose not in purpose.split() or not upload.file:
        raise ApiError(129) if field == "photo" else invalid(field, "is invalid")
    if field == "photo" and proof != upload.hash[::-1]:
        raise ApiError(121)
    return upload


def _save_photo(call: Call, purpose: str, owner_id: int, album: int, caption: str = "") -> list[Json]:
    upload = received(call, "photo", purpose)
    picture = call.world.place_photo(
        owner_id,
        upload.file,
        upload.width,
        upload.height,
        album_id=album,
        user_id=max(call.by, 0),
        text=caption,
    )
    call.world.uploads.pop(upload.hash, None)
    call.world.forget(upload)
    return [media.photo(call.world, picture)]


@method("photos.getMessagesUploadServer", "uc", "photos")
def messages_server(call: Call) -> Json:
    """Where a picture for a message goes."""
    owner = -call.token.group_id or call.token.user_id
    answer = {
        "album_id": MESSAGES_ALBUM,
        "upload_url": upload_url(call, "message", owner),
        "user_id": call.token.user_id,
    }
    return {**answer, "group_id": call.token.group_id} if call.token.group_id else answer


@method("photos.saveMessagesPhoto", "uc", "photos")
def save_messages_photo(call: Call) -> list[Json]:
    """Keep a picture for messages; a community's pictures belong to the community."""
    return _save_photo(call, "message", -call.token.group_id or call.token.user_id, MESSAGES_ALBUM)


@method("photos.getWallUploadServer", "u")
def wall_server(call: Call) -> Json:
    """Where a picture for a post goes."""
    group_id = call.number("group_id")
    if group_id:
        call.known(group_id, own=True)
    return {
        "album_id": WALL_ALBUM,
        "upload_url": upload_url(call, "wall", -group_id or call.by),
        "user_id": call.by,
    }


@method("photos.saveWallPhoto", "u")
def save_wall_photo(call: Call) -> list[Json]:
    """Keep a picture for a post."""
    group_id = call.number("group_id", least=0)
    if group_id:
        call.known(group_id, own=True)
    return _save_photo(call, "wall", -group_id or call.by, WALL_ALBUM, call.text("caption")[:2048])


@method("photos.getOwnerCoverPhotoUploadServer", "uc", "photos")
def cover_server(call: Call) -> Json:
    """Where the cover goes."""
    return {"upload_url": upload_url(call, "cover", -call.group(own=True).id)}


@method("photos.saveOwnerCoverPhoto", "uc", "photos")
def save_cover(call: Call) -> Json:
    """Set the cover."""
    upload = received(call, "photo", "cover")
    group = call.known(-upload.owner_id, own=True)
    group.cover = upload.file
    call.world.save(group)
    url = f"{call.world.base_url}/img/{upload.file}"
    return {"images": [{"url": url, "width": upload.width, "height": upload.height}]}


@method("photos.get", "us")
def get_photos(call: Call) -> Json:
    """An owner's photos; `album_id` narrows (wall, profile or a number)."""
    albums = {"wall": -7, "profile": -6, "saved": -15}
    asked = call.text("album_id")
    number = albums.get(asked, int(asked) if asked.removeprefix("-").isdecimal() else None)
    found = [p for p in call.world.photos_of(call.owner()) if number is None or p.album_id == number]
    offset, count = call.page(default=50, most=1000)
    ordered = found if call.flag("rev") else found[::-1]
    return {
        "count": len(found),
        "items": [media.photo(call.world, p) for p in ordered[offset : offset + count]],
    }


@method("photos.getById", "us")
def get_photos_by_id(call: Call) -> list[Any]:
    """Photos by `owner_id`; unknown ones are left out."""
    call.need("photos")
    shown = [media.attachment(call.world, "photo" + "_".join(w.split("_")[:2])) for w in call.words("photos")]
    return [item["photo"] for item in shown if item]


def _doc_owner(call: Call) -> int:
    return -call.token.group_id or call.token.user_id


@method("docs.getMessagesUploadServer", "uc", "docs")
def doc_messages_server(call: Call) -> Json:
    """Where a file for a message goes."""
    return {"upload_url": upload_url(call, "doc", _doc_owner(call))}


@method("docs.getWallUploadServer", "uc", "docs")
def doc_wall_server(call: Call) -> Json:
    """Where a file for a post goes."""
    return {"upload_url": upload_url(call, "doc", _doc_owner(call))}


@method("docs.save", "uc", "docs")
def save_doc(call: Call) -> Json:
    """Keep a file."""
    upload = received(call, "file", "doc")
    paper = call.world.create_doc(upload.owner_id, upload, title=call.text("title"))
    return {"type": "doc", "doc": media.doc(call.world, paper)}


@method("docs.getById", "uc", "docs")
def get_docs(call: Call) -> list[Any]:
    """Files by `owner_id`."""
    call.need("docs")
    shown = [media.attachment(call.world, "doc" + "_".join(w.split("_")[:2])) for w in call.words("docs")]
    return [item["doc"] for item in shown if item]
