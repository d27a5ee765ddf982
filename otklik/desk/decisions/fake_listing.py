"""Reports of fakes as a list: its filters, its rows, the same rows as a table to take away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Self
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from otklik.casework.enums import FakeState
from otklik.casework.models import FakeLink, FakePublication, FakeReport
from otklik.common.sheets import Sheet, Value
from otklik.desk.access import Desk
from otklik.registry.operations import local_date

PILLS = {
    FakeState.REPORTED: "info",
    FakeState.CHECKING: "warn",
    FakeState.REFUTED: "ok",
    FakeState.CONFIRMED: "late",
    FakeState.UNCHECKABLE: "muted",
    FakeState.CLOSED: "muted",
}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FakesQuery:
    """The filters of the list. Anything odd in an address is simply not a filter."""

    q: str = ""
    state: str = ""
    municipality: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, str]) -> Self:
        """The query that an address asks for."""
        given = {each.name: raw.get(each.name, "").strip().replace("\0", "")[:100] for each in fields(cls)}
        place = given["municipality"]
        given["municipality"] = place if place.isascii() and place.isdigit() and len(place) <= 18 else ""
        given["state"] = given["state"] if given["state"] in FakeState.values else ""
        return cls(**given)

    @property
    def asked(self) -> dict[str, str]:
        """What is set."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}

    @property
    def string(self) -> str:
        """The same as the end of an address."""
        return urlencode(self.asked)


def found_by(query: FakesQuery, desk: Desk) -> QuerySet[FakeReport]:
    """The reports that are asked for, within reach, the latest first, each with how often met and published."""
    found = FakeReport.objects.visible_to(desk.reach)
    if query.state:
        found = found.filter(state=query.state)
    if query.municipality:
        found = found.filter(Q(municipality=query.municipality) | Q(municipality=None))
    for word in query.q.split()[:6]:
        found = found.filter(_says(word))
    counted = found.annotate(
        met=_count(FakeLink.objects.all()), published=_count(FakePublication.objects.all())
    )
    linked = counted.select_related("topic", "municipality", "executor", "reported_by", "checker")
    return linked.order_by("-pk")


def _says(word: str) -> Q:
    said = Q(statement__icontains=word) | Q(truth__icontains=word) | Q(source__icontains=word)
    digits = word.upper().removeprefix("Ф-")
    own = digits.isascii() and digits.isdigit() and len(digits) <= 18
    return said | Q(pk=int(digits)) if own else said


def _count(rows: QuerySet[FakeLink] | QuerySet[FakePublication]) -> Coalesce:
    of_one = rows.filter(report=OuterRef("pk")).order_by().values("report").annotate(n=Count("pk"))
    return Coalesce(Subquery(of_one.values("n")), 0)


@dataclass(frozen=True, slots=True)
class Row:
    """A report as a row of the list and the head of its page."""

    report: FakeReport

    @property
    def pill(self) -> str:
        """The colour of its state."""
        return PILLS[FakeState(self.report.state)]

    @property
    def place(self) -> str:
        """Where it is about."""
        place = self.report.municipality
        return place.short_name if place else _("весь регион")

    @property
    def awaits_rebuttal(self) -> bool:
        """Refuted, and nobody was told of it yet."""
        return self.report.state == FakeState.REFUTED and not getattr(self.report, "published", 1)


def headers() -> list[tuple[str, int]]:
    """The columns of the table with their widths."""
    return [
        (_("Номер"), 9), (_("Что утверждают"), 60), (_("Состояние"), 24), (_("Замечено"), 12),
        (_("Насколько разошлось"), 30), (_("Встретилось, раз"), 10), (_("Тема"), 26), (_("Где"), 24),
        (_("Кого касается"), 30), (_("Записал(а)"), 22), (_("Проверил(а)"), 22), (_("Проверено"), 12),
        (_("Как на самом деле"), 60), (_("Откуда известно"), 36), (_("Ссылка на источник"), 30),
        (_("Почему это мнение"), 30), (_("Опровержение"), 60), (_("Где опубликовано"), 40),
    ]  # fmt: skip


def rows(found: QuerySet[FakeReport]) -> Iterator[list[Value]]:
    """The table, some hundred rows in memory at once."""
    of_one = FakePublication.objects.filter(report=OuterRef("pk")).order_by().values("report")
    said = of_one.annotate(all=StringAgg("url", delimiter="\n", order_by="pk")).values("all")
    for each in found.annotate(addresses=Subquery(said)).iterator(chunk_size=_AT_ONCE):
        yield [
            each.number, each.statement, str(each.get_state_display()), each.first_seen, each.spread,
            each.met,  # type: ignore[attr-defined]
            each.topic.name if each.topic else "", Row(each).place, str(each.executor or ""),
            str(each.reported_by), str(each.checker or ""),
            local_date(each.judged_at) if each.judged_at else None, each.truth, each.source,
            each.source_link, each.note, each.rebuttal, each.addresses or "",
        ]  # fmt: skip


def sheet(found: QuerySet[FakeReport]) -> Sheet:
    """The table as a sheet of a workbook."""
    return Sheet(_("Фейки"), headers(), rows(found))
