"""Files of people: every honest encoding and separator is read, everything else is refused in words."""

import io
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from otklik.common.sheets import guarded, unguarded
from otklik.registry.tables import writer
from otklik.registry.tables.lines import MOST_COLUMNS, MOST_LINES, Bounds, Line, Unreadable
from otklik.registry.tables.reader import read

ROWS = [["Название", "Телефон"], ["Школа «№ 1»", "8 (383) 222-33-44; доб. 5"], ["Ёлка", "—"]]


def _csv(rows: list[list[str]], separator: str) -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)


def lines_of(content: bytes) -> list[Line]:
    return list(read(io.BytesIO(content)).lines)


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        lines_of(content)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_is_read_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    rows = [ROWS[0], ROWS[1], ["Школа", "1"]] if encoding == "cp1251" else ROWS
    text = _csv(rows, separator)
    content = ("\ufeff" + text).encode(encoding) if encoding.startswith("utf-16-") else text.encode(encoding)
    assert [line.cells for line in lines_of(content)] == rows


def test_lines_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    found = lines_of('Отчёт\r\n\r\nа;б\r\n"две\r\nстроки";1\r\n;;\r\nв;г'.encode())
    assert [(line.number, line.cells) for line in found] == [
        (1, ["Отчёт"]), (3, ["а", "б"]), (4, ["две\r\nстроки", "1"]), (6, ["в", "г"]),
    ]  # fmt: skip
    assert lines_of(b"sep=,\r\na,b;c\r\n")[0].cells == ["a", "b;c"]


def test_a_workbook_is_read_as_a_person_sees_it() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Школа", 1027700132195, 12.5, date(2024, 5, 1), True, None, 0.85, "001"])
    sheet["G1"].number_format = "0%"
    book.create_sheet("Второй").append(["мимо"])
    file = io.BytesIO()
    book.save(file)
    table = read(file)
    assert [line.cells for line in table.lines] == [
        ["Школа", "1027700132195", "12.5", "2024-05-01", "да", "", "85", "001"]
    ]
    assert table.notes[0][1] == {"sheet": "Sheet", "rest": 1}


def test_a_length_of_time_is_no_date() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append([timedelta(days=2, hours=5, minutes=7, seconds=9), timedelta(0), -timedelta(minutes=1)])
    file = io.BytesIO()
    book.save(file)
    assert [line.cells for line in read(file).lines] == [["53:07:09", "0:00:00", "-0:01:00"]]


def test_formulas_give_what_they_gave_when_the_file_was_saved() -> None:
    sheet = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+2</f></c>'
        '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="D1" t="str"><f>A9</f><v></v></c></row>'
    )
    table = read(io.BytesIO(xlsx(sheet)))
    (line,) = table.lines
    assert line.cells[0] == "2"
    assert [(each.column, each.reason) for each in line.troubles] == [
        ("B", "Формула без посчитанного значения: откройте файл в редакторе таблиц и сохраните."),
        ("C", "В ячейке ошибка формулы."),
    ]
    assert "формулы" in table.notes[0][0]


def test_merged_cells_spoil_their_lines_and_no_others() -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in ["абвг", "деёж", "зийк", "лмно"]:
        sheet.append(list(row))
    sheet.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    found = lines_of(file.getvalue())
    assert [[str(each.params) for each in line.troubles] for line in found] == [
        [], ["{'range': 'A2:A3'}"], ["{'range': 'A2:A3'}"], [],
    ]  # fmt: skip


def xlsx(rows: str, **parts: bytes) -> bytes:
    """A workbook whose sheet holds these rows, with other parts put in or replaced by name (`__` is a slash)."""
    book = Workbook()
    file = io.BytesIO()
    book.save(file)
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()}
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                filled = f"<sheetData>{rows}</sheetData>".encode()
                content = re.sub(
                    rb"<sheetData ?/>|<sheetData></sheetData>", lambda _found, put=filled: put, content
                )  # type: ignore[misc]
                assert filled in content
            if part.filename not in names:
                new.writestr(part.filename, content)
        for name, content in names.items():
            new.writestr(name, content)
    return made.getvalue()


CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>Школа</t></is></c></row>'


