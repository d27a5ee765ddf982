"""The one module that touches the network: everything else sees bytes or a NetworkFailure."""

import atexit
import os
from collections.abc import Mapping
from threading import Lock

import httpx

from otklik.channels.base import NetworkFailure

CONNECT_SECONDS, WRITE_SECONDS, READ_SECONDS, POOL_SECONDS = 5.0, 10.0, 15.0, 10.0
# The longest a call can take: whoever holds a lease while calling must hold it longer.
LONGEST_CALL_SECONDS = CONNECT_SECONDS + WRITE_SECONDS + READ_SECONDS + POOL_SECONDS
# Shorter than servers keep it: a request on a connection the other side just closed has no known outcome.
KEEPALIVE_SECONDS = 4.0
MAX_BODY_BYTES = 32 * 1024 * 1024

_clients: dict[int, httpx.Client] = {}
_guard = Lock()


def _client() -> httpx.Client:
    # By process: a pool inherited through a fork would share its sockets with the parent.
    with _guard:
        client = _clients.get(os.getpid())
        if client is None:
            client = _clients[os.getpid()] = httpx.Client(
                limits=httpx.Limits(
                    max_connections=200, max_keepalive_connections=100, keepalive_expiry=KEEPALIVE_SECONDS
                ),
                timeout=httpx.Timeout(
                    READ_SECONDS, connect=CONNECT_SECONDS, write=WRITE_SECONDS, pool=POOL_SECONDS
                ),
                trust_env=False,
                follow_redirects=False,
                headers={"User-Agent": "Otklik"},
            )
        return client


@atexit.register
def close() -> None:
    """Give the connections of this process back."""
    with _guard:
        client = _clients.pop(os.getpid(), None)
    if client is not None:
        client.close()


def call(
    url: str,
    data: Mapping[str, str] | None = None,
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    read_seconds: float = READ_SECONDS,
    most_bytes: int | None = None,
) -> tuple[int, bytes]:
    """POST a form (GET when there is no data), and return the status and the body of the response.

    Raises NetworkFailure: with `lost` when the request may have been carried out, as after a response that
    did not come or a status of 5xx; without it when the server certainly did nothing. Other statuses are
    returned, except 429.
    """
    timeout = httpx.Timeout(read_seconds, connect=CONNECT_SECONDS, write=WRITE_SECONDS, pool=POOL_SECONDS)
    method = "GET" if data is None and files is None else "POST"
    try:
        with _client().stream(
            method, url, data=data, files=files, headers=headers, timeout=timeout
        ) as response:
            body = _body(response, most_bytes or MAX_BODY_BYTES)
            status, after = response.status_code, response.headers.get("Retry-After", "")
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NetworkFailure("no_connection", type(error).__name__, permanent=False) from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise NetworkFailure("bad_address", str(error), permanent=True) from error
    except httpx.TimeoutException as error:
        raise NetworkFailure("timeout", type(error).__name__, permanent=False, lost=True) from error
    except httpx.HTTPError as error:
        raise NetworkFailure("lost_response", type(error).__name__, permanent=False, lost=True) from error
    if status >= 500:
        raise NetworkFailure(
            "server_error", f"HTTP {status}", permanent=False, lost=True, wait=_seconds(after)
        )
    if status == 429:
        raise NetworkFailure("too_fast", "HTTP 429", permanent=False, wait=_seconds(after) or 1.0)
    return status, body


def _body(response: httpx.Response, most_bytes: int) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > most_bytes:
            raise NetworkFailure("body_too_large", f"> {most_bytes}", permanent=False, lost=True)
    return b"".join(parts)


def _seconds(value: str) -> float:
    # The other form of Retry-After, a date, is rare enough to fall back on our own timetable.
    return min(float(value), 10_800.0) if value.isdigit() else 0.0
