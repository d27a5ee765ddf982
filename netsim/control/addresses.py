"""The addresses of `/sim`: thin translations of JSON into deeds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from netsim.control.given import BadOrderError, Given
from netsim.control.look import LOOK
from netsim.control.make import MAKE
from netsim.control.verbs import VERBS, Deed
from netsim.faults import BadRuleError
from netsim.web.hub import Answer, Hub, hub_of
from netsim.world.entities import Json
from netsim.world.media import NotAPictureError

Address = Callable[[Request], Awaitable[Response]]


def _guarded(address: Address) -> Address:
    async def guarded(request: Request) -> Response:
        if not hub_of(request).is_local(request):
            return Answer({"error": "the control addresses answer this machine only"}, 403)
        try:
            return await address(request)
        except NotAPictureError:
            return Answer({"error": "not a JPEG, PNG or GIF"}, 400)
        except (BadOrderError, BadRuleError) as error:
            return Answer({"error": str(error)}, 400)
        except (ValueError, TypeError, KeyError) as error:
            return Answer({"error": f"{type(error).__name__}: {error}"}, 400)

    return guarded


async def _json(request: Request) -> Any:
    return await request.json() if await request.body() else {}


def _do(hub: Hub, deed: Deed, body: Any) -> Json:
    return deed(Given(hub.world, body))


def _try(hub: Hub, deed: Deed | None, body: Any) -> Json:
    if deed is None:
        return {"error": "unknown deed"}
    try:
        return _do(hub, deed, body)
    except NotAPictureError:
        return {"error": "not a JPEG, PNG or GIF"}
    except (ValueError, TypeError, KeyError) as error:
        return {"error": str(error)}


async def make(request: Request) -> Response:
    """POST one object or a list of them."""
    hub, body = hub_of(request), await _json(request)
    deed = MAKE.get(request.path_params["what"])
    if deed is None:
        return Answer({"error": "nothing of this kind can be made"}, 404)
    if isinstance(body, list):
        return Answer({"items": [_try(hub, deed, one) for one in body]})
    return Answer(_do(hub, deed, body))


async def look(request: Request) -> Response:
    """GET what the world knows."""
    seen = LOOK.get(request.path_params["what"])
    if seen is None:
        return Answer({"error": "there is nothing of this kind to see", "known": sorted(LOOK)}, 404)
    return Answer(seen(hub_of(request), request.query_params))


async def act(request: Request) -> Response:
    """POST one deed by its name in the address."""
    deed = VERBS.get(request.path_params["verb"])
    if deed is None:
        return Answer({"error": "unknown deed", "known": sorted(VERBS)}, 404)
    return Answer(_do(hub_of(request), deed, await _json(request)))


async def act_many(request: Request) -> Response:
    """POST a list of deeds, each with its name under `do`; one that fails does not stop the others."""
    hub, body = hub_of(request), await _json(request)
    orders = body if isinstance(body, list) else body.get("deeds", [])
    return Answer({"items": [_try(hub, VERBS.get(one.get("do", "")), one) for one in orders]})


async def faults(request: Request) -> Response:
    """GET the rules, PUT other ones (`{seed?, rules}`), POST one more, DELETE all."""
    hub = hub_of(request)
    if request.method == "PUT":
        body = await _json(request)
        hub.faults.replace(body.get("rules", []), body.get("seed"))
    elif request.method == "POST":
        hub.faults.add(**await _json(request))
    elif request.method == "DELETE":
        hub.faults.clear()
    return Answer(hub.faults.told())


async def revoke(request: Request) -> Response:
    """DELETE a token: it is revoked."""
    return Answer({"revoked": hub_of(request).world.revoke_token(request.path_params["value"])})


async def settings(request: Request) -> Response:
    """GET or PUT what may change while running: `time_scale`, `speed` and `rps`."""
    hub = hub_of(request)
    if request.method == "PUT":
        body = await _json(request)
        hub.settings.time_scale = float(body.get("time_scale", hub.settings.time_scale))
        hub.clock.speed = float(body.get("speed", hub.clock.speed))
        hub.limiter.rps.update({kind: int(limit) for kind, limit in body.get("rps", {}).items()})
    told = {"time_scale": hub.settings.time_scale, "speed": hub.clock.speed, "rps": hub.limiter.rps}
    return Answer({**told, "now": hub.clock()})


async def flush(request: Request) -> Response:
    """POST: write everything to disk now."""
    hub_of(request).world.journal.flush()
    return Answer({"ok": True})


ROUTES = [
    Route("/act", _guarded(act_many), methods=["POST"]),
    Route("/act/{verb}", _guarded(act), methods=["POST"]),
    Route("/faults", _guarded(faults), methods=["GET", "PUT", "POST", "DELETE"]),
    Route("/settings", _guarded(settings), methods=["GET", "PUT"]),
    Route("/flush", _guarded(flush), methods=["POST"]),
    Route("/tokens/{value:path}", _guarded(revoke), methods=["DELETE"]),
    Route("/{what}", _guarded(make), methods=["POST"]),
    Route("/{what}", _guarded(look), methods=["GET"]),
]
