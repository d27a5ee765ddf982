"""The learnt model on labelled messages of three regions, against the usual baseline: one JSON object a line.

    python bench/triage_learned.py [perm|kursk|ryazan] [group|topic|executor|coarse] [--seeds N]

Five folds by near-duplicate clusters, three seeds, every message judged by models that never saw it or its
near-duplicates. The baseline (lemma 1-2-grams and character 2-5-grams by tf-idf, LinearSVC with balanced classes)
is trained on the same folds. Thresholds for 95 % precision come from training folds alone. Gains have a 95 % interval
from a paired bootstrap over clusters. Claims that others published are printed beside with the distance, for folds by
clusters and for folds by chance, which leak duplicates as theirs may have. Skips, saying so, without ../shared.
"""

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from bench.figures import Figure  # noqa: E402
from bench.learned_parts import clusters_of, fit_baseline, kept, macro_f1, resampled, weighted_f1  # noqa: E402
from otklik.triage.nlp.learning import train  # noqa: E402

APPEALS = PROJECT.parent / "shared/data/appeals"
SETS, LABELS = ("perm", "kursk", "ryazan"), ("group", "topic", "executor")
COARSE = "coarse"
FOLDS, SEEDS, CHANCE = 5, (1, 2, 3), 0
PEER = "lemma 1-2-grams + character 2-5-grams tf-idf, balanced LinearSVC"
# Published accuracies; how their authors split the data is not known.
CLAIMS = {
    ("kursk", "group"): (0.83, "a neural embedding"),
    ("ryazan", "group"): (0.74, "category"),
    ("ryazan", "topic"): (0.57, "topic"),
    ("perm", "executor"): (0.85, "executor"),
}

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]


class Task(NamedTuple):
    """Messages of one set that have one label, and the cluster of each."""

    texts: list[str]
    labels: list[str]
    clusters: Numbers


class Judged(NamedTuple):
    """What was said of each message of a task in one round of folds, as numbers of labels."""

    truth: Numbers
    ours: Numbers
    baseline: Numbers
    in_top: Marks
    passes: Marks


def read(name: str, label: str) -> Task:
    with (APPEALS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[label]]
    texts = [row["text"] for row in rows]
    return Task(texts, [row[label] for row in rows], clusters_of(texts))


def folds_of(task: Task, seed: int) -> Numbers:
    """A fold for every message: whole clusters, or, for the seed CHANCE, any message anywhere."""
    clusters = task.clusters if seed != CHANCE else np.arange(len(task.texts))
    names, numbers = np.unique(clusters, return_inverse=True)
    return np.asarray(np.random.default_rng(seed).permutation(len(names))[numbers] % FOLDS)


def run_fold(job: tuple[str, str, int, int]) -> dict[str, list[Any]]:
    """Both models trained without the fold and asked about it; the baseline is left out of folds by chance."""
    name, label, seed, fold = job
    task = read(name, label)
    folds = folds_of(task, seed)
    seen, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
    texts, labels = [task.texts[each] for each in seen], [task.labels[each] for each in seen]
    asked = [task.texts[each] for each in held]
    found = train(texts, labels).predict(asked)
    tops = [[each for each, _ in top] for top in found.top]
    baseline = found.labels if seed == CHANCE else kept((texts, labels, asked), fit_baseline)
    return {
        "held": held.tolist(),
        "ours": found.labels,
        "baseline": baseline,
        "in_top": [task.labels[each] in top for each, top in zip(held, tops, strict=True)],
        "passes": found.passes,
    }


def judge(task: Task, folds: Iterable[dict[str, list[Any]]]) -> Judged:
    found = list(folds)
    order = np.argsort([each for fold in found for each in fold["held"]])
    numbers = {label: number for number, label in enumerate(sorted(set(task.labels)))}

    def gathered(key: str) -> list[Any]:
        said = [each for fold in found for each in fold[key]]
        return [said[each] for each in order]

    return Judged(
        np.array([numbers[label] for label in task.labels]),
        np.array([numbers[label] for label in gathered("ours")]),
        np.array([numbers[label] for label in gathered("baseline")]),
        np.array(gathered("in_top")),
        np.array(gathered("passes"), dtype=bool),
    )


