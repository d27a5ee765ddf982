"""Charts as values: places in percent of the drawing, so that type keeps its size on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.translation import gettext as _

MILLION = 1_000_000
# So many words stand below a wide chart without touching.
ROOM_FOR_WORDS = 13


@dataclass(frozen=True, slots=True)
class Mark:
    """A word beside a line of the grid or under a point; `minor` ones make way on a narrow screen."""

    at: str
    label: str
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A point that carries its value."""

    x: str
    y: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series: `points` for a polyline over 0–100, and the dots that say their values."""

    name: str
    points: str
    dots: tuple[Dot, ...]
    # Which of the strokes of the style sheet draws it: they differ without colour too.
    stroke: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """Series over time, with a scale from nought."""

    lines: tuple[Line, ...]
    columns: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a column chart: where it stands, how high, what it says."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    label: str
    below: str
    tone: str
    minor: bool


def line_chart(
    title: str,
    columns: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    unit: str = "",
) -> LineChart:
    """A chart of one or more series over the same columns; None is a hole that the line jumps over."""
    top, step = scale(max((value for _name, row in series for value in row if value is not None), default=0))
    lines = tuple(
        _line(name, row, top, unit, stroke) for stroke, (name, row) in enumerate(series) if _known(row)
    )
    every = 1 if len(columns) <= ROOM_FOR_WORDS else ceil(len(columns) / 6)
    last = len(columns) - 1
    labels = tuple(
        Mark(
            _percent(_x(at, len(columns))),
            label,
            minor=(last - at) % (every * 3 if every == 1 else every * 2) != 0,
        )
        for at, label in enumerate(columns)
        if (last - at) % every == 0
    )
    levels = tuple(
        Mark(_percent(100 - 100 * step * at / top), in_short(step * at, unit))
        for at in range(round(top / step) + 1)
    )
    return LineChart(lines, labels, levels, title)


def bars(rows: Sequence[tuple[str, float | None, str]], *, top: float = 100) -> tuple[Bar, ...]:
    """Columns: (word below, value or None when it is not known, tone)."""
    slot = 100 / max(len(rows), 1)
    last = len(rows) - 1
    return tuple(
        Bar(
            x=_percent(slot * at + slot * 0.12),
            y=_percent(100 - 100 * (value or 0) / top),
            width=_percent(slot * 0.76),
            height=_percent(100 * (value or 0) / top),
            middle=_percent(slot * (at + 0.5)),
            label=said(value) if value is not None else "—",
            below=below,
            tone=tone,
            minor=(last - at) % 4 != 0,
        )
        for at, (below, value, tone) in enumerate(rows)
    )


def share(part: float, whole: float) -> str:
    """The width of a proportion bar: at most all of it, nothing when there is nothing to share."""
    return _percent(min(100.0, 100 * part / whole) if whole > 0 else 0)


def scale(highest: float) -> tuple[float, float]:
    """(top, step) of a scale from nought with round steps, at most five of them."""
    if highest <= 1:
        return 1.0, 1.0
    raw = max(highest / 4, 1.0)
    tens = 10.0 ** floor(log10(raw))
    # Half of five is a step only where it is a whole number: people and pages are counted here.
    factors = (1, 2, 5, 10) if tens < 10 else (1, 2, 2.5, 5, 10)
    step = next(tens * factor for factor in factors if tens * factor >= raw * 0.999)
    return step * ceil(highest / step - 1e-9), step


def said(value: float, unit: str = "") -> str:
    """A figure with thin gaps between thousands and its unit: 12 480, 71 %."""
    whole = f"{value:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{whole}\N{NO-BREAK SPACE}{unit}" if unit else whole


def in_short(value: float, unit: str = "") -> str:
    """A figure of the scale: millions as «2,5 млн», whatever is smaller as it is."""
    if value < MILLION:
        return said(value, unit)
    return _("%(n)s млн") % {"n": f"{value / MILLION:g}".replace(".", ",")}


def _line(name: str, row: Sequence[float | None], top: float, unit: str, stroke: int) -> Line:
    placed = [(_x(at, len(row)), 100 - 100 * value / top, value) for at, value in _known(row)]
    # The first and the last value are said at the line itself; all of them stand in the table beside it.
    ends = [placed[0], placed[-1]] if len(placed) > 1 else placed
    dots = tuple(
        Dot(_percent(x), _percent(y), said(value, unit), "start" if at == 0 and len(ends) > 1 else "end")
        for at, (x, y, value) in enumerate(ends)
    )
    return Line(name, " ".join(f"{x:.2f},{y:.2f}" for x, y, _value in placed), dots, stroke)


def _known(row: Sequence[float | None]) -> list[tuple[int, float]]:
    return [(at, value) for at, value in enumerate(row) if value is not None]


def _x(at: int, count: int) -> float:
    return 100 * at / (count - 1) if count > 1 else 50.0


def _percent(value: float) -> str:
    # A figure for SVG, never for a person: the point is its decimal sign in every language.
    return f"{value:.2f}%"
