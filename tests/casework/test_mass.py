"""A mass problem from its beginning to its end: who joins, who leaves, what everybody is told, when it closes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules, tasks
from otklik.casework.models import Answer, Incident, MassMember, MassProblem
from otklik.casework.operations import (
    mass_answering,
    mass_ending,
    mass_fan_out,
    mass_leaving,
    mass_opening,
    mass_readers,
)
from otklik.casework.operations.basis import NeedsReason, StaleCard
from otklik.casework.rules import mass_text
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM
from otklik.flow import clock
from otklik.registry.models import Settlement, Street
from otklik.triage.models import SurgeAlert
from tests import cast
from tests.casework.invariants import look
from tests.casework.mass import TEXT, Town, told, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def berdsk() -> Town:
    return town()


@pytest.fixture
def problem(berdsk: Town) -> MassProblem:
    return berdsk.problem([berdsk.asks() for _ in range(3)])


def _members(problem: MassProblem) -> list[Incident]:
    return list(
        Incident.objects.filter(mass_members__problem=problem, mass_members__state="in").order_by("pk")
    )


def test_chosen_questions_become_one_problem_and_mirror_it(berdsk: Town, problem: MassProblem) -> None:
    members = _members(problem)
    assert len(members) == 3
    assert {each.state for each in members} == {"attached"}
    assert {each.executor_id for each in members} == {berdsk.body.pk}
    assert problem.due_at == min(each.due_at for each in members)
    assert [each.verb for each in problem.steps.order_by("pk")] == ["open"]
    assert AuditLine.objects.filter(verb="mass_open", subject_id=problem.pk).count() == 1
    for each in members:
        look(each.pk)


def test_a_burst_leads_to_one_problem_and_is_taken_note_of(berdsk: Town) -> None:
    alert = SurgeAlert.objects.create(
        topic=berdsk.topic, municipality=berdsk.municipality, started_at=cast.NOW, last_at=cast.NOW, count=5,
        threshold=5, reason="least", found_at=cast.NOW,
    )  # fmt: skip
    berdsk.problem([berdsk.asks() for _ in range(2)], surge=alert)
    alert.refresh_from_db()
    assert alert.state == "acknowledged"
    with pytest.raises(mass_opening.ProblemExists):
        berdsk.problem([berdsk.asks() for _ in range(2)], surge=alert)


def test_one_question_is_no_problem_and_an_answered_one_stays_out(berdsk: Town) -> None:
    answered = cast.incident("answered")
    with pytest.raises(mass_opening.TooFewIncidents):
        berdsk.problem([berdsk.asks(), answered])
    with pytest.raises(NeedsReason):
        berdsk.problem([berdsk.asks(), berdsk.asks()], cause=" ")
    assert not MassProblem.objects.exists()


def test_a_paused_question_joins_with_its_clock_going(berdsk: Town) -> None:
    paused = casework.pause(incident=berdsk.asks("ask"), reason="ждём", by=SYSTEM, now=cast.NOW)
    berdsk.problem([paused, berdsk.asks()])
    paused.refresh_from_db()
    assert (paused.state, paused.paused_at) == ("attached", None)
    look(paused.pk)


def test_everybody_is_told_once_in_words_of_their_own(berdsk: Town, problem: MassProblem) -> None:
    said = berdsk.answer(problem)
    answers = told(problem)
    assert len(answers) == 3
    assert {each.text for each in answers} == {
        "Анна, здравствуйте! По адресу Мира, 5 свет дадут к 21 ноября."
    }
    for each in _members(problem):
        assert each.state == "attached"
        assert each.first_answer_at is not None
        look(each.pk)
    problem.refresh_from_db()
    assert problem.state == "interim"
    progress = mass_fan_out.progress_of(said)
    assert (progress.told, progress.total, progress.is_over) == (3, 3, True)
    assert not mass_fan_out.waits(now=cast.NOW)


def test_one_author_in_one_thread_is_told_once(berdsk: Town) -> None:
    first = berdsk.asks()
    again = berdsk.asks(thread=first.message.thread, by=first.message.author)
    problem = berdsk.problem([first, again])
    berdsk.answer(problem)
    assert [each.incident_id for each in told(problem)] == [first.pk]


def test_the_pace_of_a_page_and_of_all_is_kept(berdsk: Town, settings: object) -> None:
    settings.MASS_PAGE_A_MINUTE, settings.MASS_A_MINUTE = 10, 15  # type: ignore[attr-defined]
    other = cast.connection()
    members = [berdsk.asks() for _ in range(8)] + [berdsk.asks(under=other) for _ in range(8)]
    problem = berdsk.problem(members)
    berdsk.answer(problem)
    queued = []
    for second in range(60):
        mass_fan_out.feed(now=cast.after(seconds=second))
        for answer in Answer.objects.filter(status="publishing").select_related("delivery"):
            cast.settle(answer, "delivered")
            queued.append((second, answer.incident.page_id))
    assert len(queued) <= 15
    assert (
        max(sum(1 for _at, page in queued if page == each) for each in {page for _at, page in queued}) <= 10
    )
    for start in range(54):
        assert sum(1 for at, _page in queued if start <= at < start + 6) <= 2


def test_a_full_outbox_is_not_filled_further(berdsk: Town) -> None:
    problem = berdsk.problem([berdsk.asks() for _ in range(6)])
    berdsk.answer(problem)
    fed = [mass_fan_out.feed(now=cast.after(seconds=10 * n)) for n in range(4)]
    assert fed == [mass_fan_out.QUEUED_OF_A_PAGE, 0, 0, 0]
    ordinary = cast.publish(cast.incident("in_progress", message=cast.message(under=berdsk.page)))
    ahead = Delivery.objects.due(cast.after(minutes=2)).filter(next_attempt_at__lt=ordinary.created_at)
    assert ahead.count() <= mass_fan_out.QUEUED_OF_A_PAGE


def test_pause_holds_stop_ends_and_resume_goes_on(berdsk: Town, problem: MassProblem) -> None:
    berdsk.answer(problem)
    by = berdsk.dispatcher.actor
    mass_answering.pause_round(problem=problem, by=by, now=cast.NOW)
    assert mass_fan_out.feed(now=cast.NOW) == 0
    with pytest.raises(mass_answering.NoAnswerToSend):
        mass_answering.pause_round(problem=problem, by=by, now=cast.NOW)
    mass_answering.stop_round(problem=problem, by=by, now=cast.NOW, reason="не тот день")
    assert mass_fan_out.feed(now=cast.NOW) == 0
    mass_answering.resume_round(problem=problem, by=by, now=cast.NOW)
    assert len(told(problem)) == 3
    verbs = list(problem.steps.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["open", "tell_interim", "pause", "stop", "resume"]


def test_what_the_network_refuses_is_listed_and_sent_again(berdsk: Town, problem: MassProblem) -> None:
    said = berdsk.answer(problem)
    mass_fan_out.feed(now=cast.NOW)
    refused = Answer.objects.filter(round=said).select_related("delivery").order_by("pk")[0]
    cast.settle(refused, "refused", reason="comments_closed")
    incident = Incident.objects.get(pk=refused.incident_id)
    assert (incident.state, incident.delivery_note) == ("attached", "undeliverable")
    assert mass_fan_out.progress_of(said).refused == 1
    again = mass_fan_out.retry_refused(said=said, by=berdsk.dispatcher.actor, now=cast.NOW, only=incident.pk)
    assert again == 1
    refused.refresh_from_db()
    cast.settle(refused, "delivered")
    assert len(told(problem)) == 2
    assert mass_fan_out.progress_of(said).told == 3
    look(incident.pk)


@pytest.mark.parametrize(
    ("state", "note", "status"),
    [("uncertain", "uncertain", "uncertain"), ("manual", "manual", "publishing")],
)
def test_what_waits_for_a_person_says_so(
    berdsk: Town, problem: MassProblem, state: str, note: str, status: str
) -> None:
    said = berdsk.answer(problem)
    mass_fan_out.feed(now=cast.NOW)
    answer = Answer.objects.filter(round=said).select_related("delivery").order_by("pk")[0]
    cast.settle(answer, state)
    incident = Incident.objects.get(pk=answer.incident_id)
    assert (incident.state, incident.delivery_note) == ("attached", note)
    answer.refresh_from_db()
    assert answer.status == status
    progress = mass_fan_out.progress_of(said)
    assert progress.uncertain + progress.by_hand == 1
    look(incident.pk)


def test_a_sure_latecomer_joins_and_is_told_an_unsure_one_is_proposed(
    berdsk: Town, problem: MassProblem
) -> None:
    berdsk.answer(problem)
    told(problem)
    sure, unsure = berdsk.asks(), berdsk.asks("ask")
    elsewhere = berdsk.asks(municipality=cast.municipality())
    late = cast.after(minutes=5)
    assert mass_opening.join_late(incidents=[sure, unsure, elsewhere], now=late) == 1
    assert [each.incident_id for each in told(problem, at=late)] == [sure.pk]
    proposed = problem.members.get(incident=unsure)
    assert (proposed.state, proposed.how) == ("proposed", "late")
    assert not MassMember.objects.filter(incident=elsewhere).exists()
    problem.refresh_from_db()
    assert problem.heard_at == late
    by = berdsk.dispatcher.actor
    assert mass_opening.join_problem(problem=problem, incidents=[unsure.pk], by=by, now=late) == 1
    assert [each.incident_id for each in told(problem, at=cast.after(minutes=7))] == [unsure.pk]
    other = berdsk.asks("ask")
    mass_opening.join_late(incidents=[other], now=late)
    mass_opening.decline_proposed(problem=problem, incident=other, by=by, now=late)
    assert problem.members.get(incident=other).state == "declined"
    assert not mass_opening.may_join(problem).filter(pk=other.pk).exists()


def test_nobody_is_told_automatically_that_it_is_fixed(berdsk: Town, problem: MassProblem) -> None:
    mass_ending.confirm_fix(problem=problem, by=berdsk.executor, now=cast.NOW)
    assert mass_opening.join_late(incidents=[berdsk.asks()], now=cast.NOW) == 0
    assert problem.members.filter(state="proposed").count() == 1


def test_a_promise_that_has_passed_is_given_to_nobody(berdsk: Town, problem: MassProblem) -> None:
    berdsk.answer(problem)
    assert mass_fan_out.feed(now=cast.after(days=4)) == 0
    assert not mass_fan_out.waits(now=cast.after(days=4))


def test_streets_settlements_and_circles_narrow_it(berdsk: Town) -> None:
    near = Settlement.objects.create(
        municipality=berdsk.municipality, name="А", latitude=54.75, longitude=83.1
    )
    far = Settlement.objects.create(
        municipality=berdsk.municipality, name="Б", latitude=54.85, longitude=83.1
    )
    street = Street.objects.create(settlement=near, name="Мира")
    first = [berdsk.asks(settlement=near, street=street) for _ in range(2)]
    for scope, joins in (
        (mass_opening.Scope(berdsk.topic, berdsk.municipality, near, street), [True, False, False]),
        (mass_opening.Scope(berdsk.topic, berdsk.municipality, near), [True, True, False]),
        (
            mass_opening.Scope(berdsk.topic, berdsk.municipality, circle=(54.751, 83.1, rules.RADIUS_M)),
            [True, True, False],
        ),
    ):
        problem = berdsk.problem(first, scope=scope)
        late = [
            berdsk.asks(settlement=near, street=street), berdsk.asks(settlement=near), berdsk.asks(settlement=far)
        ]  # fmt: skip
        may = set(mass_opening.may_join(problem).values_list("pk", flat=True))
        assert [each.pk in may for each in late] == joins
        mass_opening.join_late(incidents=late, now=cast.NOW)
        assert [problem.members.filter(incident=each).exists() for each in late] == joins
        for each in _members(problem):
            mass_leaving.take_out(problem=problem, incident=each, why="x", by=SYSTEM, now=cast.NOW)
        MassProblem.objects.filter(pk=problem.pk).delete()


def test_taken_out_it_goes_its_own_way_with_its_clock(berdsk: Town, problem: MassProblem) -> None:
    berdsk.answer(problem)
    mass_fan_out.feed(now=cast.NOW)
    member = _members(problem)[0]
    out = mass_leaving.take_out(
        problem=problem, incident=member, why="у неё лифт", by=berdsk.dispatcher.actor, now=cast.NOW
    )
    assert (out.state, out.reason, out.due_at) == ("triage", "", member.due_at)
    assert out.stage_due_at is not None
    assert Answer.objects.get(incident=out).status == "undeliverable"
    row = problem.members.get(incident=out)
    assert (row.state, row.why) == ("out", "у неё лифт")
    assert {each.incident_id for each in told(problem)} == {each.pk for each in _members(problem)}
    with pytest.raises(mass_leaving.NotAMember):
        mass_leaving.take_out(problem=problem, incident=member, why="x", by=SYSTEM, now=cast.NOW)
    look(out.pk)


def test_a_reply_that_is_being_sent_is_waited_for(berdsk: Town, problem: MassProblem) -> None:
    berdsk.answer(problem)
    mass_fan_out.feed(now=cast.NOW)
    answer = (
        Answer.objects.filter(round__problem=problem).select_related("incident__message").order_by("pk")[0]
    )
    Delivery.objects.filter(answer=answer).update(state="sending", lease_until=cast.after(minutes=1))
    with pytest.raises(mass_leaving.ReplyOnItsWay):
        mass_leaving.take_out(problem=problem, incident=answer.incident, why="x", by=SYSTEM, now=cast.NOW)
    words = cast.message(
        "А у меня другое: лифт!", under=berdsk.page, by=answer.incident.message.author,
        thread=answer.incident.message.thread,
    )  # fmt: skip
    assert mass_leaving.hear_other(messages=[words], now=cast.NOW) == 0
    assert problem.members.get(incident=answer.incident).why == mass_leaving.WAITS


def test_an_author_leaves_by_own_words(berdsk: Town, problem: MassProblem) -> None:
    berdsk.answer(problem)
    told(problem)
    member = _members(problem)[0]
    thread, author = member.message.thread, member.message.author
    thanks = cast.message("Спасибо!", under=berdsk.page, by=author, thread=thread)
    assert mass_leaving.hear_other(messages=[thanks], now=cast.NOW) == 0
    words = cast.message("Здравствуйте, у меня другое!", under=berdsk.page, by=author, thread=thread)
    assert mass_leaving.hear_other(messages=[words], now=cast.NOW) == 1
    member.refresh_from_db()
    assert member.state == "triage"
    assert problem.members.get(incident=member).left_by == SYSTEM.name
    look(member.pk)


def test_the_usual_detach_takes_out_of_the_problem_too(berdsk: Town, problem: MassProblem) -> None:
    member = _members(problem)[0]
    out = casework.detach(incident=member, by=berdsk.dispatcher.actor, now=cast.NOW, version=member.version)
    assert out.state == "triage"
    assert problem.members.get(incident=member).why == mass_leaving.BY_HAND


def test_it_closes_only_fixed_quiet_and_told(berdsk: Town, problem: MassProblem) -> None:
    by = berdsk.dispatcher.actor
    with pytest.raises(rules.IllegalMove):
        mass_ending.close_problem(problem=problem, by=by, now=cast.after(days=9))
    problem = mass_ending.confirm_fix(
        problem=problem, by=berdsk.executor, now=cast.NOW, version=problem.version
    )
    with pytest.raises(mass_ending.NotQuietYet):
        mass_ending.close_problem(problem=problem, by=by, now=cast.after(hours=47))
    with pytest.raises(mass_ending.NotAllTold):
        mass_ending.close_problem(problem=problem, by=by, now=cast.after(hours=48))
    assert mass_ending.close_quiet(now=cast.after(hours=49)) == 0
    berdsk.answer(problem, "{имя}, свет есть с 14:00.", "final")
    told(problem)
    problem.refresh_from_db()
    assert problem.state == "fixed"
    mass_opening.join_late(incidents=[berdsk.asks("ask")], now=cast.after(hours=20))
    assert mass_ending.close_quiet(now=cast.after(hours=49)) == 0
    assert mass_ending.close_quiet(now=cast.after(hours=68)) == 1
    problem.refresh_from_db()
    assert problem.state == "closed"
    for each in _members(problem):
        assert (each.state, each.resolution, each.closed_at) == ("attached", "solved", cast.after(hours=68))
        look(each.pk)


def test_it_comes_back_with_its_members(berdsk: Town, problem: MassProblem) -> None:
    mass_ending.confirm_fix(problem=problem, by=berdsk.executor, now=cast.NOW)
    berdsk.answer(problem, "Свет есть.", "final")
    told(problem)
    mass_ending.close_quiet(now=cast.after(days=3))
    by = berdsk.dispatcher.actor
    with pytest.raises(NeedsReason):
        mass_ending.reopen_problem(problem=problem, reason="", by=by, now=cast.after(days=4))
    again = mass_ending.reopen_problem(problem=problem, reason="снова гаснет", by=by, now=cast.after(days=4))
    assert (again.state, again.fixed_at, again.closed_at) == ("open", None, None)
    assert {each.resolution for each in _members(problem)} == {""}
    berdsk.answer(problem, "Снова чиним, до {срок}.", now=cast.after(days=4))
    assert len(told(problem, at=cast.after(days=4))) == 3


def test_not_fixed_goes_back_to_work_and_the_old_word_reaches_nobody(
    berdsk: Town, problem: MassProblem
) -> None:
    mass_ending.confirm_fix(problem=problem, by=berdsk.executor, now=cast.NOW)
    berdsk.answer(problem, "Свет есть.", "final")
    back = mass_ending.not_fixed(problem=problem, reason="пишут снова", by=SYSTEM, now=cast.NOW)
    assert back.state == "open"
    assert mass_fan_out.feed(now=cast.NOW) == 0


def test_another_body_takes_it_with_all_members(berdsk: Town, problem: MassProblem) -> None:
    other = cast.body()
    mass_ending.hand_over(problem=problem, executor=other, reason="их сети", by=SYSTEM, now=cast.NOW)
    assert {each.executor_id for each in _members(problem)} == {other.pk}
    look(_members(problem)[0].pk)


@pytest.mark.parametrize(
    ("text", "kind", "fact"),
    [
        ("", "final", casework.AnswerIsEmpty),
        ("а" * 3700, "final", casework.AnswerTooLong),
        ("Привет, {фамилия}", "final", mass_text.UnknownVariable),
        ("Привет, {имя", "final", mass_text.UnknownVariable),
        ("Скоро.", "interim", rules.NeedsDate),
        ("Всё.", "final", rules.WrongOutcome),
    ],
)
def test_a_wrong_answer_is_not_sent(
    berdsk: Town, problem: MassProblem, text: str, kind: str, fact: type[Exception]
) -> None:
    mass_answering.write_answer(
        problem=problem, said=mass_answering.MassWords(text, kind), by=berdsk.executor, now=cast.NOW,
        draft_version=0,
    )  # fmt: skip
    with pytest.raises(fact):
        mass_answering.start_round(problem=problem, by=berdsk.dispatcher, now=cast.NOW)
    assert not Answer.objects.exists()


def test_a_foreign_draft_is_not_overwritten_and_a_plan_is_moved_by_two(
    berdsk: Town, problem: MassProblem
) -> None:
    berdsk.answer(problem, "Сделаем к {срок}.", "plan")
    told(problem)
    said = mass_answering.MassWords("Сделаем позже, к {срок}.", "plan", "", cast.after(days=9))
    draft = mass_answering.write_answer(
        problem=problem, said=said, by=berdsk.dispatcher, now=cast.NOW, draft_version=0
    )
    with pytest.raises(casework.NotYourDraft):
        mass_answering.write_answer(
            problem=problem, said=said, by=berdsk.executor, now=cast.NOW, draft_version=0
        )
    with pytest.raises(rules.FourEyes):
        mass_answering.start_round(problem=problem, by=berdsk.dispatcher, now=cast.NOW)
    mass_answering.start_round(
        problem=problem, by=cast.dispatcher(), now=cast.NOW, draft_version=draft.version
    )
    told(problem, at=cast.after(minutes=2))
    for each in _members(problem):
        assert each.plans == 2
        look(each.pk)
    with pytest.raises(StaleCard):
        mass_ending.confirm_fix(problem=problem, by=berdsk.executor, now=cast.NOW, version=1)


def test_how_many_how_long_and_who_lacks_what(berdsk: Town) -> None:
    nameless = berdsk.asks(by=cast.author(name="DELETED"), street_name="", house="")
    problem = berdsk.problem([nameless, berdsk.asks()])
    reach = mass_readers.reach_of(problem, TEXT, cast.after(days=2), now=cast.NOW)
    assert (reach.people, reach.pages) == (2, 1)
    assert dict(reach.lacking) == {"имя": 1, "место": 1}
    assert reach.takes > timedelta(0)
    berdsk.answer(problem)
    texts = {each.incident_id: each.text for each in told(problem)}
    assert texts[nameless.pk] == "Здравствуйте! По адресу Бердск свет дадут к 21 ноября."


def test_the_jobs_look_for_what_is_to_be_told_and_to_be_closed(berdsk: Town, problem: MassProblem) -> None:
    class Context:
        @staticmethod
        def should_abort() -> bool:
            return bool(Answer.objects.exists())

    said = mass_answering.MassWords("Свет есть.", "final", "solved")
    mass_answering.write_answer(problem=problem, said=said, by=berdsk.executor, now=cast.NOW, draft_version=0)
    mass_answering.start_round(problem=problem, by=berdsk.dispatcher, now=cast.NOW)
    assert mass_fan_out.waits(now=cast.NOW)
    tasks.fan_out(Context())  # type: ignore[arg-type]
    assert Answer.objects.count() == mass_fan_out.QUEUED_OF_A_PAGE
    for answer in Answer.objects.select_related("delivery"):
        cast.settle(answer, "delivered")
    told(problem, at=timezone.now() + timedelta(minutes=2))
    mass_ending.confirm_fix(problem=problem, by=berdsk.executor, now=cast.NOW)
    MassProblem.objects.update(heard_at=cast.after(days=-9), fixed_at=cast.after(days=-9))
    clock.close_quiet_problems(timestamp=0)
    problem.refresh_from_db()
    assert problem.state == "closed"
