"""When it happened: dates and relative words, counted from the moment of the message in its zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.triage.nlp.moment_words import MONTHS
from otklik.triage.nlp.moments import find_moment
from tests.cast import NOW, ZONE

SAID = NOW.astimezone(ZONE)
"""Wednesday, 18 November 2026, 11:00."""


def found(text: str, at: datetime = SAID) -> tuple[str, str] | None:
    moment = find_moment(text, at)
    return (moment.start.strftime("%Y-%m-%d %H:%M"), moment.precision) if moment else None


@pytest.mark.parametrize(
    ("text", "start", "precision"),
    [
        ("вчера в 8 утра прорвало трубу", "2026-11-17 08:00", "hour"),
        ("Вчера около 22:00 погас свет", "2026-11-17 22:00", "minute"),
        ("в 6 вечера вчера", "2026-11-17 18:00", "hour"),
        ("позавчера вечером", "2026-11-16 18:00", "part"),
        ("сегодня утром", "2026-11-18 06:00", "part"),
        ("третий день нет воды", "2026-11-16 00:00", "day"),
        ("3-й день без света", "2026-11-16 00:00", "day"),
        ("вторую неделю не вывозят", "2026-11-11 00:00", "week"),
        ("с понедельника нет света", "2026-11-16 00:00", "day"),
        ("в прошлую пятницу в 18:30", "2026-11-13 18:30", "minute"),
        ("в прошлую среду", "2026-11-11 00:00", "day"),
        ("в среду отключили", "2026-11-18 00:00", "day"),
        ("15 ноября упало дерево", "2026-11-15 00:00", "day"),
        ("31 января 2025 года", "2025-01-31 00:00", "day"),
        ("писал 15.11.2025", "2025-11-15 00:00", "day"),
        ("с 10.11 нет воды", "2026-11-10 00:00", "day"),
        ("20 декабря прошло 11 месяцев", None, ""),
        ("уже неделю не топят", "2026-11-11 00:00", "week"),
        ("более двух месяцев", "2026-09-18 00:00", "month"),
        ("неделю нет воды", "2026-11-11 00:00", "week"),
        ("2 часа назад", "2026-11-18 09:00", "hour"),
        ("полчаса назад", "2026-11-18 10:30", "minute"),
        ("полгода назад", "2026-05-19 00:00", "month"),
        ("прошлой ночью", "2026-11-18 00:00", "part"),
        ("с вечера нет света", "2026-11-17 18:00", "part"),
        ("на прошлой неделе", "2026-11-09 00:00", "week"),
        ("в прошлом месяце", "2026-10-01 00:00", "month"),
        ("в прошлом году", "2025-01-01 00:00", "year"),
        ("с сентября", "2026-09-01 00:00", "month"),
        ("в декабре обещали", "2025-12-01 00:00", "month"),
        ("в 2019 году", "2019-01-01 00:00", "year"),
        ("с лета ждём", "2026-06-01 00:00", "season"),
        ("прошлой зимой", "2025-12-01 00:00", "season"),
        ("в 8 утра не пришёл автобус", "2026-11-18 08:00", "hour"),
        ("в 19 часов взорвалось", "2026-11-17 19:00", "hour"),
    ],
)  # fmt: skip
def test_words_of_time_are_resolved(text: str, start: str | None, precision: str) -> None:
    assert found(text) == ((start, precision) if start else None)


@pytest.mark.parametrize(
    "text",
    [
        "", "нет воды", "завтра отключат", "25 ноября будет собрание", "работает с 8 до 17", "по понедельникам закрыто",
        "каждый день", "5 раз в день", "на улице 8 марта темно", "площадь 2.05 га", "32 января", "до 20 часов",
        "в 5 классе", "срок 30 дней", "стоимость 1.200.000", "через 3 дня", "31.02.2026",
    ],
)  # fmt: skip
def test_what_repeats_lies_ahead_or_is_no_time_is_none(text: str) -> None:
    assert find_moment(text, SAID) is None


def test_words_of_the_place_are_no_time() -> None:
    text = "Дом 5 по 9 Мая без света, вчера искрило"
    assert found(text) == ("2026-05-09 00:00", "day")
    moment = find_moment(text, SAID, apart=[(9, 14)])
    assert moment is not None
    assert moment.words == text[moment.begin : moment.end] == "вчера"


def test_the_zone_of_the_message_counts_and_none_is_an_error() -> None:
    late = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)
    moment = find_moment("вчера", late.astimezone(ZONE))
    assert moment is not None
    assert moment.start == datetime(2026, 11, 17, tzinfo=ZONE)
    with pytest.raises(ValueError, match="time zone"):
        find_moment("вчера", datetime(2026, 11, 17))


def test_a_day_without_a_year_is_of_the_last_year_when_it_was_nearer() -> None:
    new_year = datetime(2027, 1, 5, 12, tzinfo=ZONE)
    assert found("28 декабря", new_year) == ("2026-12-28 00:00", "day")
    assert found("29 февраля 2024", SAID) == ("2024-02-29 00:00", "day")


@given(st.dates(min_value=datetime(1990, 1, 1).date(), max_value=SAID.date()))
def test_any_written_date_is_read_back(day: object) -> None:
    assert hasattr(day, "strftime")
    words = {number: word for word, number in MONTHS.items() if word.endswith(("я", "а"))}
    assert found(f"Это было {day:%d.%m.%Y}, помню") == (f"{day:%Y-%m-%d} 00:00", "day")
    month = words[int(f"{day:%m}")]
    assert found(f"Это было {int(f'{day:%d}')} {month} {day:%Y} года") == (f"{day:%Y-%m-%d} 00:00", "day")


_WORDS = [
    "вчера ",
    "в ",
    "8 ",
    "утра ",
    "уже ",
    "неделю ",
    "нет ",
    "15.11",
    " ноября ",
    "третий ",
    "день ",
    "назад ",
    ". ",
    "2026",
    "с ",
]


@given(
    st.one_of(st.text(max_size=120), st.lists(st.sampled_from(_WORDS), max_size=20).map("".join)),
    st.datetimes(min_value=datetime(1951, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(ZONE)),
)
def test_any_text_has_a_moment_before_it_was_said_or_none(text: str, at: datetime) -> None:
    moment = find_moment(text, at)
    assert moment == find_moment(text, at)
    if moment is not None:
        assert moment.start <= at + timedelta(0)
        assert text[moment.begin : moment.end] == moment.words
        assert moment.words


@pytest.mark.parametrize(
    "unit", ["в 8 ", "15.11.", "уже ", "с понедельника ", "3 ", "третий день ", "İвчера", "1", "ноября "]
)
def test_a_long_text_of_one_thing_is_read(unit: str) -> None:
    moment = find_moment(unit * (100_000 // len(unit)), SAID)
    assert moment is None or moment.start <= SAID
