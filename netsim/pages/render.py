"""Pages out of templates: one environment, escaping always on, a missing name is an error."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from netsim.pages import words
from netsim.pages.answers import unread_letters, unseen_answers
from netsim.pages.faces import face
from netsim.pages.visitor import Problem, Visit

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """The templates; made once."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        rich=words.rich, plain=words.plain, iso=words.iso, clock=words.clock, split_long=words.split_long
    )
    made.globals.update(plural=words.plural, nonce=lambda: secrets.token_urlsafe(9))
    return made


def page(
    visit: Visit, template: str, *, here: str, live: str = "", status: int = 200, **facts: Any
) -> Response:
    """A page of the site. `here` is where scripts read it from again, `live` what it listens to."""
    world = visit.world
    now = world.now()
    common = {
        "visit": visit,
        "world": world,
        "me": face(world, visit.my_id) if visit.me else None,
        "here": here,
        "live": live,
        "answers_count": unseen_answers(visit) if visit.me else 0,
        "letters_count": unread_letters(visit) if visit.me else 0,
        "face": lambda author_id: face(world, author_id),
        "when": lambda moment: words.when(moment, now),
    }
    return HTMLResponse(environment().get_template(template).render({**common, **facts}), status)


def problem_page(visit: Visit, problem: Problem) -> Response:
    """The page that says what went wrong."""
    return page(visit, "problem.html", here="/", status=problem.status, problem=problem)
