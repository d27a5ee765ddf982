"""An answer to all is checked as one of them reads it: what blocks is refused, advice is overruled by a person."""

from datetime import UTC, datetime

import pytest

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import Answer, MassProblem
from otklik.casework.operations import Checked, mass_answering, mass_readers
from tests import cast
from tests.casework.mass import TEXT, Town, town

pytestmark = pytest.mark.django_db
RUDE = "{имя}, не выдумывайте, по адресу {место} свет дадут к {срок}."


@pytest.fixture
def berdsk() -> Town:
    return town()


@pytest.fixture
def problem(berdsk: Town) -> MassProblem:
    """Two residents wrote of it, the first of them asked when."""
    first = berdsk.asks(text="Нет света, когда дадут?")
    return berdsk.problem([first, berdsk.asks()])


def _draft(berdsk: Town, problem: MassProblem, text: str, kind: str = "interim") -> None:
    final = kind == "final"
    said = mass_answering.MassWords(
        text, kind, "explained" if final else "", None if final else cast.after(days=3)
    )
    mass_answering.write_answer(problem=problem, said=said, by=berdsk.executor, now=cast.NOW, draft_version=0)


def _start(berdsk: Town, problem: MassProblem, *, overruled: bool = False) -> None:
    mass_answering.start_round(
        problem=problem, by=berdsk.dispatcher, now=cast.NOW, checked=Checked(overruled=overruled)
    )


def test_what_blocks_goes_to_nobody_even_overruled(berdsk: Town, problem: MassProblem) -> None:
    _draft(berdsk, problem, RUDE)
    with pytest.raises(casework.AnswerBlocked) as fact:
        _start(berdsk, problem, overruled=True)
    assert fact.value.codes == ("rude",)
    assert problem.rounds.get().state == "draft"
    assert not Answer.objects.exists()


def test_a_good_answer_starts_without_a_word_more(berdsk: Town, problem: MassProblem) -> None:
    _draft(berdsk, problem, TEXT)
    _start(berdsk, problem)
    assert problem.rounds.get().state == "running"


def test_what_one_of_them_asked_only_advises_and_the_overruled_is_journaled(
    berdsk: Town, problem: MassProblem
) -> None:
    _draft(berdsk, problem, "{имя}, здравствуйте! Линию починили, свет есть.", "final")
    with pytest.raises(casework.AnswerAdvised) as fact:
        _start(berdsk, problem)
    assert fact.value.codes == ("not_on_substance",)
    _start(berdsk, problem, overruled=True)
    assert problem.rounds.get().state == "running"
    assert AuditLine.objects.get(verb="mass_tell_final").details["overruled"] == ["not_on_substance"]


def test_a_day_of_another_year_names_its_year(problem: MassProblem) -> None:
    incident = problem.members.all()[0].incident
    year = cast.NOW.year
    for day, said in (
        (datetime(year, 12, 30, 12, tzinfo=UTC), "30 декабря"),
        (datetime(year + 1, 5, 12, 12, tzinfo=UTC), f"12 мая {year + 1} года"),
    ):
        assert mass_readers.reader_of(problem, incident, day, now=cast.NOW).day == said
