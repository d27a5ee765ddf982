"""The table of 47 columns: headers are found however they are written, values come back as they were written."""

import io
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from otklik.casework.exchange import values
from otklik.casework.exchange.layout import AT, COLUMNS, Kind, key_of, mapped
from otklik.casework.exchange.values import BadCell, cell, instant, read, said
from otklik.common.longbook import write_long
from otklik.registry.operations.tables import read_table

ZONE = ZoneInfo("Asia/Novosibirsk")
HEADERS = [column.header for column in COLUMNS]


def there_and_back(kind: Kind, told: list[str]) -> list[str]:
    """Exact texts written into a workbook and read from it."""
    file = io.BytesIO()
    write_long(
        file, "Инциденты", [("Значение", 20), ("Сосед", 5)], [(cell(kind, each), "x") for each in told]
    )
    lines = list(read_table(file).lines)[1:]
    return [read(kind, line.cells[0]) for line in lines]


def test_the_layout_is_the_one_of_the_specification() -> None:
    assert len(HEADERS) == len(set(HEADERS)) == 47
    assert HEADERS[:3] == ["Кабинет", "ID", "Номер инцидента"]
    assert HEADERS[-1] == "Опрос отправлен"
    first = "Время с даты создания инцидента до времени первого ответа"
    assert [AT["first_answer_took"], AT["first_answer_worked"]] == [7, 8]
    assert HEADERS[7:9] == [first, f"{first}, рабочее время"]
    assert HEADERS[15] == "Время, которое первый ответ ПИ находился на согласовании"


def test_headers_are_found_in_any_order_case_and_spacing() -> None:
    said_so = [f"  {header.upper().replace('Е', 'Ё')}  ".replace(" ", "  ") for header in HEADERS]
    order = list(range(47))
    random.Random(7).shuffle(order)
    found = mapped([said_so[index] for index in order])
    assert found.places == tuple(order.index(index) for index in range(47))
    assert (found.missing, found.unknown, found.repeated, found.lacks()) == ((), (), (), ())


def test_what_does_not_fit_is_told() -> None:
    found = mapped(["Номер инцидента", "Настроение", "", "Тема", "тема "])
    assert found.unknown == ("Настроение",)
    assert found.repeated == ("тема",)
    assert found.lacks() == ("ID",)
    assert len(found) == 2
    assert len(found.missing) == 45
    assert found.cells(["№ 5", "злой"])[AT["number"]] == "№ 5"
    assert found.cells(["№ 5", "злой"])[AT["topic"]] == ""


@given(st.text(max_size=200))
def test_any_header_is_only_text(header: str) -> None:
    assert key_of(key_of(header)) == key_of(header)
    assert len(mapped([header])) + len(mapped([header]).unknown) == bool(header.strip())


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        (Kind.INSTANT, "31.12.2025 14:05", "2025-12-31 14:05:00"),
        (Kind.INSTANT, "1.2.2025", "2025-02-01 00:00:00"),
        (Kind.INSTANT, "2025-12-31", "2025-12-31 00:00:00"),
        (Kind.INSTANT, "2025-12-31T14:05:09", "2025-12-31 14:05:09"),
        (Kind.DURATION, "53:07:09", "53:07:09"),
        (Kind.DURATION, "05:07", "5:07:00"),
        (Kind.DURATION, "2 дня 5:07", "53:07:00"),
        (Kind.DURATION, "1 д. 03:12:05", "27:12:05"),
        (Kind.DURATION, "5 ч 7 мин", "5:07:00"),
        (Kind.DURATION, "90 минут", "1:30:00"),
        (Kind.DURATION, "3 сут. 2 часа", "74:00:00"),
        (Kind.YES_NO, "Да", "да"),
        (Kind.YES_NO, "Не  уложились", "нет"),
        (Kind.NUMBER, "1 234,5", "1234.5"),
        (Kind.NUMBER, "120.0", "120"),
        (Kind.TEXT, "  =1+1 ", "=1+1"),
    ],
)
def test_cells_of_others_are_understood(kind: Kind, written: str, meant: str) -> None:
    assert read(kind, written) == meant
    assert there_and_back(kind, [meant]) == [meant]


