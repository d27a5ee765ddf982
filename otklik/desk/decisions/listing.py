"""Systemic decisions as a list: its filters, its rows, the same rows as a table to take away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from otklik.casework.enums import ActKind, SystemicState
from otklik.casework.models import SystemicBasis, SystemicDecision
from otklik.common.sheets import Sheet, Value
from otklik.desk.access import Desk
from otklik.registry.operations import local_date

PILLS = {
    SystemicState.PROPOSED: "info",
    SystemicState.AGREED: "info",
    SystemicState.IN_WORK: "warn",
    SystemicState.DONE: "ok",
    SystemicState.CHECKED: "ok",
    SystemicState.DECLINED: "muted",
}
GOES_ON = (SystemicState.PROPOSED, SystemicState.AGREED, SystemicState.IN_WORK)
_NUMBERS = ("topic", "municipality", "body")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DecisionsQuery:
    """The filters of the list. Anything odd in an address is simply not a filter."""

    q: str = ""
    state: str = ""
    kind: str = ""
    topic: str = ""
    municipality: str = ""
    body: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, str]) -> Self:
        """The query that an address asks for."""
        given = {each.name: raw.get(each.name, "").strip().replace("\0", "")[:100] for each in fields(cls)}
        for name in _NUMBERS:
            value = given[name]
            given[name] = value if value.isascii() and value.isdigit() and len(value) <= 18 else ""
        given["state"] = given["state"] if given["state"] in SystemicState.values else ""
        given["kind"] = given["kind"] if given["kind"] in ActKind.values else ""
        return cls(**given)

    @property
    def asked(self) -> dict[str, str]:
        """What is set."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}

    @property
    def string(self) -> str:
        """The same as the end of an address."""
        return urlencode(self.asked)


def found_by(query: DecisionsQuery, desk: Desk) -> QuerySet[SystemicDecision]:
    """The decisions that are asked for, within reach, the latest first, each with how many incidents it rests on."""
    found = SystemicDecision.objects.visible_to(desk.reach)
    if query.state:
        found = found.filter(state=query.state)
    if query.kind:
        found = found.filter(act_kind=query.kind)
    if query.topic:
        found = found.filter(topics=int(query.topic))
    if query.municipality:
        # What is decided for the whole region is decided for the place, too.
        found = found.filter(Q(municipalities=int(query.municipality)) | Q(municipalities=None)).distinct()
    if query.body:
        found = found.filter(executor=int(query.body))
    for word in query.q.split()[:6]:
        found = found.filter(_says(word))
    rests = (
        SystemicBasis.objects.filter(decision=OuterRef("pk"))
        .order_by()
        .values("decision")
        .annotate(n=Count("pk"))
    )
    listed = found.annotate(rests=Coalesce(Subquery(rests.values("n")), 0))
    return listed.select_related("executor").prefetch_related("topics", "municipalities").order_by("-pk")


def _says(word: str) -> Q:
    said = Q(cause__icontains=word) | Q(measure__icontains=word) | Q(act_number__icontains=word)
    digits = word.upper().removeprefix("С-").removeprefix("C-")
    own = digits.isascii() and digits.isdigit() and len(digits) <= 18
    return said | Q(pk=int(digits)) if own else said


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as a row of the list and the head of its page."""

    decision: SystemicDecision
    today: date

    @classmethod
    def at(cls, desk: Desk, decision: SystemicDecision) -> Self:
        """As it is seen today."""
        return cls(decision, local_date(desk.now))

    @property
    def pill(self) -> str:
        """The colour of its state; what was done and did not help is no success."""
        if self.decision.effect == "not":
            return "late"
        return PILLS[SystemicState(self.decision.state)]

    @property
    def topics(self) -> str:
        """Their names."""
        # Names of topics have commas of their own.
        return "; ".join(sorted(each.name for each in self.decision.topics.all()))

    @property
    def places(self) -> str:
        """The municipalities, or the whole region."""
        return ", ".join(sorted(each.short_name for each in self.decision.municipalities.all())) or _(
            "весь регион"
        )

    @property
    def is_late(self) -> bool:
        """Past the planned day and still going on."""
        planned = self.decision.planned_for
        return self.decision.state in GOES_ON and planned is not None and planned < self.today


def headers() -> list[tuple[str, int]]:
    """The columns of the table with their widths."""
    return [
        (_("Номер"), 9), (_("Причина"), 50), (_("Что решено сделать"), 50), (_("Темы"), 36), (_("Где"), 30),
        (_("Орган"), 36), (_("Состояние"), 18), (_("Почему отклонено"), 30), (_("Инцидентов в основании"), 14),
        (_("Вид акта"), 20), (_("Номер акта"), 14), (_("Дата акта"), 12), (_("Ссылка на акт"), 30),
        (_("Исполнить до"), 12), (_("Исполнено"), 12), (_("Чего ждём"), 36), (_("Дней сравнения"), 10),
        (_("Жалоб до"), 10), (_("Жалоб после"), 10), (_("Год назад: до"), 10), (_("Год назад: после"), 10),
        (_("Помогло ли"), 16), (_("Почему так"), 36),
    ]  # fmt: skip


def rows(found: QuerySet[SystemicDecision], desk: Desk) -> Iterator[list[Value]]:
    """The table, some hundred rows in memory at once. Figures are those that were checked."""
    for each in found.iterator(chunk_size=_AT_ONCE):
        row = Row.at(desk, each)
        yield [
            each.number, each.cause, each.measure, row.topics, row.places, str(each.executor),
            str(each.get_state_display()), each.decline_reason, each.rests,  # type: ignore[attr-defined]
            str(each.get_act_kind_display()), each.act_number, each.act_day, each.act_link, each.planned_for,
            each.done_on, each.expected, each.window_days, each.before, each.after, each.year_before,
            each.year_after, str(each.get_effect_display()), each.effect_note,
        ]  # fmt: skip


def sheet(found: QuerySet[SystemicDecision], desk: Desk) -> Sheet:
    """The table as a sheet of a workbook."""
    return Sheet(_("Системные решения"), headers(), rows(found, desk))
