"""The words that the check ships with: every list can be read, every sign and set is used, nothing stands twice."""

import re
from pathlib import Path

import pytest

from otklik.casework.rules import answer_check
from otklik.casework.rules.answer_check.reading import cue_lexicon
from otklik.casework.rules.answer_check.words import word_set

PACKAGE = Path(answer_check.__file__).parent
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))


def keys_of(name: str) -> list[str]:
    lines = (PACKAGE / "data" / name).read_text(encoding="utf-8").splitlines()
    return [line.partition("\t")[0] for line in lines if line and not line.startswith("#")]


def test_every_set_is_read_by_some_rule() -> None:
    names = keys_of("sets.tsv")
    assert len(names) == len(set(names))
    assert [name for name in names if f'"{name}"' not in SOURCE] == []
    assert all(len(word_set(name)) > 5 for name in names)


def test_a_set_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        word_set("no_such_set")


@pytest.mark.parametrize("name", ["cues.tsv", "sayings.tsv"])
def test_every_sign_is_read_by_some_rule(name: str) -> None:
    assert [sign for sign in set(keys_of(name)) if f'"{sign}"' not in SOURCE] == []


def test_cues_make_phrases() -> None:
    signs = {target.removeprefix("!") for target in cue_lexicon().targets()}
    assert signs == set(keys_of("cues.tsv"))


def test_no_phrase_of_tone_is_written_in_capitals_or_latin() -> None:
    text = (PACKAGE / "data" / "sayings.tsv").read_text(encoding="utf-8")
    phrases = [line.partition("\t")[2] for line in text.splitlines() if not line.startswith("#")]
    assert not re.search(r"[A-ZА-ЯЁ]", "".join(phrases))
