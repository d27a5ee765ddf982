"""Every code of the check and every point of the checklist has words for people."""

from otklik.casework.operations.answer_words import DEFECTS, POINTS
from otklik.casework.rules import answer_check


def test_every_code_has_a_name_and_an_advice() -> None:
    assert list(DEFECTS) == list(answer_check.RULES)
    assert all(str(each.name) and str(each.advice).endswith(".") for each in DEFECTS.values())


def test_every_point_has_a_name() -> None:
    assert tuple(POINTS) == answer_check.POINTS
    assert all(str(each) for each in POINTS.values())


def test_the_advices_themselves_are_written_plainly() -> None:
    for each in DEFECTS.values():
        report = answer_check.check(str(each.advice), [], answer_check.Facts())
        assert not report.codes & {"long_sentences", "jargon_or_abbrev", "rude"}
        # The advice against officialese quotes some.
        assert report.score >= 40 or each is DEFECTS["officialese"]
