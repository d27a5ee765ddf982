"""Organisations are added, changed, moved, closed; every change is kept with who and why."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.registry import operations as registry
from otklik.registry.enums import OnboardingStage
from otklik.registry.models import FieldChange, OnboardingCase, Organization
from tests import cast

pytestmark = pytest.mark.django_db


def _fields(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"Школа {code}", "level": "institution", "type": "school"} | more


def _changes(body: Organization) -> dict[str, tuple[Any, Any]]:
    rows = FieldChange.objects.filter(subject_type="registry.organization", subject_id=body.pk).exclude(
        field=""
    )
    return {row.field: (row.old, row.new) for row in rows.order_by("pk")}


def test_an_addition_is_one_row_of_history() -> None:
    place = cast.municipality()
    made = registry.add_organization(
        by=SYSTEM,
        now=cast.NOW,
        reason="приказ",
        import_id=5,
        municipality=place,
        **_fields("s-1", spheres=["education"]),
    )
    row = FieldChange.objects.get(subject_id=made.pk)
    assert (row.field, row.old, row.organization_id, row.reason, row.import_id) == (
        "",
        None,
        made.pk,
        "приказ",
        5,
    )
    assert row.new == {
        "code": "s-1", "name": "Школа s-1", "short_name": "Школа s-1", "level": "institution", "type": "school",
        "spheres": ["education"], "municipality": place.pk, "is_active": True,
    }  # fmt: skip
    assert AuditLine.objects.get(verb="add_organization").details == {"code": "s-1", "import": 5}


@pytest.mark.parametrize(
    ("name", "value"), [("type", "spaceport"), ("spheres", ["magic"]), ("ogrn", "1" * 13)]
)
def test_what_the_lists_do_not_know_is_not_added(name: str, value: Any) -> None:
    with pytest.raises(registry.BadValue) as told:
        registry.add_organization(by=SYSTEM, now=cast.NOW, **_fields("s-1", **{name: value}))
    assert told.value.field == name
    assert not Organization.objects.exists()


def test_a_code_is_taken_once() -> None:
    cast.body(code="s-1")
    rows = [("", _fields("s-2")), ("", _fields("s-2"))]
    for act in (
        lambda: registry.add_organization(by=SYSTEM, now=cast.NOW, **_fields("s-1")),
        lambda: registry.add_organizations(rows=rows, by=SYSTEM, now=cast.NOW),
        lambda: registry.change_organization(
            organization=cast.body(), changes={"code": "s-1"}, by=SYSTEM, now=cast.NOW
        ),
    ):
        with pytest.raises(registry.BadValue) as told:
            act()
        assert told.value.field == "code"


def test_many_are_added_below_each_other_with_their_paths() -> None:
    root = cast.body(code="root")
    number = 120
    rows = [(f"s-{each - 1}" if each else "root", _fields(f"s-{each}")) for each in range(number)][::-1]
    made = registry.add_organizations(rows=rows, by=SYSTEM, now=cast.NOW)
    last = Organization.objects.get(code=f"s-{number - 1}")
    assert last.path == [root.pk, *(made[f"s-{each}"].pk for each in range(number))]
    assert last.parent == made[f"s-{number - 2}"]
    assert FieldChange.objects.filter(field="", new__type="school").count() == number
    assert AuditLine.objects.filter(verb="add_organization").count() == number + 1


def test_a_ring_of_parents_is_no_tree() -> None:
    with pytest.raises(registry.UnknownParent):
        registry.add_organizations(rows=[("b", _fields("a")), ("a", _fields("b"))], by=SYSTEM, now=cast.NOW)


def test_a_change_keeps_what_was() -> None:
    body, other, place = cast.school(), cast.body(), cast.municipality()
    by = cast.account().actor
    changed = registry.change_organization(
        organization=body,
        changes={
            "phone": " +7 383  000-00-00 ",
            "name": body.name,
            "municipality": place.pk,
            "founder": other,
        },
        reason="звонили",
        by=by,
        now=cast.NOW,
    )
    assert (changed.phone, changed.municipality, changed.founder) == ("+7 383 000-00-00", place, other)
    body.refresh_from_db()
    assert body.phone == "+7 383 000-00-00"
    assert _changes(body) == {
        "phone": ("", "+7 383 000-00-00"),
        "municipality": (None, place.pk),
        "founder": (None, other.pk),
    }
    line = AuditLine.objects.get(verb="change_organization")
    assert (line.reason, line.details) == ("звонили", {"fields": ["founder", "municipality", "phone"]})
    assert {row.actor_id for row in FieldChange.objects.exclude(field="").filter(subject_id=body.pk)} == {
        by.id
    }


def test_the_same_value_leaves_no_trace() -> None:
    body = cast.school()
    registry.change_organization(organization=body, changes={"name": body.name}, by=SYSTEM, now=cast.NOW)
    assert _changes(body) == {}
    assert not AuditLine.objects.filter(verb="change_organization").exists()


def test_a_stale_copy_does_not_write_back_other_fields() -> None:
    body = cast.school()
    stale = Organization.objects.get(pk=body.pk)
    registry.change_organization(organization=body, changes={"phone": "1"}, by=SYSTEM, now=cast.NOW)
    registry.change_organization(organization=stale, changes={"hours": "9–18"}, by=SYSTEM, now=cast.NOW)
    body.refresh_from_db()
    assert (body.phone, body.hours) == ("1", "9–18")


@pytest.mark.parametrize("name", ["municipality", "founder", "parent"])
def test_a_link_to_nothing_is_refused(name: str) -> None:
    with pytest.raises(registry.BadValue) as told:
        registry.change_organization(
            organization=cast.school(), changes={name: 10**9}, by=SYSTEM, now=cast.NOW
        )
    assert told.value.field == name


def test_many_are_changed_at_once() -> None:
    bodies = [cast.school(code=f"s-{number}") for number in range(60)]
    rows = [(body, {"phone": str(number), "hours": "9–18"}) for number, body in enumerate(bodies)]
    registry.change_organizations(rows=rows, by=SYSTEM, now=cast.NOW, import_id=3)
    assert list(Organization.objects.order_by("pk").values_list("phone", "hours")) == [
        (str(number), "9–18") for number in range(60)
    ]
    assert FieldChange.objects.filter(import_id=3).count() == 120
    assert AuditLine.objects.filter(verb="change_organization", details__import=3).count() == 60


def test_another_parent_among_the_changes_moves_the_subtree() -> None:
    new, middle = cast.body(), cast.body(parent=cast.body())
    leaf = cast.school(parent=middle)
    registry.change_organization(
        organization=middle, changes={"parent": new}, by=SYSTEM, now=cast.NOW, reason="указ"
    )
    leaf.refresh_from_db()
    assert leaf.path == [new.pk, middle.pk, leaf.pk]
    assert _changes(middle)["parent"][1] == new.pk
    with pytest.raises(registry.WouldLoop):
        registry.change_organization(organization=new, changes={"parent": leaf}, by=SYSTEM, now=cast.NOW)


def test_who_is_closed_takes_its_pages_and_its_onboarding_along() -> None:
    body = cast.school()
    page = cast.page(body)
    case = registry.start_onboarding(organization=body, network="ok", by=SYSTEM, now=cast.NOW)
    registry.close_organization(organization=body, reason="присоединена к школе № 8", by=SYSTEM, now=cast.NOW)
    body.refresh_from_db()
    page.refresh_from_db()
    assert (body.is_active, page.is_active, page.closed_on) == (False, False, cast.NOW.date())
    assert OnboardingCase.objects.get(pk=case.pk).stage == OnboardingStage.CANCELLED
    assert _changes(body)["is_active"] == (True, False)
    with pytest.raises(registry.AlreadyClosed):
        registry.close_organization(organization=body, reason="ещё раз", by=SYSTEM, now=cast.NOW)


def test_closing_says_why_and_leaves_nobody_alone() -> None:
    body = cast.body()
    child = cast.school(parent=body)
    with pytest.raises(registry.ReasonNeeded):
        registry.close_organization(organization=child, reason=" ", by=SYSTEM, now=cast.NOW)
    with pytest.raises(registry.HasSubordinates):
        registry.close_organization(organization=body, reason="упразднена", by=SYSTEM, now=cast.NOW)
    registry.close_organization(organization=child, reason="закрыта", by=SYSTEM, now=cast.NOW)
    registry.close_organization(organization=body, reason="упразднена", by=SYSTEM, now=cast.NOW)
    assert not Organization.objects.filter(is_active=True).exists()


def test_who_was_closed_may_come_back() -> None:
    body = cast.school()
    with pytest.raises(registry.NotClosed):
        registry.reopen_organization(organization=body, reason="рано", by=SYSTEM, now=cast.NOW)
    registry.close_organization(organization=body, reason="ремонт", by=SYSTEM, now=cast.NOW)
    with pytest.raises(registry.ReasonNeeded):
        registry.reopen_organization(organization=body, reason="", by=SYSTEM, now=cast.NOW)
    registry.reopen_organization(organization=body, reason="открыта после ремонта", by=SYSTEM, now=cast.NOW)
    body.refresh_from_db()
    assert body.is_active


def test_four_spheres_do_not_fit() -> None:
    body = cast.school()
    with pytest.raises(IntegrityError, match="organization_three_spheres"), transaction.atomic():
        Organization.objects.filter(pk=body.pk).update(spheres=["a", "b", "c", "d"])