def test_macros_are_left_alone_and_said() -> None:
    table = read(io.BytesIO(xlsx(CELL, **{"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0 macro"})))
    assert [line.cells for line in table.lines] == [["Школа"]]
    assert "макросы" in table.notes[0][0]


def test_a_bomb_costs_no_memory() -> None:
    zeros = b"<!--" + b" " * 30_000_000 + b"-->"
    assert "сжат в сотни раз" in refusal(xlsx(CELL, xl__sharedStrings_xml=zeros))
    assert "сжат в сотни раз" in refusal(xlsx(CELL, xl__media_xml=zeros))
    with pytest.raises(Unreadable, match="слишком много"):
        read(io.BytesIO(xlsx(CELL)), Bounds(unpacked=1000))


def test_a_lie_about_the_size_is_found() -> None:
    content = bytearray(xlsx(CELL))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lied = bytes(content).replace(true.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lied != bytes(content)
    assert "повреждён" in refusal(lied)


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><sst><si><t>&e;</t></si></sst>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_are_looked_up(encoding: str) -> None:
    assert "DTD" in refusal(xlsx(CELL, xl__sharedStrings_xml=ENTITY.decode().encode(encoding)))


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Файл пуст"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "картинка"),
        (b"{\\rtf1 table}", "RTF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "XLS"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "паролем"),
        (_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<x/>"}), "ODS"),
        (_zip(**{"word__document.xml": b"<x/>"}), "Word"),
        (_zip(**{"xl__workbook.bin": b"x"}), "XLSB"),
        (_zip(**{"реестр.csv": b"a;b"}), "архив"),
        (b"PK\x03\x04 broken", "повреждён"),
        ("имя;код\nшкола;\0\0\0\n".encode(), "В строке 2 нулевые байты"),
        ("имя;код\nшкола\n".encode() + b"\x00\x01\x02\x03", "нулевые байты"),
        (b"\x01\x02\x03\x04\x05", "не текст"),
        (b"\xff\xfe\x00\xd8\x00\x00", "Кодировка"),
        (b"a;\x98\xff\n", "Кодировка"),
        (";".join(f"c{n}" for n in range(16_000)).encode(), f"столбцов больше {MOST_COLUMNS}"),
        (b'a;"' + b"x" * 1_000_000, "не закрыта кавычка"),
        (b"a\n" * (MOST_LINES + 1), "разделите файл"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_password_of_an_archive_is_seen() -> None:
    content = bytearray(xlsx(CELL))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 1)
    assert "паролем" in refusal(bytes(content))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="999999999"><c r="A1"><v>1</v></c></row>',
        '<row r="5"/><row r="2"/>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-</v></c></row>',
        '<row r="1"><c r="A1"><v>много</v></c></row>',
        '<row r="x"/>',
        '<row r="1"><c r="A1"><v>1</v>',
    ],
)
def test_broken_rows_are_refused_and_never_hang(rows: str) -> None:
    assert refusal(xlsx(rows))


def test_a_cell_of_a_megabyte_spoils_its_line_alone() -> None:
    long = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"я" * 1_000_000}</t></is></c></row>'
    second = CELL.replace('r="1"', 'r="2"')
    (line, other) = lines_of(xlsx(long + second))
    assert line.troubles[0].params == {"limit": 32_767}
    assert other.cells == ["Школа"]
    far = '<row r="1"><c r="XFD1"><v>1</v></c><c r="A1"><v>5</v></c></row>'
    assert lines_of(xlsx(far))[0].cells == ["5"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 383", "-5", "@SUM(A1)", "\t=1", "'=1", "''+1", "просто", "'кавычка'"]
)
def test_no_cell_that_goes_out_is_a_formula_and_it_comes_back_as_it_was(text: str) -> None:
    told = guarded(text)
    assert not told.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(told) == text
    file = io.BytesIO()
    writer.write_xlsx(file, "Реестр", ["а"], [[text]])
    cell: Any = load_workbook(file).active["A2"]  # type: ignore[index]
    assert (cell.data_type, cell.value) == ("s", text)
    content = b"".join(writer.csv_pieces(["а", "б", "в"], [["1", text, "3"]]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert lines_of(content)[1].cells == ["1", told, "3"]
