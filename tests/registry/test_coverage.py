"""Plan and fact: what is counted, on which day, and in how many queries."""

from datetime import date, timedelta
from typing import Any

import pytest

from otklik.common.actor import SYSTEM
from otklik.registry import operations as registry
from otklik.registry.models import Municipality, OfficialPage, Organization, PageWeek
from otklik.registry.operations.coverage import CoverageLine, coverage, first_day
from tests import cast

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 18)
LAW = date(2022, 12, 1)


def _duty(body: Organization, network: str = "vk", status: str = "required", since: date = LAW) -> None:
    registry.set_obligation(
        organization=body,
        network=network,
        status=status,
        since=since,
        basis="решение",
        by=SYSTEM,
        now=cast.NOW,
    )


def _page(body: Organization, **fields: Any) -> OfficialPage:
    return cast.page(body, **{"opened_on": LAW} | fields)


def _one(**more: Any) -> CoverageLine:
    given: dict[str, Any] = {"on": ON, "by": "network"}
    lines = coverage(**given | more)
    assert len(lines) == 1
    return lines[0]


def test_a_line_counts_duties_and_how_they_are_met() -> None:
    bodies = [cast.school() for _ in range(5)]
    for body in bodies[:4]:
        _duty(body)
    _duty(bodies[4], status="exempt")
    _page(bodies[0], followers=100, component_connected=True,
          badge_status="confirmed", badge_type="gosorg", badge_confirmed_at=LAW)  # fmt: skip
    _page(bodies[1], followers=20)
    _page(bodies[4], followers=7)
    _page(bodies[2], kind="personal", person_name="Иван Петров", followers=1000)
    assert _one() == CoverageLine("vk", "ВКонтакте", 4, 1, 2, 1, 1, 120)
    assert (_one().missing, _one().share) == (2, 0.5)


def test_two_pages_in_a_network_meet_one_duty() -> None:
    body = cast.school()
    _duty(body)
    _page(body, followers=10)
    _page(body, followers=5)
    line = _one()
    assert (line.required, line.created, line.followers) == (1, 1, 15)


def test_a_page_counts_while_it_is_kept() -> None:
    body = cast.school()
    _duty(body, since=date(2023, 5, 1))
    _page(body, opened_on=date(2024, 3, 10), closed_on=date(2025, 1, 20), is_active=False)
    seen = {day: (line.required, line.created) for day in (
        date(2023, 5, 1), date(2024, 3, 9), date(2024, 3, 10), date(2025, 1, 19), date(2025, 1, 20),
    ) for line in [_one(on=day)]}  # fmt: skip
    assert list(seen.values()) == [(1, 0), (1, 0), (1, 1), (1, 1), (1, 0)]
    assert coverage(on=date(2023, 4, 30), by="network") == []


def test_a_page_without_days_counts_as_long_as_it_is_on() -> None:
    body = cast.school()
    _duty(body)
    page = _page(body)
    OfficialPage.objects.filter(pk=page.pk).update(opened_on=None)
    assert _one().created == 1
    OfficialPage.objects.filter(pk=page.pk).update(is_active=False)
    assert _one().created == 0


@pytest.mark.parametrize(
    ("badge", "counted"),
    [
        ({"badge_status": "confirmed", "badge_confirmed_at": date(2026, 11, 18)}, 1),
        ({"badge_status": "confirmed", "badge_confirmed_at": date(2026, 11, 19)}, 0),
        ({"badge_status": "lost", "badge_confirmed_at": LAW, "badge_lost_at": date(2026, 11, 19)}, 1),
        ({"badge_status": "lost", "badge_confirmed_at": LAW, "badge_lost_at": date(2026, 11, 18)}, 0),
        ({"badge_status": "requested"}, 0),
        ({"badge_status": "confirmed", "badge_type": "blue_tick", "badge_confirmed_at": LAW}, 0),
    ],
)
def test_a_badge_counts_on_the_days_it_was_there(badge: dict[str, Any], counted: int) -> None:
    body = cast.school()
    _duty(body)
    _page(body, **badge)
    assert _one().badged == counted


def test_an_organisation_that_is_no_more_owes_nothing() -> None:
    body = cast.school()
    _duty(body)
    registry.close_organization(organization=body, reason="закрыта", by=SYSTEM, now=cast.NOW)
    assert coverage(on=ON, by="network") == []


def _region() -> tuple[Municipality, Municipality]:
    first, second = cast.municipality(name="Ёлкинский район"), cast.municipality(name="Яровской район")
    for place, type_, sphere, number in (
        (first, "school", "education", 3), (first, "clinic", "health", 1), (second, "school", "education", 2),
    ):  # fmt: skip
        for _ in range(number):
            body = cast.body(level="institution", type=type_, spheres=[sphere, "other"], municipality=place)
            _duty(body)
            _duty(body, "ok")
    _duty(cast.body(type=""))
    return first, second


