"""Personal data are found whole, and what says where and what stays readable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.triage.nlp.masking import KINDS, PLACEHOLDERS, find_personal, mask
from otklik.triage.nlp.masking.numbers import luhn, snils_fits

any_text = st.text(st.characters(exclude_categories=()), max_size=200)
said = st.lists(
    st.sampled_from(
        [
            "Иванов",
            "Иван",
            "Иванович",
            "И.И.",
            "И.",
            "Петровой",
            "Анна",
            "сосед",
            "врач",
            "улица",
            "Гагарина",
            "им.",
            "жалоба",
            "на",
            "и",
            ",",
            ":",
            ".",
            "\n",
            "8",
            "913",
            "555-12-34",
            "+7",
            "(383)",
            "89135551234",
            "4276 4400 1234 5671",
            "112-233-445 95",
            "СНИЛС",
            "паспорт",
            "5004 123456",
            "серия",
            "А123ВС54",
            "машина",
            "кв.",
            "12",
            "д.",
            "5-15",
            "Мира",
            "квартиры",
            "a@b.example",
            "@",
            "тел.",
            "карта",
            "№",
            "[ФИО]",
            "[телефон]",
            "[id1|Вера]",
            "[",
            "]",
            "\0",
            "е\u0308",
            "İ",
            "с уважением",
            "Мельник",
            "ИВАНОВ",
            "зовут",
            "школа",
            "Шуровой",
            "к.",
            "7",
            "45",
            "40817810244051234567",
        ]
    ),
    max_size=25,
)
sewn = st.builds(lambda parts, glue: glue.join(parts), said, st.sampled_from(["", " ", " ", " "]))


@given(any_text | sewn)
@settings(max_examples=500, deadline=None)
def test_findings_are_pieces_of_the_text_that_never_overlap(text: str) -> None:
    end = 0
    for each in find_personal(text):
        assert each.kind in KINDS
        assert end <= each.start < each.end <= len(text)
        end = each.end


@given(any_text | sewn)
@settings(max_examples=500, deadline=None)
def test_a_masked_text_is_the_rest_with_placeholders_where_they_are_said_to_be(text: str) -> None:
    masked = mask(text)
    assert len(masked.placed) == len(masked.found)
    rest, left, at, before = "", "", 0, 0
    for found, placed in zip(masked.found, masked.placed, strict=True):
        assert masked.text[placed.start : placed.end] == PLACEHOLDERS[found.kind]
        assert placed.kind == found.kind
        rest += text[at : found.start]
        left += masked.text[before : placed.start]
        at, before = found.end, placed.end
    assert rest + text[at:] == left + masked.text[before:]


@given(any_text | sewn)
@settings(max_examples=500, deadline=None)
def test_a_masked_text_masked_again_stays(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


def kinds(text: str) -> list[str]:
    return [each.kind for each in find_personal(text)]


def pieces(text: str) -> list[str]:
    return [text[each.start : each.end] for each in find_personal(text)]


@pytest.mark.parametrize(
    "number",
    [
        "8 (913) 123-45-67", "+7-913-123-45-67", "89131234567", "+79131234567", "8 913 123 45 67", "913 123-45-67",
        "8(383)123-45-67", "8.913.123.45.67", "7 913 123 45 67", "+375 29 123-45-67", "8 – 913 – 123 – 45 – 67",
        "8 9 1 3 1 2 3 4 5 6 7", "８９１３１２３４５６７",
    ],
)  # fmt: skip
def test_a_phone_in_every_way_it_is_written(number: str) -> None:
    assert pieces(f"Перезвоните {number}, жду") == [number]
    assert kinds(f"мой номер:{number}") == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "в 2024 2025 2026 годах обещали",
        "12 345 678 рублей на фонтан",
        "Лицевой счёт 89135551234 не открывается",
        "обращение № 9135551251 закрыто",
        "звонила 17.01.21, не ответили",
        "Позвонили, сказали: плата 315 000 рублей",
        "горячая линия 8-800-100-70-10",
        "автобусы 12, 23, 45, 67 и 89 не ходят",
        "с 100 на 50 автобусов сократили парк машин",
        "счёт 40702810500000012345 организации",
        "4276 4400 1234 5670 не проходит проверку",
        "дома 45-47, 2 кв. 2026 года, 45 кв. м",
        "каждые 5-10 минут, Садовая 5-7 домов",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert find_personal(text) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("тел. 2-15-67, вечером", ["2-15-67"]),
        ("звоните на номер 702802", ["702802"]),
        ("СНИЛС 112-233-445 96 с ошибкой", ["112-233-445 96"]),
        ("моя карта 4276440012345671", ["4276440012345671"]),
        ("счёт 40817810244051234567", ["40817810244051234567"]),
        ("паспорт 9213 445566", ["9213 445566"]),
        ("машина к777кк54 и прицеп АН 1234 54", ["к777кк54", "АН 1234 54"]),
        ("номер K777KK154", ["K777KK154"]),
        ("Ленина 5, кв. 12, 3 этаж", ["кв. 12"]),
        ("д. 5-15 течёт", ["15"]),
        ("в 12-й квартире и в квартирах 3, 5 и 9", ["12-й квартире", "квартирах 3", "5", "9"]),
        ("пишите a.b+c@mail.example.", ["a.b+c@mail.example"]),
    ],
)
def test_numbers_and_addresses(text: str, found: list[str]) -> None:
    assert pieces(text) == found


@pytest.mark.parametrize(
    "name",
    [
        "Иванов Иван Иванович", "Иванова И.И.", "И. И. Иванов", "Ивановой Марии Петровне", "Марии Петровне Ивановой",
        "Анна Сергеевна", "Гасанова Гюльнара Мамедовна", "Смирнов Пётр", "Ольге Ивановой", "СИДОРОВА АННА ПЕТРОВНА",
        "Цой В.", "Шевченко Л. И.", "иванова ольга петровна",
    ],
)  # fmt: skip
def test_a_person_in_every_case_and_order(name: str) -> None:
    assert pieces(f"прошу помочь, это {name} из второго подъезда") == [name]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Сосед Кузнецов шумит", ["Кузнецов"]),
        ("жалоба на Дроздова: курит", ["Дроздова"]),
        ("Жители: Зайцев, Попова и Фёдоров", ["Зайцев", "Попова", "Фёдоров"]),
        ("С уважением, Мельник", ["Мельник"]),
        ("Меня зовут Ольга, живу одна", ["Ольга"]),
        ("Ольга, я Белова Ольга Игоревна", ["Ольга", "Белова Ольга Игоревна"]),
        ("директор школы Ирина Тарасова", ["Ирина Тарасова"]),
        ("[id12|Пётр Ильин], согласен с [club3|Мэрией]", ["[id12|Пётр Ильин]"]),
        ("губернатор Сергей Петров обещал", ["Сергей Петров"]),
    ],
)
def test_people_without_a_patronymic(text: str, found: list[str]) -> None:
    assert pieces(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "на улице Кирова и площади Ленина",
        "ул. Мичурина, ул. К. Маркса, 5",
        "школа имени Гагарина",
        "больница им. А. С. Пушкина",
        "ул. Богдана Хмельницкого и Зои Космодемьянской",
        "на Карла Маркса 20 темно",
        "Дуси Ковальчук, 179",
        "памятник Пушкину и парк имени Кирова",
        "живу в Кирове, езжу в Пушкин",
        "глава Александровского района",
        "Шереметьевский переулок",
        "посёлок Ильича, мост через Каменку",
        "Вера, надежда и любовь",
        "Слава труду! Роза ветров",
        "С уважением, жители дома",
        "теплоход «Михаил Калинин»",
        "Председатели ТОСов, врач УЗИ",
        "Приходила к врачу. Но талонов нет",
    ],
)
def test_streets_and_usual_words_stay(text: str) -> None:
    assert find_personal(text) == ()


def test_what_was_masked_says_what_it_was() -> None:
    masked = mask("Иванов Пётр Ильич, Мира 4 кв. 2, тел. 8 913 555 13 01")
    assert masked.text == "[ФИО], Мира 4 [квартира], тел. [телефон]"
    assert [each.kind for each in masked.found] == ["name", "flat", "phone"]


@given(st.integers(0, 10**15 - 1))
def test_one_wrong_digit_breaks_the_sum_of_a_card(number: int) -> None:
    digits = f"{number:015}"
    (check,) = [each for each in "0123456789" if luhn(digits + each)]
    assert not luhn(digits[:-1] + str((int(digits[-1]) + 1) % 10) + check)


@given(st.integers(1_001_999, 999_999_999))
def test_an_insurance_number_has_one_check_sum(number: int) -> None:
    assert sum(snils_fits(f"{number:09}{check:02}") for check in range(100)) == 1


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "8 913 ",
        "a@",
        "a@a.",
        "@",
        "Иванов ",
        "И.",
        "И. ",
        "Иван Иванович ",
        "сосед ",
        "кв. ",
        "5-5 ",
        "5-5-",
        "квартиры 3, 5 и ",
        "паспорт ",
        "тел ",
        "А123ВС",
        "[id1|",
        "[id1|а]",
        "улица ",
        "Карла Маркса и ",
        "\n",
        "(",
        "+7(",
        "а́",
        "\u200b",
        "ytn ",
        "вoды ",
        "а0",
        "«Иван ",
        "№ ",
        "12.12.12 ",
        "с уважением, ",
        "II-",
    ],
    ids=ascii,
)
def test_an_endless_text_is_masked(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    masked = mask(text)
    assert all(0 <= each.start < each.end <= len(text) for each in masked.found)
