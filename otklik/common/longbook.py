"""Workbooks too long for openpyxl: one sheet, written as it comes into anything that takes bytes.

A cell costs openpyxl thirty microseconds here and this module three (ADR 17), in memory that does not grow: rows
become XML by the hundred, are packed and given away. The file needs no seeking, so it may be a queue or a response.
"""

import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from otklik.common.sheets import FORMULA

Cell = str | datetime | timedelta | int | float | None
# Numbers of the formats in _STYLES.
_INSTANT, _LENGTH, _BOLD, _QUOTED = 1, 2, 3, 4
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  the zero of spreadsheets, by any clock
_DAY_SECONDS = 86_400
_ROWS_A_PIECE = 200
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="[h]:mm:ss"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}  # fmt: skip


def write_long(
    file: IO[bytes], title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]
) -> None:
    """Write one sheet: headers with their widths in signs, which stay in sight, then the rows as they come.

    Texts must be printable (no signs that XML cannot hold); what looks like a formula is text by its type and mark.
    """
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _HEAD + content)
        archive.writestr("xl/workbook.xml", _HEAD + _book(title))
        # Long histories pass two gigabytes of XML.
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _beginning(columns, letters)).encode())
            piece: list[str] = []
            for number, row in enumerate(rows, 2):
                piece.append(_row(number, row, letters))
                if len(piece) >= _ROWS_A_PIECE:
                    sheet.write("".join(piece).encode())
                    piece.clear()
            sheet.write("".join([*piece, "</sheetData></worksheet>"]).encode())


def _book(title: str) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(title[:31])} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _beginning(columns: Sequence[tuple[str, int]], letters: Sequence[str]) -> str:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_header, width) in enumerate(columns, 1)
    )
    headers = "".join(
        _text(f"{letter}1", header, _BOLD) for letter, (header, _width) in zip(letters, columns, strict=True)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{headers}</row>'
    )


def _row(number: int, row: Sequence[Cell], letters: Sequence[str]) -> str:
    cells = [
        _cell(f"{letter}{number}", value)
        for letter, value in zip(letters, row, strict=True)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(at: str, value: Cell) -> str:
    if isinstance(value, str):
        return _text(at, value, _QUOTED if FORMULA.match(value) else 0)
    if isinstance(value, datetime):
        passed = value - _EPOCH
        return f'<c r="{at}" s="{_INSTANT}"><v>{passed.days + passed.seconds / _DAY_SECONDS!r}</v></c>'
    if isinstance(value, timedelta):
        return f'<c r="{at}" s="{_LENGTH}"><v>{value.total_seconds() / _DAY_SECONDS!r}</v></c>'
    return f'<c r="{at}"><v>{value!r}</v></c>'


def _text(at: str, text: str, style: int) -> str:
    shown = f' s="{style}"' if style else ""
    return f'<c r="{at}"{shown} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
