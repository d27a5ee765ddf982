"""The rules of the check as a region has them, and the check that refuses an answer before it goes out."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import Answer, AnswerRule, Incident
from otklik.casework.operations.answer_rules import SHIPPED
from otklik.casework.rules import answer_check
from otklik.casework.rules.answer_check import ADVISE, BLOCK, OFF, Facts, Own
from otklik.channels.models import Delivery
from tests import cast

GOOD = "Анна, здравствуйте! Снег во дворе уберём завтра, 19 ноября, до обеда. Спасибо, что написали."
BRUSH = "Ваше обращение принято к сведению."
CHECKED = casework.Checked()


def _set(code: str, mode: str, **given: object) -> AnswerRule:
    return casework.set_answer_rule(code=code, mode=mode, by=cast.SYSTEM, now=cast.NOW, **given)  # type: ignore[arg-type]


def _codes(of: Incident, text: str) -> frozenset[str]:
    return casework.review_answer(incident=of, text=text, now=cast.NOW).report.codes


# Pure: the words of a region.


def _found(text: str, own: Own, code: str = "stop_phrase") -> list[str]:
    report = answer_check.check(text, [], Facts(), own={code: own})
    return [each.words for each in report.findings if each.code == code]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("в плановом порядке", "Сделаем В ПЛАНОВОМ  порядке.", ["В ПЛАНОВОМ  порядке"]),
        ("изыск* возможност*", "Изыскиваем возможность и ищем.", ["Изыскиваем возможность"]),
        ("щёткой", "Щеткой и щёткой.", ["Щеткой", "щёткой"]),
        ("план", "Планы и планёрка.", []),
        ("из-за того", "Из-за того что снег.", ["Из-за того"]),
        ("до обеда", "до", []),
    ],
)
def test_a_phrase_of_the_region_is_found_as_words(phrase: str, text: str, found: list[str]) -> None:
    assert _found(text, Own(words=(phrase,))) == found


def test_what_a_region_allows_is_not_objected_to() -> None:
    text = "Анна, заявку примет ЕДДС завтра до 12:00."
    assert _found(text, Own(), "jargon_or_abbrev") == ["ЕДДС"]
    assert _found(text, Own(allowed=("ЕДДС",)), "jargon_or_abbrev") == []
    assert _found(text, Own(allowed=("МВК",)), "jargon_or_abbrev") == ["ЕДДС"]


def test_many_phrases_on_a_long_text_cost_little() -> None:
    """Counted, not timed: a text of one word tries only the phrases that begin with it."""
    own = Own(words=tuple(f"слово{number} конец" for number in range(300)))
    assert _found("слово7 конец " * 300, own) == ["слово7 конец"] * 300


def test_a_review_says_what_the_check_and_the_checklist_say() -> None:
    facts = Facts(author="Анна Белова", today=cast.NOW.date())
    review = answer_check.review(GOOD, ["Когда уберут снег?"], facts)
    assert review.report == answer_check.check(GOOD, ["Когда уберут снег?"], facts)
    assert review.points == answer_check.checklist(GOOD, ["Когда уберут снег?"], facts)


# The rows.


@pytest.mark.django_db
def test_a_region_turns_rules_off_and_adds_words_and_every_process_knows_at_once() -> None:
    cast.region()
    of = cast.incident()
    assert casework.check_rules().levels == SHIPPED
    assert "stop_phrase" in _codes(of, BRUSH)
    _set("stop_phrase", OFF)
    assert "stop_phrase" not in _codes(of, BRUSH)
    _set("stop_phrase", BLOCK, words=["вывезем по графику", " вывезем  по графику "])
    assert AnswerRule.objects.get().words == ["вывезем по графику"]
    report = casework.review_answer(incident=of, text=f"{GOOD} Вывезем по графику.", now=cast.NOW).report
    assert [(each.code, each.level) for each in report.findings] == [("stop_phrase", BLOCK)]


@pytest.mark.django_db
def test_a_change_is_in_the_journal_with_what_was_before_and_no_change_is_not() -> None:
    _set("rude", ADVISE, reason="привыкаем")
    _set("rude", ADVISE)
    row = _set("rude", OFF)
    lines = list(AuditLine.objects.filter(verb="set_answer_rule").order_by("pk"))
    assert [(line.details["before"]["mode"], line.details["after"]["mode"]) for line in lines] == [
        (BLOCK, ADVISE),
        (ADVISE, OFF),
    ]
    assert (lines[0].reason, row.version) == ("привыкаем", 2)


@pytest.mark.django_db
def test_what_a_rule_cannot_be_is_refused() -> None:
    with pytest.raises(casework.UnknownCode):
        _set("no_such_code", BLOCK)
    with pytest.raises(casework.UnknownCode):
        _set("rude", "sometimes")
    with pytest.raises(casework.NoWordsOfItsOwn):
        _set("empty", BLOCK, words=["слово"])
    for phrase in ("!!!", "а" * 81, "один два три четыре пять шесть семь восемь девять", "а\0б"):
        with pytest.raises(casework.BadPhrase):
            _set("rude", BLOCK, words=[phrase])
    with pytest.raises(casework.TooManyPhrases):
        _set("rude", BLOCK, words=[f"слово{number}" for number in range(301)])
    assert not AnswerRule.objects.exists()


@pytest.mark.django_db
def test_the_database_keeps_one_known_row_for_a_code() -> None:
    _set("rude", BLOCK)
    with pytest.raises(IntegrityError, match="answer_rule_code"), transaction.atomic():
        AnswerRule.objects.create(code="rude", mode=OFF, updated_at=cast.NOW)
    with pytest.raises(IntegrityError, match="answer_rule_mode_known"), transaction.atomic():
        AnswerRule.objects.create(code="empty", mode="never", updated_at=cast.NOW)


@pytest.mark.django_db
def test_a_check_asks_the_database_for_its_rules_once() -> None:
    _set("rude", ADVISE)
    casework.check_rules()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert casework.check_rules().levels["rude"] == ADVISE
    assert len(queries) == 1


# The verbs.


@pytest.mark.django_db
def test_what_blocks_keeps_an_answer_from_going_out_and_nothing_overrules_it() -> None:
    cast.region()
    of = cast.incident()
    with pytest.raises(casework.AnswerBlocked) as refused:
        cast.publish(of, BRUSH, checked=casework.Checked(overruled=True))
    assert "no_date_or_stage" in refused.value.codes or "not_on_substance" in refused.value.codes
    assert "Так ответ не уйдёт" in refused.value.told()
    assert not Answer.objects.exists()
    assert not Delivery.objects.exists()
    assert cast.publish(of, GOOD, checked=CHECKED).status == "publishing"


@pytest.mark.django_db
def test_advice_is_overruled_by_a_word_that_stays_in_the_journal() -> None:
    cast.region()
    _set("officialese", ADVISE)
    text = GOOD.replace("уберём", "будет осуществлена уборка и осуществлено проведение вывоза")
    of = cast.incident()
    with pytest.raises(casework.AnswerAdvised) as advised:
        cast.publish(of, text, checked=CHECKED)
    assert advised.value.codes == ("officialese",)
    assert advised.value.told().endswith("канцелярит.")
    answer = cast.publish(of, text, checked=casework.Checked(overruled=True))
    line = AuditLine.objects.get(verb="overrule_advice")
    assert (line.subject_id, line.details["codes"]) == (answer.pk, ["officialese"])


@pytest.mark.django_db
def test_who_asks_for_approval_is_stopped_by_what_blocks_and_leaves_the_advice_to_the_approver() -> None:
    cast.region()
    someone = cast.dispatcher()
    of = cast.incident()
    given = {"incident": of, "resolution": "explained", "by": someone, "now": cast.NOW, "checked": CHECKED}
    with pytest.raises(casework.AnswerBlocked):
        casework.submit(text=BRUSH, **given)
    _set("officialese", ADVISE)
    text = GOOD.replace("уберём", "будет осуществлена уборка и осуществлено проведение вывоза")
    assert casework.submit(text=text, **given).status == "approval"


@pytest.mark.django_db
def test_an_answer_that_nobody_asked_to_check_goes_as_it_is() -> None:
    cast.region()
    assert cast.publish(cast.incident(), BRUSH).status == "publishing"


@pytest.mark.django_db
def test_an_answer_to_several_parts_must_answer_each() -> None:
    cast.region()
    first = cast.incident(message=cast.message("Когда уберут снег во дворе?"))
    second = cast.incident(message=cast.message("Почему не горит фонарь у остановки?"))
    text = "Анна, здравствуйте! Снег во дворе уберём завтра до обеда."
    alone = casework.review_answer(incident=first, text=text, now=cast.NOW).report
    both = casework.review_answer(
        incident=first, text=text, now=cast.NOW, checked=casework.Checked(parts=(second,))
    ).report
    assert "part_unanswered" not in alone.codes
    missing = next(each for each in both.findings if each.code == "part_unanswered")
    assert (missing.part, "фонарь" in missing.words) == (1, True)
