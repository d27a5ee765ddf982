"""What is decided of mass problems without a database: their steps, the pace, the words, who says «у меня другое»."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework import rules
from otklik.casework.rules import mass_text
from otklik.casework.rules.addressing import first_name
from otklik.casework.rules.mass_text import Reader, UnknownVariable, missing, rendered, used
from tests import cast

KNOWN = Reader("Анна", "улица Мира, 5", "Бердск", "Электросети", "25 ноября", "26-11-00007")
STRANGER = Reader(town="Бердск", body="Электросети", number="26-11-00008")


@pytest.mark.parametrize(
    ("text", "known", "stranger"),
    [
        ("{имя}, здравствуйте! Чиним.", "Анна, здравствуйте! Чиним.", "Здравствуйте! Чиним."),
        ("Здравствуйте, {имя}! Чиним", "Здравствуйте, Анна! Чиним", "Здравствуйте! Чиним"),
        ("Да, {имя}, чиним", "Да, Анна, чиним", "Да, чиним"),
        ("Привет! {имя}, чиним", "Привет! Анна, чиним", "Привет! Чиним"),
        ("{имя|Уважаемый житель}, чиним", "Анна, чиним", "Уважаемый житель, чиним"),
        ("Во дворе {место|вашего дома}", "Во дворе улица Мира, 5", "Во дворе вашего дома"),
        ("Адрес: {место}.", "Адрес: улица Мира, 5.", "Адрес: Бердск."),
        ("{место|дом}: свет есть", "Улица Мира, 5: свет есть", "Дом: свет есть"),
        ("{орган}, {муниципалитет}, № {номер}", "Электросети, Бердск, № 26-11-00007",
         "Электросети, Бердск, № 26-11-00008"),
    ],
)  # fmt: skip
def test_each_reads_their_own_words(text: str, known: str, stranger: str) -> None:
    assert rendered(text, KNOWN) == known
    assert rendered(text, STRANGER) == stranger


@pytest.mark.parametrize("text", ["{фамилия}", "{имя", "имя}", "{{имя}}", "{имя|а|б}", "{}", "{ИМЯ}"])
def test_what_is_not_on_the_list_is_refused(text: str) -> None:
    with pytest.raises(UnknownVariable):
        used(text)


def test_it_knows_what_is_missing() -> None:
    assert missing("{имя}: {место}, {орган}", STRANGER) == {"имя", "место"}
    assert missing("{имя}: {место}", KNOWN) == frozenset()


@pytest.mark.parametrize(
    ("full", "name"),
    [
        ("Анна Белова", "Анна"),
        ("Анна-Мария К.", "Анна-Мария"),
        ("DELETED", ""),
        ("{имя} Взлом", ""),
        ("", ""),
        ("   ", ""),
        ("x9000", ""),
        ("🌸", ""),
    ],
)
def test_only_what_looks_like_a_name_is_one(full: str, name: str) -> None:
    assert first_name(full) == name


@given(st.text(max_size=60), st.text(max_size=40))
def test_no_value_and_no_text_leaves_a_variable_standing(name: str, place: str) -> None:
    reader = Reader(first_name(name), place.replace("{", "").replace("}", ""), "Бердск")
    said = rendered("{имя}, здравствуйте! {место|У вас} и {имя} — {место}.", reader)
    assert not any(f"{{{each}" in said for each in mass_text.VARIABLES)


@pytest.mark.parametrize("text", ["Здравствуйте, у меня другое!", "Это не про нас…", "Я  писала\nо другом."])
def test_it_is_heard_that_the_matter_is_another(text: str) -> None:
    assert rules.says_other(text)


@pytest.mark.parametrize(
    "text", ["", "Спасибо", "а другое дело двор", "у меня другая сторона улицы светлая", "{" * 9]
)
def test_and_not_where_nobody_says_so(text: str) -> None:
    assert not rules.says_other(text)


def test_the_pace_is_that_of_the_slowest() -> None:
    assert rules.takes({}, page_a_minute=30, a_minute=300) == timedelta(0)
    assert rules.takes({1: 60, 2: 3}, page_a_minute=30, a_minute=300) == timedelta(minutes=2)
    assert rules.takes(dict.fromkeys(range(100), 9), page_a_minute=30, a_minute=300) == timedelta(minutes=3)


def test_steps_lead_where_the_table_says() -> None:
    assert rules.check_step(rules.telling("interim", "open"), "open") == "interim"
    assert rules.check_step(rules.telling("final", "fixed"), "fixed") == "fixed"
    assert rules.check_step("close", "fixed") == "closed"
    for verb, state in (("close", "answered"), ("tell_interim", "fixed"), ("confirm_fix", "closed")):
        with pytest.raises(rules.IllegalMove):
            rules.check_step(verb, state)
    states = set().union(*(starts for starts, _after in rules.MASS_VERBS.values()))
    assert states == {after for _starts, after in rules.MASS_VERBS.values()}


def test_silence_is_counted_from_the_fix_or_the_last_word() -> None:
    quiet = timedelta(days=2)
    assert rules.is_quiet(cast.NOW, cast.NOW, cast.after(days=2), quiet)
    assert not rules.is_quiet(cast.after(hours=1), cast.NOW, cast.after(days=2), quiet)
    assert not rules.is_quiet(cast.NOW, cast.after(hours=1), cast.after(days=2), quiet)


def test_a_kilometre_is_a_kilometre() -> None:
    assert rules.metres((54.0, 83.0), (54.0, 83.0)) == 0
    assert rules.metres((54.0, 83.0), (54.009, 83.0)) == pytest.approx(1000.8, abs=1)
