"""Learnt models as the desk shows them: what works now, what the next would learn from, how good one is by topic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.desk.access import Desk
from otklik.desk.triage.within import may_manage
from otklik.people.rules import Right
from otklik.triage.enums import ExampleSource, ModelState
from otklik.triage.models import Example, Topic, TopicModel
from otklik.triage.operations.comparing import Apart, Said
from otklik.triage.operations.learning import LEAST_EXAMPLES

TAUGHT = (ModelState.READY, ModelState.ACTIVE, ModelState.RETIRED)
BUSY = (ModelState.WAITING, ModelState.TRAINING)
MOST_CONFUSIONS = 10
DEFAULT_SORT = "-support"
COLUMNS: dict[str, tuple[Promise, bool]] = {
    "name": (_("Тема"), False),
    "support": (_("Примеров"), True),
    "precision": (_("Точность"), False),
    "recall": (_("Полнота"), False),
    "f1": (_("F1"), False),
    "threshold": (_("Порог"), True),
    "passing": (_("Решит сама"), True),
    "passing_right": (_("Из них верно"), True),
}
"""Columns that the report is sorted by: the label, and whether the largest comes first at the first press."""

_SOURCES = {
    ExampleSource.TABLE: _("примеров из таблиц"),
    ExampleSource.PERSON: _("примеров из решений диспетчеров"),
}

TICKS = (0, 25, 50, 75, 100)
"""Percents at which the chart of calibration has lines."""

_WIDEST_DOT, _SMALLEST_DOT = 14.0, 3.0


def sees_models(desk: Desk) -> bool:
    """Models and their examples are of the whole region: a body would read messages of others."""
    return Right.TRIAGE in desk.reach.center or may_manage(desk)


def require_sight(desk: Desk) -> None:
    """Refuse (403) a person whom models do not concern."""
    if not sees_models(desk):
        raise PermissionDenied


def working() -> TopicModel | None:
    """The model that judges now; None when the starter judges alone."""
    return TopicModel.objects.filter(state=ModelState.ACTIVE).first()


def versions() -> QuerySet[TopicModel]:
    """All versions, the newest first."""
    return TopicModel.objects.order_by("-pk")


def before(model: TopicModel) -> TopicModel | None:
    """The model that taking this one back would bring to work."""
    return (
        TopicModel.objects.filter(state=ModelState.RETIRED, activated_at__lt=model.activated_at)
        .order_by("-activated_at")
        .first()
        if model.state == ModelState.ACTIVE
        else None
    )


@dataclass(frozen=True, slots=True)
class Source:
    """So many examples came from there."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Teaching:
    """What the next model would learn from."""

    sources: tuple[Source, ...]
    topics: int
    fresh: int | None
    since: datetime | None

    @property
    def count(self) -> int:
        """All examples."""
        return sum(each.count for each in self.sources)

    @property
    def is_enough(self) -> bool:
        """Whether a model can be taught at all."""
        return self.count >= LEAST_EXAMPLES and self.topics >= 2

    @property
    def lacking(self) -> int:
        """How many examples are missing."""
        return max(0, LEAST_EXAMPLES - self.count)


def teaching() -> Teaching:
    """What the next model would learn from, and how much of it the last one has not seen; None without a last one."""
    usable = Example.objects.filter(topic__is_active=True)
    counts = dict(usable.order_by().values_list("source").annotate(n=Count("pk")))
    last = TopicModel.objects.filter(state__in=TAUGHT).order_by("-pk").values_list("started_at", flat=True)
    since = last.first()
    return Teaching(
        sources=tuple(Source(str(label), counts.get(source, 0)) for source, label in _SOURCES.items()),
        topics=usable.values("topic").distinct().count(),
        fresh=usable.filter(at__gt=since).count() if since else None,
        since=since,
    )


@dataclass(frozen=True, slots=True)
class Confusion:
    """So many messages of one topic were taken for another."""

    name: str
    taken_for: str
    count: int
    support: int


@dataclass(frozen=True, slots=True)
class TopicLine:
    """How well the model knows one topic."""

    name: str
    code: str
    figures: Mapping[str, Any]
    taken_for: tuple[tuple[str, int], ...]

    def key(self, column: str) -> tuple[bool, Any, str]:
        """What it is sorted by; what has no figure comes last whichever way."""
        value = self.name if column == "name" else self.figures.get(column)
        return (value is None, value, self.name)


class Head(NamedTuple):
    """The head of a column: where a press leads, and how the table is sorted now."""

    label: str
    query: str
    order: str
    code: str


def topic_names() -> dict[str, str]:
    """Names by code, of retired topics too: a model may be older than the list."""
    return dict(Topic.objects.values_list("code", "name"))


def topic_lines(report: Mapping[str, Any], names: Mapping[str, str], sort: str) -> list[TopicLine]:
    """The report by topic in the order asked for: `f1`, or `-f1` for the largest first."""
    column, falls = sort.removeprefix("-"), sort.startswith("-")
    lines = [
        TopicLine(
            names.get(each["label"], each["label"]),
            each["label"],
            each,
            tuple((names.get(code, code), count) for code, count in each["taken_for"]),
        )
        for each in report.get("labels", ())
    ]
    known = [line for line in lines if not line.key(column)[0]]
    unknown = [line for line in lines if line.key(column)[0]]
    return sorted(known, key=lambda line: line.key(column)[1:], reverse=falls) + unknown


def heads(sort: str) -> list[Head]:
    """The heads of the report by topic."""
    found = []
    for code, (label, falls) in COLUMNS.items():
        first, second = (f"-{code}", code) if falls else (code, f"-{code}")
        order = {code: "ascending", f"-{code}": "descending"}.get(sort, "")
        found.append(Head(str(label), second if sort == first else first, order, code))
    return found


def sort_of(asked: str) -> str:
    """A sort that there is; anything odd is the usual one."""
    return asked if asked.removeprefix("-") in COLUMNS else DEFAULT_SORT


def confusions(report: Mapping[str, Any], names: Mapping[str, str]) -> list[Confusion]:
    """What is mistaken for what most often."""
    found = [
        Confusion(names.get(each["label"], each["label"]), names.get(code, code), count, each["support"])
        for each in report.get("labels", ())
        for code, count in each["taken_for"]
    ]
    return sorted(found, key=lambda each: (-each.count, each.name, each.taken_for))[:MOST_CONFUSIONS]


class Dot(NamedTuple):
    """A bin of confidence: where it stands on the chart, how large, and what it says."""

    x: str
    y: str
    r: str


def calibration_dots(report: Mapping[str, Any]) -> list[Dot]:
    """Places in percent of the drawing; the area of a dot grows with its messages."""
    bins = report.get("calibration", ())
    most = max((each["messages"] for each in bins), default=1)
    return [
        Dot(
            f"{100 * each['claimed']:.2f}%",
            f"{100 - 100 * each['right']:.2f}%",
            f"{max(_SMALLEST_DOT, _WIDEST_DOT * sqrt(each['messages'] / most)):.1f}",
        )
        for each in bins
    ]


class Line(NamedTuple):
    """A question that two models see differently: its words, and the name of each topic with what was said."""

    text: str
    one: tuple[str, Said]
    other: tuple[str, Said]


def apart_lines(found: Iterable[Apart], names: Mapping[str, str]) -> list[Line]:
    """The questions with topics by name."""
    return [
        Line(
            each.text,
            (names.get(each.one.topic, each.one.topic), each.one),
            (names.get(each.other.topic, each.other.topic), each.other),
        )
        for each in found
    ]
