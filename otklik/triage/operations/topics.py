"""The closed list of topics: what ships, what is active."""

import csv
from functools import lru_cache
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from otklik.triage.models import Topic, TopicGroup

TOPICS_CACHE_SECONDS = 60


def topics_by_code() -> dict[str, Topic]:
    """Active topics by code, read at most once a minute by a process."""
    found: dict[str, Topic] | None = cache.get("topics_by_code")
    if found is None:
        found = {topic.code: topic for topic in Topic.objects.active().select_related("group")}
        cache.set("topics_by_code", found, TOPICS_CACHE_SECONDS)
    return found


@lru_cache(maxsize=1)
def shipped_topics() -> tuple[dict[str, str], ...]:
    """The rows of the list that comes with the product."""
    path = Path(__file__).parents[1] / "data" / "topics.tsv"
    with path.open(encoding="utf-8") as lines:
        return tuple(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


@transaction.atomic
def load_topics() -> int:
    """Add topics of the shipped list that the region does not have yet; never changes what a region edited."""
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
    cache.delete("topics_by_code")
    return len(fresh)


def _topic(row: dict[str, str], code: str, group: TopicGroup, position: int) -> Topic:
    return Topic(
        group=group,
        code=code,
        name=row["name"],
        priority={"N": "normal", "H": "high", "C": "critical"}[row["priority"]],
        target_days=int(row["days"]),
        level=row["executor"],
        position=position,
    )
