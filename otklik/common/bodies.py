"""Reading the body of a request with an end to its size and to patience.

Without both, one caller could fill the memory of the process or hold its connections for ever.
"""

import asyncio
import io
import re
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import RequestAborted

# Forms and events are far smaller; files come to their own addresses.
LARGEST_BODY = 3_000_000
BODY_SECONDS = 20.0
CLOSE = (b"Connection", b"close")
# What is left of a body that was too large: enough for the hidden fields of its form, which stand first.
KEPT_OF_CUT = 65_536
IN_MEMORY = 1_000_000


class SlowBody(Exception):
    """Тело запроса не пришло за отведённое время."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may come to an address and how long it may take.

    `drained` bytes more are read and thrown away: a browser shows the answer only when it has sent everything.
    """

    size: int
    seconds: float
    drained: int = 0


# Where staff bring files. The body goes to a file on the disk as it comes, never into memory.
UPLOADS = {
    "/desk/register/imports/receive": Allowance(20_500_000, 180.0, 1_000_000_000),
    "/desk/triage/examples/receive": Allowance(50_500_000, 300.0, 1_000_000_000),
    "/desk/exchange/tables/receive": Allowance(100_500_000, 600.0, 1_000_000_000),
}


# Where photos are put beside the draft of an answer: ten of a phone.
PHOTOS = re.compile(r"/desk/incidents/[0-9]{1,18}/photos/", re.ASCII)
OF_PHOTOS = Allowance(122_000_000, 300.0, 200_000_000)

# Where somebody outside answers by a link: its signature is the right to bring five photos.
LINKS = "/o/"
LINKS_SALT = "otklik.external_link"
OF_A_LINK = Allowance(62_000_000, 300.0, 200_000_000)


def _is_signed(path: str) -> bool:
    try:
        signing.Signer(salt=LINKS_SALT).unsign(path.removeprefix(LINKS))
    except signing.BadSignature:
        return False
    return True


def allowance_of(scope: MutableMapping[str, Any]) -> Allowance:
    """What may come with this request. Whoever has no session gets no more than anybody."""
    if scope["path"].startswith(LINKS) and _is_signed(scope["path"]):
        return OF_A_LINK
    found = UPLOADS.get(scope["path"]) or (OF_PHOTOS if PHOTOS.fullmatch(scope["path"]) else None)
    if found is None or not any(
        name == b"cookie" and b"sessionid=" in value for name, value in scope["headers"]
    ):
        return Allowance(LARGEST_BODY, BODY_SECONDS)
    return found


class Body(io.BytesIO):
    """The body of a request; `cut` when there was more of it than anything of ours takes."""

    cut = False


class Upload(tempfile.SpooledTemporaryFile[bytes]):
    """A large body, on the disk but for its beginning; `cut` as for any."""

    cut = False


async def read_body(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]], allowance: Allowance
) -> Body | Upload:
    """The body within its allowance; what is longer is cut, so whoever reads it refuses it.

    Raises RequestAborted, SlowBody.
    """
    body: Body | Upload = Upload(max_size=IN_MEMORY) if allowance.size > IN_MEMORY * 4 else Body()
    try:
        async with asyncio.timeout(allowance.seconds):
            await _fill(body, receive, allowance)
    except TimeoutError as error:
        body.close()
        raise SlowBody from error
    except RequestAborted:
        body.close()
        raise
    body.seek(0)
    return body


async def _fill(
    body: Body | Upload, receive: Callable[[], Awaitable[MutableMapping[str, Any]]], allowance: Allowance
) -> None:
    seen = 0
    while seen <= allowance.size + allowance.drained:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestAborted
        piece = message.get("body", b"")
        seen += len(piece)
        if not body.cut:
            body.write(piece)
        if seen > allowance.size and not body.cut:
            body.cut = True
            if allowance.drained:
                body.truncate(KEPT_OF_CUT)
        if not message.get("more_body", False):
            return
