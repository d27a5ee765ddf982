"""What every field was before, read as one story."""

from datetime import date

import pytest

from otklik.common.actor import SYSTEM, Actor
from otklik.registry import operations as registry
from otklik.registry.models import FieldChange
from otklik.registry.operations.history import Change, note_many
from tests import cast

pytestmark = pytest.mark.django_db


def test_values_are_kept_as_plain_json_and_only_where_they_differ() -> None:
    body, place = cast.body(), cast.municipality()
    FieldChange.objects.all().delete()
    registry.note_changes(
        subject=body,
        organization_id=body.pk,
        changes={
            "municipality": (None, place),
            "since": (date(2026, 1, 1), date(2026, 2, 1)),
            "spheres": (("a",), ["a", "b"]),
            "monitoring": ({}, {"reach": 5}),
            "phone": ("1", "1"),
        },
        by=Actor(7, "Мария Крылова"),
        now=cast.NOW,
        reason="сверка",
        import_id=4,
    )
    kept = {row.field: (row.old, row.new) for row in FieldChange.objects.all()}
    assert kept == {
        "municipality": (None, place.pk),
        "since": ("2026-01-01", "2026-02-01"),
        "spheres": (["a"], ["a", "b"]),
        "monitoring": ({}, {"reach": 5}),
    }
    row = FieldChange.objects.order_by("pk")[0]
    assert (row.subject_type, row.actor_id, row.actor_name, row.at, row.reason, row.import_id) == (
        "registry.organization", 7, "Мария Крылова", cast.NOW, "сверка", 4,
    )  # fmt: skip


def test_many_changes_say_how_many_fields_differed() -> None:
    bodies = [cast.body() for _ in range(3)]
    changes = [Change(body, body.pk, {"phone": ("", "1"), "hours": ("", "")}) for body in bodies]
    assert note_many(changes=changes, by=SYSTEM, now=cast.NOW) == 3


def test_the_story_of_an_organisation_is_in_words() -> None:
    place, parent = cast.municipality(name="Северский район"), cast.body("Управление образования")
    body = cast.school()
    page = cast.page(body, title="Наша школа")
    by = cast.account().actor
    registry.change_organization(
        organization=body,
        changes={"municipality": place, "level": "municipal", "parent": parent},
        by=by,
        now=cast.NOW,
        reason="указ",
    )
    registry.set_badge(page=page, status="requested", by=by, now=cast.NOW)
    registry.set_obligation(
        organization=body, network="vk", status="required", since=date(2022, 12, 1), by=by, now=cast.NOW
    )
    registry.change_page(page=page, changes={"component_connected": True}, by=by, now=cast.NOW)
    registry.start_onboarding(organization=body, network="ok", by=by, now=cast.NOW)
    lines = registry.history_of(organization_id=body.pk)
    told = [(line.subject, line.label, line.old, line.new) for line in lines]
    assert told == [
        ("Подключение", "этап", "", "запрошена"),
        ("Наша школа", "подключена к компоненту «Госпаблики»", "нет", "да"),
        ("Обязанность вести страницу", "добавлено", "", "ВКонтакте"),
        ("Наша школа", "вид метки", "", "«Госорганизация»"),
        ("Наша школа", "метка", "нет метки", "запрошена"),
        ("Организация", "вышестоящая организация", "", "Управление образования"),
        ("Организация", "уровень", "учреждение", "муниципалитет"),
        ("Организация", "муниципалитет", "", "Северский район"),
        ("Наша школа", "добавлено", "", "Наша школа"),
        ("Организация", "добавлено", "", "Школа № 7"),
    ]
    assert lines[-1].actor_name == SYSTEM.name
    assert {line.reason for line in lines if line.field == "level"} == {"указ"}


def test_the_story_is_read_in_parts() -> None:
    body = cast.school()
    for number in range(5):
        registry.change_organization(
            organization=body, changes={"phone": str(number)}, by=SYSTEM, now=cast.after(minutes=number)
        )
    first = registry.history_of(organization_id=body.pk, limit=2)
    rest = registry.history_of(organization_id=body.pk, limit=10, before=first[-1].id)
    assert [line.new for line in [*first, *rest]] == ["4", "3", "2", "1", "0", "Школа № 7"]
    assert {line.field for line in registry.history_of(organization_id=body.pk, of=body)} == {"", "phone"}


def test_a_story_is_read_in_few_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    body = cast.school()
    for number in range(12):
        page = cast.page(body)
        registry.change_page(page=page, changes={"title": f"Имя {number}"}, by=SYSTEM, now=cast.NOW)
    with django_assert_num_queries(2):
        assert len(registry.history_of(organization_id=body.pk)) == 25
