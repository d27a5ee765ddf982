"""The closed list of topics: what ships, what is active, and which version of it a process has read."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from otklik.common.actor import SYSTEM
from otklik.triage.models import Topic, TopicGroup, TopicsVersion

NOWHERE = "GOV.other"
"""Where everything goes that fits no topic; it cannot be retired."""

# Lists to look at may be so many seconds old; whoever writes a topic asks every time.
SEEN_SECONDS = 15
_KEPT, _SEEN = "topics_by_code", "topics_version_seen"
# One lock for the list: a change waits for the batches that write by it, and they for the change.
_LOCK = "triage_topics"
_DATA = Path(__file__).parents[1] / "data"


def topics_by_code() -> dict[str, Topic]:
    """Active topics by code, for looking: a process asks for the version of the list every SEEN_SECONDS."""
    kept: tuple[int, dict[str, Topic]] | None = cache.get(_KEPT)
    if kept is not None and cache.get(_SEEN) is not None:
        return kept[1]
    return _of_version(kept)


def topics_for_writing() -> dict[str, Topic]:
    """Active topics by code, for a batch that will write them: none of these is retired before its transaction ends.

    Holds the list until then, so that whoever changes it waits for the batch. Wants a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(hashtext(%s))", [_LOCK])
    return _of_version(cache.get(_KEPT))


def _of_version(kept: tuple[int, dict[str, Topic]] | None) -> dict[str, Topic]:
    version = topics_version()
    if kept is None or kept[0] != version:
        rows = Topic.objects.active().select_related("group")
        kept = version, {topic.code: topic for topic in rows}
        cache.set(_KEPT, kept, None)
    cache.set(_SEEN, 1, SEEN_SECONDS)
    return kept[1]


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
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [_LOCK])


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
