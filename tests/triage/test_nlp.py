"""What a verdict promises whatever the message is."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.triage.nlp import Judgement, judge, load_lexicon, load_topics
from otklik.triage.nlp.words import MAX_WORDS, lemmas_of, tokens_of

KINDS = {"complaint", "question", "proposal", "thanks", "other"}
REASONS = {"", "thanks_only", "spam", "empty", "emoji_only", "abuse_only", "chatter"}

any_text = st.text(st.characters(exclude_categories=()), max_size=300)
# Words the lexicon knows, in any order, make far more verdicts than random letters.
said = st.lists(
    st.sampled_from(
        [
            "нет",
            "воды",
            "света",
            "яма",
            "дорога",
            "не",
            "вывозят",
            "мусор!",
            "спасибо",
            "автобус?",
            "врач",
            "школа",
            "[club1|Мэрия]",
            "ёлка",
            "газ",
            "пахнет",
            "снег",
            "двор",
            "подъезд",
            "лифт",
            "собака",
            "ребёнок",
            "провалился",
            "😀",
            "https://t.me/x",
            "дураки",
            "привет",
            "когда",
            "давайте",
        ]
    ),
    max_size=40,
).map(" ".join)


def holds(judgement: Judgement, text: str) -> None:
    assert judgement.topic in load_topics()
    assert judgement.kind in KINDS
    assert judgement.urgency in {"critical", "high", "normal"}
    assert judgement.reason in REASONS
    assert judgement.is_request == (not judgement.reason)
    assert 0 <= judgement.confidence <= 1
    assert len(judgement.alternatives) <= 3
    for topic, chance in judgement.alternatives:
        assert topic in load_topics()
        assert topic != judgement.topic
        assert 0 <= chance <= 1
    for word in judgement.words:
        assert word.text == text[word.start : word.end]
        assert word.text


@given(any_text | said)
@settings(max_examples=300, deadline=None)
def test_any_text_gets_a_whole_verdict_and_always_the_same(text: str) -> None:
    judgement = judge(text)
    holds(judgement, text)
    assert judge(text) == judgement


@given(said, st.sampled_from(["HEALTH", "ROADS", "NOSUCH", ""]))
@settings(max_examples=60, deadline=None)
def test_a_hint_of_the_page_keeps_the_promises(text: str, hint: str) -> None:
    holds(judge(text, page_hint=hint), text)


@pytest.mark.parametrize(
    "text",
    [
        "\0" * 50,
        "нет воды\0в доме\0",
        "яма \ud83d на дороге \ude00",
        "я" * 100_000,
        "яма на дороге " * 8_000,
        "[club1|" * 20_000,
        "https://" * 15_000,
        "не " * 40_000,
        "й-" * 50_000,
        "\u202eетичор ямы\u202c İstanbul ﬁ ǅ",
        "нет\u200bводы",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_texts_are_survived(text: str) -> None:
    holds(judge(text), text)


def test_a_long_message_is_judged_by_its_beginning() -> None:
    judgement = judge("На дороге огромная яма. " + "очень длинный рассказ " * 5_000)
    assert judgement.topic == "ROADS.pothole"
    assert "cut" in judgement.signals
    assert len(tokens_of("слово " * 5_000)) == MAX_WORDS


def test_words_point_into_the_original_text() -> None:
    text = "[club123|Мэрия], ПОЧЕМУ в ДЕТСКОЙ поликлинике нет Талонов?!"
    judgement = judge(text)
    assert judgement.topic == "HEALTH.appointment"
    assert "Талонов" in {word.text for word in judgement.words}
    holds(judgement, text)


def test_names_in_mentions_and_links_decide_nothing() -> None:
    plain = judge("Когда сделают?")
    dressed = judge("[club7|Школа №5 и поликлиника] Когда сделают? https://example.org/школа-больница")
    assert plain.topic == dressed.topic == "GOV.other"
    assert dressed.words == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Во дворе свалка, уберите", "complaint"),
        ("Когда уберут свалку во дворе?", "question"),
        ("Подскажите часы работы поликлиники", "question"),
        ("Предлагаю поставить скамейки в сквере", "proposal"),
        ("Давайте сделаем площадку для собак", "proposal"),
        ("Было бы здорово продлить маршрут автобуса", "proposal"),
        ("Спасибо дорожникам, дорога просто супер", "thanks"),
        ("Когда починят лифт? Спасибо заранее", "question"),
        ("Спасибо за ремонт, но лифт снова не работает", "complaint"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert judge(text).kind == kind


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("...", "empty"),
        ("😀😀👍", "emoji_only"),
        ("Спасибо большое!", "thanks_only"),
        ("Доброе утро всем!", "chatter"),
        ("Согласна, поддерживаю", "chatter"),
        ("Дебилы вы все", "abuse_only"),
        ("Заработок без вложений, пассивный доход, переходи по ссылке https://example.org", "spam"),
        ("Чиновники воры, уволить главу администрации", ""),
        ("Дебилы, когда дорогу почистите?", ""),
        ("Позор! Третий год обещаете ремонт школы", ""),
        ("Спасибо за такие дороги, все колёса пробил на ваших ямах", ""),
        ("Спасибо за ремонт парка, но липы разберитесь кто спилил", ""),
        ("Была бы рада, если бы кружков стало больше", ""),
        ("Благодарю за двор! Осталось сделать освещение", ""),
        ("воды нет", ""),
        ("А у нас?", ""),
        ("ул. Ленина 5", ""),
        ("[ФИО]", ""),
    ],
)
def test_what_is_not_a_request(text: str, reason: str) -> None:
    judgement = judge(text)
    assert judgement.reason == reason
    assert judgement.is_request == (reason == "")


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Запах газа в подъезде", "critical"),
        ("Ребёнок провалился в открытый люк", "critical"),
        ("Обрыв провода после ветра, лежит на земле", "critical"),
        ("Горит дом на Лесной", "critical"),
        ("В квартире холодно, батареи ледяные", "high"),
        ("Мусор не вывозят неделю", "high"),
        ("Фонарь не горит у остановки", "normal"),
        ("Поставьте лавочку во дворе", "normal"),
    ],
)
def test_urgency(text: str, urgency: str) -> None:
    assert judge(text).urgency == urgency


def test_the_page_tips_a_doubtful_choice() -> None:
    text = "Записаться невозможно, очередь огромная"
    assert judge(text, page_hint="HEALTH").topic.startswith("HEALTH.")


def test_a_clear_message_is_surer_than_a_vague_one() -> None:
    clear = judge("На дороге ямы, выбоины, асфальт провалился")
    vague = judge("дом дорога школа врач")
    assert clear.confidence > 0.75 > vague.confidence


def test_a_verdict_names_the_lexicon_and_the_curve_it_was_made_by() -> None:
    judgement = judge("яма")
    assert judgement.model_version.startswith(load_lexicon().version)
    assert dataclasses.is_dataclass(judgement)
    with pytest.raises(dataclasses.FrozenInstanceError):
        judgement.topic = "GOV.other"  # type: ignore[misc]


def test_dictionary_forms() -> None:
    assert "яма" in lemmas_of("ямами")
    assert "ребенок" in lemmas_of("детьми")
    assert lemmas_of("xyz123") == ("xyz123",)
