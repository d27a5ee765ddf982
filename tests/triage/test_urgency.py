"""Danger is seen at once, and words that only sound like danger are not taken for it."""

import pytest

from otklik.triage.nlp import judge, judge_parts


@pytest.mark.parametrize(
    "text",
    [
        "Оголённый провод под напряжением у качелей",
        "Пахнет газом в третьем подъезде",
        "Рухнул козырёк над входом в больницу",
        "Дедушка без сознания, скорая не едет",
        "Пропал мальчик семи лет, ищем второй час",
        "Ребёнок застрял в трубе",
        "Собака покусала дочь, кровь не останавливается",
        "Вода подошла к домам, прорвало дамбу",
        "Полыхает сухой камыш за огородами",
        "Мороз тридцать, отопления нет, дети замерзают",
        "В роддоме отключили свет",
        "Разлили ртуть в коридоре",
        "Подросток стоит на краю крыши",
    ],
)
def test_danger_is_critical(text: str) -> None:
    judgement = judge(text)
    assert judgement.urgency == "critical"
    assert "critical" in judgement.signals


@pytest.mark.parametrize(
    "text",
    [
        "Не горит лампа у подъезда",
        "Не горит фонарь около дома",
        "Тонем в бумагах и справках",
        "Взрыв эмоций, а не концерт! Когда следующий?",
        "Можно ли убить борщевик своими силами?",
        "Пропал сигнал телевидения",
        "Памятник погибшим при пожаре нужно покрасить",
    ],
)
def test_words_of_alarm_without_alarm(text: str) -> None:
    assert judge(text).urgency != "critical"


@pytest.mark.parametrize(
    "text",
    ["Спилите дерево, возможен обрыв провода", "Хлам в подвале, может загореться", "Нет света в доме 5"],
)
def test_what_is_feared_is_high(text: str) -> None:
    assert judge(text).urgency == "high"


def test_danger_in_one_question_does_not_hurry_the_other() -> None:
    parts = judge_parts("В подъезде пахнет газом. И ещё когда откроют библиотеку?")
    assert [judgement.urgency for _, judgement in parts] == ["critical", "normal"]
