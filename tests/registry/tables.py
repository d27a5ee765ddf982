"""Tables as people bring them, made in memory; and one call from a file to what became of it."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from otklik.common.actor import Actor
from otklik.registry.models import Import
from otklik.registry.operations import imports
from tests import cast

BY = Actor(7, "Ольга Импортова")
FEDERAL = (
    "Уровень", "Учредитель", "Наименование", "Официальная страница не ведется на основании", "ОГРН", "Сфера 1",
    "Сфера 2", "Сфера 3", "Статус", "ID госпаблика", "Ссылка", "Адрес в настройках", "Подключение", "Госметка",
    "Оформление (%)", "Виджеты", "Активность (%)", "Количество подписчиков", "Общий охват за неделю",
    "Средний охват публикации",
)  # fmt: skip


def ogrn(number: int) -> str:
    """A right number of 13 digits."""
    body = f"1{number:011d}"
    return f"{body}{int(body) % 11 % 10}"


def _ogrn_of(name: str) -> str:
    return ogrn(sum(ord(sign) * place for place, sign in enumerate(name, 1)))


def federal(name: str = "Школа № 1", **cells: Any) -> list[str]:
    """A line of the federal table: a school with a page unless told otherwise; cells by header."""
    told: dict[str, Any] = {
        "Уровень": "муниципальный", "Учредитель": "Администрация Ясного района", "Наименование": name,
        "ОГРН": _ogrn_of(name), "Сфера 1": "Образование", "Статус": "Подтверждена",
        "ID госпаблика": "1001",        "Ссылка": "https://vk.com/public1001", "Подключение": "да",
        "Госметка": "да", "Оформление (%)": "80",
        "Виджеты": "2", "Активность (%)": "100", "Количество подписчиков": "1 250", "Общий охват за неделю": "900",
        "Средний охват публикации": "120",
    }  # fmt: skip
    told |= cells
    return [str(told.get(header, "")) for header in FEDERAL]


def as_csv(
    rows: Sequence[Sequence[str]],
    *,
    encoding: str = "utf-8",
    separator: str = ";",
    headers: Sequence[str] = FEDERAL,
) -> bytes:
    """The rows under their headers as a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([headers, *rows])
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]], *, headers: Sequence[str] = FEDERAL) -> bytes:
    """The rows under their headers as a workbook."""
    book = Workbook()
    sheet: Any = book.active
    for row in [headers, *rows]:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bring(content: bytes, *, kind: str = "federal", name: str = "table.csv") -> Import:
    """The file received and checked."""
    made = imports.receive_file(file=io.BytesIO(content), name=name, kind=kind, by=BY, now=cast.NOW)
    return step(made)


def step(brought: Import, minutes: float = 0) -> Import:
    """What was asked for carried out."""
    assert imports.work_off(now=cast.after(minutes=minutes)) == 1
    brought.refresh_from_db()
    return brought


def applied(content: bytes, *, kind: str = "federal", name: str = "table.csv") -> Import:
    """The file received, checked and applied."""
    brought = bring(content, kind=kind, name=name)
    assert brought.state == "checked", brought.problem
    return write(brought, 1)


def write(brought: Import, minutes: float = 0) -> Import:
    """The checked import applied."""
    imports.apply(brought=brought, by=BY, now=cast.after(minutes=minutes))
    return step(brought, minutes)


def undone(brought: Import) -> Import:
    """The import taken back."""
    imports.undo(brought=brought, by=BY, now=cast.after(minutes=5))
    return step(brought, 5)


def lines(brought: Import) -> dict[int, tuple[str, list[str]]]:
    """Line → (action, reasons)."""
    return {
        row.line: (row.action, [each["reason"] % each["params"] for each in row.problems])
        for row in brought.rows.order_by("line")
    }
