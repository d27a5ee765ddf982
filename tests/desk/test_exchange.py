"""«Обмен» at the desk: who may, what a table says of itself, how a file comes and goes, what the history shows."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from otklik.audit.models import AuditLine
from otklik.casework.models import BroughtIncident, Incident, IncidentExport, IncidentTable
from otklik.casework.operations import exchange_export as exports
from otklik.casework.operations import exchange_import as imports
from otklik.common.actor import SYSTEM
from otklik.common.bodies import UPLOADS
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import Membership
from otklik.registry.operations.tables import read_table
from tests import cast
from tests.casework.test_exchange_import import book, line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


@pytest.fixture
def analyst() -> Account:
    return cast.account("analyst")


@pytest.fixture
def client(analyst: Account) -> Client:
    return at(analyst)


def at(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, content: bytes, name: str = "история.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("desk:exchange_table_receive"), {"file": file}, follow=True)


def text_of(client: Client, name: str, *args: Any) -> str:
    return " ".join(client.get(reverse(f"desk:{name}", args=args)).content.decode().split())


def test_a_small_table_is_asked_for_and_taken(client: Client, analyst: Account) -> None:
    assert "Таблиц ещё нет" in text_of(client, "exchange")
    incident = cast.incident("closed")
    said = client.post(reverse("desk:exchange"), {"since": "2026-11-01", "until": "2026-11-30"}, follow=True)
    assert "Таблица готова" in said.content.decode()
    assert "с 1 ноября 2026 по 30 ноября 2026" in said.content.decode()
    export = IncidentExport.objects.get()
    response = client.get(reverse("desk:exchange_file", args=[export.pk]))
    body = b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert (len(body), response["Cache-Control"]) == (export.size, "no-store")
    assert "incidents-2026" in response["Content-Disposition"]
    assert [each.cells[2] for each in read_table(io.BytesIO(body)).lines][1:] == [incident.number]
    assert AuditLine.objects.filter(verb="take_export", actor_id=analyst.pk).count() == 1


def test_a_long_table_shows_how_far_it_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SMALL", 0)
    cast.incident("triage")
    said = client.post(reverse("desk:exchange"), {"state": "triage"}, follow=True).content.decode()
    assert "Страницу можно закрыть" in said
    export = IncidentExport.objects.get()
    assert f'hx-get="{reverse("desk:exchange_state", args=[export.pk])}"' in said
    assert client.get(reverse("desk:exchange_file", args=[export.pk])).status_code == 404
    waiting = client.get(reverse("desk:exchange_state", args=[export.pk]))
    assert "HX-Refresh" not in waiting
    exports.write_next(now=cast.NOW)
    assert client.get(reverse("desk:exchange_state", args=[export.pk]))["HX-Refresh"] == "true"
    assert "разбор" in text_of(client, "exchange")
    exports.forget_exports(now=cast.NOW + timedelta(days=30))
    assert "Выгрузите снова" in text_of(client, "exchange")


def test_what_cannot_be_asked_is_said(client: Client) -> None:
    wrong = client.post(reverse("desk:exchange"), {"since": "2026-11-30", "until": "2026-11-01"})
    assert wrong.status_code == 422
    assert "Конец периода раньше его начала" in wrong.content.decode()
    assert client.post(reverse("desk:exchange"), {"organization": "x"}).status_code == 422
    nothing = client.post(reverse("desk:exchange"), {}, follow=True)
    assert "По этим условиям нет ни одного инцидента" in nothing.content.decode()
    assert not IncidentExport.objects.exists()


def test_only_who_asked_may_take(client: Client) -> None:
    cast.incident("triage")
    client.post(reverse("desk:exchange"), {})
    export = IncidentExport.objects.get()
    other = at(cast.account("center_head"))
    for name in ("exchange_file", "exchange_state"):
        assert other.get(reverse(f"desk:{name}", args=[export.pk])).status_code == 404
    assert "Таблиц ещё нет" in text_of(other, "exchange")


@pytest.mark.parametrize("role", ["dispatcher", "executor", "viewer", "system_admin", "methodist"])
def test_who_may_not_is_refused(role: str) -> None:
    other = at(cast.account(role))
    for name in ("exchange", "exchange_tables", "exchange_history"):
        assert other.get(reverse(f"desk:{name}")).status_code == 403
    assert other.post(reverse("desk:exchange"), {}).status_code == 403
    assert send(other, b"ID\r\n1").status_code == 403


def test_a_body_takes_its_own_and_brings_nothing() -> None:
    mine = cast.body("Министерство дорог")
    cast.incident("in_progress", body=mine)
    cast.incident("triage")
    curator = at(cast.account("curator", organization=mine))
    page = text_of(curator, "exchange")
    assert "Министерство дорог" in page
    assert reverse("desk:exchange_tables") not in page
    curator.post(reverse("desk:exchange"), {"organization": str(mine.pk)})
    assert IncidentExport.objects.get().total == 1
    assert curator.get(reverse("desk:exchange_tables")).status_code == 403
    assert curator.get(reverse("desk:exchange_table", args=[1])).status_code == 403


def test_a_file_goes_from_the_form_to_the_history_and_back(client: Client) -> None:
    assert "Таблиц ещё не загружали" in text_of(client, "exchange_tables")
    assert "Истории пока нет" in text_of(client, "exchange_history")
    page = send(client, book(line("5", number="№ 5", text="Яма на дороге")).getvalue())
    assert "прочитано строк" in page.content.decode()
    table = IncidentTable.objects.get()
    imports.work_off(now=cast.NOW)
    assert client.get(reverse("desk:exchange_table_state", args=[table.pk]))["HX-Refresh"] == "true"
    assert "Загрузить 1 строку" in text_of(client, "exchange_table", table.pk)
    client.post(reverse("desk:exchange_table_step", args=[table.pk, "apply"]))
    assert "HX-Refresh" not in client.get(reverse("desk:exchange_table_state", args=[table.pk]))
    imports.work_off(now=cast.NOW)
    assert "Загрузку можно отменить целиком" in text_of(client, "exchange_table", table.pk)
    row = BroughtIncident.objects.get()
    assert "Яма на дороге" in text_of(client, "exchange_history")
    assert "Яма на дороге" in text_of(client, "exchange_line", row.pk)
    for asked, found in (("яма", True), ("№ 5", True), ("5", True), ("снег", False)):
        answer = client.get(reverse("desk:exchange_history"), {"q": asked}).content.decode()
        assert ("Яма на дороге" in answer) is found
        assert ("Ничего не нашлось" in answer) is not found
    client.post(reverse("desk:exchange"), {"source": "brought"})
    assert IncidentExport.objects.get().total == 1
    client.post(reverse("desk:exchange_table_step", args=[table.pk, "undo"]))
    imports.work_off(now=cast.NOW)
    assert "Отменено" in text_of(client, "exchange_table", table.pk)
    assert not BroughtIncident.objects.exists()


def test_wrong_lines_are_shown_and_taken_as_a_file(client: Client) -> None:
    send(client, "ID;Дата создания\r\n;вчера\r\n=7;вчера".encode(), "история.csv")
    imports.work_off(now=cast.NOW)
    table = IncidentTable.objects.get()
    page = text_of(client, "exchange_table", table.pk)
    assert "Здесь нужны дата и время" in page
    assert "Этих столбцов в файле нет" in page
    assert "Загрузить" not in page.split("<main")[1].split("Загрузка истории", 1)[1].split("Что не так")[0]
    body = client.get(reverse("desk:exchange_table_csv", args=[table.pk])).content.decode()
    assert body.splitlines()[1].startswith("2;Дата создания;вчера;Здесь нужны")


def test_a_step_that_cannot_be_is_said(client: Client) -> None:
    send(client, book(line()).getvalue())
    table = IncidentTable.objects.get()
    answer = client.post(reverse("desk:exchange_table_step", args=[table.pk, "undo"]), follow=True)
    assert "таблица уже в другом состоянии" in answer.content.decode()
    assert client.post(reverse("desk:exchange_table_step", args=[table.pk, "nothing"])).status_code == 404


def test_no_file_an_empty_one_and_one_that_is_too_large(client: Client) -> None:
    address = reverse("desk:exchange_table_receive")
    assert UPLOADS[address].size > imports.LARGEST_FILE
    assert "Выберите файл" in client.post(address, follow=True).content.decode()
    assert (
        "Файл пуст" in send(client, b"").content.decode()
        or "Выберите файл" in send(client, b"").content.decode()
    )
    assert not IncidentTable.objects.exists()


def test_lists_cost_the_same_however_long(
    client: Client, analyst: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast.incident("triage")
    body, place = cast.body(), cast.municipality()
    Incident.objects.update(municipality=place, executor=body)
    table = IncidentTable.objects.create(name="x", digest="", size=1, actor_name="А", created_at=cast.NOW)

    def more(count: int) -> None:
        for _each in range(count):
            IncidentExport.objects.create(
                account=analyst,
                created_at=cast.NOW,
                filters={"organization": body.pk, "municipality": place.pk},
            )
            IncidentTable.objects.create(name="x", digest="", size=1, actor_name="А", created_at=cast.NOW)
            BroughtIncident.objects.create(
                table=table, line=1, external_id=str(BroughtIncident.objects.count()), values=[""] * 47,
                executor=body, municipality=place,
            )  # fmt: skip

    for name in ("exchange", "exchange_tables", "exchange_history"):
        more(2)
        client.get(reverse(f"desk:{name}"))
        with CaptureQueriesContext(connection) as few:
            client.get(reverse(f"desk:{name}"))
        more(10)
        with django_assert_num_queries(len(few)):
            client.get(reverse(f"desk:{name}"))


def test_personal_data_are_opened_with_a_reason_by_whoever_may(client: Client) -> None:
    cast.incident("closed")
    address = reverse("desk:exchange")
    assert 'name="reason"' not in text_of(client, "exchange")
    client.post(address, {"reason": "check"})
    assert not IncidentExport.objects.get().is_open
    head = at(cast.account("center_head", full_name="Ольга Верная"))
    assert 'name="reason"' in text_of(head, "exchange")
    refused = head.post(address, {"reason": "other"})
    assert refused.status_code == 422
    assert "Скажите, зачем открываете" in refused.content.decode()
    said = head.post(
        address, {"reason": "other", "words": "просит прокуратура"}, follow=True
    ).content.decode()
    assert "персональные данные открыты" in said
    export = IncidentExport.objects.get(words="просит прокуратура")
    taken = head.get(reverse("desk:exchange_file", args=[export.pk]))
    assert "incidents-open-" in taken["Content-Disposition"]
    Membership.objects.filter(account=export.account).delete()
    registry.grant(account=export.account, role="analyst", by=SYSTEM, now=cast.NOW)
    assert head.get(reverse("desk:exchange_file", args=[export.pk])).status_code == 403
    officer = at(cast.account("security_officer"))
    page = text_of(officer, "security_reads")
    assert "Таблицы с открытыми данными" in page
    assert "просит прокуратура" in page
    assert "просит прокуратура" not in " ".join(
        officer.get(reverse("desk:security_reads"), {"person": "Никто"}).content.decode().split()
    )
