"""A file of a person as a table, by what is inside it: the name and its ending are not believed."""

from typing import BinaryIO

from otklik.common.text import gettext_noop
from otklik.registry.tables.lines import REGISTER, Bounds, Table, Unreadable
from otklik.registry.tables.texts import read_text
from otklik.registry.tables.workbooks import read_workbook

# Names inside the old container of Office, where an encrypted XLSX also lives; they are in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = (
    (b"%PDF", gettext_noop("Это документ PDF: нужна сама таблица, файл CSV или XLSX.")),
    (b"{\\rtf", gettext_noop("Это документ RTF, а не таблица: нужен файл CSV или XLSX.")),
    (b"\x89PNG", gettext_noop("Это картинка: нужна сама таблица, файл CSV или XLSX.")),
    (b"\xff\xd8\xff", gettext_noop("Это картинка: нужна сама таблица, файл CSV или XLSX.")),
    (b"7z\xbc\xaf", gettext_noop("Это архив, а не таблица: достаньте из него файл CSV или XLSX и загрузите его.")),
    (b"Rar!", gettext_noop("Это архив, а не таблица: достаньте из него файл CSV или XLSX и загрузите его.")),
    (b"\x1f\x8b", gettext_noop("Это архив, а не таблица: достаньте из него файл CSV или XLSX и загрузите его.")),
)  # fmt: skip
_PAGE = (b"<html", b"<!doc", b"<?xml", b"<tabl")


def read(file: BinaryIO, bounds: Bounds = REGISTER) -> Table:
    """The table in the file, no longer than the bounds. Raises Unreadable, at once or while lines are read."""
    file.seek(0)
    head = file.read(4096)
    if not head.strip():
        raise Unreadable(gettext_noop("Файл пуст."))
    if head.startswith(b"PK"):
        return read_workbook(file, bounds)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _old_office(file)
    for mark, reason in _FOREIGN:
        if head.startswith(mark):
            raise Unreadable(reason)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:5].lower() in _PAGE:
        raise Unreadable(
            gettext_noop("Это страница HTML или XML, хотя и названа таблицей: сохраните её как XLSX.")
        )
    return read_text(file, bounds)


def _old_office(file: BinaryIO) -> Unreadable:
    file.seek(0)
    tail = b""
    while piece := file.read(1 << 16):
        if _ENCRYPTED in tail + piece:
            return Unreadable(gettext_noop("Файл защищён паролем: снимите пароль и сохраните заново."))
        tail = piece[-64:]
    return Unreadable(gettext_noop("Это старый формат Excel (XLS): сохраните таблицу как XLSX или CSV."))
