"""The register as a file that loads back: with the filters of the list, cut to the reach of the person."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import IO

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.register.query import OrganizationQuery, organizations
from otklik.desk.sheets import XLSX
from otklik.people.access import staff
from otklik.registry.operations import exports
from otklik.registry.operations.places import local_date

PIECE = 1 << 16
IN_MEMORY = 2_000_000


@staff
@require_safe
@at_desk
def export(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The organisations of the list with their duties and pages, as CSV or XLSX."""
    is_csv = request.GET.get("format") != "xlsx"
    rows = exports.register_lines(organizations(OrganizationQuery.of(request.GET), desk).order_by("pk"))
    # Written whole before the first byte goes out: one moment of the register, and never half a file on an error.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by whoever reads it out
    exports.write(file, rows, title=_("Реестр"), is_csv=is_csv)
    file.seek(0)
    name = f"register-{local_date(desk.now).isoformat()}.{'csv' if is_csv else 'xlsx'}"
    pieces = _later(file) if hasattr(request, "scope") else _now(file)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8" if is_csv else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _now(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


async def _later(file: IO[bytes]) -> AsyncIterator[bytes]:
    for piece in _now(file):
        yield piece
