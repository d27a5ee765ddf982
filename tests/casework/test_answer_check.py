"""The check of an answer: each code on sentences of its own, and the answers that look like it and are right."""

from datetime import date

import pytest

from otklik.casework.rules.answer_check import (
    ADVISE,
    BLOCK,
    OFF,
    RULES,
    Facts,
    UnknownRule,
    check,
    hints,
    merged,
)

INTERIM = Facts(kind="interim")
PLANNED = Facts(kind="deferred")
REFUSED = Facts(resolution="refused_with_reason")
FORWARDED = Facts(resolution="forwarded")
SOLVED = Facts(resolution="solved")
EXPLAINED = Facts()

WRONG = [
    ("empty", EXPLAINED, "Когда включат свет?", "…"),
    ("not_on_substance", EXPLAINED, "Почему не чистят колодец?", "Ваш вопрос взят на контроль. Спасибо за доверие!"),
    ("not_on_substance", INTERIM, "Когда откроют ФАП?", "Ваше обращение зарегистрировано, ответ поступит 3 июня."),
    ("not_on_substance", REFUSED, "Дайте автобус до дач", "К сожалению, помочь не можем."),
    ("not_on_substance", EXPLAINED, "Когда починят насос?", "Качество жизни людей для нас главное."),
    ("bare_redirect", FORWARDED, "В подвале вода по колено", "Обратитесь в управляющую компанию."),
    ("bare_redirect", FORWARDED, "Уберите упавший клён", "Территория не наша. Звоните собственнику."),
    ("bare_redirect", EXPLAINED, "Помогите, соседи шумят", "Это не относится к нашим полномочиям."),
    ("no_date_or_stage", PLANNED, "Почините сцену", "Сцену починим в ближайшее время, доски крепкие."),
    ("no_date_or_stage", INTERIM, "Где мой рецепт?", "Рецепт ищут в архиве. Найдём и напишем."),
    ("officialese", PLANNED, "Сделайте ступеньки", "В целях обеспечения безопасности граждан будет осуществлено "
     "устройство ступеней до 5 мая."),
    ("long_sentences", EXPLAINED, "Как попасть в бассейн?", "Попасть можно " + "и так и сяк " * 12 + "по средам."),
    ("jargon_or_abbrev", PLANNED, "Где насос?", "Насос ждёт ПНР, потом оформим КС-14, пустим 3 мая."),
    ("jargon_or_abbrev", PLANNED, "Где тепло?", "Идёт опрессовка, тепло дадут 3 мая."),
    ("third_party_pii", EXPLAINED, "Кто нас топит?", "Вас топит Сергей Иванович Лукин, у него долг за свет."),
    ("third_party_pii", EXPLAINED, "Кто хозяин?", "Паспорт хозяина 4510 123456, мы его видели."),
    ("third_party_pii", EXPLAINED, "Кто бил детей?", "Бил Миша из 5 «Б», с ним поговорили вчера."),
    ("third_party_pii", EXPLAINED, "Почему отказ?", "У вас доход 31 400 рублей, это выше порога."),
    ("rude", EXPLAINED, "Когда приём?", "По четвергам. Хватит ныть."),
    ("rude", EXPLAINED, "Когда приём?", "Приходи в четверг с 9 до 12."),
    ("rude", EXPLAINED, "Когда приём?", "Милочка, в четверг с 9 до 12."),
    ("rate_us_on_refusal", REFUSED, "Дайте дров", "Дров нет: лес закрыт до мая. Поставьте нам пять звёзд!"),
    ("no_proof", SOLVED, "Яма у школы", "Яму засыпали вчера."),
    (
        "part_unanswered",
        PLANNED,
        "Не горят фонари, автобус не ходит. Когда почините?",
        "Автобус выйдет на линию 3 мая, водитель болел.",
    ),
    (
        "part_unanswered",
        EXPLAINED,
        "В поликлинике нет инсулина. Где получить?",
        "Инсулин закупили на прошлой неделе, поставщик подтвердил договор.",
    ),
    ("part_unanswered", PLANNED, "Когда починят насос? И кто покрасит забор?", "Насос починят 3 мая, деталь едет."),
]  # fmt: skip