def report(name: str, label: str, task: Task, rounds: Sequence[Judged]) -> dict[str, float]:
    """The figures of one task; what it gained over the baseline."""
    prefix = f"triage_{name}_{label}"
    gains: dict[str, float] = {}
    for measure, count in (("accuracy", accuracy), ("macro_f1", macro_f1), ("weighted_f1", weighted_f1)):
        ours = mean(count(each.truth, each.ours) for each in rounds)
        theirs = mean(count(each.truth, each.baseline) for each in rounds)
        gains[measure] = ours - theirs
        low, high = interval(task, rounds, measure)
        gains[f"{measure}_high"] = high
        gain = f"gain {100 * (ours - theirs):+.1f} points, 95 % from {100 * low:+.1f} to {100 * high:+.1f}"
        emit(f"{prefix}_{measure}", ours, PEER, theirs, gain)
    passing = [each.passes for each in rounds]
    right = [each.truth == each.ours for each in rounds]
    emit(f"{prefix}_top3", mean(each.in_top.mean() for each in rounds))
    emit(f"{prefix}_share_at_95", mean(each.mean() for each in passing))
    reached = sum((a & b).sum() for a, b in zip(passing, right, strict=True)) / max(
        sum(map(np.sum, passing)), 1
    )
    emit(f"{prefix}_precision_at_95", float(reached), "asked for on training folds", 0.95)
    return gains


def interval(task: Task, rounds: Sequence[Judged], measure: str) -> tuple[float, float]:
    """95 % of the gains when clusters of messages are drawn anew."""
    gains = [
        mean(
            resampled(measure, each.truth, each.ours, weights)
            - resampled(measure, each.truth, each.baseline, weights)
            for each in rounds
        )
        for weights in draws(task.clusters)
    ]
    return float(np.quantile(gains, 0.025)), float(np.quantile(gains, 0.975))


def draws(clusters: Numbers, count: int = 500) -> Iterable[Numbers]:
    names, numbers = np.unique(clusters, return_inverse=True)
    random = np.random.default_rng(0)
    for _ in range(count):
        yield np.bincount(random.integers(0, len(names), len(names)), minlength=len(names))[numbers]


def accuracy(truth: Numbers, said: Numbers) -> float:
    return float((truth == said).mean())


def mean(values: Iterable[Any]) -> float:
    return float(np.mean(list(values)))


def emit(
    name: str, value: float, peer: str | None = None, peer_value: float | None = None, note: str | None = None
) -> None:
    ratio = round(value / peer_value, 3) if peer_value else None
    rounded = None if peer_value is None else round(peer_value, 4)
    print(Figure(name, round(value, 4), "share", peer, rounded, ratio, note).line(), flush=True)


def report_claim(name: str, label: str, by_clusters: Sequence[Judged], by_chance: Judged) -> None:
    claim, what = CLAIMS[name, label]
    for split, rounds in (("", by_clusters), ("_split_by_chance", [by_chance])):
        value = mean(accuracy(each.truth, each.ours) for each in rounds)
        note = f"published: {what}, its split unknown; distance {100 * (value - claim):+.1f} points"
        emit(f"triage_{name}_{label}_claim{split}", value, "published", claim, note)


def jobs_of(chosen: Sequence[tuple[str, str]], seeds: Sequence[int]) -> list[tuple[str, str, int, int]]:
    jobs = [(name, label, seed, fold) for name, label in chosen for seed in seeds for fold in range(FOLDS)]
    return jobs + [(*pair, CHANCE, fold) for pair in CLAIMS if pair in chosen for fold in range(FOLDS)]


def main(given: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="the learnt model against the baseline")
    parser.add_argument("only", nargs="*", help="names of sets and labels; all when none is named")
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    options = parser.parse_args(given)
    if not APPEALS.exists():
        print(f"triage_learned: skipped, there is no {APPEALS}", file=sys.stderr)
        return
    sets = [name for name in SETS if name in options.only] or list(SETS)
    labels = [label for label in (*LABELS, COARSE) if label in options.only] or [*LABELS, COARSE]
    chosen, seeds = [(name, label) for name in sets for label in labels], SEEDS[: options.seeds]
    start = time.monotonic()
    gains = {pair: found for pair, found in measured(chosen, seeds) if pair[1] != COARSE}
    if gains:
        for measure in ("accuracy", "macro_f1"):
            emit(f"triage_mean_{measure}_gain", mean(each[measure] for each in gains.values()))
            worse = sum(each[f"{measure}_high"] < 0 for each in gains.values())
            print(Figure(f"triage_significantly_worse_{measure}", worse, "tasks", "limit", 0).line())
    print(f"triage_learned: {(time.monotonic() - start) / 60:.1f} minutes", file=sys.stderr)


def measured(
    chosen: Sequence[tuple[str, str]], seeds: Sequence[int]
) -> Iterable[tuple[tuple[str, str], dict[str, float]]]:
    jobs = jobs_of(chosen, seeds)
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        done = dict(zip(jobs, pool.map(run_fold, jobs), strict=True))
    for name, label in chosen:
        task = read(name, label)
        rounds = {
            seed: judge(task, [done[name, label, seed, fold] for fold in range(FOLDS)])
            for seed in (*seeds, CHANCE)
            if (name, label, seed, 0) in done
        }
        yield (name, label), report(name, label, task, [rounds[seed] for seed in seeds])
        if CHANCE in rounds:
            report_claim(name, label, [rounds[seed] for seed in seeds], rounds[CHANCE])


if __name__ == "__main__":
    main(sys.argv[1:])
