"""The list of topics as a page shows it, and what its versions changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.models import Incident
from otklik.common.text import fold
from otklik.triage.enums import ExecutorLevel, Priority
from otklik.triage.models import Topic, TopicGroup, TopicsVersion
from otklik.triage.rules.versions import Difference, Snapshot, differences

VERBS: dict[str, Promise] = {
    "load": gettext_lazy("загружен список"),
    "add_topic": gettext_lazy("добавлена тема"),
    "change_topic": gettext_lazy("изменена тема"),
    "retire_topic": gettext_lazy("снята тема"),
    "restore_topic": gettext_lazy("возвращена тема"),
    "add_group": gettext_lazy("добавлена группа"),
    "rename_group": gettext_lazy("переименована группа"),
}
_LABELS: dict[str, Promise] = {
    "name": gettext_lazy("название"),
    "group": gettext_lazy("группа"),
    "group_name": gettext_lazy("название группы"),
    "priority": gettext_lazy("важность"),
    "target_days": gettext_lazy("срок, дней"),
    "level": gettext_lazy("кто решает"),
    "is_active": gettext_lazy("действует"),
    "hint": gettext_lazy("не путать с"),
    "synonyms": gettext_lazy("как ещё говорят"),
    "cur26": gettext_lazy("в списке ЦУР"),
    "pos": gettext_lazy("в ПОС"),
    "replaced_by": gettext_lazy("заменена на"),
}
_CODES: dict[str, Mapping[str, Any]] = {
    "priority": dict(Priority.choices),
    "level": dict(ExecutorLevel.choices),
}


class Row(NamedTuple):
    """A topic and how many open incidents have it."""

    topic: Topic
    open: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its topics that are shown."""

    group: TopicGroup
    rows: list[Row]


def groups_of(words: str, state: str) -> list[Group]:
    """The groups in their order with the topics that hold all the words; `state`: active, retired or all."""
    rows = Topic.objects.select_related("group", "replaced_by").order_by(
        "group__position", "group__pk", "position", "pk"
    )
    if state != "all":
        rows = rows.filter(is_active=state == "active")
    wanted = [fold(word) for word in words.split()[:6]]
    found = [row for row in rows if all(word in _said(row) for word in wanted)]
    counts = open_by_topic() if found else {}
    shown = {
        group.pk: Group(group, [Row(topic, counts.get(topic.pk, 0)) for topic in topics])
        for group, topics in groupby(found, key=lambda topic: topic.group)
    }
    if wanted or state == "retired":
        return list(shown.values())
    # A group that has no topics yet is there too: a topic is added to it.
    return [shown.get(group.pk, Group(group, [])) for group in TopicGroup.objects.order_by("position", "pk")]


def open_by_topic() -> dict[int, int]:
    """How many open incidents each topic has."""
    rows = Incident.objects.open().order_by().values_list("topic_id").annotate(n=Count("pk"))
    return dict(rows)


def _said(topic: Topic) -> str:
    return fold(" ".join((topic.name, topic.code, topic.hint, topic.synonyms, topic.cur26, topic.pos)))


class Changed(NamedTuple):
    """One value of one topic, in words; no label when the topic itself came or went."""

    code: str
    name: str
    label: str
    old: str
    new: str


def version_verb(version: TopicsVersion) -> str:
    """What was done, in words."""
    return str(VERBS.get(version.verb, version.verb))


def changes_of(before: Snapshot, after: Snapshot) -> list[Changed]:
    """What a version changed. The new name of a group is said once, not for each of its topics."""
    found, seen = [], set()
    for each in differences(before, after):
        said = _words(each)
        key = (said.label, said.old, said.new) if each.field == "group_name" else (each.code, each.field)
        if key not in seen:
            seen.add(key)
            found.append(said)
    return found


def _words(each: Difference) -> Changed:
    if not each.field:
        return Changed(each.code, each.name, "", "", _("добавлена") if each.old is None else _("убрана"))
    label = str(_LABELS.get(each.field, each.field))
    return Changed(each.code, each.name, label, _value(each.field, each.old), _value(each.field, each.new))


def _value(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if value in {None, ""}:
        return "—"
    return str(_CODES.get(field, {}).get(value, value))
