"""Many rows by one statement say the same as rows saved one by one."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, transaction

from otklik.common.bulk import insert_many, reserve_ids, update_many
from otklik.registry.models import FieldChange, OfficialPage, Organization
from tests import cast

pytestmark = pytest.mark.django_db
MANY = 70


def _pages(of: Organization) -> list[OfficialPage]:
    return [
        OfficialPage(
            organization=of,
            network="vk",
            external_id=str(number),
            title=f"Кавычки «\"' и \\ {number}\nвторая строка",
            url="https://vk.com/a",
            followers=number if number % 2 else None,
            monitoring={"reach": [number, None, "я"]},
            opened_on=date(2024, 2, 29),
            component_connected=number % 2 == 0,
        )
        for number in range(MANY)
    ]


def test_inserted_rows_are_read_back_as_they_were() -> None:
    rows = _pages(cast.body())
    insert_many(rows)
    assert all(row.pk and not row._state.adding for row in rows)
    kept = OfficialPage.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        for field in OfficialPage._meta.concrete_fields:
            assert getattr(kept[row.pk], field.attname) == getattr(row, field.attname), field.name


def test_arrays_and_json_of_any_kind_pass() -> None:
    body = cast.body()
    values = [None, "", "я", 5, 1.5, True, [], ["а", None], {"б": {"в": 1}}]
    rows = [
        FieldChange(
            subject_type="x", subject_id=1, field="f", old=value, new=value, at=cast.NOW, actor_name="x"
        )
        for value in values * 8
    ]
    insert_many(rows)
    assert (
        list(FieldChange.objects.filter(subject_type="x").order_by("pk").values_list("new", flat=True))
        == values * 8
    )
    assert FieldChange.objects.filter(subject_type="x", old__isnull=True, new__isnull=True).count() == 8
    below = [cast.school(parent=body) for _ in range(MANY)]
    for each in below:
        each.spheres = ["education", "culture"]
    update_many(below, ["spheres"])
    assert (
        Organization.objects.filter(spheres=["education", "culture"], path__contains=[body.pk]).count()
        == MANY
    )


def test_an_update_writes_the_named_fields_only() -> None:
    rows = _pages(cast.body())
    insert_many(rows)
    for row in rows:
        row.title, row.followers = "другое", 7
    update_many(rows, ["title"])
    assert OfficialPage.objects.filter(title="другое").count() == MANY
    assert not OfficialPage.objects.filter(followers=7, external_id="8").exists()


def test_promises_of_the_database_hold_all_the_same() -> None:
    rows = _pages(cast.body())
    rows[3].external_id = rows[4].external_id
    with pytest.raises(IntegrityError, match="page_external_unique"), transaction.atomic():
        insert_many(rows)
    rows = _pages(cast.body())
    rows[3].title = "я" * 201
    with pytest.raises(DataError), transaction.atomic():
        insert_many(rows)
    assert not OfficialPage.objects.exists()


def test_nothing_is_asked_for_nothing(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        insert_many([])
        update_many([], ["title"])


def test_reserved_numbers_grow_and_are_nobody_elses() -> None:
    numbers = reserve_ids(Organization, 5)
    assert numbers == sorted(set(numbers))
    assert cast.body().pk > numbers[-1]


def test_what_is_no_plain_value_is_refused() -> None:
    rows = _pages(cast.body())
    rows[0].monitoring = {"reach": object()}
    with pytest.raises(TypeError):
        insert_many(rows)
