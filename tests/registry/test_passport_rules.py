"""What one look at a page amounts to, line by line; and what outweighs what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from otklik.registry.enums import CheckCode
from otklik.registry.rules.checks import Known, judge, judge_line
from otklik.registry.rules.passport import (
    Attestation,
    Facts,
    Finding,
    Week,
    next_facts,
    readiness,
    settled,
)

ZONE = ZoneInfo("Asia/Novosibirsk")
NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 16)
KNOWN = Known(
    names=("МБОУ «Средняя общеобразовательная школа № 7»", "Школа № 7"), site_url="https://school7.example"
)
WHOLE = Facts(
    title="Школа № 7 города Бердска",
    description="Официальная страница школы: учёба, кружки, объявления.",
    category="Образование",
    site="https://school7.example/",
    phone="+7 383 000-00-00",
    email="school7@example.org",
    address="ул. Мира, 1",
    hours="расписание по дням недели",
    has_map_point=True,
    has_avatar=True,
    has_cover=True,
    links=(),
    has_badge=True,
    comments_open=True,
    token_alive=True,
    administrators=2,
    last_post_at=NOW - timedelta(days=1),
    weeks=(Week(MONDAY - timedelta(days=7), 3, 3, 900, 300), Week(MONDAY, 1)),
)


def line(code: str, facts: Facts = WHOLE, known: Known = KNOWN) -> Finding:
    return judge_line(code, facts, known, now=NOW, zone=ZONE)


def without(**parts: Any) -> Facts:
    return replace(WHOLE, **parts)


def test_a_page_in_order_has_no_gap() -> None:
    known = replace(KNOWN, component=True, widgets=2)
    found = {
        each.code: each.state for each in judge(WHOLE, known, codes=CheckCode.values, now=NOW, zone=ZONE)
    }
    assert {code for code, state in found.items() if state != "fine"} == {"site_link", "two_factor"}
    assert {found["site_link"], found["two_factor"]} == {"unknown"}


def test_silence_of_the_network_is_never_a_gap() -> None:
    known = replace(KNOWN, badge="confirmed", component=True)
    found = judge(Facts(), known, codes=CheckCode.values, now=NOW, zone=ZONE)
    assert {each.state for each in found} == {"unknown", "fine"}
    assert {each.code for each in found if each.state == "fine"} == {"badge", "component"}


@pytest.mark.parametrize(
    ("code", "parts", "words"),
    [
        ("page", {"away": "Страница удалена"}, "удалена"),
        ("name", {"title": "Подслушано в школе"}, "Подслушано"),
        ("name", {"title": "Школа № 17"}, "№ 17"),
        ("description", {"description": ""}, "нет"),
        ("description", {"description": "Школа"}, "5 зн."),
        ("category", {"category": ""}, "Тематика"),
        ("address", {"address": ""}, "Адреса нет"),
        ("address", {"has_map_point": False}, "точки на карте"),
        ("phone", {"phone": ""}, "Телефона"),
        ("email", {"email": " "}, "почты"),
        ("hours", {"hours": ""}, "Часов"),
        ("site", {"site": "https://other.example"}, "school7.example"),
        ("avatar", {"has_avatar": False}, "Аватара"),
        ("cover", {"has_cover": False}, "Обложки"),
        ("badge", {"has_badge": False}, "не показывает"),
        ("comments", {"comments_open": False}, "закрыты"),
        ("token", {"token_alive": False}, "не действует"),
        ("administrators", {"administrators": 1}, "1"),
    ],
)
def test_what_is_missing_is_a_gap_seen_by_the_network(code: str, parts: dict[str, Any], words: str) -> None:
    found = line(code, without(**parts))
    assert (found.state, found.by_network) == ("gap", True)
    assert words in found.found


@pytest.mark.parametrize(
    ("title", "names", "fits"),
    [
        ("Минздрав Новосибирской области", ("Министерство здравоохранения Новосибирской области",), True),
        ("Детский сад «Ромашка» | Бердск", ("МБДОУ «Детский сад «Ромашка»",), True),
        ("Школа №7 Бердск", ("МБОУ СОШ № 7",), True),
        ("Библиотека на Мира", ("Центральная районная больница",), False),
        ("Школа № 3", ("Школа № 13",), False),
    ],
)
def test_a_name_is_the_organisations_in_other_words_too(
    title: str, names: tuple[str, ...], fits: bool
) -> None:
    assert line("name", without(title=title), replace(KNOWN, names=names)).state == (
        "fine" if fits else "gap"
    )


def test_a_link_to_the_site_may_stand_among_the_links() -> None:
    facts = without(site="", links=("https://pos.gosuslugi.ru/", "https://www.school7.example/about"))
    assert line("site", facts).state == "fine"
    assert line("site", facts, replace(KNOWN, site_url="")).state == "gap"
    assert line("site", WHOLE, replace(KNOWN, site_url="")).state == "fine"


@pytest.mark.parametrize(
    ("badge", "state", "words"),
    [
        ("confirmed", "fine", "01.02.2026"),
        ("lost", "gap", "01.02.2026"),
        ("requested", "gap", "запрошена"),
        ("none", "gap", "нет"),
    ],
)
def test_where_the_network_does_not_tell_of_the_badge_the_register_does(
    badge: str, state: str, words: str
) -> None:
    found = line("badge", without(has_badge=None), replace(KNOWN, badge=badge, badge_on=date(2026, 2, 1)))
    assert (found.state, found.by_network) == (state, False)
    assert words in found.found


def test_the_register_tells_of_the_component_and_the_widgets() -> None:
    assert line("component").state == "gap"
    assert line("widgets").state == "unknown"
    assert line("widgets", WHOLE, replace(KNOWN, widgets=1)).state == "gap"


def test_a_head_has_no_office_on_the_page() -> None:
    person = replace(KNOWN, is_personal=True, names=("Иван Петрович Сидоров",))
    assert {line(code, Facts(), person).state for code in ("address", "hours", "widgets", "component")} == {
        "exempt"
    }
    assert line("name", without(title="Иван Сидоров"), person).state == "fine"


def test_the_rhythm_is_that_of_the_week_that_ended() -> None:
    weeks = (Week(MONDAY - timedelta(days=7), 2), Week(MONDAY, 1))
    found = line("rhythm", without(weeks=weeks))
    assert (found.state, found.since) == ("gap", datetime(2026, 11, 16, tzinfo=ZONE))
    assert "2, норма 3" in found.found
    mended = line("rhythm", without(weeks=(weeks[0], Week(MONDAY, 3))))
    assert mended.state == "fine"
    assert line("rhythm", without(weeks=weeks), replace(KNOWN, posts_a_week=0)).state == "exempt"
    assert (
        line("rhythm", without(weeks=weeks), replace(KNOWN, opened_on=date(2026, 11, 12))).state == "unknown"
    )
    assert line("rhythm", without(weeks=())).state == "unknown"


def test_silence_begins_when_the_last_post_is_too_old() -> None:
    last = NOW - timedelta(days=9)
    found = line("silence", without(last_post_at=last))
    assert (found.state, found.since) == ("gap", last + timedelta(days=7))
    assert line("silence", without(last_post_at=NOW - timedelta(days=7))).state == "fine"
    assert line("silence", without(last_post_at=None)).found == "Постов нет"
    assert line("silence", without(last_post_at=None, weeks=())).state == "unknown"
    assert line("silence", WHOLE, replace(KNOWN, silence_days=0)).state == "exempt"


def test_a_question_may_wait_so_many_days() -> None:
    waits = NOW - timedelta(days=4)
    found = line("answers", without(waiting_since=waits))
    assert (found.state, found.since) == ("gap", waits + timedelta(days=3))
    assert line("answers", without(waiting_since=NOW - timedelta(days=2))).state == "fine"
    assert line("answers").state == "fine"
    assert line("answers", without(token_alive=None)).state == "unknown"


TODAY = date(2026, 11, 18)
WORD = Attestation("Мария Крылова", NOW, date(2026, 12, 1))


def test_the_network_outweighs_a_word_and_a_word_outweighs_the_register() -> None:
    seen = Finding("badge", "gap", "Сеть не показывает метку", by_network=True)
    assert settled(seen, attested=WORD, before="fine", today=TODAY) == seen
    told = settled(Finding("badge", "gap", "По реестру метки нет"), attested=WORD, before="gap", today=TODAY)
    assert told == Finding("badge", "fine", "Подтвердил(а): Мария Крылова")


def test_a_word_runs_out() -> None:
    silent = Finding("two_factor", "unknown")
    last_day = settled(silent, attested=WORD, before="fine", today=date(2026, 12, 1))
    assert last_day is not None
    assert last_day.state == "fine"
    over = settled(silent, attested=WORD, before="fine", today=date(2026, 12, 2))
    assert over is not None
    assert over.state == "gap"
    assert "01.12.2026" in over.found
    for_ever = settled(silent, attested=replace(WORD, until=None), before="fine", today=date(2036, 1, 1))
    assert for_ever is not None
    assert for_ever.state == "fine"


def test_silence_leaves_a_line_as_it_was() -> None:
    silent = Finding("cover", "unknown")
    assert settled(silent, attested=None, before="gap", today=TODAY) is None
    assert settled(silent, attested=None, before="fine", today=TODAY) is None
    assert settled(silent, attested=None, before=None, today=TODAY) == silent
    spared = Finding("address", "exempt")
    assert settled(spared, attested=None, before="gap", today=TODAY) == spared


def test_readiness_counts_what_is_known() -> None:
    assert readiness(["fine", "gap", "unknown", "exempt", "fine"]) == 67
    assert readiness(["unknown"]) is None


def test_facts_come_back_out_of_json() -> None:
    facts = replace(WHOLE, waiting_since=NOW, links=("https://a.example",))
    assert Facts.recalled(facts.told()) == facts
    assert Facts.recalled({"title": "Школа", "what_is_this": 1}) == Facts(title="Школа")


def test_what_the_network_is_silent_about_stays_known() -> None:
    kept = next_facts(WHOLE.told(), Facts(title="Новое название"))
    assert kept["title"] == "Новое название"
    assert kept["description"] == WHOLE.description
    assert len(kept["weeks"]) == 2
