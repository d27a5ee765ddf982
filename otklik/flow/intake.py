"""Deciding what a request to the VK intake is: an event of ours, a confirmation, or something to refuse."""

import hmac
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from otklik.channels.models import Connection
from otklik.channels.vk.parse import event_key
from otklik.inbox.enums import Refusal
from otklik.inbox.operations import Arrived

# A VK event with ten attachments takes about 60 KB; what is larger by far is not an event.
LARGEST_BODY = 1_000_000
CONNECTION_CACHE_SECONDS = 5.0


class Refused(Exception):
    """Запрос не похож на событие подключённой страницы."""

    def __init__(self, reason: Refusal, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True, slots=True)
class Known:
    """What the intake must know of a connection, kept for a few seconds: every event asks for it."""

    id: int
    secret: str = field(repr=False)
    confirmation_code: str


_known: dict[int, tuple[float, Known]] = {}


def connection_of(group_id: int) -> Known | None:
    """The VK connection of a community. A secret changed elsewhere is felt within CONNECTION_CACHE_SECONDS."""
    kept = _known.get(group_id)
    if kept and time.monotonic() - kept[0] < CONNECTION_CACHE_SECONDS:
        return kept[1]
    row = Connection.objects.filter(network="vk", external_id=str(group_id)).first()
    if row is None:
        return None
    known = Known(row.pk, row.secret, row.confirmation_code)
    _known[group_id] = (time.monotonic(), known)
    return known


def _no_constants(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def payload_of(body: bytes) -> dict[str, Any]:
    """The JSON object in the body. Raises Refused."""
    if len(body) > LARGEST_BODY:
        raise Refused(Refusal.TOO_LARGE, 413)
    try:
        payload = json.loads(body, parse_constant=_no_constants)
    except RecursionError as error:
        raise Refused(Refusal.TOO_DEEP, 400) from error
    except ValueError as error:
        raise Refused(Refusal.BAD_JSON, 400) from error
    if not isinstance(payload, dict):
        raise Refused(Refusal.BAD_EVENT, 400)
    return payload


def read(group_id: int, body: bytes) -> tuple[Known, Arrived | None]:
    """The connection and the event, or no event for a request to confirm the server. Raises Refused.

    An unknown community and a wrong secret are answered alike: a stranger learns nothing from the difference.
    """
    payload = payload_of(body)
    known = connection_of(group_id)
    if known is None or payload.get("group_id") != group_id:
        raise Refused(Refusal.UNKNOWN_PAGE, 403)
    secret = payload.get("secret", "")
    if not isinstance(secret, str) or not _same(secret, known.secret):
        raise Refused(Refusal.BAD_SECRET, 403)
    kind = payload.get("type")
    if not isinstance(kind, str) or not kind.isascii() or not kind.isprintable():
        raise Refused(Refusal.BAD_EVENT, 400)
    if kind == "confirmation":
        return known, None
    return known, Arrived(known.id, event_key(payload, body), kind, _without_secret(body, known.secret))


def _same(given: str, kept: str) -> bool:
    # A connection without a secret accepts nothing: an empty one would let everybody in.
    return bool(kept) and hmac.compare_digest(given.encode("utf-8", "replace"), kept.encode())


def _without_secret(body: bytes, secret: str) -> bytes:
    """The event as it is kept: in the database the secret stands encrypted only."""
    pair = rb'("secret"\s*:\s*)' + re.escape(json.dumps(secret).encode())
    kept, found = re.subn(pair, rb'\1""', body)
    # Escaped or in another encoding it is the same to a reader of JSON: such an event is written anew.
    return kept if found else json.dumps(json.loads(body) | {"secret": ""}).encode("ascii")
