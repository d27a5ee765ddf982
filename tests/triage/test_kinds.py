"""What kind a message is; nobody's question is lost behind rude words, thanks or an advertisement's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.triage.nlp import judge
from otklik.triage.rules import Action, decide

kinds = st.lists(
    st.sampled_from(
        [
            "спасибо",
            "дураки",
            "идиоты",
            "все",
            "вы",
            "звоните",
            "недорого",
            "казино",
            "скидка",
            "бесплатно",
            "ура",
            "праздник",
            "но",
            "яма",
            "нет",
            "воды",
            "уберите",
            "когда",
            "почему",
            "подскажите",
            "давайте",
            "ли",
            "не",
            "!",
            ".",
            ",",
            "\n",
            "сколько можно",
            "https://x.example",
            "починили",
            "теперь",
            "прошу",
            "хорошо бы",
        ]
    ),
    max_size=20,
).map(" ".join)


def shown(text: str) -> str:
    judgement = judge(text)
    return judgement.kind if judgement.is_request else judgement.reason


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Идиоты, почему не чистите дорогу?", "question"),
        ("Твари, опять воды нет во всём доме", "complaint"),
        ("Дураки вы все", "abuse_only"),
        ("Конченые придурки", "abuse_only"),
        ("Что вы за люди, идиоты? Воды нет третий день", "complaint"),
        ("Спасибо за лавочки, а когда поставят урны?", "question"),
        ("Спасибо за лавочки, но урну сломали", "complaint"),
        ("Спасибо за лавочки, предлагаю поставить и урны", "proposal"),
        ("Спасибо! Верните автобус 5", "complaint"),
        ("Урну сломали, а вчера починили, спасибо", "thanks_only"),
        ("Теперь двор светлый, благодарим", "thanks_only"),
        ("Огромное спасибо за такую зиму, вся в синяках", "other"),
        ("Сколько можно? Подъезд не убирают", "complaint"),
        ("Вам не стыдно? В палате холодно", "complaint"),
        ("Подскажите расписание автобуса 5", "question"),
        ("здравствуйте а во сколько открывается каток", "question"),
        ("Нужна справка, можно ли её получить по почте", "question"),
        ("Почему бы не сделать здесь каток?", "proposal"),
        ("Нельзя ли перенести рейс на час позже?", "proposal"),
        ("Хорошо бы посадить тут ёлки", "proposal"),
        ("Хотелось бы узнать, когда посадят ёлки", "question"),
        ("Займ без отказа, звоните, одобрение за час", "spam"),
        ("Болеете? Закажите чай, скидка, доставка бесплатно", "spam"),
        ("Поздравляем школу с юбилеем!", "other"),
        ("Как красиво у нас в парке!", "other"),
        ("Мы поддерживаем нашу команду, ура", "other"),
    ],
)
def test_kind_of_a_message(text: str, kind: str) -> None:
    assert shown(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Уберите рекламу казино и займов из группы",
        "Подскажите, звоните ли вы пенсионерам с предложением скидок и бесплатной доставки",
        "Мошенники обещают займ и одобрение кредита, примите меры, звоните в полицию",
        "В регистратуре отвечают: звоните завтра, бесплатно талонов нет, помогите",
    ],
)
def test_words_of_an_advertisement_do_not_hide_a_request(text: str) -> None:
    assert judge(text).is_request


@pytest.mark.parametrize(
    "text",
    [
        "Урну сломали, а вчера починили, спасибо",
        "Крыша течёт? Ремонт недорого, звоните, гарантия",
    ],
)
def test_what_only_looks_like_no_request_waits_for_a_person(text: str) -> None:
    judgement = judge(text)
    assert not judgement.is_request
    assert decide(judgement).action == Action.ASK


@given(kinds)
@settings(max_examples=300, deadline=None)
def test_a_question_mark_or_an_order_is_never_turned_away_as_thanks_abuse_or_talk(words: str) -> None:
    for text in (words + " когда?", words + " исправьте"):
        assert judge(text).reason in {"", "spam"}


@given(kinds)
@settings(max_examples=200, deadline=None)
def test_only_what_asks_for_nothing_has_a_reason(words: str) -> None:
    judgement = judge(words)
    assert bool(judgement.reason) != judgement.is_request
    assert judgement.kind in {"complaint", "question", "proposal", "thanks", "other"}
    assert judge(words) == judgement
