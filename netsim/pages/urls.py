"""Addresses of the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from netsim.pages import deeds, letters, views
from netsim.pages.forms import Deed, perform
from netsim.pages.guard import Guard
from netsim.pages.live import live
from netsim.pages.render import HERE, problem_page
from netsim.pages.visitor import Problem, Visit, visit_of

View = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def _page(view: View) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        try:
            return visit.keep(await view(visit))
        except Problem as problem:
            return visit.keep(problem_page(visit, problem))

    return endpoint


def _deed(deed: Deed) -> Endpoint:
    return _page(lambda visit: perform(visit, deed))


PAGES: dict[str, View] = {
    "/": views.home,
    "/who": views.who,
    "/feed": views.feed,
    "/im": letters.letters,
    "/live": live,
    "/club{group:int}": views.club,
    "/public{group:int}": views.old_address,
    "/event{group:int}": views.old_address,
    "/wall-{owner:int}_{number:int}": views.wall,
    "/photo-{owner:int}_{number:int}": views.photo,
    "/video-{owner:int}_{number:int}": views.video,
    "/topic-{owner:int}_{number:int}": views.topic,
    # Short addresses come last: they fit every path of one word.
    "/{name}": views.short_name,
}
DEEDS: dict[str, Deed] = {
    "become": deeds.become,
    "play": deeds.play,
    "say": deeds.say,
    "edit": deeds.edit,
    "delete": deeds.delete,
    "restore": deeds.restore,
    "publish": deeds.publish,
    "close": deeds.close,
    "mark": deeds.mark,
    "remove": deeds.remove,
    "vote": deeds.vote,
    "letter": letters.send,
    "letter-edit": letters.edit,
    "letter-delete": letters.delete,
    "letter-allow": letters.allow,
}


def routes() -> list[BaseRoute]:
    """The pages a person can open, behind one guard."""
    inner: list[BaseRoute] = [Mount("/static", StaticFiles(directory=HERE / "static"))]
    inner += [Route(f"/do/{name}", _deed(deed), methods=["POST"]) for name, deed in DEEDS.items()]
    inner += [Route(path, _page(view), methods=["GET"]) for path, view in PAGES.items()]
    return [Mount("", routes=inner, middleware=[Middleware(Guard)])]
