"""What the screens of coverage show: plan and fact by a dimension, their course over a year, the gap by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk import charts
from otklik.desk.charts import LineChart
from otklik.people.models import Account
from otklik.people.rules import Right, rights_of
from otklik.registry.enums import Network
from otklik.registry.models import Membership, PageObligation
from otklik.registry.operations import coverage as counting
from otklik.registry.operations.coverage import AudiencePoint, CoverageLine, CoveragePoint, Within
from otklik.registry.rules.lights import GREEN_FROM, YELLOW_FROM

CACHE_SECONDS = 300
# What fits on one sheet of A4 below the figures and the chart.
ONE_COLUMN, MOST_ON_PAPER = 14, 48
# How a tab is called, and the head of the column it makes.
DIMENSIONS = {
    "network": (gettext_lazy("По сетям"), gettext_lazy("Сеть")),
    "municipality": (gettext_lazy("По территориям"), gettext_lazy("Муниципалитет")),
    "sphere": (gettext_lazy("По сферам"), gettext_lazy("Основная сфера")),
    "type": (gettext_lazy("По типам"), gettext_lazy("Тип организаций")),
}
EARLIEST = date(2022, 12, 1)
"""The law that obliges bodies to keep pages has been in force since this day."""


@dataclass(frozen=True, slots=True)
class CoverageQuery:
    """Which coverage is asked for, as its address holds it. Anything odd is the usual."""

    by: str
    on: date
    network: str

    @classmethod
    def of(cls, asked: Mapping[str, str], today: date) -> Self:
        """The query of an address; a day ahead of today, or before the law, is today."""
        by, network = asked.get("by", ""), asked.get("network", "")
        on = _day(asked.get("on", "")) or today
        return cls(
            by=by if by in DIMENSIONS else "network",
            on=on if EARLIEST <= on <= today else today,
            network=network if network in Network.values else "",
        )

    def gaps(self, key: str, today: date) -> str:
        """The query of the gap list that stands behind a line; nothing where the line has no name of its own."""
        return urlencode({**self._day(today), self.by: key}) if key else ""

    def gaps_of_all(self, today: date) -> str:
        """The query of the gap list that stands behind the sum."""
        return urlencode(self._day(today))

    def _day(self, today: date) -> dict[str, str]:
        asked = {"network": self.network, "on": "" if self.on == today else self.on.isoformat()}
        return {name: value for name, value in asked.items() if value}

    def string(self, today: date, **changed: str) -> str:
        """The address of the same with something changed; what is usual is left out."""
        values: dict[str, Any] = {"by": self.by, **self._day(today), **changed}
        usual = ("by", "network")
        return urlencode({name: value for name, value in values.items() if value and (name, value) != usual})


def texts_of(asked: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The filters of an address by their names; a municipality that is no number is none."""
    found = {name: asked.get(name, "").replace("\0", "").strip()[:100] for name in names}
    place = found["municipality"]
    if not (place.isascii() and place.isdigit() and len(place) <= 12):
        found["municipality"] = ""
    return found


@dataclass(frozen=True, slots=True)
class GapQuery:
    """Which gaps are asked for, as the address of their list holds it."""

    network: str = ""
    municipality: str = ""
    sphere: str = ""
    type: str = ""
    q: str = ""
    # A past day, or nothing for now.
    on: date | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str], today: date) -> Self:
        """The query of an address; anything odd is no filter."""
        on = _day(asked.get("on", ""))
        return cls(**texts_of(asked, cls._texts()), on=on if on and EARLIEST <= on < today else None)

    @staticmethod
    def _texts() -> tuple[str, ...]:
        return ("network", "municipality", "sphere", "type", "q")

    @property
    def narrowed(self) -> bool:
        """Whether any filter is on."""
        return any(getattr(self, name) for name in self._texts()) or self.on is not None

    def string(self) -> str:
        """The address of the same."""
        values = {name: getattr(self, name) for name in self._texts()}
        if self.on:
            values["on"] = self.on.isoformat()
        return urlencode({name: value for name, value in values.items() if value})

    def rows(self, within: Within) -> QuerySet[PageObligation]:
        """The gaps, by name. The sphere is the main one, as plan and fact count it."""
        found = counting.gap_list(
            network=self.network,
            municipality=int(self.municipality) if self.municipality else None,
            type=self.type,
            search=self.q,
            on=self.on,
            within=within,
        )
        return found.filter(organization__spheres__0=self.sphere) if self.sphere else found


