"""The report of a month as people read it and take it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from otklik.casework.enums import ModerationGround, ModerationMeasure
from otklik.casework.operations.moderation_report import Line, month_of_moderation, summed
from otklik.common.sheets import Sheet, Value
from otklik.desk.access import Desk
from otklik.registry.operations import local_date


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the region's calendar."""

    first: date
    today: date
    desk: Desk

    @classmethod
    def of(cls, raw: Mapping[str, str], desk: Desk) -> Self:
        """What an address asks for as 2026-11; the present month otherwise."""
        today = local_date(desk.now)
        try:
            first = date.fromisoformat(f"{raw.get('month', '')}-01")
        except ValueError:
            first = today.replace(day=1)
        return cls(first if 2000 <= first.year <= today.year else today.replace(day=1), today, desk)

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def has_next(self) -> bool:
        """Whether there is a later one to look at."""
        return self.after <= self.today

    @property
    def words(self) -> str:
        """Its name and year."""
        return date_format(self.first, "F Y")

    def lines(self) -> list[Line]:
        """The decisions of the month."""
        return month_of_moderation(since=self._begins(self.first), until=self._begins(self.after))

    def _begins(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.desk.calendar.tz)


def named(line: Line) -> list[str]:
    """The words of a line in full."""
    ground = ModerationGround(line.ground).label if line.ground else ""
    measure = ModerationMeasure(line.measure).label if line.measure else ""
    return [line.rule or _("без нарушения"), str(ground), line.page, line.body, str(measure)]


def numbers(line: Line) -> list[int]:
    """The numbers of a line, in the order of the headers."""
    return [line.decided, line.done, line.waiting, line.refused, line.undone, line.appeals, line.granted]


def number_headers() -> list[str]:
    """What the numbers are."""
    return [
        _("Решений"), _("Выполнено"), _("Выполняется или ждёт администратора"), _("Сеть отказала"), _("Отменено"),
        _("Жалоб авторов"), _("Из них удовлетворено"),
    ]  # fmt: skip


def headers() -> list[str]:
    """The headers of the whole table."""
    return [_("Правило"), _("Основание"), _("Страница"), _("Орган"), _("Мера"), *number_headers()]


def rows(lines: Sequence[Line]) -> list[list[Value]]:
    """The whole table."""
    return [[*named(line), *numbers(line)] for line in lines]


def sheets(lines: Sequence[Line]) -> list[Sheet]:
    """The workbook: by rule, by page, and everything."""
    counted = [(header, 14) for header in number_headers()]
    by_rule: list[list[Value]] = [
        [*named(each)[:2], *numbers(each)] for each in summed(lines, ("rule", "ground"))
    ]
    by_page: list[list[Value]] = [
        [each.page, each.body, *numbers(each)] for each in summed(lines, ("page", "body"))
    ]
    return [
        Sheet(_("По правилам"), [(_("Правило"), 34), (_("Основание"), 30), *counted], by_rule),
        Sheet(_("По страницам"), [(_("Страница"), 40), (_("Орган"), 40), *counted], by_page),
        Sheet(_("Подробно"), [(header, 28) for header in headers()[:5]] + counted, rows(lines)),
    ]
