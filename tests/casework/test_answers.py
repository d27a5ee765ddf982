"""Drafts, publications and what receipts of the outbox mean for an incident."""

from itertools import permutations
from typing import Any

import pytest

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.after(minutes=1)


def test_a_draft_grows_by_versions_and_a_foreign_change_is_refused() -> None:
    incident, one, other = cast.incident(), cast.dispatcher(), cast.dispatcher()
    first = casework.save_draft(incident=incident, text="Добрый", by=one, now=NOW, draft_version=0)
    second = casework.save_draft(incident=incident, text="Добрый день", by=one, now=NOW, draft_version=1)
    assert (second.pk, second.version, second.text) == (first.pk, 2, "Добрый день")
    with pytest.raises(casework.NotYourDraft):
        casework.save_draft(incident=incident, text="Здравствуйте", by=other, now=NOW, draft_version=1)
    assert Answer.objects.get(pk=first.pk).text == "Добрый день"


def test_saving_the_same_words_again_leaves_no_trace() -> None:
    incident, by = cast.incident(), cast.dispatcher()
    draft = casework.save_draft(incident=incident, text="Добрый день", by=by, now=NOW, draft_version=0)
    lines = AuditLine.objects.count()
    again = casework.save_draft(incident=incident, text="Добрый день", by=by, now=NOW, draft_version=1)
    assert (again.version, AuditLine.objects.count()) == (draft.version, lines)


def test_a_discarded_draft_is_gone_but_its_text_is_in_the_journal() -> None:
    incident, by = cast.incident(), cast.dispatcher()
    casework.save_draft(incident=incident, text="Черновик", by=by, now=NOW, draft_version=0)
    with pytest.raises(casework.NotYourDraft):
        casework.discard_draft(incident=incident, by=by, now=NOW, draft_version=7)
    casework.discard_draft(incident=incident, by=by, now=NOW, draft_version=1)
    assert not incident.answers.exists()
    assert AuditLine.objects.get(verb="discard_draft").details["text"] == "Черновик"


@pytest.mark.parametrize("state", ["publishing", "uncertain", "answered", "closed", "rejected", "attached"])
def test_nobody_drafts_where_no_answer_is_due(state: str) -> None:
    with pytest.raises(rules.IllegalMove):
        casework.save_draft(
            incident=cast.incident(state), text="Ещё", by=cast.dispatcher(), now=NOW, draft_version=0
        )


@pytest.mark.parametrize(
    ("text", "error"),
    [("", casework.AnswerIsEmpty), (" \n ", casework.AnswerIsEmpty), ("я" * 4001, casework.AnswerTooLong)],
)
def test_an_answer_has_words_but_not_too_many(text: str, error: type[Exception]) -> None:
    incident = cast.incident()
    with pytest.raises(error):
        cast.publish(incident, text)
    assert not Delivery.objects.exists()


def test_publishing_queues_exactly_one_delivery_to_the_comment_itself() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    delivery, message = answer.delivery, incident.message
    assert delivery is not None
    assert message.author is not None
    assert (delivery.owner, delivery.state, delivery.text) == (f"answer:{answer.pk}", "waiting", answer.text)
    assert (delivery.place, delivery.object_id) == (message.place, message.object_id)
    assert (delivery.reply_to, delivery.author_id) == (message.external_id, message.author.external_id)


def test_an_answer_in_a_dialog_replies_to_nobody_in_particular() -> None:
    page = cast.connection()
    thread = cast.thread(page.page, place="direct", object_id="100200300", root_id="100200300")
    message = cast.message(under=page, thread=thread, kind="direct")
    delivery = cast.publish(cast.incident(message=message)).delivery
    assert delivery is not None
    assert (delivery.place, delivery.object_id, delivery.reply_to) == ("direct", "100200300", "")


def test_the_draft_becomes_the_answer() -> None:
    incident, by = cast.incident(), cast.dispatcher()
    draft = casework.save_draft(incident=incident, text="Черновик", by=by, now=NOW, draft_version=0)
    answer = cast.publish(incident, "Готовый ответ")
    assert (answer.pk, answer.text, answer.status) == (draft.pk, "Готовый ответ", "publishing")
    assert incident.answers.count() == 1


def test_an_incident_is_answered_only_by_the_receipt() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    assert _fresh(incident).first_answer_at is None
    cast.settle(answer, DeliveryState.DELIVERED)
    fresh, published = _fresh(incident), Answer.objects.get(pk=answer.pk)
    assert (fresh.state, fresh.resolution, fresh.delivery_note) == ("answered", "explained", "")
    assert published.status == "published"
    assert published.published_at == fresh.first_answer_at == NOW
    assert fresh.moves.latest("pk").reason == "https://vk.com/wall-1_6?reply=77"


