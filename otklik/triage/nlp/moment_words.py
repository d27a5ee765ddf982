"""The words of time: numbers, units, days of the week, months, parts of the day, each with what it means."""

from collections.abc import Mapping

MONTHS: Mapping[str, int] = {
    form: number
    for number, forms in enumerate(
        ("январь января январе", "февраль февраля феврале", "март марта марте", "апрель апреля апреле", "май мая мае",
         "июнь июня июне", "июль июля июле", "август августа августе", "сентябрь сентября сентябре",
         "октябрь октября октябре", "ноябрь ноября ноябре", "декабрь декабря декабре"),
        1,
    )
    for form in forms.split()
}  # fmt: skip

WEEKDAYS: Mapping[str, int] = {
    form: number
    for number, forms in enumerate(
        ("понедельник понедельника пн", "вторник вторника вт", "среду среды", "четверг четверга чт",
         "пятницу пятницы пт", "субботу субботы", "воскресенье воскресенья"),
    )
    for form in forms.split()
}  # fmt: skip

# Months in which a season begins.
SEASONS: Mapping[str, int] = {
    "весны": 3, "весной": 3, "лета": 6, "летом": 6, "осени": 9, "осенью": 9, "зимы": 12, "зимой": 12,
}  # fmt: skip

_UNITS = {
    "minute": "минута минуту минуты минут мин",
    "hour": "час часа часов часу",
    "day": "день дня дней сутки суток",
    "week": "неделя неделю недели недель",
    "month": "месяц месяца месяцев",
    "year": "год года лет",
}
UNITS: Mapping[str, str] = {form: unit for unit, forms in _UNITS.items() for form in forms.split()}

NUMBERS: Mapping[str, float] = {
    "один": 1, "одну": 1, "одни": 1, "два": 2, "две": 2, "двое": 2, "три": 3, "трое": 3, "четыре": 4, "четверо": 4,
    "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "двенадцать": 12, "пятнадцать": 15,
    "двадцать": 20, "тридцать": 30, "двух": 2, "трех": 3, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7,
    "восьми": 8, "девяти": 9, "десяти": 10, "полтора": 1.5, "полторы": 1.5, "полутора": 1.5, "пару": 2, "несколько": 3,
}  # fmt: skip

_STEMS = ("втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят")
_ENDINGS = ("ой", "ый", "ий", "ую", "ые", "ую", "ью", "ьи", "ье", "ая")
ORDINALS: Mapping[str, int] = {
    stem + ending: number for number, stem in enumerate(_STEMS, 2) for ending in _ENDINGS
} | {"первый": 1, "первые": 1, "первую": 1}  # fmt: skip

# Hours at which parts of a day begin.
PARTS: Mapping[str, int] = {
    "ночью": 0, "ночи": 0, "утром": 6, "утра": 6, "днем": 12, "дня": 12, "вечером": 18, "вечера": 18, "полдень": 12,
    "обеда": 12, "обед": 12,
}  # fmt: skip

DAYS_AGO: Mapping[str, int] = {"сегодня": 0, "вчера": 1, "позавчера": 2}
