"""What the launcher asks of the simulator through its control addresses."""

import time
from collections.abc import Iterator
from typing import Any

import httpx

from launch.feed import Page

WINDOW = 1000
TRIES = 6


class SimulatorTrouble(Exception):
    """The simulator does not answer, or holds nothing to write under; the text says what to do."""


class Simulator:
    """A client of `/sim`. Orders carry a `guid`: one repeated after a lost answer makes no second comment."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url, timeout=30)

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def pages(self) -> list[Page]:
        """Communities that have posts open to comments. Raises SimulatorTrouble."""
        open_posts: dict[int, list[int]] = {}
        for post in self._all("posts"):
            if post["comments_open"] and post["post_type"] == "post" and post["owner_id"] < 0:
                open_posts.setdefault(-post["owner_id"], []).append(post["id"])
        return [
            Page(
                group["id"],
                group["name"],
                tuple(open_posts[group["id"]][-20:]),
                (group["city"], group["activity"]),
            )
            for group in self._all("communities")
            if group["id"] in open_posts
        ]

    def residents(self) -> list[int]:
        """People who may write: all that the network knows."""
        return [user["id"] for user in self._all("users") if not user.get("deactivated")]

    def act(self, orders: list[dict[str, Any]]) -> list[str]:
        """Do several deeds; gives the complaint about each, empty when it is done."""
        items = self._ask("POST", "/sim/act", json=orders)["items"]
        return [str(item.get("error", "")) for item in items]

    def _all(self, kind: str) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            answer = self._ask("GET", f"/sim/{kind}", params={"offset": offset, "limit": WINDOW})
            yield from answer["items"]
            offset += WINDOW
            if offset >= answer["count"]:
                return

    def _ask(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        for attempt in range(TRIES):
            try:
                answer = self._client.request(method, path, **parts)
                answer.raise_for_status()
            except httpx.HTTPError as error:
                if attempt + 1 == TRIES:
                    raise SimulatorTrouble(
                        f"Симулятор {self.url} не отвечает ({error}). Запустите его: otklik up или otklik sim"
                    ) from error
                time.sleep(0.2 * 2**attempt)
            else:
                return dict(answer.json())
        raise AssertionError("unreachable")
