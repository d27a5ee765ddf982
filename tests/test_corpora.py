"""Corpora of answers keep the form that their README promises: a judge that reads them may trust it."""

from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz

CORPORA = Path(__file__).resolve().parent.parent / "bench" / "corpora"
OUTCOMES = {"solved", "explained", "planned", "refused_with_reason", "forwarded", "interim"}
CODES = {
    "not_on_substance",
    "bare_redirect",
    "no_date_or_stage",
    "part_unanswered",
    "officialese",
    "long_sentences",
    "jargon_or_abbrev",
    "third_party_pii",
    "rude",
    "rate_us_on_refusal",
    "no_proof",
}
Item = tuple[str, str, list[str], str, str]  # outcome, photo, labels, message, answer


def items(name: str) -> list[Item]:
    found = []
    for block in (CORPORA / name).read_text(encoding="utf-8").split("\n\n"):
        lines = block.strip("\n").split("\n")
        if not lines[0] or lines[0].startswith("#"):
            continue
        head, message, *answer = lines
        assert head.startswith("@ "), f"{name}: {head}"
        assert message.startswith("? "), f"{name}: {message}"
        assert answer, f"{name}: nothing answers «{message}»"
        assert not any(line.startswith(("@", "?", "#")) or line != line.strip() for line in answer), block
        outcome, photo, labels = head[2:].split(" | ")
        found.append((outcome, photo, labels.split(", "), message[2:], "\n".join(answer)))
    return found


GOOD, BAD = items("answers_good.txt"), items("answers_bad.txt")


@pytest.mark.parametrize("corpus", [GOOD, BAD], ids=["good", "bad"])
def test_items_are_of_known_outcomes(corpus: list[Item]) -> None:
    assert {outcome for outcome, *_ in corpus} == OUTCOMES
    assert {photo for _, photo, *_ in corpus} == {"photo", "-"}


def test_good_answers_are_many_and_of_every_difficulty() -> None:
    assert len(GOOD) >= 170
    assert all(len(labels) == 1 for _, _, labels, _, _ in GOOD)
    assert min(Counter(labels[0] for _, _, labels, _, _ in GOOD).values()) >= 3


def test_every_defect_is_there_at_least_twenty_times() -> None:
    assert len(BAD) >= 200
    assert all(set(labels) <= CODES and len(labels) == len(set(labels)) for _, _, labels, _, _ in BAD)
    chief = Counter(labels[0] for _, _, labels, _, _ in BAD)
    assert set(chief) == CODES
    assert min(chief.values()) >= 20


def test_a_proof_is_missing_only_where_a_work_is_said_to_be_done() -> None:
    assert {(outcome, photo) for outcome, photo, labels, _, _ in BAD if "no_proof" in labels} == {
        ("solved", "-")
    }


def test_no_answer_is_nearly_another() -> None:
    answers = [answer for *_, answer in GOOD + BAD]
    near = [
        (one, other)
        for number, one in enumerate(answers)
        for other in answers[:number]
        if fuzz.ratio(one, other, score_cutoff=75)
    ]
    assert not near
