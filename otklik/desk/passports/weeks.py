"""The weeks of a page: its light with the parts of the score, and its audience."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk import charts
from otklik.desk.charts import Bar, LineChart
from otklik.desk.passports import words
from otklik.registry.models import OfficialPage, PageWeek

SHOWN = 16
# The public formula of the weekly light: what each part may bring.
PARTS = {
    "connection": (gettext_lazy("Подключение к компоненту"), 10),
    "badge": (gettext_lazy("Метка"), 10),
    "design": (gettext_lazy("Оформление"), 20),
    "widgets": (gettext_lazy("Виджеты"), 10),
    "activity": (gettext_lazy("Посты за неделю"), 30),
    "reach": (gettext_lazy("Охват за неделю"), 10),
    "mean_reach": (gettext_lazy("Средний охват поста"), 5),
    "contacts": (gettext_lazy("Контакты"), 5),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a week's score: None when the network did not tell what it needs."""

    label: str
    points: float | None
    most: int
    lost: float


@dataclass(frozen=True, slots=True)
class Week:
    """One line of the table beside the charts."""

    monday: date
    zone_code: str
    zone: str
    tone: str
    score: int | None
    posts: int | None
    reach: int | None
    followers: int | None


@dataclass(frozen=True, slots=True)
class Weeks:
    """Everything about the weeks of a page; `parts` are those of the last one that has a light."""

    rows: tuple[Week, ...]
    # The last week that has a light.
    light: Week | None
    lights: tuple[Bar, ...]
    audience: LineChart | None
    parts: tuple[Part, ...]
    parts_of: date | None


def weeks_of(page: OfficialPage) -> Weeks:
    """The last SHOWN weeks of the page, the oldest first in charts, the newest first in the table."""
    newest = list(PageWeek.objects.filter(page=page).order_by("-monday")[:SHOWN])
    rows = tuple(_week(each) for each in newest)
    lit = next((row for row in rows if row.zone_code), None)
    last = next((each for each in newest if each.zone), None)
    return Weeks(
        rows=rows,
        light=lit,
        lights=charts.bars([(short(row.monday), row.score, row.tone) for row in reversed(rows)]),
        audience=_audience(rows),
        parts=parts_of(last) if last else (),
        parts_of=last.monday if last else None,
    )


def _week(row: PageWeek) -> Week:
    return Week(
        monday=row.monday,
        zone_code=row.zone,
        zone=words.zone(row.zone),
        tone=words.ZONE_TONES.get(row.zone, "muted"),
        score=row.score,
        posts=row.posts,
        reach=row.reach,
        followers=row.followers,
    )


def parts_of(week: PageWeek) -> tuple[Part, ...]:
    """What the score of the week is made of; the parts that cost most points stand where the formula has them."""
    found = []
    for code, (label, most) in PARTS.items():
        points = week.parts.get(code)
        known = float(points) if isinstance(points, int | float) else None
        found.append(Part(str(label), known, most, most - known if known is not None else 0))
    return tuple(found)


def _audience(rows: tuple[Week, ...]) -> LineChart | None:
    known = [row.followers for row in reversed(rows)]
    if sum(value is not None for value in known) < 2:
        return None
    columns = [short(row.monday) for row in reversed(rows)]
    return charts.line_chart(_("Подписчики по неделям"), columns, [(_("Подписчики"), known)])


def short(day: date) -> str:
    """«3 ноя»: a day under a chart."""
    return date_format(day, "j b")
