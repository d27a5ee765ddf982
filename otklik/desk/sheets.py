"""Workbooks and plain tables as files to download."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpResponse

from otklik.common.sheets import Sheet, guarded, write_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 2_000_000


def xlsx(file_name: str, sheets: Sequence[Sheet]) -> FileResponse:
    """The sheets as a file to download."""
    # Kept open for the response, which closes it when it has been sent.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    write_book(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX)


def csv_file(file_name: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A small table as Excel in Russian opens it by itself: UTF-8 with its mark, semicolons, no formulas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
