"""Promises to the resident, approval, cycles, pauses, formal tracks, the end and the archive."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident, Move
from otklik.channels.models import Delivery
from otklik.people.models import Account
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.after(minutes=5)


@pytest.fixture(autouse=True)
def _region(db: None) -> None:
    cast.region()


@pytest.fixture
def by() -> Account:
    return cast.dispatcher()


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def published(incident: Incident, by: Account, kind: str = "final", **given: Any) -> Incident:
    """An answer of the kind, as soon as the network has it."""
    answer = casework.publish(
        incident=incident, text="Ответ.", resolution="solved", by=by, now=NOW, kind=kind, **given
    )
    cast.settle(answer, "delivered")
    return fresh(incident)


def promised(kind: str, days: int = 2, **fields: Any) -> Incident:
    return published(cast.incident(**fields), cast.dispatcher(), kind, promised_for=cast.after(days=days))


@pytest.mark.parametrize("kind", ["interim", "plan"])
@pytest.mark.parametrize("day", [None, cast.NOW])
def test_a_promise_names_a_day_to_come(kind: str, day: datetime | None, by: Account) -> None:
    incident = cast.incident()
    for verb in (casework.publish, casework.submit):
        with pytest.raises(rules.NeedsDate):
            verb(incident=incident, text="Ждите.", resolution="", by=by, now=NOW, kind=kind, promised_for=day)
    assert not Delivery.objects.exists()


def test_an_interim_answer_opens_the_control_of_its_day() -> None:
    soon, late = promised("interim", 2), promised("interim", 90)
    assert (soon.state, soon.final_due_at, soon.stage_due_at) == (
        "interim_answered",
        cast.after(days=2),
        cast.after(days=2),
    )
    # Seven working days from Wednesday the 18th: Friday the 27th, the end of work at 18:00 in Novosibirsk.
    assert late.final_due_at == datetime.fromisoformat("2026-11-27T18:00+07:00")
    assert (late.interims, late.resolution) == (1, "")
    assert late.first_answer_at is not None


def test_work_on_the_final_answer_keeps_the_promised_day(by: Account) -> None:
    incident = casework.take_up(incident=promised("interim"), by=by, now=NOW)
    assert (incident.state, incident.stage_due_at) == ("in_progress", cast.after(days=2))
    first = incident.first_answer_at
    incident = published(incident, by)
    assert (incident.state, incident.first_answer_at, incident.interims) == ("answered", first, 0)
    assert incident.final_due_at is None


def test_two_interim_answers_in_a_row_need_the_coordinator(by: Account) -> None:
    incident = casework.take_up(incident=promised("interim"), by=by, now=NOW)
    with pytest.raises(rules.NeedsCoordinator):
        published(incident, by, "interim", promised_for=cast.after(days=4))
    casework.allow_interim(incident=incident, reason="экспертиза", by=by.actor, now=NOW)
    incident = published(incident, by, "interim", promised_for=cast.after(days=4))
    assert (incident.state, incident.interims, incident.interim_permits) == ("interim_answered", 2, 1)
    with pytest.raises(rules.NeedsCoordinator):
        published(
            casework.take_up(incident=incident, by=by, now=NOW),
            by,
            "interim",
            promised_for=cast.after(days=5),
        )


def test_the_final_deadline_is_extended_once_and_within_a_month(by: Account) -> None:
    incident = promised("interim")

    def extend(**later: float) -> Incident:
        return casework.extend(
            incident=incident, until=cast.after(**later), reason="смета", by=by.actor, now=NOW
        )

    for days in (1, 31):
        with pytest.raises(rules.CannotExtend):
            extend(days=days)
    assert extend(days=20).final_due_at == cast.after(days=20)
    move = incident.moves.latest("pk")
    assert (move.verb, move.old_stage_due_at, move.new_stage_due_at) == (
        "extend", cast.after(days=2), cast.after(days=20),
    )  # fmt: skip
    with pytest.raises(rules.CannotExtend):
        extend(days=25)


def test_nothing_is_extended_that_was_not_promised(by: Account) -> None:
    with pytest.raises(rules.CannotExtend):
        casework.extend(
            incident=cast.incident(), until=cast.after(days=3), reason="смета", by=by.actor, now=NOW
        )


def test_a_plan_is_moved_twice_by_two_people_and_not_a_third_time(by: Account) -> None:
    other, incident = cast.dispatcher(), promised("plan", 40)
    assert (incident.state, incident.final_due_at, incident.plans) == ("deferred", cast.after(days=40), 1)
    for number in (1, 2):
        day = cast.after(days=40 + 30 * number)
        laid = casework.postpone(incident=incident, text="Сдвинули.", promised_for=day, by=by, now=NOW)
        assert laid.state == "approval"
        cast.settle(casework.approve(incident=incident, by=other, now=NOW), "delivered")
        assert (fresh(incident).state, fresh(incident).final_due_at) == ("deferred", day)
        assert fresh(incident).plans == 1 + number
    day = cast.after(days=300)
    back = casework.postpone(incident=incident, text="Ещё раз.", promised_for=day, by=by, now=NOW)
    assert (back.state, back.reason, back.returns) == ("rework", "third_postponement", 1)
    assert Answer.objects.filter(incident=incident, kind="plan").count() == 3
    with pytest.raises(rules.CannotPostpone):
        casework.submit(
            incident=back, text="Ещё.", resolution="", by=by, now=NOW, kind="plan", promised_for=day
        )


def test_a_plan_that_is_moved_from_work_needs_a_second_person_too(by: Account) -> None:
    incident = casework.take_up(incident=promised("plan", 40), by=by, now=NOW)
    with pytest.raises(rules.NeedsApproval):
        published(incident, by, "plan", promised_for=cast.after(days=80))


def test_what_was_planned_and_not_done_returns_to_the_body(by: Account) -> None:
    back = casework.not_done(incident=promised("plan", 40), comment="не сдано", by=by.actor, now=NOW)
    assert (back.state, back.reason, back.moves.latest("pk").reason) == (
        "rework",
        "plan_not_done",
        "не сдано",
    )


def test_what_was_planned_and_done_may_end_as_planned(by: Account) -> None:
    incident = casework.take_up(incident=promised("plan", 40), by=by, now=NOW)
    incident = casework.close(incident=published(incident, by), resolution="planned", by=by.actor, now=NOW)
    assert (incident.state, incident.resolution) == ("closed", "planned")


@pytest.mark.parametrize("state", ["interim_answered", "deferred"])
def test_an_author_who_is_against_it_is_heard_at_once(state: str, by: Account) -> None:
    incident = casework.dispute(incident=cast.incident(state), reason="врут", by=by.actor, now=NOW)
    assert (incident.state, incident.cycle, incident.moves.latest("pk").reason) == ("in_progress", 1, "врут")


def test_an_answer_is_approved_by_a_second_person(by: Account) -> None:
    incident, other = cast.incident(), cast.dispatcher()
    answer = casework.submit(incident=incident, text=" Уберём. ", resolution="solved", by=by, now=NOW)
    assert (answer.status, answer.text, fresh(incident).state) == ("approval", "Уберём.", "approval")
    with pytest.raises(rules.FourEyes):
        casework.approve(incident=incident, by=by, now=NOW)
    assert not Delivery.objects.exists()
    approved = casework.approve(incident=incident, by=other, now=NOW)
    assert (approved.pk, approved.status, approved.approved_by) == (answer.pk, "publishing", other)
    cast.settle(approved, "delivered")
    assert fresh(incident).state == "answered"


def test_a_text_that_is_sent_back_is_a_draft_again(by: Account) -> None:
    incident = cast.incident("approval")
    with pytest.raises(casework.NeedsReason):
        casework.send_back(incident=incident, reason=" ", by=by, now=NOW)
    back = casework.send_back(incident=incident, reason="нет срока", by=by, now=NOW)
    draft = Answer.objects.get(incident=incident)
    assert (back.state, draft.status, draft.text) == ("in_progress", "draft", "Уберём.")
    again = casework.submit(incident=back, text="Уберём к пятнице.", resolution="solved", by=by, now=NOW)
    assert again.pk == draft.pk


def test_a_policy_says_which_answers_need_a_second_person(by: Account) -> None:
    incident, strict = cast.incident(), rules.ApprovalPolicy(frozenset({"final"}))
    with pytest.raises(rules.NeedsApproval):
        casework.publish(
            incident=incident, text="Уберём.", resolution="solved", by=by, now=NOW, policy=strict
        )
    assert fresh(incident).state == "in_progress"
    assert casework.publish(incident=incident, text="Уберём.", resolution="solved", by=by, now=NOW).pk


def test_an_approved_promise_whose_day_has_passed_does_not_go_out(by: Account) -> None:
    incident = cast.incident()
    casework.submit(
        incident=incident, text="Ждите.", resolution="", by=by, now=NOW, kind="interim",
        promised_for=cast.after(days=1),
    )  # fmt: skip
    with pytest.raises(rules.NeedsDate):
        casework.approve(incident=incident, by=cast.dispatcher(), now=cast.after(days=2))


def test_a_refused_promise_comes_back_as_the_draft_of_a_promise(by: Account) -> None:
    incident, day = cast.incident(), cast.after(days=3)
    answer = casework.publish(
        incident=incident, text="Ждите.", resolution="", by=by, now=NOW, kind="interim", promised_for=day
    )
    cast.settle(answer, "refused", reason="comments_closed")
    draft = Answer.objects.get(incident=incident, status="draft")
    assert (fresh(incident).state, draft.kind, draft.promised_for) == ("in_progress", "interim", day)


def test_the_second_return_is_told_above(by: Account) -> None:
    incident = cast.incident("rework")
    assert (incident.returns, incident.escalated_at) == (1, None)
    incident = published(casework.take_up(incident=incident, by=by, now=NOW), by)
    with pytest.raises(rules.IllegalMove):
        casework.return_for_rework(incident=incident, code="не нравится", by=by.actor, now=NOW)
    incident = casework.return_for_rework(incident=incident, code="rude", by=by.actor, now=NOW)
    assert (incident.returns, incident.escalated_at, incident.moves.latest("pk").code) == (2, NOW, "rude")
    # Four working hours from 11:05: lunch is between, so 16:05.
    assert incident.stage_due_at == cast.after(hours=5, minutes=5)


@pytest.mark.parametrize(
    ("priority", "raised"), [("normal", "high"), ("high", "high"), ("critical", "critical")]
)
def test_a_reopening_begins_a_cycle_with_a_limit_of_its_own(priority: str, raised: str, by: Account) -> None:
    incident = cast.incident("answered", priority=priority)
    incident = casework.reopen(incident=incident, reason="течёт", by=by.actor, now=NOW)
    assert (incident.cycle, incident.first_answer_at, incident.priority) == (2, None, raised)
    due = NOW + (timedelta(minutes=30) if priority == "critical" else timedelta(hours=3))  # lunch is between
    assert (incident.due_at, incident.stage_due_at) == (due, due)
    incident = published(casework.take_up(incident=incident, by=by, now=NOW), by)
    assert (incident.state, incident.cycle) == ("answered", 2)
    assert incident.first_answer_at is not None
    assert list(Answer.objects.filter(incident=incident).order_by("pk").values_list("cycle", flat=True)) == [
        1,
        2,
    ]


def test_a_new_cycle_stays_important_whatever_the_dispatcher_says(by: Account) -> None:
    incident = casework.take_up(incident=cast.incident("reopened"), by=by, now=NOW)
    due = incident.due_at
    incident = casework.confirm(
        incident=incident, topic=incident.topic, kind="complaint", priority="normal",
        executor=cast.body(), by=by, now=NOW,
    )  # fmt: skip
    assert (incident.priority, incident.due_at) == ("high", due)
    incident = casework.confirm(
        incident=incident, topic=incident.topic, kind="complaint", priority="critical",
        executor=incident.executor, by=by, now=NOW,
    )  # fmt: skip
    assert incident.due_at == cast.after(minutes=32)


def test_what_was_closed_comes_back_for_thirty_days(by: Account) -> None:
    soon, late = cast.incident("closed"), cast.incident("closed")
    assert soon.closed_at is not None
    at = soon.closed_at + timedelta(days=30)
    assert casework.reopen(incident=soon, reason="течёт", by=by.actor, now=at).state == "reopened"
    with pytest.raises(rules.IllegalMove):
        casework.reopen(incident=late, reason="течёт", by=by.actor, now=at + timedelta(seconds=1))


def test_a_pause_moves_every_due_and_says_so(by: Account) -> None:
    incident = cast.incident()
    with pytest.raises(casework.NeedsReason):
        casework.pause(incident=incident, reason="", by=by.actor, now=NOW)
    with pytest.raises(rules.IllegalMove):
        casework.resume(incident=incident, by=by.actor, now=NOW)
    paused = casework.pause(incident=incident, reason="режим ЧС", by=by.actor, now=NOW)
    with pytest.raises(rules.IllegalMove):
        casework.pause(incident=incident, reason="ещё", by=by.actor, now=NOW)
    assert not Incident.objects.overdue(cast.after(days=30)).exists()
    running = casework.resume(incident=paused, by=by.actor, now=NOW + timedelta(days=1))
    # A day of the wall clock is eight hours of work.
    calendar = casework_calendar()
    assert calendar.between(paused.due_at, running.due_at) == timedelta(hours=8)
    assert paused.stage_due_at is not None
    assert running.stage_due_at is not None
    assert calendar.between(paused.stage_due_at, running.stage_due_at) == timedelta(hours=8)
    move = running.moves.latest("pk")
    assert (move.verb, move.old_due_at, move.new_due_at) == ("resume", paused.due_at, running.due_at)
    assert Incident.objects.overdue(cast.after(days=30)).exists()


def casework_calendar() -> Any:
    from otklik.registry import operations as registry

    return registry.working_calendar()


def test_whoever_moves_a_paused_incident_sets_its_clocks_going(by: Account) -> None:
    incident = casework.pause(incident=cast.incident("routed"), reason="ЧС", by=by.actor, now=NOW)
    due = incident.due_at
    incident = casework.accept(incident=incident, by=by, now=NOW + timedelta(hours=1))
    assert (incident.paused_at, incident.due_at - due) == (None, timedelta(hours=1))
    assert list(incident.moves.order_by("-pk").values_list("verb", flat=True)[:2]) == ["accept", "resume"]


def test_a_paused_rework_is_taken_up_with_its_clocks_going(by: Account) -> None:
    incident = casework.pause(incident=cast.incident("rework"), reason="ЧС", by=by.actor, now=NOW)
    taken = casework.take_up(incident=incident, by=by, now=NOW + timedelta(hours=1))
    assert (taken.state, taken.paused_at, taken.reason) == ("in_progress", None, "")
    assert list(taken.moves.order_by("-pk").values_list("verb", flat=True)[:2]) == ["take_up", "resume"]


def test_a_hand_over_of_taken_work_is_a_refusal_unless_the_centre_decides(by: Account) -> None:
    incident, body = cast.incident(), cast.body()
    for as_center, declines in ((False, 1), (True, 1), (False, 2)):
        incident = casework.route(
            incident=incident, executor=body, reason="их дело", by=by.actor, now=NOW, as_center=as_center
        )
        assert (incident.state, incident.declines) == ("routed", declines)
        incident = casework.accept(incident=incident, by=by, now=NOW)
    for verb, given in ((casework.route, {"executor": body}), (casework.decline, {})):
        with pytest.raises(rules.CannotDecline):
            verb(incident=incident, reason="не наше", by=by.actor, now=NOW, **given)
    assert casework.route(
        incident=incident, executor=body, reason="решил центр", by=by.actor, now=NOW, as_center=True
    ).declines == 2  # fmt: skip


def test_the_centre_answers_by_itself_only_for_somebody(by: Account) -> None:
    from otklik.casework.operations.moving import NeedsBody

    with pytest.raises(NeedsBody):
        casework.take_on(incident=cast.incident("triage"), executor=None, by=by, now=NOW)


@pytest.mark.parametrize(
    ("kind", "resolution", "link"),
    [("complaint", "planned", ""), ("complaint", "accepted_to_plan", ""), ("complaint", "forwarded", ""),
     ("proposal", "poll_created", ""), ("proposal", "чудо", "")],
)  # fmt: skip
def test_an_incident_does_not_end_with_what_it_was_not(
    kind: str, resolution: str, link: str, by: Account
) -> None:
    incident = cast.incident("answered")
    Incident.objects.filter(pk=incident.pk).update(kind=kind)
    with pytest.raises(rules.WrongOutcome):
        casework.close(incident=incident, resolution=resolution, link=link, by=by.actor, now=NOW)


@pytest.mark.parametrize(
    ("resolution", "link"), [("accepted_to_plan", ""), ("poll_created", "https://pos.example/7")]
)
def test_a_proposal_ends_in_a_plan_or_a_poll(resolution: str, link: str, by: Account) -> None:
    incident = cast.incident("answered")
    Incident.objects.filter(pk=incident.pk).update(kind="proposal")
    closed = casework.close(incident=incident, resolution=resolution, link=link, by=by.actor, now=NOW)
    assert (closed.resolution, closed.outcome_link) == (resolution, link)


def test_a_final_answer_names_an_outcome_that_can_be(by: Account) -> None:
    with pytest.raises(rules.WrongOutcome):
        casework.publish(incident=cast.incident(), text="Ответ", resolution="planned", by=by, now=NOW)


def test_who_is_silent_is_content() -> None:
    quiet, loud, fresh_one = cast.incident("answered"), cast.incident("answered"), cast.incident("answered")
    # Post-control to the end of Thursday, then three days of the author.
    assert quiet.stage_due_at == datetime.fromisoformat("2026-11-22T18:00+07:00")
    Incident.objects.filter(pk=loud.pk).update(author_replied_at=NOW)
    Incident.objects.filter(pk=fresh_one.pk).update(stage_due_at=cast.after(days=9))
    at = quiet.stage_due_at
    assert casework.close_settled(now=at - timedelta(seconds=1)) == 0
    assert (casework.close_settled(now=at), casework.close_settled(now=at)) == (1, 0)
    closed = fresh(quiet)
    assert (closed.state, closed.resolution, closed.closed_at) == ("closed", "explained", at)
    assert closed.moves.latest("pk").code == "settled"
    assert fresh(loud).state == fresh(fresh_one).state == "answered"


def test_what_ended_a_year_ago_is_put_away_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.casework.operations.ending.ARCHIVED_A_BATCH", 2)
    ended = [cast.incident(state) for state in ("closed", "rejected", "transferred", "attached", "closed")]
    alive = [cast.incident(state) for state in ("triage", "answered", "deferred")]
    # The parent of the attached one is still in triage: it waits with it.
    late = max(each.entered_at for each in ended) + timedelta(days=365)
    done = []
    while number := casework.archive_old(now=late):
        done.append(number)
    assert done == [2, 2]
    assert [fresh(each).state for each in ended] == ["archived"] * 3 + ["attached", "archived"]
    assert [fresh(each).state for each in alive] == ["triage", "answered", "deferred"]
    move = Move.objects.filter(incident=ended[0]).latest("pk")
    assert (move.verb, move.before, move.after, move.at) == ("archive", "closed", "archived", late)


def test_a_matter_goes_to_another_track_and_its_author_is_told(by: Account) -> None:
    incident = cast.incident("routed")
    note = casework.transfer(
        incident=incident,
        target="59fz",
        text="Передали в прокуратуру.",
        reason="нужна проверка",
        by=by,
        now=NOW,
    )
    handed = fresh(incident)
    assert (handed.state, handed.reason, handed.first_answer_at) == ("transferred", "59fz", None)
    assert handed.stage_due_at == datetime.fromisoformat("2026-11-19T18:00+07:00")
    assert (note.kind, note.status) == ("note", "publishing")
    assert note.delivery is not None
    assert note.delivery.reply_to == incident.message.external_id
    cast.settle(note, "delivered")
    assert (fresh(incident).stage_due_at, fresh(incident).moves.latest("pk").verb) == (None, "noted")
    closed = casework.take_result(incident=incident, result="нарушений нет", by=by.actor, now=NOW)
    assert (closed.state, closed.resolution) == ("closed", "forwarded")


@pytest.mark.parametrize("target", ["", "мэру"])
def test_a_track_is_one_of_those_there_are(target: str, by: Account) -> None:
    with pytest.raises(rules.IllegalMove):
        casework.transfer(
            incident=cast.incident("triage"), target=target, text="Передали.", reason="надо", by=by, now=NOW
        )


@pytest.mark.parametrize("outcome", ["refused", "uncertain", "manual"])
def test_an_author_who_was_not_told_stays_in_sight(outcome: str, by: Account) -> None:
    incident = cast.incident("triage")
    note = casework.transfer(incident=incident, target="pos", text="Передали.", reason="надо", by=by, now=NOW)
    cast.settle(note, outcome, reason="comments_closed")
    said = {"refused": "not_noted", "uncertain": "uncertain", "manual": "manual"}[outcome]
    assert (fresh(incident).state, fresh(incident).delivery_note) == ("transferred", said)
    if outcome == "refused":
        again = casework.tell_again(incident=incident, text="Передали, номер 7.", by=by, now=NOW)
        assert fresh(incident).delivery_note == ""
        cast.settle(again, "delivered")
        assert fresh(incident).stage_due_at is None
    else:
        with pytest.raises(casework.QuestionOnItsWay):
            casework.tell_again(incident=incident, text="Передали.", by=by, now=NOW)


def test_a_note_that_was_called_back_still_has_to_be_given(by: Account) -> None:
    incident = cast.incident("triage")
    casework.transfer(incident=incident, target="pos", text="Передали.", reason="надо", by=by, now=NOW)
    back = casework.take_back(incident=incident, by=by, now=NOW)
    assert (back.state, back.delivery_note) == ("transferred", "not_noted")


def test_what_came_back_from_another_track_has_a_body_again(by: Account) -> None:
    incident = cast.incident("transferred")
    assert incident.executor is None
    casework.take_result(incident=incident, result="отказано", by=by.actor, now=NOW)
    again = casework.reopen(incident=incident, reason="не решено", by=by.actor, now=NOW)
    assert (again.state, again.executor) == ("reopened", incident.page.organization)