@pytest.mark.parametrize(
    ("kind", "written", "words"),
    [
        (Kind.INSTANT, "вчера", "дата и время"),
        (Kind.INSTANT, "31.02.2025", "дата и время"),
        (Kind.INSTANT, "1899-12-31 05:00:00", "дата и время"),
        (Kind.INSTANT, "2025-12-31T14:05:09+03:00", "дата и время"),
        (Kind.DURATION, "-5:07:00", "сколько прошло"),
        (Kind.DURATION, "0.25", "сколько прошло"),
        (Kind.YES_NO, "наверное", "«да» или «нет»"),
        (Kind.NUMBER, "много", "число"),
        (Kind.NUMBER, "1e40", "число"),
    ],
)
def test_what_a_cell_cannot_mean_is_refused_in_words(kind: Kind, written: str, words: str) -> None:
    with pytest.raises(BadCell, match=words):
        read(kind, written)


@pytest.mark.parametrize("kind", list(Kind))
@given(told=st.text(max_size=60))
def test_any_cell_is_read_or_refused(kind: Kind, told: str) -> None:
    try:
        exact = read(kind, told)
    except BadCell:
        return
    assert read(kind, exact) == exact
    assert cell(kind, exact) is None or exact


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec=None)), min_size=1, max_size=30))
def test_any_text_comes_back(texts: list[str]) -> None:
    exact = [said(Kind.TEXT, text, ZONE) for text in texts]
    assert there_and_back(Kind.TEXT, exact) == exact


@settings(deadline=None)
@given(st.lists(st.datetimes(datetime(1950, 1, 2), datetime(2199, 12, 30)), min_size=1, max_size=30))
def test_any_instant_comes_back(moments: list[datetime]) -> None:
    exact = [said(Kind.INSTANT, moment.replace(tzinfo=UTC), ZONE) for moment in moments]
    assert there_and_back(Kind.INSTANT, exact) == exact


@settings(deadline=None)
@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=100_000)), min_size=1, max_size=30))
def test_any_length_of_time_comes_back(lengths: list[timedelta]) -> None:
    exact = [said(Kind.DURATION, length, ZONE) for length in lengths]
    assert there_and_back(Kind.DURATION, exact) == exact


@settings(deadline=None)
@given(st.lists(st.floats(-1e14, 1e14) | st.integers(-(10**14), 10**14), min_size=1, max_size=30))
def test_any_number_comes_back(numbers: list[float]) -> None:
    exact = [said(Kind.NUMBER, number, ZONE) for number in numbers]
    assert there_and_back(Kind.NUMBER, exact) == exact


def test_values_of_ours_are_told_by_the_clocks_of_the_region() -> None:
    at = datetime(2026, 11, 22, 19, 30, 5, 999_999, tzinfo=UTC)
    assert said(Kind.INSTANT, at, ZONE) == "2026-11-23 02:30:05"
    assert instant("2026-11-23 02:30:05", ZONE) == at.replace(microsecond=0)
    assert instant("", ZONE) is None
    assert said(Kind.DURATION, timedelta(hours=-1), ZONE) == ""
    assert said(Kind.YES_NO, False, ZONE) == "нет"
    assert said(Kind.YES_NO, None, ZONE) == ""


def test_a_text_is_never_longer_than_a_cell_whatever_its_signs() -> None:
    long = "😀" * 40_000
    kept = said(Kind.TEXT, long, ZONE)
    assert len(kept.encode("utf-16-le")) // 2 <= values.LONGEST_TEXT
    assert there_and_back(Kind.TEXT, [kept, "о\u0301" * 30_000][:1]) == [kept]


def test_accents_without_end_settle() -> None:
    kept = said(Kind.TEXT, "e" + "\u0301" * 5000 + "e\x01\u0301", ZONE)
    assert there_and_back(Kind.TEXT, [kept]) == [kept]


def test_the_workbook_opens_in_other_programs() -> None:
    file = io.BytesIO()
    rows = [("=1+1", datetime(2026, 11, 22, 10, 0, 7), timedelta(hours=53), 12.5, None)]
    write_long(
        file,
        "Инциденты & <ответы>",
        [("Текст", 10), ("Когда", 19), ("Долго", 9), ("Число", 9), ("", 5)],
        rows,
    )
    book = load_workbook(file)
    sheet = book["Инциденты & <ответы>"]
    text, at, length, number, nothing = sheet[2]
    assert (text.value, text.data_type, text.quotePrefix) == ("=1+1", "s", True)
    assert at.value == datetime(2026, 11, 22, 10, 0, 7)
    assert length.value == timedelta(hours=53)
    assert (number.value, nothing.value) == (12.5, None)
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.b
