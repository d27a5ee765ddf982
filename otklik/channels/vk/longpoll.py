"""Bots Long Poll: events asked for instead of received, for a development machine or a closed network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from otklik.channels import http
from otklik.channels.base import NetworkFailure
from otklik.channels.vk.api import Api

WAIT_SECONDS = 25
_ANSWER_MARGIN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Polled:
    """Events as they came, where to go on from, and whether some were lost, for a sweep to find."""

    updates: tuple[Mapping[str, Any], ...]
    state: dict[str, str] = field(repr=False)  # the key of the server is in it
    gap: bool = False


def poll(api: Api, group_id: int, state: Mapping[str, str], *, wait: int = WAIT_SECONDS) -> Polled:
    """Ask once, for at most `wait` seconds. An empty `state` starts anew; keep the returned one.

    Store the updates before keeping the state: then a crash between the two repeats events, never loses them.
    Raises NetworkFailure.
    """
    if not state.get("key"):
        return Polled((), _server(api, group_id))
    query = urlencode({"act": "a_check", "key": state["key"], "ts": state["ts"], "wait": wait})
    status, body = http.call(f"{state['server']}?{query}", read_seconds=wait + _ANSWER_MARGIN_SECONDS)
    answer = _answer(status, body)
    failed = answer.get("failed")
    if failed is None:
        updates = answer.get("updates", [])
        return Polled(
            tuple(each for each in updates if isinstance(each, Mapping)), _moved(state, answer["ts"])
        )
    if failed == 1:
        # The history before this number is gone.
        return Polled((), _moved(state, answer["ts"]), gap=True)
    fresh = _server(api, group_id)
    if failed == 2:
        return Polled((), _moved(fresh, state["ts"]))
    return Polled((), fresh, gap=True)


def _server(api: Api, group_id: int) -> dict[str, str]:
    found = api.call("groups.getLongPollServer", group_id=group_id)
    return {name: str(found[name]) for name in ("server", "key", "ts")}


def _moved(state: Mapping[str, str], ts: Any) -> dict[str, str]:
    return {"server": state["server"], "key": state["key"], "ts": str(ts)}


def _answer(status: int, body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NetworkFailure("broken_response", repr(body[:100]), permanent=False) from error
    if (
        status != 200
        or not isinstance(answer, Mapping)
        or not ("ts" in answer or answer.get("failed") in {2, 3})
    ):
        raise NetworkFailure("broken_response", f"HTTP {status}", permanent=False)
    return answer
