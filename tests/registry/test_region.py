"""The tree of bodies, pages, the region's calendar."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.channels.models import Connection
from otklik.common.actor import SYSTEM
from otklik.common.worktime import Span
from otklik.registry import operations as registry
from otklik.registry.models import CalendarDay, OfficialPage, Organization, Region, Settlement, Street
from tests import cast

pytestmark = pytest.mark.django_db


def _path(body: Organization) -> list[int]:
    return Organization.objects.get(pk=body.pk).path


def test_a_path_leads_from_the_root_to_the_body_itself() -> None:
    root = cast.body()
    middle = cast.body(parent=root)
    leaf = cast.school(parent=middle)
    assert _path(leaf) == [root.pk, middle.pk, leaf.pk]
    assert set(Organization.objects.subtree_of([middle.pk])) == {middle, leaf}
    assert set(Organization.objects.subtree_of([])) == set()


def test_many_bodies_are_added_at_once_in_any_order() -> None:
    root = cast.body(code="root")
    rows = [
        ("middle", _fields("leaf")),
        ("root", _fields("middle")),
        ("", _fields("alone")),
    ]
    made = registry.add_organizations(rows=rows, by=SYSTEM, now=cast.NOW)
    assert _path(made["leaf"]) == [root.pk, made["middle"].pk, made["leaf"].pk]
    assert _path(made["alone"]) == [made["alone"].pk]
    codes = AuditLine.objects.filter(
        subject_id__in=[each.pk for each in made.values()], verb="add_organization"
    )
    assert {line.details["code"] for line in codes} == {"leaf", "middle", "alone"}


def test_a_parent_that_nobody_knows_stops_the_whole_list() -> None:
    with pytest.raises(registry.UnknownParent):
        registry.add_organizations(
            rows=[("", _fields("one")), ("nowhere", _fields("two"))], by=SYSTEM, now=cast.NOW
        )
    assert not Organization.objects.filter(code="one").exists()


def _fields(code: str) -> dict[str, str]:
    return {"code": code, "name": code, "short_name": code, "level": "institution"}


def test_a_body_moves_with_everything_below_it() -> None:
    old, new = cast.body(), cast.body()
    middle = cast.body(parent=old)
    leaf = cast.school(parent=middle)
    registry.move_organization(organization=middle, parent=new, by=cast.dispatcher().actor, now=cast.NOW)
    assert _path(leaf) == [new.pk, middle.pk, leaf.pk]
    assert Organization.objects.get(pk=middle.pk).parent == new
    assert AuditLine.objects.get(verb="move_organization").details["parent"] == new.pk


def test_a_body_may_become_a_root() -> None:
    middle = cast.body(parent=cast.body())
    registry.move_organization(organization=middle, parent=None, by=cast.dispatcher().actor, now=cast.NOW)
    assert _path(middle) == [middle.pk]


def test_a_body_is_not_below_itself() -> None:
    root = cast.body()
    leaf = cast.body(parent=cast.body(parent=root))
    by = cast.dispatcher().actor
    for parent in (root, leaf):
        with pytest.raises(registry.WouldLoop):
            registry.move_organization(organization=root, parent=parent, by=by, now=cast.NOW)


def test_a_parent_that_moved_meanwhile_makes_no_loop() -> None:
    one, other = cast.body(), cast.body()
    stale = Organization.objects.get(pk=other.pk)
    by = cast.dispatcher().actor
    registry.move_organization(organization=other, parent=one, by=by, now=cast.NOW)
    with pytest.raises(registry.WouldLoop):
        registry.move_organization(organization=one, parent=stale, by=by, now=cast.NOW)


def test_there_is_one_region() -> None:
    first = cast.region()
    with pytest.raises(IntegrityError, match="region_is_one"), transaction.atomic():
        Region.objects.create(name="Другая", code="55", calendar=first.calendar)
    with pytest.raises(IntegrityError, match="region_only_true"), transaction.atomic():
        Region.objects.filter(pk=first.pk).update(only=False)


def test_the_calendar_of_the_region_counts_in_its_own_zone() -> None:
    region = cast.region()
    cast.day_off(region.calendar, cast.NOW + timedelta(days=1))
    CalendarDay.objects.create(
        calendar=region.calendar,
        date=cast.NOW.date() + timedelta(days=2),
        spans=[["09:00", "12:00"]],
        note="короткий",
    )
    calendar = registry.working_calendar()
    assert calendar.tz == cast.ZONE
    assert calendar.spans_of(cast.NOW.date() + timedelta(days=1)) == ()
    assert calendar.spans_of(cast.NOW.date() + timedelta(days=2)) == (Span(time(9), time(12)),)
    # Wednesday 17:00: an hour today, nothing on the holiday, three hours on the short Friday, the rest on Monday.
    evening = datetime(2026, 11, 18, 17, tzinfo=cast.ZONE)
    assert calendar.add(evening, timedelta(hours=5)) == datetime(2026, 11, 23, 10, tzinfo=cast.ZONE)


def test_the_calendar_is_the_same_from_the_cache() -> None:
    cast.region()
    assert registry.working_calendar() == registry.working_calendar()


def test_without_a_region_the_plain_week_of_moscow_counts() -> None:
    assert registry.region() is None
    assert registry.working_calendar().tz.key == "Europe/Moscow"


def test_an_outline_says_whether_it_is_a_true_boundary() -> None:
    place, by = cast.municipality(), cast.dispatcher().actor
    shape = {"type": "Polygon", "coordinates": [[[82, 55], [83, 55], [83, 56], [82, 55]]]}
    registry.set_shape(municipality=place, shape=shape, schematic=False, by=by, now=cast.NOW)
    place.refresh_from_db()
    assert (place.shape, place.shape_is_schematic) == (shape, False)


def test_a_page_is_added_with_a_line() -> None:
    page = cast.page()
    line = AuditLine.objects.get(verb="add_page")
    assert (line.subject_id, line.details) == (page.pk, {"network": "vk", "external_id": page.external_id})


def test_many_pages_are_added_at_once_with_a_line_each() -> None:
    body = cast.body()
    rows = [
        (body, {"network": "vk", "external_id": number, "title": number, "url": "https://vk.com"})
        for number in "12"
    ]
    made = registry.add_pages(rows=rows, by=SYSTEM, now=cast.NOW)
    assert set(body.pages.all()) == set(made)
    lines = AuditLine.objects.filter(verb="add_page").order_by("pk")
    assert [line.details["external_id"] for line in lines] == ["1", "2"]


BROKEN: dict[str, Any] = {
    "page_external_unique": lambda: [
        OfficialPage.objects.create(organization=cast.body(), network="vk", external_id="5") for _ in range(2)],
    "calendar_day_unique": lambda: [cast.day_off(cast.region().calendar, cast.NOW),
                                    cast.day_off(registry.region().calendar, cast.NOW)],  # type: ignore[union-attr]
    "settlement_unique": lambda: [Settlement.objects.create(municipality=place, name="Лесное", kind="село")
                                  for place in [cast.municipality()] * 2],
    "street_unique": lambda: [Street.objects.create(settlement=place, name="Лесная", kind="улица")
                              for place in [Settlement.objects.create(municipality=cast.municipality(), name="Лесное")]
                              for _ in range(2)],
    "connection_external_unique": lambda: [
        Connection.objects.create(page=cast.page(), network="vk", external_id="5") for _ in range(2)],
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_promise_holds(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BROKEN[name]()
