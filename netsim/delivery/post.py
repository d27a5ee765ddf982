"""One HTTP POST of an event, over connections that are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from netsim.world.entities import Json

# A server may ask to wait, but not longer than three hours.
LONGEST_WAIT = 3 * 3600
ANSWER_LIMIT = 4096


@dataclass(slots=True)
class Reply:
    """What a callback server answered; status 0 means nothing came."""

    status: int
    text: str = ""
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the event counts as delivered."""
        return self.status == 200 and self.text == "ok"


class Postman:
    """Sends events; `connections` is how many are open at most."""

    def __init__(self, *, timeout: float, connections: int) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._client = httpx.AsyncClient(
            timeout=timeout, limits=limits, trust_env=False, follow_redirects=False,
            headers={"User-Agent": "VK Callback", "Content-Type": "application/json"},
        )  # fmt: skip

    async def post(self, url: str, body: Json, attempt: int) -> Reply:
        """Send a body; the number of a repeat goes into X-Retry-Counter."""
        headers = {"X-Retry-Counter": str(attempt)} if attempt else {}
        try:
            answer = await self._client.post(url, content=json.dumps(body), headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Reply(0)
        text = answer.content[:ANSWER_LIMIT].decode("utf-8", "replace").strip()
        wait = answer.headers.get("Retry-After")
        waits = answer.status_code in {410, 429, 503} and wait is not None
        return Reply(answer.status_code, text, seconds(wait) if waits else None)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def seconds(header: str) -> float | None:
    """Retry-After as seconds, given as a number or as a date; None when it is neither or too long."""
    if header.isdecimal():
        wait = float(header)
    else:
        try:
            wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(wait, 0.0) if wait < LONGEST_WAIT else None
