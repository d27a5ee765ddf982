"""Deciding about messages: what is kept, what is refused, what is taken back, what the author says against it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from otklik.audit import operations as audit
from otklik.audit.models import AuditLine
from otklik.casework.models import (
    Incident,
    ModerationAction,
    ModerationAppeal,
    ModerationEvidence,
    ModerationRule,
)
from otklik.casework.operations import appealing, erasing, moderating, moderation_doing, moderation_ending
from otklik.casework.operations.basis import NeedsReason
from otklik.casework.rules import moderation as rules
from otklik.channels.models import Delivery, Receipt
from otklik.flow import road
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.after(minutes=5)
ABUSE = "Ты дурак и сын дурака, закажи рекламу на https://spam.example"


@pytest.fixture
def by() -> Account:
    cast.region()
    return cast.dispatcher()


def rule(code: str = "insult") -> ModerationRule:
    return ModerationRule.objects.get(code=code)


def decide(message: SourceMessage, by: Account, measure: str = "remove", **given: Any) -> ModerationAction:
    if measure == "ban":
        given.setdefault("days", 3)
    if measure == "warn":
        given.setdefault("text", "Пожалуйста, без оскорблений.")
    fields = {"rule": rule(), "now": NOW} | given
    return moderating.decide(message=message, measure=measure, by=by, **fields)


def settled(action: ModerationAction, state: str, **fields: Any) -> ModerationAction:
    """As if the network had answered so."""
    ended = {"finished_at": NOW} if state in {"done", "undone", "expired"} else {}
    ModerationAction.objects.filter(pk=action.pk).update(state=state, attempts=1, **ended | fields)
    action.refresh_from_db()
    return action


def test_a_decision_keeps_the_rule_its_version_and_the_message_as_it_stood(by: Account) -> None:
    message = cast.message(ABUSE)
    message.attachments.create(kind="photo", url="https://sun1.userapi.com/a.jpg")
    action = decide(message, by, comment="Второй раз за день.")
    assert (action.state, action.rule_version, action.until) == ("asked", 1, None)
    SourceMessage.objects.filter(pk=message.pk).update(text="отредактировано", deleted_at=NOW)
    kept = ModerationEvidence.objects.get(action=action)
    assert (kept.text, kept.author_name, kept.written_at) == (ABUSE, "Анна Белова", message.sent_at)
    assert f"reply={message.external_id}" in kept.link
    assert kept.files == [{"kind": "photo", "url": "https://sun1.userapi.com/a.jpg", "title": ""}]
    line = AuditLine.objects.get(verb="moderate", subject_id=action.pk)
    assert (line.actor_id, line.reason, line.details["rule"]) == (by.pk, "Второй раз за день.", "insult")
    assert "casework.moderate" in road.what_waits(now=NOW)
    for change in (kept.delete, lambda: ModerationEvidence.objects.update(text="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_incident_does_not_depend_on_the_comment(by: Account) -> None:
    incident = cast.incident("in_progress", message=cast.message(f"Когда уберут снег? {ABUSE}"))
    with pytest.raises(moderating.QuestionIsOpen):
        decide(incident.message, by)
    assert not ModerationAction.objects.exists()
    decide(incident.message, by, despite_question=True)
    fresh = Incident.objects.get(pk=incident.pk)
    assert (fresh.state, fresh.version) == ("in_progress", incident.version)
    other = cast.incident("in_progress", message=cast.message("ещё вопрос"))
    decide(other.message, by, "ban")


def test_what_is_refused(by: Account) -> None:
    own, empty = cast.message(is_own=True), cast.message(has_content=False)
    gone, direct = cast.message(deleted_at=NOW), cast.message(place="direct", kind="direct")
    nobody = cast.message()
    SourceMessage.objects.filter(pk=nobody.pk).update(author=None)
    cases: list[tuple[type[Exception], SourceMessage, str, dict[str, Any]]] = [
        (moderating.NothingToModerate, own, "remove", {}),
        (moderating.NothingToModerate, empty, "remove", {}),
        (moderating.AlreadyGone, gone, "remove", {}),
        (moderating.AlreadyGone, gone, "warn", {}),
        (moderating.PrivateMessage, direct, "remove", {}),
        (moderating.AuthorUnknown, nobody, "ban", {}),
        (moderating.WarningIsEmpty, cast.message(), "warn", {"text": " "}),
        (rules.MeasureTooStrong, cast.message(), "ban", {"rule": rule("agitation")}),
        (rules.MeasureTooStrong, cast.message(), "leave", {}),
        (rules.WrongTerm, cast.message(), "ban", {"days": 8}),
    ]
    for fact, message, measure, given in cases:
        with pytest.raises(fact):
            decide(message, by, measure, **given)
    ModerationRule.objects.filter(code="spam").update(is_active=False)
    with pytest.raises(moderating.RuleIsRetired):
        decide(cast.message(), by, rule=rule("spam"))
    assert not ModerationAction.objects.exists()
    decide(gone, by, "ban")


def test_the_same_is_not_decided_twice(by: Account) -> None:
    message = cast.message(ABUSE)
    action = decide(message, by)
    with pytest.raises(moderating.DecidedAlready):
        decide(message, by)
    decide(message, by, "ban")
    again = cast.message(ABUSE, by=message.author, under=message.connection)
    with pytest.raises(moderating.DecidedAlready):
        decide(again, by, "ban")
    settled(action, "refused")
    decide(message, by)


def test_a_message_may_be_left_where_it_is(by: Account) -> None:
    message = cast.message(ABUSE)
    action = moderating.leave_alone(message=message, by=by, now=NOW, comment="Это цитата.")
    assert (action.state, action.rule) == ("done", None)
    with pytest.raises(moderating.DecidedAlready):
        moderating.leave_alone(message=message, by=by, now=NOW)
    assert moderating.undo(action=action, reason="Передумали.", by=by, now=NOW).state == "undone"


def test_a_warning_is_an_answer_of_the_page_by_the_outbox(by: Account) -> None:
    action = decide(cast.message(ABUSE), by, "warn")
    delivery = action.delivery
    assert delivery is not None
    assert (delivery.text, delivery.reply_to) == ("Пожалуйста, без оскорблений.", action.message.external_id)
    Delivery.objects.filter(pk=delivery.pk).update(
        state="delivered", external_id="7", permalink="https://x", finished_at=NOW
    )
    Receipt.objects.create(delivery=delivery, state="delivered", at=NOW)
    assert road.drain_receipts(now=NOW) == 1
    action.refresh_from_db()
    assert (action.state, action.finished_at) == ("done", NOW)
    assert not Receipt.objects.filter(drained_at=None).exists()
    delivery.refresh_from_db()
    assert moderation_doing.take_warning_receipt(delivery=delivery, state="refused", now=NOW)
    action.refresh_from_db()
    assert action.state == "done"


def test_a_warning_that_has_not_left_never_leaves(by: Account) -> None:
    action = decide(cast.message(ABUSE), by, "warn")
    assert moderating.undo(action=action, reason="Рано.", by=by, now=NOW).state == "undone"
    assert Delivery.objects.get().state == "cancelled"
    other = decide(cast.message(ABUSE), by, "warn")
    Delivery.objects.filter(pk=other.delivery_id).update(state="sending")
    with pytest.raises(moderating.OnItsWay):
        moderating.undo(action=other, reason="Рано.", by=by, now=NOW)


def test_taking_back_follows_what_was_done(by: Account) -> None:
    fresh = decide(cast.message(ABUSE), by)
    with pytest.raises(NeedsReason):
        moderating.undo(action=fresh, reason=" ", by=by, now=NOW)
    assert moderating.undo(action=fresh, reason="Это шутка.", by=by, now=NOW).state == "undone"
    with pytest.raises(moderating.NothingToUndo):
        moderating.undo(action=fresh, reason="Это шутка.", by=by, now=NOW)
    done = settled(decide(cast.message(ABUSE), by), "done")
    back = moderating.undo(action=done, reason="Это шутка.", by=by, now=NOW)
    assert (back.state, back.undoing, back.attempts) == ("asked", True, 0)
    assert back.evidence.text == ABUSE
    doing = settled(decide(cast.message(ABUSE), by), "doing", lease_until=NOW)
    with pytest.raises(moderating.OnItsWay):
        moderating.undo(action=doing, reason="Это шутка.", by=by, now=NOW)
    by_hand = settled(decide(cast.message(ABUSE), by), "by_hand")
    assert moderating.undo(action=by_hand, reason="Это шутка.", by=by, now=NOW).state == "undone"


def test_an_administrator_confirms_or_the_network_is_asked_again(by: Account) -> None:
    action = decide(cast.message(ABUSE), by)
    with pytest.raises(moderating.NotByHand):
        moderating.confirm_by_hand(action=action, by=by, now=NOW)
    settled(action, "by_hand", reason="no_key")
    asked = moderating.try_again(action=action, by=by, now=NOW)
    assert (asked.state, asked.attempts, asked.reason) == ("asked", 0, "")
    settled(action, "by_hand")
    done = moderating.confirm_by_hand(action=action, by=by, now=NOW)
    assert (done.state, done.confirmed_by) == ("done", by)
    moderating.undo(action=action, reason="Ошиблись.", by=by, now=NOW)
    settled(action, "by_hand")
    assert moderating.confirm_by_hand(action=action, by=by, now=NOW).state == "undone"


def test_what_the_network_shows_settles_a_task(by: Account) -> None:
    one = settled(decide(cast.message(ABUSE), by), "by_hand")
    two = settled(decide(cast.message(ABUSE), by), "by_hand", undoing=True)
    assert moderation_ending.see_done_by_hand(now=NOW) == 1
    SourceMessage.objects.filter(pk=one.message_id).update(deleted_at=NOW)
    assert moderation_ending.see_done_by_hand(now=NOW) == 1
    assert moderation_ending.see_done_by_hand(now=NOW) == 0
    assert [each.state for each in ModerationAction.objects.filter(pk__in=[one.pk, two.pk]).order_by("pk")] == [
        "done", "undone"]  # fmt: skip


def test_bans_end_by_themselves(by: Account) -> None:
    by_network = settled(decide(cast.message(ABUSE), by, "ban", days=1), "done")
    by_hand = settled(decide(cast.message(ABUSE), by, "ban", days=1), "done", confirmed_by=by)
    never = settled(decide(cast.message(ABUSE), by, "ban", days=1), "by_hand")
    later = settled(decide(cast.message(ABUSE), by, "ban", days=3), "done")
    assert moderation_ending.end_bans(now=NOW + timedelta(hours=23)) == 0
    over = NOW + timedelta(days=1)
    assert moderation_ending.end_bans(now=over) == 3
    assert moderation_ending.end_bans(now=over) == 0
    states = {each.pk: (each.state, each.undoing) for each in ModerationAction.objects.all()}
    assert states[by_network.pk] == states[never.pk] == ("expired", False)
    assert states[by_hand.pk] == ("asked", True)
    assert states[later.pk] == ("done", False)
    assert AuditLine.objects.filter(verb="end_ban").count() == 3


def test_an_appeal_is_decided_by_somebody_else(by: Account) -> None:
    other = cast.dispatcher()
    action = settled(decide(cast.message(ABUSE), by, "ban"), "done")
    with pytest.raises(appealing.AppealIsEmpty):
        appealing.record_appeal(action=action, text=" ", received_at=NOW, by=by, now=NOW)
    words: dict[str, Any] = {"text": "Я никого не оскорблял", "received_at": NOW, "by": by, "now": NOW}
    appeal = appealing.record_appeal(action=action, **words)
    with pytest.raises(appealing.AppealedAlready):
        appealing.record_appeal(action=action, **words)
    with pytest.raises(appealing.OwnDecision):
        appealing.decide_appeal(appeal=appeal, grant=False, reason="Оскорбление.", by=by, now=NOW)
    with pytest.raises(NeedsReason):
        appealing.decide_appeal(appeal=appeal, grant=False, reason="", by=other, now=NOW)
    kept = appealing.decide_appeal(appeal=appeal, grant=False, reason="Оскорбление.", by=other, now=NOW)
    assert (kept.verdict, kept.decided_by) == ("upheld", other)
    with pytest.raises(appealing.AppealIsDecided):
        appealing.decide_appeal(appeal=appeal, grant=True, reason="Всё же нет.", by=other, now=NOW)
    second = appealing.record_appeal(action=action, **words)
    appealing.decide_appeal(appeal=second, grant=True, reason="Это была цитата.", by=other, now=NOW)
    action.refresh_from_db()
    assert (action.state, action.undoing, action.undo_reason) == ("asked", True, "Это была цитата.")
    left = moderating.leave_alone(message=cast.message(), by=by, now=NOW)
    with pytest.raises(appealing.NothingToAppeal):
        appealing.record_appeal(action=left, **words)


@pytest.mark.parametrize(
    ("name", "model", "fields"),
    [
        ("moderation_rule_ground_known", ModerationRule, {"ground": "criticism"}),
        ("moderation_rule_term", ModerationRule, {"measure": "ban", "longest_days": None}),
        ("moderation_rule_term", ModerationRule, {"measure": "ban", "longest_days": 400}),
        ("moderation_rule_code", ModerationRule, {"code": "one"}),
        ("moderation_action_by_rule", ModerationAction, {"rule": None}),
        ("moderation_action_ban_ends", ModerationAction, {"measure": "ban"}),
        ("moderation_action_ban_ends", ModerationAction, {"until": NOW}),
        ("moderation_action_leased", ModerationAction, {"state": "doing"}),
        ("moderation_action_finished", ModerationAction, {"state": "undone"}),
        ("moderation_appeal_says", ModerationAppeal, {"text": ""}),
        ("moderation_appeal_decided", ModerationAppeal, {"verdict": "upheld"}),
    ],
)
def test_a_promise_of_the_database(name: str, model: Any, fields: dict[str, Any], by: Account) -> None:
    action = decide(cast.message(), by)
    appealing.record_appeal(action=action, text="Нет.", received_at=NOW, by=by, now=NOW)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**fields)


def test_promises_about_two_rows(by: Account) -> None:
    one = decide(cast.message(), by)
    two = decide(cast.message(by=one.author, under=one.message.connection), by)
    with pytest.raises(IntegrityError, match="moderation_action_once"), transaction.atomic():
        ModerationAction.objects.filter(pk=two.pk).update(message=one.message_id)
    ends: dict[str, Any] = {"measure": "ban", "until": NOW + timedelta(days=1)}
    with pytest.raises(IntegrityError, match="moderation_action_one_ban"), transaction.atomic():
        ModerationAction.objects.update(**ends)
    appealing.record_appeal(action=one, text="Нет.", received_at=timezone.now(), by=by, now=NOW)
    with pytest.raises(IntegrityError, match="moderation_appeal_one_open"), transaction.atomic():
        ModerationAppeal.objects.create(
            action=one, text="Нет!", received_at=NOW, recorded_by=by, recorded_at=NOW
        )


def test_a_lawful_erasure_leaves_the_decision_and_no_word_of_the_author(by: Account) -> None:
    message, left = cast.message(ABUSE), "[стёрто 22.11.2026: требование автора № 5]"
    action = settled(decide(message, by, comment="Обзывает Ивана Петровича."), "done")
    warned = settled(decide(message, by, "warn"), "done")
    Delivery.objects.filter(pk=warned.delivery_id).update(state="refused")
    appealing.record_appeal(action=action, text="Я Анна, верните!", received_at=NOW, by=by, now=NOW)
    with audit.erasing():
        erasing.erase_written(messages=[message.pk], left=left, by=cast.SYSTEM, now=NOW)
    kept = ModerationEvidence.objects.get(action=action)
    assert (kept.text, kept.author_name, kept.files) == (left, "", [])
    assert ModerationAppeal.objects.get().text == left
    action.refresh_from_db()
    assert (action.comment, action.state, action.rule) == (left, "done", rule())
    assert Delivery.objects.get().text == left
    assert not AuditLine.objects.filter(reason__contains="Ивана").exists()
