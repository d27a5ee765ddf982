"""The columns of the table, in order, and how they are found by their headers.

Source of the layout: the export of the cabinet of «Инцидент Менеджмент», domain specification, §2.1.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from otklik.common.text import clean, fold

_SPACES = re.compile(r"\s+")


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    INSTANT = "instant"
    DURATION = "duration"
    YES_NO = "yes_no"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the code we call it by, its header, what its values are, how wide it is shown."""

    code: str
    header: str
    kind: Kind = Kind.TEXT
    width: int = 18


_T, _I, _D, _Y, _N = Kind.TEXT, Kind.INSTANT, Kind.DURATION, Kind.YES_NO, Kind.NUMBER
COLUMNS: tuple[Column, ...] = (
    Column("cabinet", "Кабинет", _T, 24),
    Column("id", "ID", _T, 12),
    Column("number", "Номер инцидента", _T, 16),
    Column("department", "Отдел", _T, 24),
    Column("executor", "Исполнитель", _T, 32),
    Column("first_answer_at", "Общее время первого ответа", _I, 19),
    Column("first_answer", "Общий текст первого ответа", _T, 40),
    Column("first_answer_took", "Время с даты создания инцидента до времени первого ответа", _D, 14),
    Column(
        "first_answer_worked",
        "Время с даты создания инцидента до времени первого ответа, рабочее время",
        _D,
        14,
    ),
    Column("assigned_at", "Время назначения последнего исполнителя", _I, 19),
    Column("own_answer_at", "Время 1го ответа ПИ", _I, 19),
    Column("own_answer_took", "Первая реакция с момента назн. ПИ", _D, 14),
    Column("own_in_time", "Уложились или нет после назн. ПИ", _Y, 12),
    Column("whole_took", "Время с начала создания инцидента до окончания", _D, 14),
    Column("sent_to_approval_at", "Время отправки первого ответа ПИ на согласование", _I, 19),
    Column("in_approval", "Время, которое первый ответ ПИ находился на согласовании", _D, 14),
    Column("state", "Текущий шаг инцидента", _T, 24),
    Column("created_at", "Дата создания", _I, 19),
    Column("ended_at", "Дата окончания", _I, 19),
    Column("topic_group", "Группа тем", _T, 24),
    Column("topic", "Тема", _T, 28),
    Column("region", "Регион", _T, 24),
    Column("municipality", "Муниципалитет", _T, 24),
    Column("settlement", "Населенный пункт", _T, 20),
    Column("street", "Улица", _T, 20),
    Column("house", "Дом", _T, 8),
    Column("old_object", "Объект старый", _T, 20),
    Column("object", "Объект", _T, 20),
    Column("kind", "Тип инцидента", _T, 16),
    Column("outcome", "Итог", _T, 20),
    Column("media_in_answer", "Есть медиафайл в ответе", _Y, 12),
    Column("media_in_message", "Есть медиафайл в сообщении", _Y, 12),
    Column("post_url", "Урл поста", _T, 28),
    Column("blog_url", "Урл блога", _T, 28),
    Column("text", "Текст инцидента", _T, 60),
    Column("answer_1", "1ый ответ ПИ", _T, 40),
    Column("answer_2", "2ой ответ ПИ", _T, 40),
    Column("answer_3", "3ий ответ ПИ", _T, 40),
    Column("closing_reason", "Причина закрытия", _T, 24),
    Column("audience", "Аудитория", _N, 12),
    Column("engagement", "Вовлеченность", _N, 12),
    Column("author_url", "URL автора", _T, 28),
    Column("answered_from", "Аккаунт публикации ответа", _T, 28),
    Column("tags", "Теги", _T, 20),
    Column("note", "Примечание", _T, 24),
    Column("rating_step_at", "Время попадания на шаг оценка удовлетворенности", _I, 19),
    Column("asked_to_rate", "Опрос отправлен", _Y, 12),
)
CODES: tuple[str, ...] = tuple(column.code for column in COLUMNS)
AT: Mapping[str, int] = {code: index for index, code in enumerate(CODES)}
BY_CODE: Mapping[str, Column] = {column.code: column for column in COLUMNS}
NEEDED = ("id",)
"""Without these there is no telling one line from another."""


def key_of(header: str) -> str:
    """A header for comparing: no case, no ё, one space where there were several."""
    return _SPACES.sub(" ", fold(clean(header))).strip()


_BY_KEY = {key_of(column.header): column.code for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Mapping47:
    """Where the columns stand in a file, and what does not fit."""

    # Place of each column of the layout in a line of the file, None when it is not there.
    places: tuple[int | None, ...]
    # Headers that the layout does not know, and those that stand a second time.
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Headers of the layout that the file does not have."""
        return tuple(
            column.header for column, place in zip(COLUMNS, self.places, strict=True) if place is None
        )

    def __len__(self) -> int:
        """How many columns of the layout were found."""
        return sum(place is not None for place in self.places)

    def lacks(self) -> tuple[str, ...]:
        """Headers without which the file cannot be taken."""
        return tuple(BY_CODE[code].header for code in NEEDED if self.places[AT[code]] is None)

    def cells(self, line: Sequence[str]) -> list[str]:
        """The cells of a line in the order of the layout."""
        return [line[place] if place is not None and place < len(line) else "" for place in self.places]


def mapped(headers: Iterable[str]) -> Mapping47:
    """Find the columns of the layout among the headers of a file, whatever their order."""
    found: dict[str, int] = {}
    unknown, repeated = [], []
    for place, header in enumerate(headers):
        code = _BY_KEY.get(key_of(header))
        if code is None:
            unknown += [header.strip()] if header.strip() else []
        elif code in found:
            repeated.append(header.strip())
        else:
            found[code] = place
    return Mapping47(tuple(found.get(code) for code in CODES), tuple(unknown), tuple(repeated))