RIGHT = [
    (EXPLAINED, "Почему не чистят колодец?", "Колодец пересох, чистить нечего. Воду возим с 3 мая, утром."),
    (REFUSED, "Дайте автобус до дач", "Автобус не дадим: дорога к дачам уже двух с половиной метров."),
    (FORWARDED, "В подвале вода", "Передали в «Теплосеть», заявка № 7. Насос привезут завтра."),
    (EXPLAINED, "Куда нести заявление?", "Обратитесь в МФЦ на Лесной, 3, с паспортом."),
    (PLANNED, "Почините сцену", "Проект сцены на экспертизе."),
    (PLANNED, "Почините сцену", "Сцену починим к пятнице."),
    (INTERIM, "Где мой рецепт?", "Рецепт ищут в архиве, напишем вам в среду."),
    (EXPLAINED, "Что такое ТКО?", "ТКО — это обычный мусор: пакеты, бумага, остатки еды."),
    (
        PLANNED,
        "Где насос?",
        "Насос ждёт пуска, его делают наладчики (ПНР, пусконаладочные работы), пустим 3 мая.",
    ),
    (EXPLAINED, "Кто лечит?", "Приём ведёт терапевт Анна Петровна Сизова, кабинет 4, с 9 до 12."),
    (SOLVED, "Не работал телефон", "Телефон починили в 11 часов, позвоните ещё раз."),
    (Facts(resolution="solved", has_photo=True), "Яма у школы", "Яму засыпали вчера, фото ниже."),
    (SOLVED, "Яма у школы", "Яму засыпали вчера: vk.example/wall-1_2."),
    (
        PLANNED,
        "Когда починят насос? И кто покрасит забор?",
        "Насос починят 3 мая. Забор красит школа, в июне.",
    ),
    (SOLVED, "Верните деньги", "Деньги вернули 3 мая. Будем рады, если оцените ответ."),
    (EXPLAINED, "Когда дадут свет?", "Свет дали сегодня в 14:30, заменили кабель."),
    (EXPLAINED, "Когда уберут снег?", "Снег во дворе убран, вывезли четыре машины."),
    (EXPLAINED, "Спасибо дворнику, молодец", "Передали ему ваши слова, улыбается."),
    (
        Facts(resolution="solved", has_photo=True, today=date(2026, 11, 23)),
        "Яма у школы",
        "Яму засыпали вчера, 22 ноября, фото ниже. Ещё одну засыпали позавчера (21.11).",
    ),
    (
        EXPLAINED,
        "Третью неделю не горят фонари, ребёнок возвращается в темноте. Когда починят?",
        "Здравствуйте! Кабель повреждён при земляных работах. Бригада горсвета заменит его до 25 ноября.",
    ),
    (
        EXPLAINED,
        "В поликлинике нет инсулина, рецепт выписали две недели назад. Где получить?",
        "Инсулин поступил в аптеку на улице Кирова, 29. Рецепт ещё действует, приходите с паспортом.",
    ),
]


@pytest.mark.parametrize(("code", "facts", "question", "answer"), WRONG)
def test_what_is_wrong_is_found_by_its_code(code: str, facts: Facts, question: str, answer: str) -> None:
    report = check(answer, [question], facts)
    assert code in report.codes
    assert report.blocks


@pytest.mark.parametrize(("facts", "question", "answer"), RIGHT)
def test_what_only_looks_wrong_passes(facts: Facts, question: str, answer: str) -> None:
    assert [each for each in check(answer, [question], facts).findings if each.level == BLOCK] == []


def test_the_unanswered_part_is_named_by_its_number_and_words() -> None:
    report = check("Насос починят 3 мая.", ["Когда починят насос?", "Кто покрасит забор у клуба?"], PLANNED)
    (found,) = [each for each in report.findings if each.code == "part_unanswered"]
    assert (found.part, found.words) == (1, "Кто покрасит забор у клуба")


def test_the_resident_may_be_called_by_name() -> None:
    facts = Facts(author="Лукин Сергей", resolution="explained")
    answer = "Сергей Лукин, долг за свет пересчитали 3 мая, сумма в квитанции."
    assert "third_party_pii" not in check(answer, ["Пересчитайте долг"], facts).codes


def test_names_of_bodies_need_no_explanation() -> None:
    answer = "Насос чинит ГКУ «Вода», пустим 3 мая."
    assert "jargon_or_abbrev" in check(answer, ["Где насос?"], PLANNED).codes
    known = Facts(kind="deferred", bodies=("ГКУ «Вода»",))
    assert "jargon_or_abbrev" not in check(answer, ["Где насос?"], known).codes


def test_a_promise_of_a_day_gone_by_is_found() -> None:
    facts = Facts(kind="deferred", today=date(2026, 5, 20))
    assert "date_in_the_past" in check("Насос пустим 3 мая.", ["Где насос?"], facts).codes
    assert "date_in_the_past" not in check("Насос пустим 3 июня.", ["Где насос?"], facts).codes
    told = "Насос сломался 3 мая. Новый пустим 3 июня."
    assert "date_in_the_past" not in check(told, ["Где насос?"], facts).codes


def test_rules_of_a_region_decide_what_a_code_does() -> None:
    answer, question = "Яму засыпали вчера.", ["Яма у школы"]
    assert RULES["no_proof"] == BLOCK
    advised = check(answer, question, SOLVED, rules={"no_proof": ADVISE})
    assert "no_proof" in advised.codes
    assert not advised.blocks
    assert "no_proof" not in check(answer, question, SOLVED, rules={"no_proof": OFF}).codes


@pytest.mark.parametrize("rules", [{"no_such_code": BLOCK}, {"rude": "sometimes"}])
def test_a_rule_that_there_is_not_is_refused(rules: dict[str, str]) -> None:
    with pytest.raises(UnknownRule):
        merged(rules)


def test_hints_show_what_blocks_first_and_each_code_once() -> None:
    answer = "По мере поступления средств. Хватит ныть. Перестаньте жаловаться."
    shown = hints(check(answer, ["Почините сцену"], PLANNED))
    levels = [each.level for each in shown]
    assert levels == sorted(levels, key=lambda level: level != BLOCK)
    assert len({(each.code, each.part) for each in shown}) == len(shown)
    assert {"rude", "no_date_or_stage"} <= {each.code for each in shown}


def test_plain_speech_scores_above_officialese() -> None:
    plain = check("Яму засыпали вчера. Асфальт положим в мае.", ["Яма"], PLANNED)
    heavy = check(
        "Осуществление мероприятий по ликвидации дефектов дорожного покрытия предусмотрено в рамках реализации "
        "муниципальной программы благоустройства территории.",
        ["Яма"],
        PLANNED,
    )
    assert plain.score >= 70
    assert heavy.score < 40
    assert set(plain.score_parts) == {"words_per_sentence", "long_words", "heavy_words", "passives"}
    assert "hard_to_read" in heavy.codes
