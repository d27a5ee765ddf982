"""Tables at the desk: who may bring one, what the page says, what its buttons do; and the register as a file."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from otklik.common.bodies import UPLOADS
from otklik.registry import tasks
from otklik.registry.models import Import, OfficialPage, Organization
from otklik.registry.operations import imports
from otklik.registry.operations.reference import load_reference
from tests import cast
from tests.registry.tables import BY, applied, as_csv, bring, federal, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Client:
    """Whoever keeps the register, at a browser."""
    load_reference()
    cast.region()
    client = Client()
    client.force_login(cast.account("methodist"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _send(client: Client, content: bytes, kind: str = "federal") -> Any:
    file = SimpleUploadedFile("мониторинг.csv", content)
    return client.post(reverse("desk:register_import_receive"), {"kind": kind, "file": file}, follow=True)


def test_a_table_goes_from_the_form_to_the_register_and_back(keeper: Client) -> None:
    wrong = federal("Школа № 2", **{"ОГРН": "1027700132196", "ID госпаблика": "5", "Ссылка": ""})
    page = _send(keeper, as_csv([federal(), wrong]))
    assert "Файл читается" in page.content.decode()
    brought = step(Import.objects.get())
    waiting = keeper.get(reverse("desk:register_import_state", args=[brought.pk]))
    assert waiting["HX-Refresh"] == "true"
    text = keeper.get(reverse("desk:register_import", args=[brought.pk])).content.decode()
    assert "Контрольная цифра ОГРН не сходится" in text
    assert "столбец «ОГРН», «1027700132196»" in " ".join(text.split())
    assert not Organization.objects.exists()
    keeper.post(reverse("desk:register_import_apply", args=[brought.pk]))
    assert step(brought).state == "applied"
    assert Organization.objects.filter(name="Школа № 1").exists()
    keeper.post(reverse("desk:register_import_undo", args=[brought.pk]))
    assert step(brought).state == "undone"
    assert not Organization.objects.exists()
    assert "Отменён" in keeper.get(reverse("desk:register_import", args=[brought.pk])).content.decode()


def test_lines_are_shown_by_what_they_do(keeper: Client) -> None:
    rows = [federal(f"Школа № {n}", **{"ID госпаблика": n, "Ссылка": ""}) for n in range(1, 61)]
    brought = bring(as_csv([*rows, federal("Плохая", Уровень="?")]))
    address = reverse("desk:register_import", args=[brought.pk])
    assert len(keeper.get(address, {"action": "add"}).context["rows"]) == 50
    assert len(keeper.get(address, {"action": "add", "page": "2"}).context["rows"]) == 10
    (row,) = keeper.get(address, {"action": "error"}).context["rows"]
    assert (row.line, row.title) == (62, "Плохая")


def test_the_pages_of_imports_ask_the_database_a_few_times(
    keeper: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    brought = bring(
        as_csv([federal(f"Школа № {n}", **{"ID госпаблика": n, "Ссылка": ""}) for n in range(1, 51)])
    )
    keeper.get(reverse("desk:register_imports"))
    with django_assert_max_num_queries(12):
        keeper.get(reverse("desk:register_imports"))
    with django_assert_max_num_queries(14):
        keeper.get(reverse("desk:register_import", args=[brought.pk]))


def test_columns_and_contradictions_are_decided_on_the_page(keeper: Client) -> None:
    owner = cast.body("Гимназия", level="institution")
    cast.page(owner, external_id="1001")
    headers = ["Уровень", "Как зовут", "ID госпаблика", "Учредитель"]
    _send(keeper, as_csv([["муниципальный", "Школа", "1001", ""]], headers=headers))
    brought = step(Import.objects.get())
    assert (
        "Не узнаны нужные столбцы"
        in keeper.get(reverse("desk:register_import", args=[brought.pk])).content.decode()
    )
    chosen = brought.mapping | {"name": "Как зовут"}
    keeper.post(reverse("desk:register_import_mapping", args=[brought.pk]), chosen)
    assert step(brought).counts == {"conflict": 1}
    row = brought.rows.get()
    assert (
        "Взять как в файле" in keeper.get(reverse("desk:register_import", args=[brought.pk])).content.decode()
    )
    keeper.post(reverse("desk:register_import_take", args=[brought.pk, row.pk]))
    keeper.post(reverse("desk:register_import_apply", args=[brought.pk]))
    assert step(brought).state == "applied"
    page = OfficialPage.objects.get()
    assert page.organization.name == "Школа"
    OfficialPage.objects.update(organization=cast.body("Третья"))
    keeper.post(reverse("desk:register_import_undo", args=[brought.pk]))
    assert step(brought).counts["kept"] >= 1
    kept = keeper.get(reverse("desk:register_import", args=[brought.pk]), {"kept": "1"})
    assert "Всё равно вернуть" in kept.content.decode()
    keeper.post(reverse("desk:register_import_restore", args=[brought.pk, row.pk]))
    assert OfficialPage.objects.get().organization == owner
    again = keeper.post(reverse("desk:register_import_again", args=[brought.pk]), follow=True)
    assert again.context["brought"].pk != brought.pk


def test_a_step_at_a_wrong_moment_is_a_message_and_no_error(keeper: Client) -> None:
    brought = bring(b"%PDF-1.7")
    text = keeper.get(reverse("desk:register_import", args=[brought.pk])).content.decode()
    assert "PDF" in text
    page = keeper.post(reverse("desk:register_import_apply", args=[brought.pk]), follow=True)
    assert "импорт уже в другом состоянии" in page.content.decode()
    page = keeper.post(reverse("desk:register_import_receive"), {"kind": "federal"}, follow=True)
    assert "Выберите файл" in page.content.decode()
    assert "Файл пуст" in _send(keeper, b"").content.decode()
    assert keeper.get(reverse("desk:register_import", args=[2**70])).status_code == 404


def test_a_file_that_was_cut_on_its_way_is_told_its_limit(keeper: Client, rf: RequestFactory) -> None:
    from django.contrib.messages import get_messages
    from django.contrib.messages.storage.fallback import FallbackStorage

    from otklik.desk.views.register.imports import receive

    request: Any = rf.post(reverse("desk:register_import_receive"))
    request.user, request.session = cast.account("methodist"), {}
    request._messages = FallbackStorage(request)
    request.body_was_cut = True
    assert receive(request).status_code == 302
    assert "больше 20 МБ" in str(next(iter(get_messages(request))))
    assert UPLOADS[reverse("desk:register_import_receive")].size > imports.LARGEST_FILE


@pytest.mark.parametrize("role", ["dispatcher", "executor", "page_admin", "analyst"])
def test_who_does_not_keep_the_whole_register_brings_nothing(role: str) -> None:
    brought = bring(as_csv([federal()]))
    client = Client()
    client.force_login(cast.account(role), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("desk:register_imports")).status_code == 403
    assert client.get(reverse("desk:register_import", args=[brought.pk])).status_code == 403
    assert _send(client, b"x").status_code == 403
    for name in ("apply", "undo", "again", "mapping"):
        assert client.post(reverse(f"desk:register_import_{name}", args=[brought.pk])).status_code == 403


def _lines(response: Any) -> list[str]:
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_an_export_has_what_the_list_shows_and_no_more_than_the_reach(keeper: Client) -> None:
    place = cast.municipality()
    school, other = cast.body("Школа Ясная", municipality=place, type="school"), cast.body("Школа Тёмная")
    cast.page(school, external_id="5")
    cast.page(school, external_id="6")
    address = reverse("desk:register_export")
    assert len(_lines(keeper.get(address))) == 4
    response = keeper.get(address, {"format": "csv", "municipality": place.pk})
    assert response["Content-Disposition"].endswith('.csv"')
    assert ["Школа Ясная" in line for line in _lines(response)] == [False, True, True]
    response = keeper.get(address, {"format": "xlsx", "q": "Тёмная"})
    brought = bring(b"".join(response.streaming_content), kind="register")
    assert brought.counts == {"leave": 1}
    client = Client()
    person = cast.account("executor", organization=other)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert "Ясная" not in "".join(_lines(client.get(address)))


def test_the_job_carries_out_what_was_asked_for(keeper: Client) -> None:
    made = imports.receive_file(
        file=io.BytesIO(as_csv([federal()])), name="a.csv", kind="federal", by=BY, now=cast.NOW
    )
    context: Any = type("Context", (), {"should_abort": lambda self: False})()
    tasks.tables(context)
    made.refresh_from_db()
    assert made.state == "checked"


def test_commands_do_the_same_without_a_browser(
    keeper: Client, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(as_csv([federal()]))
    call_command("import_table", str(file), kind="federal")
    assert "добавить: 1" in capsys.readouterr().out
    assert not Organization.objects.exists()
    call_command("import_table", str(file), kind="federal", apply=True)
    assert Organization.objects.count() == 2
    out = tmp_path / "register.xlsx"
    call_command("export_register", str(out))
    assert applied(out.read_bytes(), kind="register").counts == {"leave": 2}
    file.write_bytes(as_csv([federal(Уровень="?")]))
    with pytest.raises(CommandError, match="Есть строки с ошибками"):
        call_command("import_table", str(file), kind="federal")
    assert "строка 2, столбец «Уровень»" in capsys.readouterr().err
    for words, name in (("не открывается", "нет.csv"), ("HTML", "page.csv")):
        (tmp_path / "page.csv").write_text("<html></html>")
        with pytest.raises(CommandError, match=words):
            call_command("import_table", str(tmp_path / name), kind="federal")


def test_a_browser_waits_with_a_bar(keeper: Client) -> None:
    made = imports.receive_file(
        file=io.BytesIO(as_csv([federal()])), name="a.csv", kind="federal", by=BY, now=cast.NOW
    )
    Import.objects.filter(pk=made.pk).update(done=30, total=100)
    text = keeper.get(reverse("desk:register_import_state", args=[made.pk])).content.decode()
    assert 'value="30"' in text
    assert 'max="100"' in text
    assert "HX-Refresh" not in keeper.get(reverse("desk:register_import_state", args=[made.pk])).headers
