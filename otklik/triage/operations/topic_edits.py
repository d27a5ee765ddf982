"""What people change in the list of topics. Every change makes a version of the whole list, with who and why."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.text import gettext_noop
from otklik.registry.rules.values import BadValue, line, one_of, required_line
from otklik.triage.enums import ExecutorLevel, Priority
from otklik.triage.models import Topic, TopicGroup, TopicsVersion
from otklik.triage.operations.topics import (
    NOWHERE,
    forget_topics,
    hold_topics,
    snapshot_of_topics,
    topics_version,
)

LONGEST_NOTE = 500
MOST_DAYS = 365
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")
_GROUP_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,19}")


class LastResort(Exception):
    """Эту тему снять нельзя: в неё попадает всё, чему не нашлось другой."""


class AlreadyRetired(Exception):
    """Эта тема уже снята."""


class NotRetired(Exception):
    """Эта тема действует."""


class BadSuccessor(Exception):
    """Заменить тему можно только другой действующей темой."""


@transaction.atomic
def add_topic(
    *, group: TopicGroup, code: str, values: Mapping[str, Any], by: Actor, now: datetime, note: str = ""
) -> Topic:
    """Put a topic at the end of its group; `code` is its part after the group. Raises BadValue."""
    hold_topics()
    if not _CODE.fullmatch(code):
        raise BadValue(
            "code", gettext_noop("Код — латинские строчные буквы, цифры и подчёркивание, от 2 до 30 знаков.")
        )
    full = f"{group.code}.{code}"
    if Topic.objects.filter(code=full).exists():
        raise BadValue("code", gettext_noop("Такой код уже есть: «%(code)s»."), code=full)
    last = Topic.objects.filter(group=group).order_by("-position").first()
    topic = Topic(group=group, code=full, position=(last.position if last else 0) + 1)
    for name, value in _checked(topic, values).items():
        setattr(topic, name, value)
    topic.save()
    _keep(topic, "add_topic", note, by, now)
    return topic


@transaction.atomic
def change_topic(
    *, topic: Topic, changes: Mapping[str, Any], by: Actor, now: datetime, note: str = ""
) -> Topic:
    """Other values for a topic; its code stays. Nothing is written when nothing differs. Raises BadValue."""
    topic = _locked(topic)
    fresh = {name: value for name, value in _checked(topic, changes).items() if value != getattr(topic, name)}
    if not fresh:
        return topic
    old = {name: getattr(topic, name) for name in fresh}
    for name, value in fresh.items():
        setattr(topic, name, value)
    topic.save(update_fields=list(fresh))
    _keep(topic, "change_topic", note, by, now, old=_plain(old), new=_plain(fresh))
    return topic


@transaction.atomic
def retire_topic(*, topic: Topic, replaced_by: Topic | None, note: str, by: Actor, now: datetime) -> Topic:
    """Take the topic out of the list: it is given to no message any more, incidents that have it keep it.

    Waits for the batches that are writing. Raises LastResort, AlreadyRetired, BadSuccessor, BadValue.
    """
    topic = _locked(topic)
    reason = required_line("note", note, LONGEST_NOTE)
    if topic.code == NOWHERE:
        raise LastResort
    if not topic.is_active:
        raise AlreadyRetired
    if replaced_by is not None:
        replaced_by = Topic.objects.filter(pk=replaced_by.pk, is_active=True).exclude(pk=topic.pk).first()
        if replaced_by is None:
            raise BadSuccessor
    topic.is_active, topic.replaced_by = False, replaced_by
    topic.save(update_fields=["is_active", "replaced_by"])
    _keep(topic, "retire_topic", reason, by, now, replaced_by=replaced_by.code if replaced_by else None)
    return topic


@transaction.atomic
def restore_topic(*, topic: Topic, by: Actor, now: datetime, note: str = "") -> Topic:
    """Bring a retired topic back. Raises NotRetired."""
    topic = _locked(topic)
    if topic.is_active:
        raise NotRetired
    topic.is_active, topic.replaced_by = True, None
    topic.save(update_fields=["is_active", "replaced_by"])
    _keep(topic, "restore_topic", note, by, now)
    return topic


@transaction.atomic
def add_group(*, code: str, name: str, by: Actor, now: datetime, note: str = "") -> TopicGroup:
    """A group at the end of the list. Raises BadValue."""
    hold_topics()
    if not _GROUP_CODE.fullmatch(code):
        raise BadValue(
            "code", gettext_noop("Код — латинские заглавные буквы, цифры и подчёркивание, от 2 до 20 знаков.")
        )
    if TopicGroup.objects.filter(code=code).exists():
        raise BadValue("code", gettext_noop("Такой код уже есть: «%(code)s»."), code=code)
    group = TopicGroup(code=code, name=_free_group_name(name, None))
    last = TopicGroup.objects.order_by("-position").first()
    group.position = last.position + 1 if last else 0
    group.save()
    _keep(group, "add_group", note, by, now)
    return group


@transaction.atomic
def rename_group(*, group: TopicGroup, name: str, by: Actor, now: datetime, note: str = "") -> TopicGroup:
    """Another name for a group; its code stays. Raises BadValue."""
    hold_topics()
    group = TopicGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    fresh = _free_group_name(name, group)
    if fresh != group.name:
        old, group.name = group.name, fresh
        group.save(update_fields=["name"])
        _keep(group, "rename_group", note, by, now, old={"name": old}, new={"name": fresh})
    return group


def _free_group_name(name: str, own: TopicGroup | None) -> str:
    found = required_line("name", name, 100)
    others = TopicGroup.objects.filter(name__iexact=found)
    if (others.exclude(pk=own.pk) if own else others).exists():
        raise BadValue("name", gettext_noop("Группа с таким названием уже есть."))
    return found


def _locked(topic: Topic) -> Topic:
    hold_topics()
    return Topic.objects.select_for_update(of=("self",)).select_related("group").get(pk=topic.pk)


def _days(value: Any) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 4 or int(text) > MOST_DAYS:
        raise BadValue(
            "target_days", gettext_noop("Здесь нужно целое число от 0 до %(most)s."), most=MOST_DAYS
        )
    return int(text)


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: required_line("name", value, 150),
    "priority": lambda value: one_of("priority", value, frozenset(Priority.values)),
    "target_days": _days,
    "level": lambda value: one_of("level", value, frozenset(ExecutorLevel.values)),
    "hint": lambda value: line("hint", value, 300),
    "synonyms": lambda value: line("synonyms", value, 500),
    "cur26": lambda value: line("cur26", value, 150),
    "pos": lambda value: line("pos", value, 150),
}


def _checked(topic: Topic, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in order; a name is one in its group, or people could not tell two topics apart."""
    found = {name: _FIELDS[name](value) for name, value in values.items()}
    if topic._state.adding:
        found |= {name: _FIELDS[name](found.get(name, "")) for name in ("name", "level")}
    if "name" in found:
        twins = Topic.objects.active().filter(group_id=topic.group_id, name__iexact=found["name"])
        if twins.exclude(pk=topic.pk).exists():
            raise BadValue("name", gettext_noop("Тема с таким названием в этой группе уже есть."))
    return found


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in values.items()}


def _keep(
    subject: Topic | TopicGroup, verb: str, note: str, by: Actor, now: datetime, **details: Any
) -> None:
    """The next version of the list, and a line of the journal."""
    reason = line("note", note, LONGEST_NOTE)
    TopicsVersion.objects.create(
        number=topics_version() + 1,
        at=now,
        actor_id=by.id,
        actor_name=by.name,
        verb=verb,
        note=reason,
        snapshot=snapshot_of_topics(),
    )
    audit.record(by=by, verb=verb, subject=subject, now=now, reason=reason, code=subject.code, **details)
    forget_topics()
