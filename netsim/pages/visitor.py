"""Who opened a page: the person they chose to be, the role they play, and the proof that a form is ours."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from netsim.web.hub import Hub, hub_of
from netsim.world import World
from netsim.world.entities import Community, User

WHO, ROLE, PROOF, SEEN = "net_who", "net_role", "net_proof", "net_seen"
YEAR = 365 * 86_400


class Problem(Exception):
    """Something a visitor has to be told: `code` chooses words in problems.html, `detail` completes them."""

    def __init__(self, code: str, *, status: int = 422, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.status, self.detail = code, status, detail


@dataclass(slots=True, kw_only=True)
class Unsent:
    """What a person wrote and the network refused: shown again, so that nothing has to be typed twice."""

    text: str
    problem: Problem
    reply_to: int = 0
    edits: int = 0


@dataclass(slots=True)
class Visit:
    """One request by a person."""

    request: Request
    hub: Hub
    me: User | None
    admin: bool
    proof: str
    seen: int = 0
    unsent: Unsent | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The world behind the page."""
        return self.hub.world

    @property
    def my_id(self) -> int:
        """The person's id, 0 for nobody."""
        return self.me.id if self.me else 0

    def person(self) -> User:
        """The person who acts. Raises `Problem` when nobody was chosen."""
        if self.me is None:
            raise Problem("nobody", status=403)
        return self.me

    def speaker(self, group: Community) -> tuple[int, int]:
        """(from_id, created_by) of what is said here: the person, or the page by its administrator."""
        me = self.person()
        if not self.admin:
            return me.id, 0
        return -group.id, group.admins[0] if group.admins else me.id

    def keep(self, response: Response) -> Response:
        """Set the cookies this visit changed; a browser sends none of them with a form of another site."""
        for name, value in self.cookies.items():
            age = YEAR if value else 0
            response.set_cookie(name, value, max_age=age, path="/", httponly=True, samesite="lax")
        return response


def visit_of(request: Request) -> Visit:
    """The visit behind a request; a new visitor gets a proof for their forms."""
    hub, cookies = hub_of(request), request.cookies
    who = cookies.get(WHO, "")
    me = hub.world.user(int(who)) if who.isascii() and who.isdecimal() and len(who) < 16 else None
    proof = cookies.get(PROOF, "")
    visit = Visit(request, hub, me, bool(me) and cookies.get(ROLE) == "admin", proof)
    person, _, moment = cookies.get(SEEN, "").partition("-")
    if me and person == str(me.id) and moment.isascii() and moment.isdecimal() and len(moment) < 16:
        visit.seen = int(moment)
    if len(proof) < 24:
        visit.proof = visit.cookies[PROOF] = secrets.token_urlsafe(24)
    return visit


def check_proof(visit: Visit, given: str) -> None:
    """Refuse a form that was not made for this browser by this site. Raises `Problem`."""
    request = visit.request
    origin = request.headers.get("origin", "")
    foreign = origin not in {"", "null"} and urlsplit(origin).netloc != request.headers.get("host", "")
    kept = request.cookies.get(PROOF, "")
    if foreign or not kept or not hmac.compare_digest(kept.encode(), given.encode()):
        raise Problem("forged", status=403)


def local_path(asked: str, otherwise: str = "/") -> str:
    """A path of this site to return to; anything that could lead elsewhere becomes `otherwise`."""
    safe = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if safe and "\\" not in asked else otherwise
