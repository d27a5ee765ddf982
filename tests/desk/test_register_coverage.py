"""Coverage and compliance at the desk: true figures on any day, each open to its list, files without formulas."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from otklik.common.sheets import Sheet
from otklik.desk import charts, coverage
from otklik.desk.sheets import xlsx
from otklik.people.models import Account
from otklik.registry.models import Organization, PageCheck, PageObligation, PageWeek
from otklik.registry.operations.coverage import CoverageLine
from otklik.registry.operations.reference import load_reference
from tests import cast

pytestmark = pytest.mark.django_db
LONG_AGO = date(2023, 3, 1)
ALL = ("coverage", "coverage_gaps", "coverage_press", "compliance")
FILES = ("coverage_xlsx", "coverage_gaps_xlsx", "compliance_xlsx")


@pytest.fixture(autouse=True)
def _set_up(db: None) -> Iterator[None]:
    cast.region()
    load_reference()
    with time_machine.travel(cast.NOW, tick=False):
        yield


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str) -> str:
    return reverse(f"desk:register_{name}")


def duty(of: Organization, network: str = "vk", since: date = LONG_AGO) -> PageObligation:
    return PageObligation.objects.create(organization=of, network=network, status="required", since=since)


@pytest.fixture
def city() -> Organization:
    """A city with three schools: one has a page since May, two have none; and a ministry with a page of its own."""
    place = cast.municipality(name="Городской округ Северск", short_name="Северск")
    city = cast.administration(place)
    for number in range(3):
        school = cast.school(place, parent=city, short_name=f"Школа {number}", spheres=["education", "sport"])
        duty(school)
        if number == 0:
            cast.page(school, opened_on=date(2026, 5, 10), followers=500)
    ministry = cast.body("Минздрав", spheres=["health"])
    duty(ministry)
    cast.page(ministry, opened_on=date(2024, 1, 1), followers=1000)
    return city


def test_plan_and_fact_are_those_of_the_day_and_open_to_their_gaps(city: Organization) -> None:
    client = browser(cast.account("methodist"))
    today = client.get(address("coverage"))
    (line,) = today.context["lines"]
    assert (line.line.required, line.line.created, line.share, line.tone) == (4, 2, 50, "warn")
    assert client.get(f"{address('coverage_gaps')}?{line.gaps}").context["page"].paginator.count == 2
    past = client.get(address("coverage"), {"on": "2026-05-01"})
    (line,) = past.context["lines"]
    assert (line.line.required, line.line.created) == (4, 1)
    gaps = client.get(f"{address('coverage_gaps')}?{line.gaps}")
    assert [row.organization.short_name for row in gaps.context["page"]] == ["Школа 0", "Школа 1", "Школа 2"]


@pytest.mark.parametrize("by", list(coverage.DIMENSIONS))
def test_every_figure_of_a_gap_is_the_length_of_its_list(by: str, city: Organization) -> None:
    client = browser(cast.account("viewer"))
    lines = client.get(address("coverage"), {"by": by}).context["lines"]
    assert sum(line.line.missing for line in lines) == 2
    for line in lines:
        if line.gaps:
            listed = client.get(f"{address('coverage_gaps')}?{line.gaps}").context["page"].paginator.count
            assert listed == line.line.missing


def test_a_body_sees_its_own_subtree_only(city: Organization) -> None:
    client = browser(cast.account("body_head", organization=city))
    shown = client.get(address("coverage"))
    assert shown.context["totals"].line.required == 3
    assert shown.context["points"][-1].required == 3
    assert client.get(address("coverage_gaps")).context["page"].paginator.count == 2
    page = Organization.objects.get(short_name="Минздрав").pages.get()
    PageCheck.objects.create(page=page, code="phone", state="gap", since=cast.NOW, checked_at=cast.NOW)
    PageWeek.objects.create(page=page, monday=date(2026, 11, 9), followers=1000)
    assert client.get(address("compliance")).context["report"].total == 2
    assert client.get(address("coverage")).context["audience_points"] == []
    assert browser(cast.account("viewer")).get(address("compliance")).context["report"].total == 3


@pytest.mark.parametrize("name", ALL + FILES)
def test_who_runs_one_page_has_no_tables_of_the_region(name: str) -> None:
    assert browser(cast.account("page_admin", page=cast.page())).get(address(name)).status_code == 403
    assert browser(cast.account("live_host")).get(address(name)).status_code == 403


@pytest.mark.parametrize("name", ALL + FILES)
def test_an_empty_register_and_an_odd_address_are_answered(name: str) -> None:
    client = browser(cast.account("methodist"))
    odd = {
        "on": "2026-99-99",
        "by": "\0",
        "network": "x",
        "municipality": "²",
        "after": "zz",
        "page": "-4",
        "type": "'",
    }
    assert client.get(address(name)).status_code == 200
    assert client.get(address(name), odd).status_code == 200
    assert client.get(address(name), {"on": "3000-01-01", "q": "%"}).status_code == 200


def test_a_gap_is_reported_with_its_norm_and_its_age_and_the_report_goes_on(city: Organization) -> None:
    page = Organization.objects.get(short_name="Школа 0").pages.get()
    for number in range(60):
        other = cast.page(page.organization)
        since = cast.NOW - timedelta(days=number)
        PageCheck.objects.create(
            page=other, code="phone", state="gap", found="Нет", since=since, checked_at=cast.NOW
        )
    client = browser(cast.account("methodist"))
    first = client.get(address("compliance"))
    report = first.context["report"]
    assert report.total == 62
    # Duties without a page have stood since the law began to hold here.
    assert [gap.since for gap in report.lines[:2]] == [LONG_AGO, LONG_AGO]
    second = client.get(address("compliance"), {"after": report.next_cursor})
    assert len(report.lines) + len(second.context["report"].lines) == 62
    only = client.get(address("compliance"), {"code": "phone", "q": "Школа 0"})
    assert [each.gaps for each in only.context["report"].counts] == [60]
    assert (
        report.counts[0][0] is not None if isinstance(report.counts[0], tuple) else report.counts[0].gaps == 2
    )
    assert only.context["report"].lines[0].norm.act in only.content.decode()


def sheet_of(response: Any, number: int = 0) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.worksheets[number].iter_rows(values_only=True))


def test_the_files_hold_what_the_pages_show(city: Organization) -> None:
    client = browser(cast.account("methodist"))
    plan = sheet_of(client.get(address("coverage_xlsx"), {"by": "municipality"}))
    assert plan[1][:3] == ("Муниципалитет", "План", "Есть")
    assert ("Городской округ Северск", 3, 1, 33, 2) in {row[:5] for row in plan}
    months = sheet_of(client.get(address("coverage_xlsx")), 1)
    assert len(months) == 14
    gaps = sheet_of(client.get(address("coverage_gaps_xlsx"), {"municipality": str(city.municipality_id)}))
    assert len(gaps) == 3
    broken = sheet_of(client.get(address("compliance_xlsx")), 1)
    assert len(broken) == 3
    assert broken[1][3] == "страницы нет"


def test_what_people_wrote_is_never_a_formula_of_a_file() -> None:
    evil = [
        "=cmd|'/c calc'!A1",
        "+7 383 222",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "обычный",
        "с\x07нулём",
        "x" * 40_000,
    ]
    rows = [[text, 5, date(2026, 1, 2), None] for text in evil]
    response = xlsx("t.xlsx", [Sheet("=Лист", [("=заголовок", 10), ("б", 5), ("в", 5), ("г", 5)], rows)])
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[arg-type]
    cells = [row[0] for row in book.worksheets[0].iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells[:6])
    assert not cells[6].quotePrefix
    assert cells[7].value == "снулём"
    assert book.worksheets[0]["B2"].value == 5


def test_the_sheet_for_the_press_says_three_figures_and_keeps_to_one_page() -> None:
    lines = [
        coverage.line_of(CoverageLine(str(at), f"тип {at}", 100 - at, 0, 1, 0, 0, 7)) for at in range(60)
    ]
    columns = coverage.for_press(lines)
    assert len(columns) == 2
    assert sum(map(len, columns)) == coverage.MOST_ON_PAPER
    rest = columns[1][-1].line
    assert rest.label == "остальные"
    assert sum(line.line.required for column in columns for line in column) == sum(range(41, 101))
    assert coverage.for_press(lines[:14]) == [lines[:14]]
    response = browser(cast.account("viewer")).get(address("coverage_press"))
    assert "Сибирская область" in response.content.decode()


@pytest.mark.parametrize("name", ALL)
def test_pages_of_coverage_ask_the_database_as_often_for_many_as_for_few(
    name: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        place = cast.municipality()
        for _school in range(12):
            school = cast.school(place)
            duty(school)
            page = cast.page(school, network="ok")
            PageCheck.objects.create(
                page=page, code="phone", state="gap", since=cast.NOW, checked_at=cast.NOW
            )
    client = browser(cast.account("methodist"))
    client.get(address(name), {"by": "municipality"})
    with django_assert_max_num_queries(12):
        client.get(address(name), {"by": "municipality"})


@given(st.lists(st.none() | st.floats(0, 1e8), min_size=1, max_size=40))
def test_a_chart_stays_within_its_frame(row: list[float | None]) -> None:
    chart = charts.line_chart("x", [str(at) for at in range(len(row))], [("ряд", row)])
    places = [part for line in chart.lines for pair in line.points.split() for part in pair.split(",")]
    assert all(-0.01 <= float(place) <= 100.01 for place in places)
    assert len(chart.levels) <= 6
    assert len({mark.label for mark in chart.levels}) == len(chart.levels)


def test_a_chart_says_the_first_and_the_last_value_at_the_line() -> None:
    chart = charts.line_chart(
        "x", ["а", "б", "в"], [("есть", [10, None, 1234]), ("план", [None, None, None])]
    )
    (line,) = chart.lines
    assert [dot.label for dot in line.dots] == ["10", "1\N{NARROW NO-BREAK SPACE}234"]
    assert [bar.label for bar in charts.bars([("а", 80, "ok"), ("б", None, "muted")])] == ["80", "—"]
