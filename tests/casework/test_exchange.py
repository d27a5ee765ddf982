"""Incidents go out as a table of 47 columns and come back from it with the same values."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.exchange.layout import AT, CODES, COLUMNS
from otklik.casework.models import ExportPiece, Incident, IncidentExport
from otklik.casework.operations import exchange_export as exports
from otklik.casework.operations.exchange_export import Filters
from otklik.casework.operations.exchange_rows import Gathering
from otklik.casework.tasks import exchange
from otklik.flow.clock import forget_exchange
from otklik.inbox.models import Attachment
from otklik.people.models import Account
from otklik.registry.operations.tables import read_table
from tests import cast
from tests.casework.test_exchange_models import row, table
from tests.cast import NOW, after

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


@pytest.fixture
def analyst() -> Account:
    return cast.account("analyst")


def told(incident: Incident, now: Any = NOW) -> dict[str, str]:
    (line,) = Gathering(now).lines([incident.pk])
    return dict(zip(CODES, line, strict=True))


def ask(by: Account, source: str = "live", **filters: Any) -> IncidentExport:
    return exports.ask_export(source=source, filters=Filters(**filters), by=by, now=NOW)


def content(export: IncidentExport) -> bytes:
    return b"".join(exports.take_export(export=export, by=export.account.actor, now=NOW))


def cells_of(file: bytes) -> list[list[str]]:
    return [line.cells + [""] * (47 - len(line.cells)) for line in read_table(io.BytesIO(file)).lines]


def test_an_incident_is_told_by_its_moves_and_answers() -> None:
    message = cast.message("[club1|Школа], когда уберут снег?")
    Attachment.objects.create(message=message, kind="photo")
    line = told(cast.incident("closed", message=message), after(hours=1))
    incident = Incident.objects.get()
    assert line == dict.fromkeys(CODES, "") | {
        "cabinet": "Сибирская область",
        "id": str(incident.pk),
        "number": incident.number,
        "executor": message.page.organization.name,
        "first_answer_at": "2026-11-18 11:01:00",
        "first_answer": "Уборку закончим завтра к 12:00.",
        "first_answer_took": "0:01:00",
        "first_answer_worked": "0:01:00",
        "assigned_at": "2026-11-18 11:00:00",
        "own_answer_at": "2026-11-18 11:01:00",
        "own_answer_took": "0:01:00",
        "own_in_time": "да",
        "whole_took": "0:02:00",
        "state": "Закрыто",
        "created_at": "2026-11-18 11:00:00",
        "ended_at": "2026-11-18 11:02:00",
        "topic_group": incident.topic.group.name,
        "topic": incident.topic.name,
        "region": "Сибирская область",
        "kind": "Жалоба",
        "outcome": "Решено",
        "media_in_answer": "нет",
        "media_in_message": "да",
        "post_url": f"https://vk.com/wall-{message.page.external_id}_6",
        "blog_url": message.page.url,
        "text": "Школа, когда уберут снег?",
        "answer_1": "Уборку закончим завтра к 12:00.",
        "answered_from": message.page.title,
        "rating_step_at": "2026-11-18 11:01:00",
        "asked_to_rate": "нет",
    }


def test_what_is_not_known_is_empty() -> None:
    line = told(cast.incident("triage"))
    assert (line["executor"], line["first_answer_at"], line["own_in_time"], line["ended_at"]) == ("",) * 4
    assert (line["state"], line["media_in_answer"], line["audience"]) == ("Разбор", "", "")
    assert told(cast.incident("rejected"))["closing_reason"] == "Спам"
    assert told(cast.incident("attached"))["closing_reason"] == "О том же"


def test_a_late_body_has_not_kept_the_limit_even_without_an_answer() -> None:
    assert told(cast.incident("in_progress"), after(days=3))["own_in_time"] == "нет"


def test_answers_of_the_body_before_are_not_those_of_the_last() -> None:
    incident = cast.incident("answered")
    casework.reopen(incident=incident, reason="не убрали", by=cast.dispatcher().actor, now=after(hours=1))
    casework.take_up(incident=incident, by=cast.dispatcher(), now=after(hours=1))
    incident.refresh_from_db()
    other = cast.body()
    casework.decline(incident=incident, reason="не наше", by=cast.dispatcher().actor, now=after(hours=2))
    casework.route(
        incident=incident, executor=other, reason="их двор", by=cast.dispatcher().actor, now=after(hours=3)
    )
    line = told(Incident.objects.get(pk=incident.pk), after(hours=4))
    assert line["first_answer_at"] == "2026-11-18 11:01:00"
    assert (line["assigned_at"], line["own_answer_at"]) == ("2026-11-18 14:00:00", "")
    assert (line["answer_1"], line["executor"]) == ("", other.name)


def test_a_private_dialog_is_not_told_where() -> None:
    root = cast.thread(cast.page(), place="direct")
    line = told(cast.incident("triage", message=cast.message(under=cast.connection(root.page), thread=root)))
    assert line["post_url"] == ""


def test_a_small_table_is_ready_at_once_and_the_journal_knows(analyst: Account) -> None:
    cast.incident("closed")
    cast.incident("triage")
    export = ask(analyst)
    assert (export.state, export.total, export.done) == ("ready", 2, 2)
    assert export.forget_at == NOW + timedelta(days=7)
    lines = cells_of(content(export))
    assert lines[0] == [column.header for column in COLUMNS]
    assert [line[AT["state"]] for line in lines[1:]] == ["Закрыто", "Разбор"]
    journal = AuditLine.objects.filter(subject_type="casework.incidentexport").order_by("id")
    assert [(line.verb, line.details["rows"]) for line in journal] == [
        ("ask_export", 2), ("write_export", 2), ("take_export", 2),
    ]  # fmt: skip
    assert journal[0].details["filters"] == {}


def test_a_long_table_waits_for_a_worker(analyst: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SMALL", 1)
    monkeypatch.setattr(exports, "PIECE", 3000)
    cast.incident("closed")
    cast.incident("triage")
    export = ask(analyst)
    assert (export.state, exports.exports_wait()) == ("waiting", True)
    exchange.func(_Context())
    export.refresh_from_db()
    assert (export.state, exports.exports_wait()) == ("ready", False)
    assert ExportPiece.objects.filter(export=export).count() >= 2
    assert export.size == len(content(export))
    assert len(cells_of(content(export))) == 3


class _Context:
    """What a worker hands to a job."""

    @staticmethod
    def should_abort() -> bool:
        return False


def test_a_writer_that_died_is_followed_by_another(analyst: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SMALL", 0)
    cast.incident("triage")
    export = ask(analyst)
    ExportPiece.objects.create(export=export, number=0, body=b"half of it")
    assert exports.write_next(now=NOW) == 1
    assert len(cells_of(content(export))) == 2
    assert exports.write_next(now=NOW) == 0


def test_a_table_that_fails_says_so(analyst: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SMALL", 0)
    cast.incident("triage")
    export = ask(analyst)
    Account.objects.update(is_active=False)
    assert exports.write_next(now=NOW) == 1
    export.refresh_from_db()
    assert (export.state, export.pieces.count()) == ("failed", 0)


def test_filters_cut_the_table(analyst: Account) -> None:
    place, ministry = cast.municipality(), cast.body()
    school = cast.school(place, parent=ministry)
    one = cast.incident("closed", message=cast.message(under=cast.connection(cast.page(school))))
    Incident.objects.filter(pk=one.pk).update(municipality=place)
    other = cast.incident("triage")
    Incident.objects.filter(pk=other.pk).update(received_at=NOW - timedelta(days=40))

    def ids(**filters: Any) -> list[str]:
        return [line[AT["id"]] for line in cells_of(content(ask(analyst, **filters)))[1:]]

    assert ids() == [str(other.pk), str(one.pk)]
    assert (
        ids(since=date(2026, 11, 18))
        == [str(one.pk)]
        == ids(until=date(2026, 11, 18), since=date(2026, 11, 1))
    )
    assert ids(until=date(2026, 11, 17)) == [str(other.pk)]
    assert ids(organization=ministry.pk) == [str(one.pk)] == ids(municipality=place.pk)
    assert ids(state="triage") == [str(other.pk)]
    with pytest.raises(exports.NothingToExport):
        ask(analyst, state="answered")
    assert Filters.of(Filters(since=date(2026, 1, 1), state="closed").plain()) == Filters(
        since=date(2026, 1, 1), state="closed"
    )


def test_reach_cuts_the_table() -> None:
    mine = cast.body()
    one = cast.incident("in_progress", body=mine)
    cast.incident("in_progress")
    curator = cast.account("curator", organization=mine)
    export = ask(curator)
    assert [line[AT["id"]] for line in cells_of(content(export))[1:]] == [str(one.pk)]
    for role in ("dispatcher", "viewer", "system_admin"):
        with pytest.raises(exports.MayNotExchange):
            ask(cast.account(role))
    with pytest.raises(exports.MayNotExchange):
        ask(cast.executor(mine))


def test_a_table_has_an_end(analyst: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 0)
    cast.incident("triage")
    with pytest.raises(exports.TooManyToExport):
        ask(analyst)


def test_files_are_forgotten_after_a_week(analyst: Account) -> None:
    cast.incident("triage")
    export = ask(analyst)
    assert exports.forget_exports(now=NOW + timedelta(days=6)) == 0
    assert exports.forget_exports(now=NOW + timedelta(days=7)) == 1
    export.refresh_from_db()
    assert (export.state, export.pieces.count()) == ("forgotten", 0)


def test_a_batch_costs_a_handful_of_statements() -> None:
    ids = [cast.incident(state).pk for state in ("closed", "triage", "answered", "in_progress")]
    gathering = Gathering(NOW)
    list(gathering.lines(ids[:1]))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(gathering.lines(ids))
    assert len(queries) == 4


def test_brought_rows_go_out_as_they_came(analyst: Account) -> None:
    values = ["Другая область", "77", "№ 77", *[""] * 44]
    row(table(), external_id="77", values=values, received_at=NOW)
    assert cells_of(content(ask(analyst, "brought")))[1:] == [values]
    curator = cast.account("curator", organization=cast.body())
    with pytest.raises(exports.NothingToExport):
        ask(curator, "brought")


def test_the_timetable_forgets_files_every_night(analyst: Account) -> None:
    cast.incident("triage")
    export = ask(analyst)
    IncidentExport.objects.update(forget_at=NOW - timedelta(days=1))
    forget_exchange.func(timestamp=0)
    export.refresh_from_db()
    assert export.state == "forgotten"
