"""A client of the simulator's control addresses, for the loader and the residents."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import httpx

WINDOW = 1000
BATCH = 250


class NetworkAwayError(Exception):
    """The simulator does not answer at this address."""


class OrderRefusedError(Exception):
    """The simulator understood an order and did not carry it out; the text says why."""


class SimulatedNetwork:
    """Makes and looks at things in the simulated network. Every method raises NetworkAwayError."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self.url = url.rstrip("/")
        self._client = httpx.Client(base_url=self.url, timeout=timeout)

    def __enter__(self) -> "SimulatedNetwork":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def all(self, kind: str, *, offset: int = 0, **narrow: int | str) -> Iterator[dict[str, Any]]:
        """Everything of a kind (communities, users, posts, tokens, servers, comments, messages)."""
        while True:
            query = {"offset": offset, "limit": WINDOW, **narrow}
            answer = self._ask("GET", f"/sim/{kind}", params=query)
            yield from answer["items"]
            offset += WINDOW
            if offset >= answer["count"]:
                return

    def make(self, kind: str, things: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Make many things of one kind. Raises OrderRefusedError when one of them was refused."""
        made: list[dict[str, Any]] = []
        for batch in _batches(things):
            made += self._ask("POST", f"/sim/{kind}", json=batch)["items"]
        _complain(made)
        return made

    def act(self, deed: str, **order: Any) -> dict[str, Any]:
        """One deed of a resident. Raises OrderRefusedError, for example when comments are closed."""
        answer = self._ask("POST", f"/sim/act/{deed}", json=order)
        _complain([answer])
        return answer

    def state(self) -> dict[str, Any]:
        """Counts of everything in the world."""
        return self._ask("GET", "/sim/state")

    def _ask(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, **parts)
            body: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise NetworkAwayError(f"Симулятор {self.url} не отвечает: {error}") from error
        if answer.status_code >= 500:
            raise NetworkAwayError(f"Симулятор {self.url} ответил {answer.status_code}")
        return body


def _batches(things: Sequence[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    return (list(things[start : start + BATCH]) for start in range(0, len(things), BATCH))


def _complain(answers: Iterable[dict[str, Any]]) -> None:
    for answer in answers:
        if answer.get("error"):
            raise OrderRefusedError(str(answer["error"]))
