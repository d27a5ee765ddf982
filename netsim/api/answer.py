"""From a request to an answer: version, token, matrix, limits, the method itself, and `execute`."""

from __future__ import annotations

import json
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from netsim.api import (
    groups,
    history,
    intake,
    messages,
    objects,
    people,
    search,
    surveys,
    uploads,
    video,
    wall,
)
from netsim.api.call import METHODS, Call, Method
from netsim.api.errors import ApiError
from netsim.api.script import CompileError, compile_script
from netsim.world import World
from netsim.world.entities import Json
from netsim.world.records import Token

SECTIONS = (groups, history, intake, messages, objects, people, search, surveys, uploads, video, wall)
OLDEST_VERSION, NEWEST_VERSION = 81, 199
EXECUTE_LIMIT = 25
# A token of each kind as the table of methods names it.
LETTERS = {"user": "u", "community": "c", "service": "s"}
FOREIGN_KIND = {"community": 27, "service": 28, "user": 15}

Notice = Callable[[str, Any], None]


class Limiter:
    """Requests a second for each token; the network refuses the one too many with error 6."""

    def __init__(self, rps: dict[str, int], clock: Callable[[], float] = time.monotonic) -> None:
        self.rps = rps
        self._clock = clock
        self._recent: dict[str, deque[float]] = defaultdict(deque)

    def check(self, token: Token) -> None:
        """Count one request. Raises error 6; a limit of 0 means none."""
        limit = self.rps.get(token.kind, 0)
        if not limit:
            return
        recent, now = self._recent[token.value], self._clock()
        while recent and recent[0] <= now - 1.0:
            recent.popleft()
        if len(recent) >= limit:
            raise ApiError(6)
        recent.append(now)


def check_version(params: dict[str, str]) -> None:
    """Error 8 without a version, or with one that is switched off or does not exist yet."""
    version = params.get("v", "")
    if not version:
        raise ApiError(8, "v is required")
    major, _, minor = version.partition(".")
    if major != "5" or not minor.isdecimal() or not OLDEST_VERSION <= int(minor) <= NEWEST_VERSION:
        raise ApiError(8, "v is incorrect: versions from 5.81 to 5.199 work")


def find_token(world: World, value: str) -> Token:
    """The token by its value (else 5)."""
    token = world.tokens.get(value)
    if token is None:
        raise ApiError(5) if value else ApiError(5, "no access_token passed.")
    if token.revoked:
        raise ApiError(5, "access_token was revoked", error_subcode=1)
    return token


def find_method(name: str) -> Method:
    """The method by its name, letter case included (else 3)."""
    known = METHODS.get(name)
    if known is None:
        raise ApiError(3)
    return known


def check_rights(known: Method, token: Token) -> None:
    """27 and 28 by the matrix of networks.md §1.2, 7 for a missing scope."""
    if LETTERS[token.kind] not in known.kinds and known.name not in token.quirks:
        raise ApiError(FOREIGN_KIND[token.kind])
    if token.kind == "community" and known.scope and known.scope not in token.scopes:
        raise ApiError(7)


def run(world: World, token: Token, name: str, params: dict[str, str], notice: Notice) -> Any:
    """What stands under `response`. Raises `ApiError`."""
    known = find_method(name)
    check_rights(known, token)
    return known.run(Call(world, token, params, notice))


def as_parameter(value: Any) -> str:
    """A value of a script as a request would carry it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ",".join(map(as_parameter, value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def execute(world: World, token: Token, code: str, notice: Notice) -> Json:
    """The whole answer of `execute`: failed calls become false and stand under `execute_errors`."""
    errors: list[Json] = []
    calls = 0

    def api(name: str, params: dict[str, Any]) -> Any:
        nonlocal calls
        calls += 1
        if calls > EXECUTE_LIMIT:
            raise ApiError(13, "Too many API calls")
        try:
            if name == "execute":
                raise ApiError(3)
            return run(world, token, name, {k: as_parameter(v) for k, v in params.items()}, notice)
        except ApiError as error:
            if error.code == 13:
                raise
            errors.append({"method": name, "error_code": error.code, "error_msg": error.text})
            return False

    try:
        result = compile_script(code).run(api)
    except CompileError as error:
        raise ApiError(12, str(error)) from None
    except (TypeError, RecursionError):
        raise ApiError(13) from None
    return {"response": result, **({"execute_errors": errors} if errors else {})}


@(lambda handler: METHODS.setdefault("execute", Method("execute", "uc", "", handler)))
def _execute_itself(call: Call) -> Any:
    """`execute` answers with more than a response, so `answer` runs it apart."""
    raise ApiError(3)


def answer(world: World, token: Token, name: str, params: dict[str, str], notice: Notice) -> Json:
    """The body of a successful call. Raises `ApiError`."""
    if name == "execute":
        check_rights(METHODS["execute"], token)
        if not params.get("code"):
            raise ApiError(100, "code is undefined")
        return execute(world, token, params["code"], notice)
    return {"response": run(world, token, name, params, notice)}
