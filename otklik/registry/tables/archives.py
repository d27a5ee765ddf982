"""What an XLSX really is inside, looked at before any of it is read: sizes, foreign entities, macros, merged cells.

Every part is unpacked once in small pieces and thrown away, so a bomb costs seconds of one core and no memory.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from otklik.common.text import gettext_noop
from otklik.registry.tables.lines import MB, REGISTER, Bounds, Unreadable

MOST_PARTS = 2_000
# Honest tables pack 5–40 times; a part of more than ten megabytes that packs better is no table.
MOST_PACKED = 400
PIECE = 1 << 16
_OVERLAP = 200
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]{0,100}?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
MOST_MERGES = 10_000


@dataclass(slots=True)
class Sheet:
    """What stands in the XML of a sheet besides its values."""

    merges: list[str] = field(default_factory=list)
    has_formulas: bool = False


@dataclass(slots=True)
class Inside:
    """What a look into the archive found."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    has_macros: bool = False


def look_inside(file: BinaryIO, bounds: Bounds = REGISTER) -> Inside:
    """Unpack every part in pieces and tell what it is. Raises Unreadable for what must not be read."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _look(archive, bounds)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError,
    ) as error:  # fmt: skip
        raise Unreadable(
            gettext_noop("Файл повреждён: откройте его в редакторе таблиц и сохраните заново.")
        ) from error


def _look(archive: zipfile.ZipFile, bounds: Bounds) -> Inside:
    parts = archive.infolist()
    _know(archive)
    declared = sum(each.file_size for each in parts)
    if len(parts) > MOST_PARTS or declared > bounds.unpacked:
        raise _bomb(bounds)
    inside, unpacked = Inside(), 0
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable(gettext_noop("Файл защищён паролем: снимите пароль и сохраните заново."))
        inside.has_macros |= part.filename.lower().endswith("vbaproject.bin")
        unpacked += _unpack(archive, part, inside, bounds, unpacked)
    return inside


def _know(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is something else."""
    names = set(archive.namelist())
    if "mimetype" in names and "content.xml" in names:
        raise Unreadable(gettext_noop("Это таблица OpenDocument (ODS): сохраните её как XLSX или CSV."))
    if "xl/workbook.bin" in names:
        raise Unreadable(gettext_noop("Это двоичная книга Excel (XLSB): сохраните её как XLSX."))
    if "word/document.xml" in names:
        raise Unreadable(gettext_noop("Это документ Word, а не таблица: нужен файл CSV или XLSX."))
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise Unreadable(
            gettext_noop("Это архив, а не таблица: достаньте из него файл CSV или XLSX и загрузите его.")
        )


def _unpack(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, inside: Inside, bounds: Bounds, taken: int
) -> int:
    is_strings = part.filename.lower().endswith("sharedstrings.xml")
    limit = min(bounds.unpacked - taken, bounds.strings if is_strings else bounds.unpacked)
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    sheet = inside.sheets.setdefault(part.filename, Sheet()) if is_sheet else None
    size, tail = 0, b""
    with archive.open(part) as packed:
        while piece := packed.read(PIECE):
            size += len(piece)
            if size > limit:
                raise _bomb(bounds)
            if size > 10 * MB and size > MOST_PACKED * max(part.compress_size, 1):
                raise Unreadable(
                    gettext_noop("Файл сжат в сотни раз, как не сжимаются таблицы: сохраните его заново.")
                )
            if not part.filename.endswith(".bin"):
                _refuse_entities(tail + piece)
            if sheet is not None:
                _note(sheet, tail + piece)
            tail = piece[-_OVERLAP:]
    return size


def _refuse_entities(piece: bytes) -> None:
    # An XML of two bytes a letter is seen with its zeros taken out.
    if _DOCTYPE.search(piece) or (b"\0" in piece and _DOCTYPE.search(piece.replace(b"\0", b""))):
        raise Unreadable(
            gettext_noop("В файле есть объявления DTD: таблица, сохранённая редактором, их не содержит.")
        )


def _note(sheet: Sheet, piece: bytes) -> None:
    sheet.has_formulas = sheet.has_formulas or bool(_FORMULA.search(piece))
    for found in _MERGE.finditer(piece):
        merge = found[1].decode("ascii")
        # A range that stands where two pieces overlap is seen twice.
        if merge not in sheet.merges[-3:]:
            sheet.merges.append(merge)
    if len(sheet.merges) > MOST_MERGES:
        raise Unreadable(gettext_noop("Объединённых ячеек слишком много: разъедините их и загрузите снова."))


def _bomb(bounds: Bounds) -> Unreadable:
    return Unreadable(
        gettext_noop("Внутри файла больше %(most)s МБ данных: для таблицы реестра это слишком много."),
        most=bounds.unpacked // MB,
    )
