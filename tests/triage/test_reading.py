"""A message read as it was meant, every letter still knowing its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.triage.nlp import judge
from otklik.triage.nlp.reading import read
from otklik.triage.nlp.words import tokens_of

any_text = st.text(st.characters(exclude_categories=()), max_size=200)
tricky = st.lists(
    st.sampled_from(
        [
            "воды",
            "нет",
            "вoды",
            "cвета",
            "HET",
            "ytn",
            "djls",
            "и\u0306од",
            "е\u0308лка",
            "за\u0301мок",
            "\u200b",
            "\u00ad",
            "😀",
            "👨\u200d👩",
            "1️⃣",
            "[id1|Вера]",
            "[club2|Мэрия]",
            "https://a.example/б",
            "a@b.example",
            "Ｎ８",
            "ё",
            "İ",
            "ﬁ",
            "\ud800",
            "\0",
            "\u202e",
            "су юк",
            "ї",
            "c",
            "B",
            "k.lb",
            "З0на",
            "\n",
            "\t",
            "&",
            "[",
            "|",
            "]",
        ]
    ),
    max_size=30,
)
sewn = st.builds(lambda parts, glue: glue.join(parts), tricky, st.sampled_from(["", " "]))


@given(any_text | sewn)
@settings(max_examples=300, deadline=None)
def test_every_letter_knows_its_place(text: str) -> None:
    reading = read(text)
    assert reading.language in {"ru", "other", "none"}
    before = 0
    for index in range(len(reading.text)):
        start, end = reading.span(index, index + 1)
        assert before <= start < end <= len(text)
        before = end
    if reading.starts is None:
        assert len(reading.text) == len(text)


@given(any_text | sewn)
@settings(max_examples=200, deadline=None)
def test_words_stand_in_the_original(text: str) -> None:
    for token in tokens_of(text):
        assert 0 <= token.start < token.end <= len(text)
        assert text[token.start : token.end].strip()


@given(any_text | sewn)
@settings(max_examples=200, deadline=None)
def test_what_is_read_once_is_read(text: str) -> None:
    once = read(text).text
    assert len(read(once).text) == len(once)
    assert "ё" not in once


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ytn cdtnf yf ktcyjq", "нет света на лесной"),
        ("Rjulf ,eltn djlf&", "Когда будет вода?"),
        ("ghbdtn", "привет"),
        ("k.lb d irjkt", "люди в школе"),
        ("gjxtve yt djpzn vecjh&", "почему не возят мусор?"),
        ("Здравствуйте! ytn djls", "Здравствуйте! нет воды"),
        ("когдa убeрут cнег y нас", "когда уберут снег у нас"),
        ("HET воды B доме", "НЕТ воды В доме"),
        ("ра3ве так м0жно", "разве так можно"),
        ("Ёлка и ёж", "Елка и еж"),
        ("воды\u200b н\u00adет", "воды нет"),
        ("и\u0306од, за\u0301мок", "йод, замок"),
        ("нет\u00a0воды\tв\u2003доме", "нет воды в доме"),
        ("вода😀есть", "вода есть"),
        ("[id12|Вера], ответьте", "           , ответьте"),
        ("дом № ８, кв. ５", "дом № 8, кв. 5"),
    ],
)
def test_what_was_meant(written: str, meant: str) -> None:
    assert read(written).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "Скачал WhatsApp и Zoom, не работает",
        "пишите на a.b@mail.example или vk.com/club1",
        "https://example.org/COBA?x=HET",
        "Wi-Fi в парке и кафе Open Space",
        "файл report_2026.pdf",
    ],
)
def test_foreign_words_and_addresses_stay(text: str) -> None:
    assert read(text).text == text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Когда дадут воду", "ru"),
        ("воды нет", "ru"),
        ("апять яма возле магазина ктото калесо пробил", "ru"),
        ("Нет воды у соседки Наталії", "ru"),
        ("ytn cdtnf yf ktcyjq", "ru"),
        ("Ленина 5", "ru"),
        ("Немає води третій день", "other"),
        ("Урамда ут юк, бик караңгы, зинһар ярдәм итегез", "other"),
        ("Hello, where can I pay for the water?", "other"),
        ("我们 没有 水", "other"),
        ("net vody v derevne uzhe tri dnya", "other"),
        ("", "none"),
        ("😀😀 12 !!!", "none"),
        ("https://example.org/page", "none"),
        ("[id1|Вера]", "none"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert read(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "Урамда ут юк, бик караңгы, зинһар ярдәм итегез",
        "Idiot, no water here",
        "Немає води, дякую її сусідам",
    ],
)
def test_another_language_goes_to_a_person(text: str) -> None:
    judgement = judge(text)
    assert judgement.is_request
    assert judgement.topic == "GOV.other"
    assert "language" in judgement.signals


def test_a_trick_of_the_keyboard_does_not_hide_the_matter() -> None:
    text = "ytn cdtnf d ljvt nhtnbq ltym"
    judgement = judge(text)
    assert judgement.topic == "ENERGY.power_out"
    assert {text[word.start : word.end] for word in judgement.words} >= {"cdtnf"}
    assert judge("в пoдъeздe нeт cвeта").topic == judge("в подъезде нет света").topic
