"""Official pages: what they may hold, the way of a badge, closing and opening."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.registry import operations as registry
from otklik.registry.models import FieldChange, OfficialPage
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def _changes(page: OfficialPage) -> dict[str, tuple[Any, Any]]:
    rows = FieldChange.objects.filter(subject_type="registry.officialpage", subject_id=page.pk).exclude(
        field=""
    )
    return {row.field: (row.old, row.new) for row in rows.order_by("pk")}


def test_a_page_counts_from_the_local_day_it_was_entered() -> None:
    cast.region()
    # 23:30 of the 17th in London is the 18th in Novosibirsk.
    late = cast.NOW.replace(day=17, hour=23, minute=30)
    body = cast.school()
    fields = {"network": "vk", "external_id": "5", "title": "Школа", "url": "https://vk.com/club5"}
    page = registry.add_page(organization=body, by=SYSTEM, now=late, **fields)
    assert page.opened_on == TODAY
    row = FieldChange.objects.get(subject_type="registry.officialpage")
    assert (row.field, row.organization_id, row.new["title"]) == ("", body.pk, "Школа")
    told = cast.page(body, opened_on=date(2023, 1, 9))
    assert told.opened_on == date(2023, 1, 9)


def test_a_number_in_a_network_is_one_page() -> None:
    page, other = cast.page(external_id=5), cast.page(external_id=6)
    cast.page(external_id=5, network="ok")
    with pytest.raises(registry.BadValue, match="уже есть"):
        cast.page(external_id=5)
    with pytest.raises(registry.BadValue, match="уже есть"):
        registry.change_page(page=other, changes={"external_id": "5"}, by=SYSTEM, now=cast.NOW)
    registry.change_page(page=page, changes={"external_id": "5", "title": "Та же"}, by=SYSTEM, now=cast.NOW)
    rows = [
        (page.organization, {"network": "vk", "external_id": "9", "title": "а", "url": "https://vk.com/a"})
    ] * 2
    with pytest.raises(registry.BadValue, match="уже есть"):
        registry.add_pages(rows=rows, by=SYSTEM, now=cast.NOW)


def test_a_page_changes_with_its_history() -> None:
    page = cast.page()
    changed = registry.change_page(
        page=page,
        changes={"title": " Новое  имя ", "tier": "flagship", "followers": "120"},
        by=cast.account().actor,
        now=cast.NOW,
        reason="переименована",
        import_id=2,
    )
    assert (changed.title, changed.tier, changed.followers) == ("Новое имя", "flagship", 120)
    assert _changes(page) == {
        "title": (page.title, "Новое имя"),
        "tier": ("active", "flagship"),
        "followers": (None, 120),
    }
    assert AuditLine.objects.get(verb="change_page").details == {
        "fields": ["followers", "tier", "title"],
        "import": 2,
    }


def test_a_personal_page_says_whose_it_is() -> None:
    with pytest.raises(registry.BadValue) as told:
        cast.page(kind="personal")
    assert told.value.field == "person_name"
    page = cast.page(kind="personal", person_name="Иван Петров")
    with pytest.raises(registry.BadValue):
        registry.change_page(page=page, changes={"person_name": ""}, by=SYSTEM, now=cast.NOW)
    page.refresh_from_db()
    assert page.person_name == "Иван Петров"
    with pytest.raises(IntegrityError, match="page_personal_has_name"), transaction.atomic():
        OfficialPage.objects.filter(pk=page.pk).update(person_name="")


def test_many_pages_change_at_once() -> None:
    pages = [cast.page() for _ in range(30)]
    rows = [(page, {"component_connected": number % 2 == 0}) for number, page in enumerate(pages)]
    registry.change_pages(rows=rows, by=SYSTEM, now=cast.NOW)
    assert OfficialPage.objects.filter(component_connected=True).count() == 15
    assert AuditLine.objects.filter(verb="change_page").count() == 15


def test_a_badge_from_its_request_to_its_loss_and_back() -> None:
    page, by = cast.page(), cast.account().actor
    registry.set_badge(page=page, status="requested", by=by, now=cast.NOW)
    with pytest.raises(registry.EvidenceNeeded):
        registry.set_badge(page=page, status="confirmed", by=by, now=cast.NOW, evidence=" ")
    seen = registry.set_badge(
        page=page, status="confirmed", on=date(2026, 11, 1), evidence="снимок экрана", by=by, now=cast.NOW
    )
    assert (seen.badge_type, seen.badge_confirmed_at, seen.badge_evidence) == (
        "gosorg",
        date(2026, 11, 1),
        "снимок экрана",
    )
    lost = registry.set_badge(page=page, status="lost", by=by, now=cast.NOW, reason="сменили название")
    assert (lost.badge_status, lost.badge_lost_at, lost.badge_confirmed_at) == (
        "lost",
        TODAY,
        date(2026, 11, 1),
    )
    registry.set_badge(page=page, status="requested", by=by, now=cast.NOW)
    back = registry.set_badge(
        page=page, status="confirmed", evidence="снова есть", by=by, now=cast.after(days=3)
    )
    assert (back.badge_confirmed_at, back.badge_lost_at) == (date(2026, 11, 21), None)
    states = FieldChange.objects.filter(subject_id=page.pk, field="badge_status").order_by("pk")
    assert [row.new for row in states] == ["requested", "confirmed", "lost", "requested", "confirmed"]
    assert AuditLine.objects.filter(verb="set_badge").count() == 5


def test_a_badge_makes_no_leap() -> None:
    page = cast.page()
    for status in ("lost", "wonderful"):
        with pytest.raises(registry.IllegalBadgeMove):
            registry.set_badge(page=page, status=status, by=SYSTEM, now=cast.NOW)
    with pytest.raises(registry.BadValue):
        registry.set_badge(page=page, status="requested", type="star", by=SYSTEM, now=cast.NOW)


def test_the_system_confirms_what_it_sees_and_seeing_it_again_moves_no_day() -> None:
    page = cast.page()
    registry.set_badge(page=page, status="confirmed", by=SYSTEM, now=cast.NOW)
    again = registry.set_badge(page=page, status="confirmed", by=SYSTEM, now=cast.after(days=9))
    assert again.badge_confirmed_at == TODAY
    assert AuditLine.objects.filter(verb="set_badge").count() == 1


def test_a_request_may_be_refused() -> None:
    page = cast.page()
    registry.set_badge(page=page, status="requested", by=SYSTEM, now=cast.NOW)
    refused = registry.set_badge(
        page=page, status="none", by=SYSTEM, now=cast.NOW, reason="нет кабинета организации"
    )
    assert (refused.badge_status, refused.badge_type) == ("none", "")


def test_badges_of_many_pages() -> None:
    pages = [cast.page() for _ in range(25)]
    registry.set_badges(rows=[registry.Badge(page, "requested") for page in pages], by=SYSTEM, now=cast.NOW)
    assert OfficialPage.objects.filter(badge_status="requested").count() == 25


def test_a_confirmed_badge_has_a_day() -> None:
    page = cast.page()
    with pytest.raises(IntegrityError, match="page_badge_has_date"), transaction.atomic():
        OfficialPage.objects.filter(pk=page.pk).update(badge_status="confirmed")


def test_a_page_is_closed_with_a_reason_and_opened_again() -> None:
    page = cast.page()
    with pytest.raises(registry.ReasonNeeded):
        registry.close_page(page=page, reason="", by=SYSTEM, now=cast.NOW)
    with pytest.raises(registry.NotClosed):
        registry.reopen_page(page=page, reason="рано", by=SYSTEM, now=cast.NOW)
    shut = registry.close_page(page=page, reason="захвачена", by=SYSTEM, now=cast.NOW)
    assert (shut.is_active, shut.closed_on) == (False, TODAY)
    with pytest.raises(registry.AlreadyClosed):
        registry.close_page(page=page, reason="захвачена", by=SYSTEM, now=cast.NOW)
    with pytest.raises(registry.ReasonNeeded):
        registry.reopen_page(page=page, reason=" ", by=SYSTEM, now=cast.NOW)
    back = registry.reopen_page(page=page, reason="вернули", by=SYSTEM, now=cast.after(days=1))
    assert (back.is_active, back.closed_on) == (True, None)
    assert _changes(page)["closed_on"] == ("2026-11-18", None)
