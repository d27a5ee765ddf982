"""Reading a table of messages and choosing a page for each: decisions only, no network and no clock."""

import csv
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TEXT_COLUMNS = (
    "text",
    "текст",
    "message",
    "сообщение",
    "comment",
    "комментарий",
    "обращение",
    "текст обращения",
)
LONGEST_TEXT = 16_000  # characters that a comment of VK may have
# What a page of such a name is asked about. Beginnings of words, so that every case and number fits.
SUBJECTS = {
    "здравоохран": ("поликлин", "больниц", "врач", "терапевт", "скорая", "лекарств", "прививк"),
    "образован": ("школ", "садик", "учител", "детсад", "ученик", "воспитател"),
    "транспорт": ("автобус", "маршрутк", "троллейбус", "дорог", "остановк", "светофор"),
    "дорожн": ("дорог", "яма", "ямы", "асфальт", "тротуар", "обочин"),
    "жилищн": ("подъезд", "отоплен", "батаре", "мусор", "кварплат", "управляющ", "капремонт"),
    "социальн": ("пособи", "пенси", "выплат", "льгот", "инвалид"),
    "экологи": ("свалк", "мусор", "воздух", "запах", "вырубк"),
    "культур": ("музе", "театр", "концерт", "библиотек", "клуб"),
    "спорт": ("стадион", "каток", "секци", "спортплощад"),
}
MIN_STEM = 4


class NoTextColumn(Exception):
    """The table has no column that looks like the text of a message; the text names those it has."""


@dataclass(frozen=True)
class Row:
    """One message; `line` is where it ends in the file, `problem` why it cannot be sent."""

    line: int
    text: str
    problem: str = ""


@dataclass(frozen=True)
class Page:
    """A page of the simulator under whose posts residents write."""

    id: int
    name: str
    posts: tuple[int, ...] = ()
    words: tuple[str, ...] = field(default=())


class Chooser:
    """Knows which beginnings of words speak for which page; a word that many pages share says little."""

    def __init__(self, pages: Sequence[Page]) -> None:
        if not pages:
            raise ValueError("there is no page to choose from")
        self._pages = list(pages)
        self._by_stem: dict[str, set[int]] = defaultdict(set)
        for number, page in enumerate(self._pages):
            for stem in _stems_of(page):
                self._by_stem[stem].add(number)
        self._lengths = sorted({len(stem) for stem in self._by_stem}, reverse=True)

    def choose(self, text: str, rng: random.Random) -> Page:
        """The page whose place, organisation or subject the text names; one by chance when it names none."""
        scores: dict[int, float] = defaultdict(float)
        for stem in {found for word in _words(text) for found in self._known(word)}:
            owners = self._by_stem[stem]
            for number in owners:
                scores[number] += 1 / len(owners) ** 2
        if not scores:
            return rng.choice(self._pages)
        best = max(scores.values())
        return self._pages[rng.choice([number for number, score in sorted(scores.items()) if score == best])]

    def _known(self, word: str) -> Iterator[str]:
        for length in self._lengths:
            if length <= len(word) and word[:length] in self._by_stem:
                yield word[:length]


def choose(text: str, pages: Sequence[Page], rng: random.Random) -> Page:
    """Choose once; for many texts keep a Chooser."""
    return Chooser(pages).choose(text, rng)


def _words(text: str) -> list[str]:
    return re.findall(r"[а-яa-z]{3,}", text.lower().replace("ё", "е"))


def _stem(word: str) -> str:
    """The word without its ending, roughly: Искитимский, Искитима → искитим…"""
    return word[: max(MIN_STEM, len(word) - 2)] if len(word) > MIN_STEM else word


def _stems_of(page: Page) -> set[str]:
    stems = {_stem(word) for word in _words(" ".join([page.name, *page.words])) if len(word) >= MIN_STEM}
    for beginning, subject in SUBJECTS.items():
        if any(stem.startswith(beginning[: len(stem)]) for stem in stems if len(stem) > MIN_STEM):
            stems.update(subject)
    return stems


def read_rows(path: Path, *, column: str | None = None) -> Iterator[Row]:
    """Rows of a CSV file with commas, semicolons or tabs, in UTF-8 or Windows-1251, in their order.

    Raises NoTextColumn, and OSError when the file cannot be read.
    """
    with path.open(encoding=_encoding(path), errors="replace", newline="") as file:
        head = file.readline()
        file.seek(0)
        delimiter = max(",;\t", key=head.count)
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter)
        header = next(reader, [])
        number = _column(header, column)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(reader.line_num, "", f"не читается: {error}")
                continue
            yield _row(reader.line_num, cells, number)


def _row(line: int, cells: list[str], number: int) -> Row:
    if len(cells) <= number:
        return Row(line, "", "меньше столбцов, чем в заголовке")
    text = cells[number].strip()
    if not text:
        return Row(line, "", "пустой текст")
    if len(text) > LONGEST_TEXT:
        return Row(line, "", f"длиннее {LONGEST_TEXT} знаков")
    return Row(line, text)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        beginning = file.read(200_000)
    try:
        # the last character may be cut in two
        beginning[: beginning.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8-sig"


def _column(header: list[str], wanted: str | None) -> int:
    names = [name.strip().lower() for name in header]
    for candidate in [wanted.strip().lower()] if wanted else TEXT_COLUMNS:
        if candidate in names:
            return names.index(candidate)
    known = ", ".join(header) or "ни одного"
    raise NoTextColumn(f"Не нашёл столбец с текстом. Есть: {known}. Назовите его: --column ИМЯ")
