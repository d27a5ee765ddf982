"""Tables of incidents of other systems: checked, taken, taken twice, changed by a later one, taken back."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.many_incidents import multiply
from otklik.audit.models import AuditLine
from otklik.casework.exchange.layout import AT, COLUMNS
from otklik.casework.exchange.values import cell
from otklik.casework.models import BroughtBefore, BroughtIncident, Incident, IncidentTable
from otklik.casework.operations import exchange_export as exports
from otklik.casework.operations import exchange_import as imports
from otklik.casework.operations import exchange_take
from otklik.casework.operations.exchange_export import Filters
from otklik.common.actor import Actor
from otklik.common.longbook import write_long
from otklik.flow import road
from otklik.registry.models import Region
from tests import cast
from tests.casework.test_exchange import cells_of, content
from tests.cast import NOW

pytestmark = pytest.mark.django_db
BY = Actor(7, "Мария")


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


def line(pk: str = "5", **values: str) -> list[str]:
    told = {"cabinet": "ЦУР области", "id": pk, "created_at": "2024-05-31 10:00:00", "text": "Яма"} | values
    return [told.get(column.code, "") for column in COLUMNS]


def book(*lines: list[str]) -> io.BytesIO:
    file = io.BytesIO()
    rows = [[cell(column.kind, text) for column, text in zip(COLUMNS, each, strict=True)] for each in lines]
    write_long(file, "Инциденты", [(column.header, column.width) for column in COLUMNS], rows)
    file.seek(0)
    return file


def csv(*lines: list[str]) -> io.BytesIO:
    rows = [[column.header for column in COLUMNS], *lines]
    return io.BytesIO("\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode())


def checked(file: io.BytesIO) -> IncidentTable:
    table = imports.receive_table(file=file, name="2024.xlsx", by=BY, now=NOW)
    assert imports.tables_wait()
    assert imports.work_off(now=NOW) == 1
    table.refresh_from_db()
    return table


def taken(file: io.BytesIO) -> IncidentTable:
    table = imports.apply_table(table=checked(file), by=BY, now=NOW)
    imports.work_off(now=NOW)
    table.refresh_from_db()
    assert table.state == "applied"
    return table


def undone(table: IncidentTable) -> IncidentTable:
    table = imports.undo_table(table=table, by=BY, now=NOW)
    imports.work_off(now=NOW)
    table.refresh_from_db()
    return table


def test_a_check_changes_nothing_and_tells_all() -> None:
    table = checked(book(line("5"), line("6", created_at="2024-06-01 09:00:00")))
    assert (table.state, table.counts, table.total) == ("checked", {"new": 2}, 2)
    assert not BroughtIncident.objects.exists()
    assert table.notes == []


def test_a_taken_line_is_linked_to_what_the_region_knows() -> None:
    topic, place = cast.topic(), cast.municipality(name="Бердск", short_name="г. Бердск")
    body = cast.body("Министерство транспорта")
    table = taken(
        book(
            line(
                topic_group=topic.group.name.upper(), topic=topic.name, municipality="г. бердск",
                executor="Министёрство транспорта", ended_at="2024-06-02 12:00:00", number="№ 5",
            )
        )
    )  # fmt: skip
    (row,) = BroughtIncident.objects.all()
    assert (row.topic, row.executor, row.municipality) == (topic, body, place)
    assert row.received_at == datetime(2024, 5, 31, 3, 0, tzinfo=UTC)
    assert row.closed_at == datetime(2024, 6, 2, 5, 0, tzinfo=UTC)
    assert (row.question, row.number, row.line, row.table) == ("Яма", "№ 5", 2, table)
    assert [each.verb for each in AuditLine.objects.filter(subject_type="casework.incidenttable").order_by("id")] == [
        "receive_table", "ask_to_apply_table", "apply_table",
    ]  # fmt: skip


def test_names_that_two_share_link_to_none() -> None:
    cast.body("Отдел ЖКХ")
    cast.body("Отдел ЖКХ")
    taken(book(line(executor="Отдел ЖКХ", topic="такой темы нет")))
    row = BroughtIncident.objects.get()
    assert (row.executor, row.topic) == (None, None)


def test_wrong_lines_are_told_and_the_others_taken() -> None:
    table = taken(
        csv(line("5"), line(""), line("6", created_at="вчера", asked_to_rate="?"), line("5"), line("7" * 101))
    )
    assert table.counts == {"new": 1, "wrong": 4}
    assert [tuple(each[:3]) for each in table.wrong] == [
        (3, "ID", ""), (4, "Дата создания", "вчера"), (4, "Опрос отправлен", "?"), (5, "ID", "5"), (6, "ID", "7" * 101),
    ]  # fmt: skip
    assert "уже был в файле выше" in table.wrong[3][3]
    assert BroughtIncident.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"PK\x03\x04 nothing", "повреждён"),
        ("а;б\r\n1;2".encode(), "Не узнан ни один столбец"),
        ("Тема;Итог\r\n1;2".encode(), "Нет нужных столбцов: «ID»"),
        (b"ID;\xd2\xe5\xec\xe0\r\n", "ни одной строки"),
    ],
)
def test_what_is_no_table_of_incidents_is_refused_in_words(body: bytes, words: str) -> None:
    table = checked(io.BytesIO(body))
    assert table.state == "refused"
    assert table.problem is not None
    assert words in table.problem["reason"] % table.problem["params"]


def test_columns_that_are_more_or_fewer_are_told() -> None:
    table = checked(io.BytesIO("ID;ТЁМА;Настроение;тема\r\n5;Дороги;злой;2".encode()))
    notes = {each["reason"].split(":")[0]: each["params"]["columns"] for each in table.notes}
    assert notes["Этих столбцов в выгрузке не бывает, они не прочитаны (%(n)s)"] == "«Настроение»"
    assert notes["Эти столбцы стоят дважды, взят первый (%(n)s)"] == "«тема»"
    missing = notes["Этих столбцов в файле нет, они останутся пустыми (%(n)s)"]
    assert missing.startswith("«Кабинет»")
    assert missing.endswith("…")


def test_the_same_file_twice_changes_nothing() -> None:
    lines = [line(str(pk)) for pk in range(5)]
    taken(book(*lines))
    before = list(BroughtIncident.objects.order_by("pk").values())
    assert taken(book(*lines)).counts == {"same": 5}
    assert list(BroughtIncident.objects.order_by("pk").values()) == before


def test_a_later_table_changes_lines_and_is_taken_back_first() -> None:
    first = taken(book(line("5"), line("6")))
    before = list(BroughtIncident.objects.order_by("pk").values())
    second = taken(book(line("5", text="Яма засыпана", ended_at="2024-06-03 10:00:00"), line("7")))
    assert second.counts == {"changed": 1, "new": 1}
    assert BroughtIncident.objects.get(external_id="5").question == "Яма засыпана"
    with pytest.raises(imports.LaterTable):
        imports.undo_table(table=first, by=BY, now=NOW)
    assert undone(second).state == "undone"
    assert list(BroughtIncident.objects.order_by("pk").values()) == before
    assert undone(first).state == "undone"
    assert not BroughtIncident.objects.exists()
    assert not BroughtBefore.objects.exists()


def test_incidents_of_this_very_deployment_are_left_alone() -> None:
    incident = cast.incident("triage")
    mine = {"cabinet": "Сибирская область", "number": incident.number}
    other = {"cabinet": "Другая область", "number": incident.number}
    unlike = {"cabinet": "Сибирская область", "number": f"20-01-{incident.pk:05d}"}
    table = taken(book(line("1", **mine), line("2", **other), line("3", **unlike)))
    assert table.counts == {"own": 1, "new": 2}


def test_a_step_at_the_wrong_moment_is_refused() -> None:
    table = imports.receive_table(file=book(line()), name="", by=BY, now=NOW)
    for verb in (imports.apply_table, imports.undo_table, imports.check_table):
        with pytest.raises(imports.WrongMoment):
            verb(table=table, by=BY, now=NOW)
    imports.work_off(now=NOW)
    assert imports.work_off(now=NOW) == 0
    assert imports.check_table(table=table, by=BY, now=NOW).state == "checking"


def test_files_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(imports.EmptyFile):
        imports.receive_table(file=io.BytesIO(), name="x", by=BY, now=NOW)
    monkeypatch.setattr(imports, "LARGEST_FILE", 10)
    with pytest.raises(imports.FileTooLarge):
        imports.receive_table(file=book(line()), name="x", by=BY, now=NOW)


def test_a_failure_leaves_the_table_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    table = imports.apply_table(table=checked(book(line())), by=BY, now=NOW)

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(exchange_take, "insert_many", broken)
    assert imports.work_off(now=NOW) == 1
    table.refresh_from_db()
    assert table.state == "checked"
    assert table.problem is not None
    assert "Из-за сбоя ничего не изменено" in table.problem["reason"]
    assert not BroughtIncident.objects.exists()


def test_a_file_is_forgotten_after_a_month_and_its_lines_stay() -> None:
    table = taken(book(line()))
    waiting = checked(book(line("6")))
    assert imports.forget_files(now=NOW + timedelta(days=29)) == 0
    assert imports.forget_files(now=NOW + timedelta(days=30)) == 2
    assert table.pieces.count() == 0
    with pytest.raises(imports.FileIsGone):
        imports.apply_table(table=waiting, by=BY, now=NOW)
    assert undone(table).state == "undone"


def test_what_waits_is_told_to_the_clock() -> None:
    assert "casework.exchange" not in road.what_waits(now=NOW)
    imports.receive_table(file=book(line()), name="x", by=BY, now=NOW)
    assert "casework.exchange" in road.what_waits(now=NOW)


def test_two_thousand_incidents_of_the_system_itself_come_back_cell_by_cell(
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written, read where their incidents are no more, written again: every cell is the same."""
    head = cast.account("center_head")
    count = _mix(2000)
    assert count >= 2000
    monkeypatch.setattr(exports, "SMALL", 3000)
    export = exports.ask_export(source="live", filters=Filters(), by=head, now=NOW, reason="check")
    out = cells_of(content(export))
    assert len(out) == count + 1
    assert {row[AT["state"]] for row in out[1:]} >= {
        "Закрыто",
        "Дан окончательный ответ",
        "Разбор",
        "Отклонено",
    }
    # The same deployment would know its own: it becomes another one.
    Region.objects.update(name="Соседняя область")
    _forget_region()
    with django_assert_max_num_queries(200):
        table = taken(io.BytesIO(content(export)))
    assert table.counts == {"new": count}
    again = exports.ask_export(source="brought", filters=Filters(), by=head, now=NOW, reason="check")
    assert cells_of(content(again)) == out


def _forget_region() -> None:
    from django.core.cache import cache

    cache.delete("region")


WORDS = ("Яма", "=1+1", "Ёлка 😀", "строка\nвторая", "a\u0301", "<b>&amp;", "  края  ", "_x0041_")


def _mix(least: int) -> int:
    """Incidents in every state, made by the verbs, with signs that spoil tables; then many of them."""
    states = (
        "closed",
        "answered",
        "in_progress",
        "routed",
        "triage",
        "rejected",
        "attached",
        "clarification",
    )
    place = cast.municipality(name="«Верхний»\nрайон")
    under = cast.connection()
    for state, word in zip(states, WORDS, strict=True):
        made = cast.incident(state, message=cast.message(f"{word} и {word}", under=under))
        Incident.objects.filter(pk=made.pk).update(municipality=place, house="007", street_name="ул. «1 Мая»")
    return multiply(least // Incident.objects.count())
