"""What several verbs share, each by itself: composing a draft, and refusing a postponement."""

import pytest

from otklik.casework import rules
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answering import Words, compose
from otklik.casework.operations.ending import refuse_postponement
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.after(minutes=5)


@pytest.fixture(autouse=True)
def _region(db: None) -> None:
    cast.region()


def test_composed_words_are_not_kept_until_the_verb_keeps_them() -> None:
    incident, by = cast.incident(), cast.dispatcher()
    draft = compose(incident, Words("Починили.", "final", "solved"), by=by, now=NOW)
    assert (draft.pk, draft.text, draft.resolution, draft.cycle) == (None, "Починили.", "solved", 1)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (Words("Ждите.", "interim", ""), rules.NeedsDate),
        (Words("Ждите.", "plan", "", cast.NOW), rules.NeedsDate),
        (Words("Починили.", "final", "planned"), rules.WrongOutcome),
    ],
)
def test_words_that_may_not_be_said_are_refused(said: Words, refusal: type[Exception]) -> None:
    incident, by = cast.incident(), cast.dispatcher()
    with pytest.raises(refusal):
        compose(incident, said, by=by, now=NOW)


def test_a_refused_postponement_is_a_return_and_the_second_return_escalates() -> None:
    by = cast.dispatcher()
    number = cast.incident(state="deferred", first_answer_at=cast.NOW, final_due_at=cast.after(days=9)).pk
    Incident.objects.filter(pk=number).update(returns=1)
    back = refuse_postponement(incident=Incident.objects.get(pk=number), by=by.actor, now=NOW)
    assert (back.state, back.reason, back.returns, back.escalated_at) == (
        "rework",
        "third_postponement",
        2,
        NOW,
    )
