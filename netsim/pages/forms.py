"""Reading what a form brought."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from netsim.pages.visitor import Problem, Visit, check_proof

TEXT_LIMIT = 16_384
NUMBER = re.compile(r"-?[0-9]{1,12}")
# More parts than any form of ours has; the number of pictures is judged later, with words.
FILES, FIELDS = 30, 40

Deed = Callable[[Visit, FormData], Awaitable[Response]]


async def perform(visit: Visit, deed: Deed) -> Response:
    """Read the form, make sure it is ours, and do what it asks. Raises `Problem`."""
    try:
        async with visit.request.form(max_files=FILES, max_fields=FIELDS) as form:
            check_proof(visit, str(form.get("proof", "")))
            return await deed(visit, form)
    except HTTPException as error:
        raise Problem("bad_form", status=400) from error


def text_of(form: FormData, limit: int = 0) -> str:
    """The text of the form with plain line ends. Raises `Problem` when it is longer than the limit."""
    text = str(form.get("text", "")).replace("\r\n", "\n").replace("\r", "\n")
    if limit and len(text) > limit:
        raise Problem("long_text", detail=str(limit))
    return text


def whole_number(form: FormData, name: str) -> int:
    """A number of the form, 0 when it is absent or no number."""
    raw = str(form.get(name, ""))
    return int(raw) if NUMBER.fullmatch(raw) else 0