def test_the_first_answer_of_a_cycle_is_the_first_for_good() -> None:
    incident = cast.incident("rework")
    first = incident.first_answer_at
    assert first is not None
    by = cast.dispatcher()
    incident = casework.take_up(incident=incident, by=by, now=cast.after(days=1))
    answer = casework.publish(
        incident=incident, text="Второй ответ", resolution="solved", by=by, now=cast.after(days=1)
    )
    cast.settle(answer, DeliveryState.DELIVERED)
    assert (_fresh(incident).state, _fresh(incident).first_answer_at) == ("answered", first)


@pytest.mark.parametrize("state", ["delivered", "refused", "uncertain", "manual", "cancelled"])
def test_a_receipt_that_comes_twice_changes_nothing(state: str) -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    cast.settle(answer, state, reason="comments_closed")
    once = _facts(incident)
    cast.settle(answer, state, reason="comments_closed")
    assert _facts(incident) == once
    assert incident.answers.filter(status="draft").count() <= 1


@pytest.mark.parametrize("order", list(permutations(["uncertain", "manual", "waiting", "delivered"])))
def test_whatever_the_order_of_receipts_a_delivered_answer_stays_delivered(order: tuple[str, ...]) -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    for state in order:
        if Answer.objects.get(pk=answer.pk).status == "published":
            casework.record_receipt(
                delivery=Delivery.objects.get(pk=answer.delivery_id), state=state, now=NOW
            )
        else:
            cast.settle(answer, state)
    assert _fresh(incident).state == "answered"
    assert [each.status for each in incident.answers.all()] == ["published"]


@pytest.mark.parametrize("state", ["refused", "cancelled"])
def test_what_cannot_be_delivered_comes_back_as_the_draft(state: str) -> None:
    incident = cast.incident()
    answer = cast.publish(incident, "Уборку закончим завтра.")
    cast.settle(answer, state, reason="comments_closed")
    fresh = _fresh(incident)
    assert (fresh.state, fresh.delivery_note) == ("in_progress", "undeliverable")
    assert fresh.moves.latest("pk").reason == "comments_closed"
    draft = fresh.answers.get(status="draft")
    assert (draft.text, draft.author) == (answer.text, answer.author)
    assert fresh.answers.get(status="undeliverable").pk == answer.pk

    again = cast.publish(fresh, "Уборку закончим завтра!")
    cast.settle(again, DeliveryState.DELIVERED)
    assert _fresh(incident).state == "answered"


def test_an_unknown_outcome_waits_for_a_person_and_nothing_is_sent_again() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    cast.settle(answer, DeliveryState.UNCERTAIN, reason="timeout")
    fresh = _fresh(incident)
    assert (fresh.state, fresh.delivery_note) == ("uncertain", "uncertain")
    assert fresh.stage_due_at is not None
    with pytest.raises(rules.IllegalMove):
        cast.publish(fresh, "Ещё раз")
    assert Delivery.objects.count() == 1
    cast.settle(answer, DeliveryState.DELIVERED)
    assert _fresh(incident).state == "answered"


def test_a_person_may_have_an_uncertain_answer_tried_again() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    cast.settle(answer, DeliveryState.UNCERTAIN)
    cast.settle(answer, DeliveryState.WAITING)
    fresh = _fresh(incident)
    assert (fresh.state, fresh.delivery_note) == ("publishing", "")
    assert Answer.objects.get(pk=answer.pk).status == "publishing"


def test_where_no_key_has_the_right_the_administrator_is_asked() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    cast.settle(answer, DeliveryState.MANUAL, reason="no_right")
    fresh = _fresh(incident)
    assert (fresh.state, fresh.delivery_note) == ("publishing", "manual")
    cast.settle(answer, DeliveryState.DELIVERED)
    assert _fresh(incident).delivery_note == ""


def test_an_answer_that_nobody_sent_yet_can_be_taken_back() -> None:
    incident, by = cast.incident(), cast.dispatcher()
    answer = cast.publish(incident)
    casework.take_back(incident=incident, by=by, now=NOW)
    delivery = Delivery.objects.get(pk=answer.delivery_id)
    assert (delivery.state, _fresh(incident).state) == ("cancelled", "in_progress")
    assert incident.answers.get(status="draft").text == answer.text
    with pytest.raises(casework.StaleCard):
        casework.take_back(incident=incident, by=by, now=NOW)


def test_an_answer_already_on_its_way_cannot_be_taken_back() -> None:
    from otklik.channels.operations import TooLate

    incident = cast.incident()
    answer = cast.publish(incident)
    Delivery.objects.filter(pk=answer.delivery_id).update(state="sending", lease_until=NOW)
    with pytest.raises(TooLate):
        casework.take_back(incident=incident, by=cast.dispatcher(), now=NOW)
    assert _fresh(incident).state == "publishing"


def _fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def _facts(incident: Incident) -> tuple[Any, ...]:
    fresh = _fresh(incident)
    answers = list(fresh.answers.order_by("pk").values_list("status", "text"))
    return (fresh.state, fresh.version, fresh.delivery_note, fresh.moves.count(), answers)