def test_lines_by_every_way_to_count() -> None:
    first, second = _region()
    counts = {
        by: [(line.key, line.label, line.required) for line in coverage(on=ON, by=by)]
        for by in ("network", "municipality", "sphere", "type", "level")
    }
    assert counts == {
        "network": [("vk", "ВКонтакте", 7), ("ok", "Одноклассники", 6)],
        "municipality": [
            (str(first.pk), "Ёлкинский район", 8), (str(second.pk), "Яровской район", 4), ("", "не указано", 1)
        ],
        "sphere": [("health", "Здравоохранение", 2), ("education", "Образование", 10), ("", "не указано", 1)],
        "type": [("clinic", "Поликлиники и больницы", 2), ("school", "Школы", 10), ("", "не указано", 1)],
        "level": [("regional", "регион", 1), ("institution", "учреждение", 12)],
    }  # fmt: skip
    assert [line.required for line in coverage(on=ON, by="type", network="ok")] == [1, 5]
    with pytest.raises(KeyError):
        coverage(on=ON, by="colour")


def test_figures_of_the_whole_region() -> None:
    body, other = cast.school(), cast.school()
    _duty(body)
    _duty(body, "ok")
    _page(body, followers=50)
    _page(other, kind="personal", person_name="Иван Петров", followers=70)
    found = registry.totals(on=ON)
    assert (found.line.required, found.line.created, found.organizations) == (2, 1, 1)
    assert (found.pages, found.personal, found.followers) == (2, 1, 120)
    assert registry.totals(on=ON, network="ok").followers == 0


def test_the_course_over_a_year_ends_with_today() -> None:
    body = cast.school()
    _duty(body, since=date(2026, 3, 15))
    _page(body, opened_on=date(2026, 5, 31))
    points = registry.coverage_over_time(until=ON, months=9)
    assert [point.on for point in points] == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30),
        date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31), ON,
    ]  # fmt: skip
    assert [(point.required, point.created) for point in points[:5]] == [
        (0, 0),
        (1, 0),
        (1, 0),
        (1, 1),
        (1, 1),
    ]
    assert first_day() == date(2026, 3, 15)


def test_the_gap_by_name() -> None:
    place = cast.municipality()
    here = cast.body("Школа № 5 «Исток»", level="institution", type="school", municipality=place,
                     spheres=["education", "sport"], ogrn="1027700132195", aliases="лицей исток")  # fmt: skip
    there, done, free = cast.body("Больница"), cast.school(), cast.school()
    for body in (here, there, done):
        _duty(body)
    _duty(here, "ok")
    _duty(free, status="exempt")
    _page(done)
    names = [(row.organization.name, row.network) for row in registry.gap_list()]
    assert names == [("Больница", "vk"), ("Школа № 5 «Исток»", "ok"), ("Школа № 5 «Исток»", "vk")]
    for given in (
        {"municipality": place.pk}, {"sphere": "sport"}, {"type": "school"}, {"search": "исток"}, {"search": "лицей"},
        {"search": "1027700132195"}, {"search": here.code.upper()},
    ):  # fmt: skip
        assert {row.organization for row in registry.gap_list(network="vk", **given)} == {here}, given
    assert registry.gap_list(search="нет такой").count() == 0
    assert registry.gap_list(on=LAW - timedelta(days=1)).count() == 0


def test_closing_the_page_opens_the_gap() -> None:
    body = cast.school()
    _duty(body)
    page = _page(body)
    assert registry.gap_list().count() == 0
    registry.close_page(page=page, reason="захвачена", by=SYSTEM, now=cast.NOW)
    assert [row.organization for row in registry.gap_list()] == [body]


def test_the_audience_by_weeks() -> None:
    assert registry.audience_over_time(weeks=4) == []
    one, other = cast.page(), cast.page(network="ok")
    monday = date(2026, 11, 16)
    for week in range(6):
        PageWeek.objects.create(page=one, monday=monday - timedelta(weeks=week), followers=100 - week)
    PageWeek.objects.create(page=other, monday=monday, followers=7)
    PageWeek.objects.create(page=other, monday=monday - timedelta(weeks=1), followers=None)
    found = registry.audience_over_time(weeks=3)
    assert [(each.monday, each.followers, each.pages) for each in found] == [
        (date(2026, 11, 2), 98, 1), (date(2026, 11, 9), 99, 1), (monday, 107, 2),
    ]  # fmt: skip
    assert [each.followers for each in registry.audience_over_time(weeks=1, network="ok")] == [7]
    # A week that has only begun does not look like a loss of half the audience.
    PageWeek.objects.create(page=one, monday=monday + timedelta(weeks=1), followers=101)
    assert [each.followers for each in registry.audience_over_time(weeks=3)] == [99, 107]


def test_the_number_of_queries_does_not_grow(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    _region()
    for by, number in (("network", 1), ("municipality", 2), ("sphere", 2), ("type", 2), ("level", 1)):
        with django_assert_num_queries(number):
            coverage(on=ON, by=by)
    with django_assert_num_queries(3):
        registry.totals(on=ON)
    with django_assert_num_queries(1):
        assert len({row.organization.municipality for row in registry.gap_list()}) == 3
