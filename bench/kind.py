"""How often the kind of a message is right on `bench/corpora/kind.txt`: one JSON object, errors to stderr.

A kind is what a person would see on the card: why it is no request (spam, abuse, thanks), or the kind of the request.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from otklik.triage.nlp import judge

CORPUS = Path(__file__).with_name("corpora") / "kind.txt"
TOXIC = Path(__file__).resolve().parents[2] / "shared/data/moderation/russe_detox_train.tsv"
SHOWN = {"spam": "spam", "abuse_only": "abuse", "thanks_only": "thanks"}


def items() -> Iterator[tuple[str, str, str]]:
    """(difficulty, kind, text) of every message of the corpus."""
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            difficulty, kind, text = line.split(" | ", 2)
            yield difficulty, kind, text


def kind_shown(text: str) -> str:
    judgement = judge(text)
    if judgement.is_request:
        return judgement.kind
    return SHOWN.get(judgement.reason, "other")


def surviving_share() -> float | None:
    """Of toxic comments with a question mark, the share that stays a request; None without ../shared."""
    if not TOXIC.exists():
        print(
            json.dumps(
                {"name": "kind_toxic_questions_kept", "skipped": "../shared/data/moderation is absent"}
            )
        )
        return None
    with TOXIC.open(encoding="utf-8", newline="") as file:
        texts = [row["toxic_comment"] for row in csv.DictReader(file, delimiter="\t")]
    asking = [text for text in dict.fromkeys(texts) if "?" in text]
    return sum(judge(text).is_request for text in asking) / len(asking)


def main() -> None:
    met, right = Counter[str](), Counter[str]()
    lost = 0
    for difficulty, kind, text in items():
        shown = kind_shown(text)
        met[difficulty] += 1
        right[difficulty] += shown == kind
        if shown != kind:
            print(f"{difficulty}: {kind} taken for {shown}: {text}", file=sys.stderr)
        lost += kind in {"complaint", "question", "proposal"} and not judge(text).is_request
    for difficulty, count in met.items():
        print(f"{difficulty}: {right[difficulty]} of {count}", file=sys.stderr)
    asking = sum(kind in {"complaint", "question", "proposal"} for _difficulty, kind, _text in items())
    print(Figure("kind_accuracy", round(right.total() / met.total(), 4), "share").line())
    print(Figure("kind_requests_turned_away", round(lost / asking, 4), "share").line())
    kept = surviving_share()
    if kept is not None:
        print(Figure("kind_toxic_questions_kept", round(kept, 4), "share").line())


if __name__ == "__main__":
    main()
