"""Production calendars out of files and out of the library, and bodies with working time of their own."""

import io
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.common.worktime import OFFICE_DAY, Span
from otklik.registry import operations as registry
from otklik.registry.models import CalendarDay, FieldChange, WorkCalendar
from otklik.registry.production_calendars import read_calendar
from otklik.registry.rules.calendars import checked_week, hours_of, spans_of, week_of
from tests import cast

REAL = Path(__file__).resolve().parents[3] / "shared/data/reference/calendar_ru"
DAYS = """
<day d="02.23" t="1" h="3"/>
<day d="04.30" t="2"/>
<day d="06.15" t="1" f="06.20"/>
<day d="06.20" t="3"/>"""


def xml(days: str = DAYS, year: str = "2026") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<calendar year="{year}" lang="ru">
<holidays><holiday id="3" title="День защитника Отечества"/></holidays>
<days>{days}
</days></calendar>""".encode()


def load(content: bytes, **given: bool) -> registry.Loaded:
    calendar = registry.region() or cast.region()
    return registry.load_calendar(
        calendar=calendar.calendar, content=content, by=SYSTEM, now=cast.NOW, **given
    )


def wrongs(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(registry.BadCalendarFile) as caught:
        read_calendar(content)
    return [(each.line, each.reason % each.params) for each in caught.value.wrongs]


def test_a_year_is_read_with_its_moved_and_shortened_days() -> None:
    year, days = read_calendar(xml())
    assert year == 2026
    off, short, moved, worked = days
    assert (off.date, off.is_off, off.note) == (date(2026, 2, 23), True, "День защитника Отечества")
    assert (short.hours_less, short.is_off) == (1, False)
    assert (moved.is_off, moved.note) == (True, "Выходной, перенесён с 20.06")
    assert (worked.is_off, worked.hours_less, worked.instead_of) == (False, 0, date(2026, 6, 15))


@pytest.mark.parametrize(
    ("days", "line", "why"),
    [
        ('\n<day d="02.30" t="1"/>', 5, "Нет такого дня: «02.30»"),
        ('\n<day d="2.3" t="1"/>', 5, "Нет такого дня"),
        ('\n\n<day d="02.23" t="7"/>', 6, "Вид дня"),
        ('\n<day d="02.23" t="1" h="9"/>', 5, "Праздника с номером «9»"),
        ('\n<day d="02.23" t="1"/>\n<day d="02.23" t="2"/>', 6, "уже был в строке 5"),
        ('\n<day d="06.15" t="1" f="13.01"/>', 5, "«13.01»"),
        ('\n<day d="02.23" t="1"', 6, "разметка нарушена"),
        ("", 1, "ни одного дня"),
    ],
)
def test_a_wrong_line_is_named(days: str, line: int, why: str) -> None:
    ((found, reason),) = wrongs(xml(days))
    assert found == line
    assert why in reason


def test_every_wrong_line_is_named_at_once() -> None:
    assert [line for line, _why in wrongs(xml('\n<day d="02.30" t="1"/>\n<day d="02.23" t="0"/>'))] == [5, 6]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "разметка"),
        (b"\x00\xff", "разметка"),
        (b"<html/>", "не с <calendar"),
        (xml(year="26"), "Непонятный год"),
        (xml(year="٢٠٢٦"), "Непонятный год"),
        (b'<!DOCTYPE calendar [<!ENTITY a "b">]>' + xml(year="2026")[39:], "DTD"),
        (xml("<day d='01.01' t='1'/>" * 60_000), "слишком большой"),
        (b'<?xml version="1.0" encoding="no-such"?><calendar/>', "разметка"),
    ],
)
def test_what_is_no_calendar_is_refused(content: bytes, why: str) -> None:
    assert why in wrongs(content)[0][1]


@given(st.binary(max_size=300) | st.text(max_size=200).map(xml))
def test_nothing_breaks_the_reading(content: bytes) -> None:
    with suppress(registry.BadCalendarFile):
        assert read_calendar(content).days


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/reference/calendar_ru is absent")
@pytest.mark.parametrize(
    ("year", "hours"), [(2019, 1970), (2022, 1973), (2023, 1973), (2024, 1979), (2025, 1972), (2026, 1972)]
)
@pytest.mark.django_db
def test_published_years_have_their_published_hours(year: int, hours: int) -> None:
    load((REAL / f"{year}.xml").read_bytes())
    start, end = (datetime(each, 1, 1, tzinfo=cast.ZONE) for each in (year, year + 1))
    assert registry.working_calendar().between(start, end) == timedelta(hours=hours)


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/reference/calendar_ru is absent")
@pytest.mark.django_db
def test_the_library_knows_all_but_days_of_decrees() -> None:
    calendar = cast.region().calendar
    registry.fill_calendar(calendar=calendar, first=2019, last=2026, by=SYSTEM, now=cast.NOW)
    differ = {}
    for path in sorted(REAL.glob("*.xml")):
        done = load(path.read_bytes())
        differ[done.year] = (done.added + done.changed, done.others)
    # Non-working days by decrees of the President in the two years of the epidemic are in no library.
    assert differ == dict.fromkeys(range(2019, 2027), (0, 0)) | {2020: (40, 0), 2021: (9, 0)}


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing() -> None:
    assert load(xml()) == registry.Loaded(2026, added=4)
    days, lines = list(CalendarDay.objects.order_by("pk").values()), AuditLine.objects.count()
    assert load(xml()) == registry.Loaded(2026, same=4)
    assert list(CalendarDay.objects.order_by("pk").values()) == days
    assert AuditLine.objects.count() == lines
    assert AuditLine.objects.get(verb="load_calendar").details["year"] == 2026


@pytest.mark.django_db
def test_a_corrected_file_changes_what_differs_and_leaves_the_rest_unless_told() -> None:
    load(xml())
    corrected = xml('\n<day d="02.23" t="2"/>\n<day d="04.30" t="2"/>')
    assert load(corrected) == registry.Loaded(2026, changed=1, same=1, others=2)
    assert registry.working_calendar().spans_of(date(2026, 2, 23)) == (
        *OFFICE_DAY[:1],
        Span(time(14), time(17)),
    )
    assert load(corrected, exact=True) == registry.Loaded(2026, same=2, removed=2)
    assert CalendarDay.objects.count() == 2


@pytest.mark.django_db
def test_a_file_with_a_wrong_line_writes_nothing() -> None:
    with pytest.raises(registry.BadCalendarFile):
        load(xml(DAYS + '<day d="12.40" t="1"/>'))
    assert not CalendarDay.objects.exists()


@pytest.mark.django_db
def test_a_loaded_day_counts_at_once() -> None:
    cast.region()
    before = registry.working_calendar()
    assert before.spans_of(date(2026, 2, 23)) == OFFICE_DAY
    load(xml())
    assert registry.working_calendar().spans_of(date(2026, 2, 23)) == ()
    assert registry.working_calendar().spans_of(date(2026, 6, 20)) == OFFICE_DAY


def test_a_special_day_keeps_the_hours_of_its_own_week() -> None:
    week = week_of("пн-чт 8:00-12:00 13:00-17:15; пт 8:00-12:00 13:00-16:00")
    saturday, friday = date(2026, 6, 20), date(2026, 6, 19)
    kept = {"week": week, "is_off": False}
    assert hours_of(friday, hours_less=1, instead_of=None, **kept) == [["08:00", "12:00"], ["13:00", "15:00"]]
    assert hours_of(saturday, hours_less=0, instead_of=friday, **kept) == week["4"]
    assert hours_of(saturday, hours_less=0, instead_of=None, **kept) == week["0"]


@pytest.mark.parametrize(
    ("text", "days", "first"),
    [
        ("пн-пт 9:00-13:00 14:00-18:00; сб 10:00–14:00", 6, [["09:00", "13:00"], ["14:00", "18:00"]]),
        ("ПН-ВС 00:00-24:00", 7, [["00:00", "00:00"]]),
        ("круглосуточно", 7, [["00:00", "00:00"]]),
    ],
)
def test_a_week_is_written_as_people_say_it(text: str, days: int, first: list[list[str]]) -> None:
    week = week_of(text)
    assert len(week) == days
    assert week["0"] == first
    assert checked_week(week) == week
    assert spans_of(first)


@pytest.mark.parametrize(
    "text",
    ["", "пн", "пт-пн 9:00-18:00", "завтра 9:00-18:00", "пн 9-18", "пн 9:00-25:00", "пн 18:00-9:00",
     "пн 9:00-14:00 13:00-18:00", "пн 9:00-18:00; пн-вт 9:00-18:00", "пн 9:70-18:00"],
)  # fmt: skip
def test_a_week_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(registry.BadValue) as caught:
        week_of(text)
    assert caught.value.field == "week"


@given(st.text(max_size=60))
def test_any_words_make_a_week_or_a_reason(text: str) -> None:
    with suppress(registry.BadValue):
        assert week_of(text)


def night_shift(**fields: str) -> WorkCalendar:
    week = week_of("пн-вс 20:00-24:00")
    given = {"name": "Ночные", "timezone": "Asia/Omsk"} | fields
    return registry.save_calendar(week=week, by=SYSTEM, now=cast.NOW, **given)


@pytest.mark.django_db
def test_a_calendar_is_saved_once_and_changed_by_its_name() -> None:
    made = night_shift()
    assert night_shift() == made
    assert AuditLine.objects.filter(verb="save_calendar").count() == 1
    assert night_shift(timezone="Asia/Tomsk").pk == made.pk
    assert AuditLine.objects.filter(verb="save_calendar").count() == 2
    with pytest.raises(registry.BadValue, match="часового пояса"):
        night_shift(timezone="../etc")
    with pytest.raises(registry.BadValue, match="рабочего часа"):
        registry.save_calendar(name="Пустой", timezone="Asia/Omsk", week={"0": []}, by=SYSTEM, now=cast.NOW)
    with pytest.raises(registry.BadValue, match="по порядку"):
        registry.save_calendar(name="Кривой", timezone="Asia/Omsk", week={"0": 5}, by=SYSTEM, now=cast.NOW)


@pytest.mark.django_db
def test_a_body_works_by_its_own_calendar_and_so_do_those_below_it() -> None:
    cast.region()
    root = cast.body()
    service = cast.body(parent=root)
    crew = cast.body(parent=service)
    by = cast.dispatcher().actor
    registry.give_calendar(organization=service, calendar=night_shift(), by=by, now=cast.NOW)
    night = registry.working_calendar_of(service.pk)
    assert night.tz.key == "Asia/Omsk"
    assert registry.working_calendar_of(crew.pk) is night
    for other in (root.pk, None, 0):
        assert registry.working_calendar_of(other) is registry.working_calendar()
    assert AuditLine.objects.get(verb="give_calendar").subject_id == service.pk
    assert FieldChange.objects.filter(field="calendar").count() == 1
    registry.give_calendar(organization=service, calendar=None, by=by, now=cast.NOW)
    assert registry.working_calendar_of(crew.pk) is registry.working_calendar()


@pytest.mark.django_db
def test_a_calendar_asked_for_again_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast.region()
    service = cast.body()
    bodies = [cast.body(parent=service).pk for _ in range(20)]
    registry.give_calendar(organization=service, calendar=night_shift(), by=SYSTEM, now=cast.NOW)
    with django_assert_num_queries(4):
        found = {registry.working_calendar_of(pk) for pk in bodies}
    assert len(found) == 1
    with django_assert_num_queries(2):
        registry.working_calendar()
    with django_assert_num_queries(0):
        assert all(registry.working_calendar_of(pk) in found for pk in bodies)
        assert registry.working_calendar() is registry.working_calendar()


@pytest.mark.django_db
def test_rows_that_did_not_change_give_the_value_that_was() -> None:
    cast.region()
    before = registry.working_calendar()
    registry.forget_calendars()
    assert registry.working_calendar() is before


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
def test_files_are_loaded_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "2026.xml").write_bytes(xml())
    path = str(tmp_path / "2026.xml")
    with pytest.raises(CommandError, match="Региона ещё нет"):
        run("load_calendar", path)
    cast.region()
    assert "ничего не записано" in run("load_calendar", path, "--dry-run")
    assert not CalendarDay.objects.exists()
    assert registry.working_calendar().spans_of(date(2026, 2, 23)) == OFFICE_DAY
    assert "добавлено 4, изменено 0, так и было 0" in run("load_calendar", path)
    assert "добавлено 0, изменено 0, так и было 4" in run("load_calendar", path)
    assert "оставлены" in run("load_calendar", "--years", "2026", path) + run("load_calendar", path)
    with pytest.raises(CommandError, match="Нет календаря «Ночной»"):
        run("load_calendar", path, "--calendar", "Ночной")
    with pytest.raises(CommandError, match="Годы пишутся"):
        run("load_calendar", "--years", "2026-1999")
    with pytest.raises(CommandError, match="Назовите файлы"):
        run("load_calendar")
    with pytest.raises(CommandError, match="не открывается"):
        run("load_calendar", str(tmp_path / "no.xml"))


@pytest.mark.django_db
def test_the_command_line_names_wrong_lines(tmp_path: Path) -> None:
    cast.region()
    (tmp_path / "bad.xml").write_bytes(xml('\n<day d="02.30" t="1"/>'))
    out = io.StringIO()
    with pytest.raises(CommandError, match="не принят"):
        call_command("load_calendar", str(tmp_path / "bad.xml"), stderr=out)
    assert "bad.xml, строка 5: Нет такого дня: «02.30»" in out.getvalue()


@pytest.mark.django_db
def test_a_body_gets_its_hours_from_the_command_line() -> None:
    cast.region()
    body = cast.body(code="avaria")
    with pytest.raises(CommandError, match="--week"):
        run("own_calendar", "Аварийная служба")
    with pytest.raises(CommandError, match="Непонятные часы"):
        run("own_calendar", "Аварийная служба", "--week", "пн 9-18")
    with pytest.raises(CommandError, match="Нет организации"):
        run("own_calendar", "Аварийная служба", "--week", "круглосуточно", "--organization", "нет")
    run("own_calendar", "Аварийная служба", "--week", "круглосуточно", "--organization", "avaria")
    assert registry.working_calendar_of(body.pk).tz == cast.ZONE
    run("own_calendar", "Аварийная служба", "--timezone", "Asia/Omsk")
    assert registry.working_calendar_of(body.pk).tz.key == "Asia/Omsk"
    assert registry.working_calendar_of(body.pk).is_working(datetime(2026, 1, 1, tzinfo=cast.ZONE))
