"""/method/<name>: the API itself."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from netsim.api.answer import answer, check_version, find_method, find_token
from netsim.api.errors import ApiError
from netsim.faults import Rule, Target
from netsim.web.hub import Answer, Hub, after, hub_of, trouble
from netsim.world.records import CallbackServer, Token

HIDDEN = {"access_token", "client_secret"}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
BODY_LIMIT = 10 * 1024 * 1024


async def parameters(request: Request) -> dict[str, str]:
    """Parameters of the address and of the form; a JSON body is not read, as the network does not read it."""
    found = dict(request.query_params.multi_items())
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > BODY_LIMIT:
        raise HTTPException(413)
    if request.method == "POST" and request.headers.get("content-type", "").startswith(FORMS):
        form: FormData = await request.form()
        found |= {name: value for name, value in form.multi_items() if isinstance(value, str)}
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        found.setdefault("access_token", bearer.strip())
    return found


def refusal(error: ApiError, name: str, params: dict[str, str]) -> dict[str, Any]:
    """The body of an error; the token never stands in it."""
    told = [{"key": "method", "value": name}, {"key": "oauth", "value": "1"}]
    told += [{"key": key, "value": value} for key, value in params.items() if key not in HIDDEN]
    return {
        "error": {"error_code": error.code, "error_msg": error.text, **error.extra, "request_params": told}
    }


def captcha(hub: Hub) -> dict[str, str]:
    """What stands beside error 14: the old picture and the new page."""
    sid = str(int(hub.world.secret(10), 16))
    base = hub.world.base_url
    return {
        "captcha_sid": sid,
        "captcha_img": f"{base}/captcha.php?sid={sid}",
        "redirect_uri": f"{base}/not_robot_captcha?domain=vk.com&session_token={hub.world.secret(24)}",
        "remixstlid": hub.world.secret(20),
    }


def _injected(hub: Hub, rule: Rule | None) -> None:
    if rule is not None and rule.what == "error":
        raise ApiError(rule.code, **(captcha(hub) if rule.code == 14 else {}))


def _notice(hub: Hub, what: str, thing: Any) -> None:
    if what == "confirm" and isinstance(thing, CallbackServer):
        hub.dispatcher.confirm(thing)


def _perform(hub: Hub, token: Token, name: str, params: dict[str, str], rule: Rule | None) -> dict[str, Any]:
    hub.limiter.check(token)
    _injected(hub, rule)
    return answer(hub.world, token, name, params, lambda what, thing: _notice(hub, what, thing))


def _perform_late(hub: Hub, token: Token, name: str, params: dict[str, str]) -> None:
    """The deed of a call whose caller was given up on: a refusal now reaches nobody."""
    try:
        answer(hub.world, token, name, params, lambda what, thing: _notice(hub, what, thing))
    except ApiError as error:
        hub.errors[error.code] = hub.errors.get(error.code, 0) + 1


def _target(name: str, token: Token, params: dict[str, str]) -> Target:
    owner = params.get("owner_id", "")
    return Target(
        method=name,
        token_kind=token.kind,
        token=token.value,
        group_id=token.group_id,
        owner_id=int(owner) if owner.removeprefix("-").isdecimal() and len(owner) < 20 else 0,
        key=params.get("guid") or params.get("random_id", ""),
    )


async def method(request: Request) -> Response:
    """Answer one call; the network's own errors come with HTTP 200."""
    hub, name = hub_of(request), request.path_params["name"]
    params = await parameters(request)
    hub.calls[name] = hub.calls.get(name, 0) + 1
    rule: Rule | None = None
    try:
        find_method(name)
        check_version(params)
        token = find_token(hub.world, params.get("access_token", ""))
        rule = hub.faults.strike("methods", _target(name, token, params))
        if rule is not None and (broken := await trouble(rule)):
            return broken
        if rule is not None and rule.what == "late":
            hub.limiter.check(token)
            asyncio.get_running_loop().call_later(rule.delay, _perform_late, hub, token, name, params)
            return after(rule, {})
        return after(rule, _perform(hub, token, name, params, rule))
    except ApiError as error:
        hub.errors[error.code] = hub.errors.get(error.code, 0) + 1
        return Answer(refusal(error, name, params))
