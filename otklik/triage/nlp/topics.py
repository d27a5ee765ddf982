"""The closed list of topics that ships with the product."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

OTHER = "GOV.other"
THANKS = "GOV.thanks"


@dataclass(frozen=True, slots=True)
class Topic:
    """One row of the list: `priority` is N, H or C, `days` the target of the solution in calendar days,
    `executor` the usual level of the body: M municipality, R region, U utility, S the institution itself."""

    group: str
    group_name: str
    code: str
    name: str
    priority: str
    days: int
    executor: str

    @property
    def key(self) -> str:
        """The identifier of the topic, `GROUP.code`: codes alone repeat between groups."""
        return f"{self.group}.{self.code}"


@cache
def load_topics() -> Mapping[str, Topic]:
    """All topics by `GROUP.code`, in the order of the list."""
    table = resources.files("otklik.triage").joinpath("data/topics.tsv").read_text(encoding="utf-8")
    topics = (
        Topic(
            group=row["group"],
            group_name=row["group_name"],
            code=row["topic"],
            name=row["name"],
            priority=row["priority"],
            days=int(row["days"]),
            executor=row["executor"],
        )
        for row in csv.DictReader(table.splitlines(), delimiter="\t")
    )
    return MappingProxyType({topic.key: topic for topic in topics})
