"""The closed list of topics: what ships, what is active, and which version of it a process has read."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from otklik.common.actor import SYSTEM
from otklik.triage.models import Topic, TopicGroup, TopicsVersion
from otklik.triage.operations.in_force import TOPICS_LOCK

NOWHERE = "GOV.other"
"""Where everything goes that fits no topic; it cannot be retired."""

# Lists to look at may be so many seconds old; whoever writes a topic asks every time.
SEEN_SECONDS = 15
_KEPT, _SEEN = "topics_version_kept", "topics_version_seen"
_DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Topics:
    """The list of one version: active topics by code, and what to choose instead of each retired one."""

    version: int
    active: Mapping[str, Topic]
    instead: Mapping[str, str]

    def for_code(self, code: str) -> Topic:
        """The topic of this code or, when the region has retired it, what replaced it; «Прочее» where nothing did."""
        topic = self.active.get(code) or self.active.get(self.instead.get(code, ""))
        return topic or self.active[NOWHERE]


class _Kept:
    """The list that this process has read. The cache tells only whether it may still be used: to copy some two hundred
    topics out of it would take longer than to judge a message."""

    value: Topics | None = None


def topics_by_code() -> Mapping[str, Topic]:
    """Active topics by code, for looking: a process asks for the version of the list every SEEN_SECONDS."""
    value = _Kept.value
    if value is not None and cache.get(_SEEN) is not None and cache.get(_KEPT) == value.version:
        return value.active
    return topics_of(topics_version()).active


def topics_for_writing() -> Mapping[str, Topic]:
    """Active topics by code, for a batch that will write them: none is retired before its transaction ends."""
    hold_topics_for_writing()
    return topics_of(topics_version()).active


def hold_topics_for_writing() -> None:
    """Hold the list until the transaction ends: whoever changes it waits for the batch. Wants a transaction.

    The version is to be asked after this and by a statement of its own: one that waited still sees what was before.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(hashtext(%s))", [TOPICS_LOCK])


def topics_of(version: int) -> Topics:
    """The list as it stands, when `version` is what was just asked of the database; read once by a process."""
    value = _Kept.value
    if value is None or value.version != version or cache.get(_KEPT) != version:
        rows = Topic.objects.active().select_related("group")
        value = _Kept.value = Topics(version, {topic.code: topic for topic in rows}, successors())
        cache.set(_KEPT, version, None)
    cache.set(_SEEN, 1, SEEN_SECONDS)
    return value


def topics_version() -> int:
    """The number of the list as it stands; 0 before it was ever loaded."""
    return int(TopicsVersion.objects.aggregate(last=Max("number"))["last"] or 0)


def successors() -> dict[str, str]:
    """The active topic to choose instead of each retired one that has a successor, by code."""
    rows = Topic.objects.filter(is_active=False, replaced_by__isnull=False)
    step = dict(rows.values_list("code", "replaced_by__code"))
    active = set(Topic.objects.active().values_list("code", flat=True))
    found = {}
    for code in step:
        after, seen = code, {code}
        while after in step and step[after] not in seen:
            after = step[after]
            seen.add(after)
        if after in active:
            found[code] = after
    return found


def hold_topics() -> None:
    """Keep the list from being written by or changed until the transaction ends: what every change begins with."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [TOPICS_LOCK])


def forget_topics() -> None:
    """This process reads the list again: now, and once more when the change is there for everybody."""
    cache.delete(_KEPT)
    transaction.on_commit(lambda: cache.delete(_KEPT))


def snapshot_of_topics() -> list[dict[str, Any]]:
    """The whole list in its order, as a version keeps it."""
    rows = Topic.objects.select_related("group", "replaced_by").order_by(
        "group__position", "group__pk", "position", "pk"
    )
    return [
        {
            "code": row.code,
            "name": row.name,
            "group": row.group.code,
            "group_name": row.group.name,
            "priority": row.priority,
            "target_days": row.target_days,
            "level": row.level,
            "is_active": row.is_active,
            "hint": row.hint,
            "synonyms": row.synonyms,
            "cur26": row.cur26,
            "pos": row.pos,
            "replaced_by": row.replaced_by.code if row.replaced_by else "",
        }
        for row in rows
    ]


@lru_cache(maxsize=1)
def shipped_topics() -> tuple[dict[str, str], ...]:
    """The rows of the list that comes with the product."""
    return tuple(_rows("topics.tsv"))


@lru_cache(maxsize=1)
def _shipped_notes() -> dict[str, dict[str, str]]:
    """Hints, synonyms and names in other lists that come with the product, by code of the topic."""
    groups = {row["group"]: row for row in _rows("topic_groups.tsv")}
    notes = {row["topic"]: row for row in _rows("topic_notes.tsv")}
    found = {}
    for row in shipped_topics():
        own, group = notes.get(f"{row['group']}.{row['topic']}", {}), groups[row["group"]]
        found[f"{row['group']}.{row['topic']}"] = {
            "hint": own.get("hint") or "",
            "synonyms": own.get("synonyms") or "",
            "cur26": own.get("cur26") or group["cur26"],
            "pos": own.get("pos") or group["pos"] or "",
        }
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8") as lines:
        told = (line for line in lines if not line.startswith("#"))
        return list(csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE))


@transaction.atomic
def load_topics() -> int:
    """Add topics of the shipped list that the region does not have yet; never changes what a region edited."""
    hold_topics()
    known = set(Topic.objects.values_list("code", flat=True))
    groups = {group.code: group for group in TopicGroup.objects.all()}
    fresh = []
    for position, row in enumerate(shipped_topics()):
        if row["group"] not in groups:
            groups[row["group"]] = TopicGroup.objects.create(
                code=row["group"], name=row["group_name"], position=len(groups)
            )
        code = f"{row['group']}.{row['topic']}"
        if code not in known:
            fresh.append(_topic(row, code, groups[row["group"]], position))
    Topic.objects.bulk_create(fresh)
    first = not TopicsVersion.objects.exists()
    if first:
        _note_known_topics(known)
    if fresh or first:
        _shipped_version()
    forget_topics()
    return len(fresh)


def _note_known_topics(known: set[str]) -> None:
    """A list from before there were versions gets the hints and names that came later: nobody could edit them."""
    rows = list(Topic.objects.filter(code__in=known, hint="", synonyms="", cur26="", pos=""))
    for row in rows:
        for name, value in _shipped_notes().get(row.code, {}).items():
            setattr(row, name, value)
    Topic.objects.bulk_update(rows, ["hint", "synonyms", "cur26", "pos"])


def _shipped_version() -> None:
    TopicsVersion.objects.create(
        number=topics_version() + 1,
        at=Now(),
        actor_name=SYSTEM.name,
        verb="load",
        snapshot=snapshot_of_topics(),
    )


def _topic(row: dict[str, str], code: str, group: TopicGroup, position: int) -> Topic:
    return Topic(
        group=group,
        code=code,
        name=row["name"],
        priority={"N": "normal", "H": "high", "C": "critical"}[row["priority"]],
        target_days=int(row["days"]),
        level=row["executor"],
        position=position,
        **_shipped_notes()[code],
    )
