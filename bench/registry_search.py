"""The search of the catalogue over 150 000 pages of the whole country: right pages and time, beside two peers.

The queries stand in bench/data/registry_queries.tsv with the page each means, written before the search was tuned;
registry_heldout.tsv was written afterwards and not looked at.
"""

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import stage
from bench.figures import Figure, against_limit, percentile

DATA = Path(__file__).parent / "data"
MARK_MS, ROUNDS, FIVE = 40.0, 5, 5
Keys = dict[str, tuple[int, int]]
# An organisation, and the personal page of its head or 0.
Found = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, its class, and the one page it means."""

    kind: str
    query: str
    wanted: tuple[int, int]


def main() -> None:
    from bench.country import country
    from bench.country.places import SOURCE

    if not SOURCE.exists():
        print(
            f"skipped: names of places are read from ../shared, which is not here ({SOURCE.name})",
            file=sys.stderr,
        )
        return
    stage.django_setup()
    from bench import registry_load
    from otklik.registry.operations import searching

    now = datetime.now(UTC)
    bodies = country()
    keys = registry_load.load(bodies, now)
    began = time.perf_counter()
    entries = searching.rebuild(now=now)
    print(Figure("registry_search_rebuild_seconds", round(time.perf_counter() - began, 1), "s",
                 note=f"{entries} entries").line(), flush=True)  # fmt: skip
    queries, heldout = _asked("registry_queries.tsv", keys), _asked("registry_heldout.tsv", keys)
    ours, times = _answers(queries, _ours, ROUNDS)
    _report(queries, ours, times)
    for figure in _of_peers(queries, ours):
        print(figure.line(), flush=True)
    unseen, _ = _answers(heldout, _ours, 1)
    top, five = _share(heldout, unseen, 1), _share(heldout, unseen, FIVE)
    print(Figure("registry_search_heldout_top1", top, "%", "list tuned on", _share(queries, ours, 1),
                 note=f"{len(heldout)} queries, in the first five {five} %").line(), flush=True)  # fmt: skip


def _asked(name: str, keys: Keys) -> list[Asked]:
    """`@` before the key means the personal page of that body's head."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for row in rows:
        organization, head = keys[row["expected"].lstrip("@")]
        found.append(
            Asked(row["class"], row["query"], (organization, head if row["expected"][0] == "@" else 0))
        )
    return found


def _answers(
    queries: list[Asked], engine: Callable[[str], Found], rounds: int
) -> tuple[list[Found], list[float]]:
    """What the engine finds, and the milliseconds of each query; with several rounds the first one warms up."""
    found: list[Found] = []
    times: list[float] = []
    for turn in range(rounds):
        for asked in queries:
            began = time.perf_counter()
            hits = engine(asked.query)
            if turn or rounds == 1:
                times.append((time.perf_counter() - began) * 1000)
            if not turn:
                found.append(hits)
    return found, times


def _share(queries: list[Asked], found: list[Found], first: int) -> float:
    right = sum(asked.wanted in hits[:first] for asked, hits in zip(queries, found, strict=True))
    return round(100 * right / len(queries), 1)


def _ours(query: str) -> Found:
    from otklik.registry.operations import searching

    return [(hit.organization_id, hit.page_id or 0) for hit in searching.search(query=query, limit=FIVE).hits]


def _report(queries: list[Asked], ours: list[Found], times: list[float]) -> None:
    note = f"{len(queries)} queries × {ROUNDS - 1}, median {percentile(times, 0.5):.1f} ms, slowest {max(times):.0f} ms"
    print(
        against_limit("registry_search_p95_ms", percentile(times, 0.95), "ms", MARK_MS, note).line(),
        flush=True,
    )
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for asked, hits in zip(queries, ours, strict=True):
        by_kind[asked.kind].append(asked.wanted in hits[:1])
    print(", ".join(f"{kind} {sum(each)}/{len(each)}" for kind, each in by_kind.items()), file=sys.stderr)
    for asked, hits in zip(queries, ours, strict=True):
        if asked.wanted not in hits[:1]:
            print(
                f"  {asked.kind}: {asked.query}: {'second' if asked.wanted in hits else 'missed'}",
                file=sys.stderr,
            )


def _of_peers(queries: list[Asked], ours: list[Found]) -> list[Figure]:
    from bench import registry_peers

    figures = []
    own = {first: _share(queries, ours, first) for first in (1, FIVE)}
    for name, engine in (("plain PostgreSQL full-text search", registry_peers.full_text()),
                         ("rapidfuzz alone", registry_peers.fuzzy())):  # fmt: skip
        found, times = _answers(queries, engine, 1)
        note = f"the peer's p95 is {percentile(times, 0.95):.0f} ms"
        for first, figure in ((1, "registry_search_top1"), (FIVE, "registry_search_top5")):
            figures.append(Figure(figure, own[first], "%", name, _share(queries, found, first), note=note))
    return figures


if __name__ == "__main__":
    main()
