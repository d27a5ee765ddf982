"""Every gap with its norm and since when; page by page nothing is lost and nothing comes twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from otklik.common.actor import SYSTEM
from otklik.registry import operations as registry
from otklik.registry.models import CheckNorm, OfficialPage, Organization, PageCheck
from otklik.registry.operations import ComplianceFilter
from otklik.registry.operations.compliance import Gap
from tests import cast

pytestmark = pytest.mark.django_db
LAW = date(2022, 12, 1)


def _owes(body: Organization, network: str = "vk", since: date = LAW) -> None:
    registry.set_obligation(
        organization=body, network=network, status="required", since=since, by=SYSTEM, now=cast.NOW
    )


def _check(page: OfficialPage, code: str, since: datetime = cast.NOW, state: str = "gap") -> None:
    PageCheck.objects.create(
        page=page, code=code, state=state, found=f"нет: {code}", since=since, checked_at=cast.NOW
    )


def _all(limit: int = 2, **filters: Any) -> list[Gap]:
    found: list[Gap] = []
    cursor = ""
    while True:
        report = registry.compliance_report(filters=ComplianceFilter(**filters), cursor=cursor, limit=limit)
        assert len(report.lines) <= limit
        found += report.lines
        cursor = report.next_cursor
        if not cursor:
            return found


def _told(gaps: list[Gap]) -> list[tuple[date, str, str]]:
    return [(gap.since, gap.norm.code, gap.network) for gap in gaps]


def test_gaps_come_by_their_age_with_their_norms() -> None:
    cast.region()
    body = cast.school()
    page = cast.page(body, network="ok")
    _owes(body)
    # 20:00 of the 9th in London is the 10th in Novosibirsk.
    _check(page, "avatar", datetime(2026, 11, 9, 20, tzinfo=UTC))
    _check(page, "phone")
    _check(page, "cover", state="fine")
    _check(page, "email", state="unknown")
    report = registry.compliance_report(filters=ComplianceFilter())
    assert _told(report.lines) == [
        (LAW, "page", "vk"), (date(2026, 11, 10), "avatar", "ok"), (date(2026, 11, 18), "phone", "ok"),
    ]  # fmt: skip
    missing, avatar, _phone = report.lines
    assert (missing.page, missing.organization, "8-ФЗ" in missing.norm.act) == (None, body, True)
    assert (avatar.page, avatar.found, avatar.days(date(2026, 11, 18))) == (page, "нет: avatar", 8)
    assert [(each.norm.code, each.gaps) for each in report.counts] == [
        ("page", 1),
        ("phone", 1),
        ("avatar", 1),
    ]
    assert (report.total, report.next_cursor) == (3, "")


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_a_report_in_parts_is_the_whole_report(limit: int) -> None:
    cast.region()
    start = datetime(2022, 11, 30, 17, tzinfo=UTC)  # local midnight of the first of December
    for number in range(4):
        body = cast.school()
        _owes(body, since=LAW + timedelta(days=number % 2))
        _owes(body, "ok", since=LAW)
        other = cast.page(body, network="telegram")
        for code in ("avatar", "page", "widgets"):
            _check(other, code, start + timedelta(hours=number * 12))
    whole = registry.compliance_report(filters=ComplianceFilter(), limit=100).lines
    keys = [(gap.since, gap.organization.pk, gap.norm.code, gap.page, gap.network) for gap in whole]
    assert len(set(keys)) == len(keys) == 4 * 5
    parts = _all(limit)
    assert [(gap.since, gap.organization.pk, gap.norm.code, gap.page, gap.network) for gap in parts] == keys


def test_a_filter_narrows_lines_and_counts_alike() -> None:
    place, parent = cast.municipality(), cast.body("Управление")
    here = cast.school(place, parent=parent, spheres=["education"], aliases="лицей исток")
    there = cast.body("Больница", type="clinic", level="institution", spheres=["health"])
    for body, since in ((here, LAW), (there, date(2025, 1, 1))):
        _owes(body, since=since)
        _check(
            cast.page(body, network="ok"),
            "avatar",
            datetime(since.year, since.month, since.day, 9, tzinfo=UTC),
        )
    cases: list[tuple[dict[str, Any], int]] = [
        ({}, 4), ({"network": "vk"}, 2), ({"municipality": place.pk}, 2), ({"sphere": "health"}, 2),
        ({"type": "school"}, 2), ({"code": "avatar"}, 2), ({"code": "page"}, 2), ({"code": "cover"}, 0),
        ({"search": "исток"}, 2), ({"within": (parent.pk,)}, 2), ({"within": ()}, 0),
        ({"since_before": date(2024, 1, 1)}, 2), ({"code": "page", "network": "ok"}, 0),
    ]  # fmt: skip
    for given, number in cases:
        report = registry.compliance_report(filters=ComplianceFilter(**given))
        assert (len(report.lines), report.total) == (number, number), given


def test_what_is_closed_or_switched_off_breaks_nothing() -> None:
    body = cast.school()
    page = cast.page(body)
    _owes(body)
    _check(page, "avatar")
    CheckNorm.objects.filter(code="avatar").update(is_active=False)
    assert _all() == []
    CheckNorm.objects.filter(code="avatar").update(is_active=True)
    assert len(_all()) == 1
    registry.close_page(page=page, reason="захвачена", by=SYSTEM, now=cast.NOW)
    assert [gap.norm.code for gap in _all()] == ["page"]
    CheckNorm.objects.filter(code="page").update(is_active=False)
    report = registry.compliance_report(filters=ComplianceFilter())
    assert (report.lines, report.counts, report.total) == ([], [], 0)


@pytest.mark.parametrize(
    "cursor", ["x", "2026-01-01~1~page~0", "вчера~1~page~0~vk", "2026-01-01T00:00:00~я~page~0~vk"]
)
def test_a_broken_cursor_is_told(cursor: str) -> None:
    with pytest.raises(registry.BadCursor):
        registry.compliance_report(filters=ComplianceFilter(), cursor=cursor)


def test_a_report_is_read_in_few_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    cast.region()
    registry.working_calendar()
    for _ in range(8):
        body = cast.school(cast.municipality())
        _owes(body)
        _check(cast.page(body, network="ok"), "avatar")
    with django_assert_num_queries(6):
        report = registry.compliance_report(filters=ComplianceFilter())
        assert len({gap.organization.municipality for gap in report.lines}) == 8
    assert sum(each.gaps for each in registry.counts_by_norm(filters=ComplianceFilter())) == 16
