"""Workbooks as files to download."""

import tempfile
from collections.abc import Sequence

from django.http import FileResponse

from otklik.common.sheets import Sheet, write_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 2_000_000


def xlsx(file_name: str, sheets: Sequence[Sheet]) -> FileResponse:
    """The sheets as a file to download."""
    # Kept open for the response, which closes it when it has been sent.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    write_book(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX)
