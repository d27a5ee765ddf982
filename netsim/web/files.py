"""The second step of uploads, and the addresses of pictures."""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from netsim import images
from netsim.faults import Target
from netsim.web.hub import Answer, Hub, after, hub_of, trouble
from netsim.world.records import Upload

DOC_LIMIT = 200 * 1024 * 1024
# Programs are refused, as docs.save refuses them.
REFUSED_DOCS = {"exe", "bat", "cmd", "com", "msi", "scr", "apk", "sh", "js", "vbs", "jar", "php", "dll"}
KINDS = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "pdf": "application/pdf"}


async def upload(request: Request) -> Response:
    """Receive a file for a ticket; what is refused comes back as `error`, or as an empty list of photos."""
    hub = hub_of(request)
    ticket = hub.world.uploads.get(request.query_params.get("ticket", ""))
    if ticket is None or ticket.purpose != request.path_params["purpose"]:
        return Answer({"error": "ERR_UPLOAD_TICKET: unknown upload address"})
    rule = hub.faults.strike("uploads", Target(method=ticket.purpose))
    if rule is not None and (broken := await trouble(rule)):
        return broken
    form = await request.form()
    field = "photo" if ticket.purpose in {"message", "wall", "cover"} else "file"
    # Old clients send pictures as file0, file1…; the network still takes them.
    sent = next((part for name, part in form.multi_items() if name == field or name.startswith("file")), None)
    if not isinstance(sent, UploadFile):
        return Answer({"error": f"ERR_UPLOAD_NO_FILE: field {field} is missing"})
    body = await sent.read()
    if not body or len(body) > (DOC_LIMIT if field == "file" else hub.settings.upload_limit):
        return Answer({"error": "ERR_UPLOAD_FILE_SIZE: file is empty or too big"})
    ticket.name, ticket.size = sent.filename or "file", len(body)
    told = _doc(hub, ticket, body) if ticket.purpose == "doc" else _picture(hub, ticket, body)
    return after(rule, told)


def _picture(hub: Hub, ticket: Upload, body: bytes) -> dict[str, Any]:
    server = 800_000 + ticket.owner_id % 1000
    found = images.measure(body)
    if found is None:
        return {"server": server, "photo": "[]", "hash": hub.world.secret(32)}
    extension, ticket.width, ticket.height = found
    ticket.file = hub.world.keep_file(body, extension)
    hub.world.save(ticket)
    if ticket.purpose.startswith("widget"):
        return {"hash": ticket.hash[::-1], "image": ticket.hash}
    return {
        "server": server,
        "photo": json.dumps([{"photo": ticket.hash, "sizes": []}]),
        "hash": ticket.hash[::-1],
    }


def _doc(hub: Hub, ticket: Upload, body: bytes) -> dict[str, Any]:
    extension = ticket.name.rpartition(".")[2].lower() if "." in ticket.name else ""
    if not (extension.isascii() and extension.isalnum() and len(extension) <= 8) or extension in REFUSED_DOCS:
        return {"error": "ERR_UPLOAD_FILE_TYPE: this kind of file is not allowed"}
    ticket.file = hub.world.keep_file(body, extension)
    hub.world.save(ticket)
    return {"file": f"{ticket.hash}|{ticket.owner_id}|{ticket.size}"}


async def image(request: Request) -> Response:
    """A stored picture or document, or a drawn square for `avatar-….png`."""
    hub, name = hub_of(request), request.path_params["name"]
    headers = {"Cache-Control": "max-age=86400", "X-Content-Type-Options": "nosniff"}
    if name.startswith("avatar-"):
        return Response(images.drawn(name), media_type="image/png", headers=headers)
    body = hub.world.file_bytes(name)
    if body is None:
        return Response("", 404)
    kind = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    if kind == "application/octet-stream" or request.query_params.get("doc"):
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, media_type=kind, headers=headers)


async def longpoll(request: Request) -> Response:
    """Bots Long Poll."""
    hub, query = hub_of(request), request.query_params
    group_id = int(request.path_params["group_id"])
    rule = hub.faults.strike("longpoll", Target(group_id=group_id))
    if rule is not None and (broken := await trouble(rule)):
        return broken
    wait = query.get("wait", "25")
    seconds = int(wait) if wait.isdecimal() and len(wait) < 5 else 25
    if query.get("act") != "a_check":
        return Answer({"failed": 3})
    return Answer(await hub.longpoll.check(group_id, query.get("key", ""), query.get("ts", ""), seconds))