def _day(text: str) -> date | None:
    try:
        return parse_date(text.strip()[:10])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of plan and fact as it is shown: with its share in whole percent and a way to the gap behind it."""

    line: CoverageLine
    share: int | None
    tone: str
    gaps: str


def line_of(line: CoverageLine, gaps: str = "") -> Line:
    """A line of the register's count with what a person wants to know of it."""
    share = percent(line.created, line.required)
    return Line(line, share, tone_of(share), gaps if line.missing else "")


def percent(part: int, whole: int) -> int | None:
    """The share in whole percent, rounded down: 99.9 % is not yet all of it."""
    return 100 * part // whole if whole else None


def tone_of(share: int | None) -> str:
    """The zones of the light serve here too: from 80 % well, from 50 % so-so."""
    if share is None:
        return "muted"
    return "ok" if share >= GREEN_FROM else "warn" if share >= YELLOW_FROM else "late"


def lines_of(query: CoverageQuery, within: Within, today: date) -> list[Line]:
    """Plan and fact in the dimension asked for, each line with the address of its gaps."""
    found = counting.coverage(on=query.on, by=query.by, network=query.network, within=within)
    return [line_of(line, query.gaps(line.key, today)) for line in found if line.required or line.exempt]


def for_press(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines as one or two columns of one sheet of paper: of very many the largest plans, the others in one line."""
    shown = list(lines)
    if len(shown) > MOST_ON_PAPER:
        largest = sorted(shown, key=lambda each: -each.line.required)[: MOST_ON_PAPER - 1]
        rest = [each for each in shown if each not in largest]
        shown = [each for each in shown if each in largest] + [line_of(_summed([each.line for each in rest]))]
    if len(shown) <= ONE_COLUMN:
        return [shown]
    middle = (len(shown) + 1) // 2
    return [shown[:middle], shown[middle:]]


def _summed(lines: Sequence[CoverageLine]) -> CoverageLine:
    names = ("required", "exempt", "created", "badged", "connected", "followers")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    return CoverageLine(key="", label=_("остальные"), **sums)


def course_of(query: CoverageQuery, within: Within) -> list[CoveragePoint]:
    """Plan and fact at the ends of the last twelve months and on the day itself.

    Thirteen counts of the whole register are kept for a few minutes: a past month hardly changes.
    """
    key = f"desk:coverage:{query.on}:{query.network}:{within}".replace(" ", "")
    found: list[CoveragePoint] | None = cache.get(key)
    if found is None:
        found = counting.coverage_over_time(until=query.on, network=query.network, within=within)
        cache.set(key, found, CACHE_SECONDS)
    return found


def course_chart(points: Sequence[CoveragePoint]) -> LineChart:
    """Plan and fact, month by month."""
    return charts.line_chart(
        _("Сколько страниц есть и сколько должно быть, по месяцам"),
        [month(point.on) for point in points],
        [(_("есть"), [point.created for point in points]), (_("план"), [point.required for point in points])],
    )


def audience_chart(points: Sequence[AudiencePoint]) -> LineChart | None:
    """Followers of all pages, week by week; one week alone is no history."""
    if len(points) < 2:
        return None
    columns = [date_format(point.monday, "j b") for point in points]
    return charts.line_chart(
        _("Подписчики всех страниц по неделям"),
        columns,
        [(_("подписчики"), [point.followers for point in points])],
    )


def month(day: date) -> str:
    """«ноя»: a month under a chart, with the year in January."""
    return date_format(day, "b Y" if day.month == 1 else "b")


def within_of(account: Account, *, everywhere: bool) -> Within:
    """The bodies whose coverage the person may see, each with everything below it; None for the whole region."""
    if everywhere:
        return None
    held = Membership.objects.filter(account=account).exclude(organization=None)
    return tuple(
        sorted(
            {
                pk
                for role, pk in held.values_list("role", "organization_id")
                if pk is not None and Right.SEE_REGISTRY in rights_of([role])
            }
        )
    )
