"""The filters of the queue as the page shows them: fields to choose from, and chips of what is chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from otklik.desk import choices
from otklik.desk.choices import Choice
from otklik.desk.enums import Sort
from otklik.desk.queue import DAY_OF, QueueQuery
from otklik.registry.models import OfficialPage, Organization
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.operations import topics_by_code


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Picker:
    """A filter with its choices."""

    name: str
    label: str
    value: str
    choices: list[Choice]


def context(query: QueueQuery) -> dict[str, Any]:
    """Pickers, switches, chips and orders for the templates."""
    return {
        "pickers": _pickers(query),
        "switches": _switches(query),
        "chips": [
            Chip(_named(name, value), query.with_(**{name: ""}).string)
            for name, value in query.filters.items()
        ],
        "orders": [
            (order, str(order.label), query.order == order, query.with_(sort=order).string)
            for order in Sort
            if order != Sort.DAY or query.view in DAY_OF
        ],
        "order_label": str(Sort(query.order).label),
        "hidden_filters": [
            (name, value)
            for name, value in query.asked.items()
            if name in {"group", "topic", "page", "q", "sort"}
        ],
        "unsure_query": query.with_(unsure="" if query.unsure else "1").string,
        "cleared": QueueQuery(view=query.view, sort=query.sort).string,
    }


def _pickers(query: QueueQuery) -> list[Picker]:
    bodies = choices.main_bodies()
    if query.body and all(choice.value != query.body for choice in bodies):
        bodies = [Choice(query.body, _body_name(query.body)), *bodies]
    return [
        Picker("priority", _("Важность"), query.priority, _labels(Priority)),
        Picker("kind", _("Вид"), query.kind, _labels(IncidentKind)),
        Picker("municipality", _("Муниципалитет"), query.municipality, choices.municipalities()),
        Picker("place", _("Где написано"), query.place, _places()),
        Picker("body", _("Орган"), query.body, bodies),
    ]


def _switches(query: QueueQuery) -> list[tuple[str, str, bool]]:
    return [
        ("unsure", _("Система не уверена"), bool(query.unsure)),
        ("files", _("Есть вложения"), bool(query.files)),
        ("replied", _("Автор написал ещё"), bool(query.replied)),
    ]


def _labels(codes: Any) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in codes.choices]


def _places() -> list[Choice]:
    return [Choice("comment", _("комментарий")), Choice("direct", _("личное сообщение"))]


def _body_name(pk: str) -> str:
    return str(Organization.objects.filter(pk=pk).first() or pk)


def _named(name: str, value: str) -> str:
    """A chip's words."""
    words: dict[str, Callable[[], str]] = {
        "q": lambda: f"«{value}»",
        "group": lambda: _group_name(value),
        "topic": lambda: _topic_name(value),
        "page": lambda: str(OfficialPage.objects.filter(pk=value).first() or value),
        "body": lambda: _body_name(value),
        "priority": lambda: choices.label_of(_labels(Priority), value),
        "kind": lambda: choices.label_of(_labels(IncidentKind), value),
        "place": lambda: choices.label_of(_places(), value),
        "municipality": lambda: choices.label_of(choices.municipalities(), value),
    }
    if name in words:
        return words[name]()
    return next((label for code, label, _on in _switches(QueueQuery()) if code == name), name)


def _group_name(code: str) -> str:
    return next((group for _name, known, group in choices.topic_names().values() if known == code), code)


def _topic_name(code: str) -> str:
    topic = topics_by_code().get(code)
    return topic.name if topic else code
