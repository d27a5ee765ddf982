"""Moderation against the simulated network over real HTTP: done once, done again without harm, or left to a person."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection

from otklik.casework import tasks
from otklik.casework.models import Incident, ModerationAction, ModerationRule
from otklik.casework.operations import moderating, moderation_doing
from otklik.channels import operations
from otklik.channels.base import Deed, Order, Result, Target
from otklik.channels.models import Connection
from otklik.common.jobs import MODERATE
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from tests import cast
from tests.channels.town import RESIDENT, Town

TEXT = "Вы дураки. Когда уберут снег на Школьной, 5?"


@dataclass
class Stage:
    """A town whose resident said something, and somebody who decides about it."""

    town: Town
    page: Connection
    by: Account

    def message(self, **fields: Any) -> SourceMessage:
        """The resident's comment, as we have received it."""
        number = str(self.town.say(TEXT))
        author = cast.Author.objects.filter(external_id=str(RESIDENT)).first()
        author = author or cast.author(external_id=str(RESIDENT))
        thread = cast.thread(self.page.page, object_id=str(self.town.post_id), root_id=number)
        return cast.message(TEXT, under=self.page, by=author, thread=thread, external_id=number, **fields)

    def decide(self, message: SourceMessage, measure: str = "remove", **given: Any) -> ModerationAction:
        return moderating.decide(
            message=message, measure=measure, rule=ModerationRule.objects.get(code="insult"), by=self.by,
            now=self.town.clock(), **given,
        )  # fmt: skip

    def work(self, action: ModerationAction, turns: int = 1) -> ModerationAction:
        for _turn in range(turns):
            moderation_doing.carry_out_next(clock=self.town.clock)
            self.town.clock.move(400)
        action.refresh_from_db()
        return action

    def is_gone(self, message: SourceMessage) -> bool:
        number = int(message.external_id)
        return self.town.sim.call(lambda w: w.comment("wall", -self.town.group_id, number).deleted)

    def is_banned(self) -> bool:
        return bool(self.town.sim.call(lambda w: w.is_banned(self.town.group_id, RESIDENT)))


@pytest.fixture
def stage(town: Town, db: None) -> Iterator[Stage]:
    page = town.connect(user_token=town.keys["user"])
    yield Stage(town, page, cast.dispatcher())
    town.sim.call(lambda w: w.unban(town.group_id, RESIDENT, 1))


def test_a_comment_is_removed_and_restored_and_its_incident_stays(stage: Stage) -> None:
    incident = cast.incident("in_progress", message=stage.message())
    action = stage.work(stage.decide(incident.message, despite_question=True))
    assert (action.state, action.undoing, stage.is_gone(incident.message)) == ("done", False, True)
    assert Incident.objects.get(pk=incident.pk).state == "in_progress"
    moderating.undo(action=action, reason="Это не оскорбление.", by=stage.by, now=stage.town.clock())
    stage.work(action)
    assert (action.state, stage.is_gone(incident.message)) == ("undone", False)


def test_what_is_gone_already_is_a_success(stage: Stage) -> None:
    message = stage.message()
    gone = stage.work(stage.decide(message))
    ModerationAction.objects.filter(pk=gone.pk).update(state="asked", finished_at=None)
    assert stage.work(gone).state == "done"
    order = Order(
        page_id=stage.page.external_id, deed=Deed.UNBAN,
        target=Target("wall", "1", author_id=str(RESIDENT)),
    )  # fmt: skip
    # Nobody is banned: lifting it is done.
    outcome = operations.carry_out(connection=stage.page, order=order, now=stage.town.clock())
    assert outcome.result is Result.DELIVERED


def test_a_ban_is_set_with_its_end_and_lifted(stage: Stage) -> None:
    action = stage.work(stage.decide(stage.message(), "ban", days=3))
    assert (action.state, stage.is_banned()) == ("done", True)
    info = stage.town.sim.call(lambda w: w.community(stage.town.group_id).banned[str(RESIDENT)])
    assert action.until is not None
    assert (info["end_date"], info["reason"]) == (int(action.until.timestamp()), 2)
    moderating.undo(action=action, reason="Ошиблись.", by=stage.by, now=stage.town.clock())
    assert (stage.work(action).state, stage.is_banned()) == ("undone", False)


def test_without_an_administrators_key_a_person_does_it(stage: Stage) -> None:
    stage.page.tokens.filter(kind="user").delete()
    action = stage.work(stage.decide(stage.message()))
    assert (action.state, action.reason, action.lease_until) == ("by_hand", "no_key", None)
    assert not stage.is_gone(action.message)
    assert moderation_doing.carry_out_next(clock=stage.town.clock) == 0


def test_a_dead_key_does_not_keep_a_comment_standing_for_hours(stage: Stage) -> None:
    stage.town.sim.call(lambda w: w.tokens.pop(stage.town.keys["user"]))
    action = stage.work(stage.decide(stage.message()))
    assert (action.state, action.reason) == ("by_hand", "key_dead")
    # Known by now, and not even tried.
    second = stage.work(stage.decide(stage.message()))
    assert (second.state, second.reason) == ("by_hand", "key_dead")


def test_a_key_of_somebody_who_does_not_run_the_page_leaves_it_to_a_person(stage: Stage) -> None:
    stranger = stage.town.sim.call(lambda w: w.issue_token(kind="user", user_id=RESIDENT + 1).value)
    token = stage.page.tokens.get(kind="user")
    token.value = stranger
    token.save()
    action = stage.work(stage.decide(stage.message(), "ban", days=1))
    assert (action.state, action.reason) == ("by_hand", "access_denied")


def test_a_lost_response_is_asked_for_again(stage: Stage) -> None:
    # Of any page: the network does not know of whose page a call of a person is.
    stage.town.sim.hub.faults.add(method="wall.deleteComment", what="lost_response", count=1)
    action = stage.decide(stage.message())
    assert stage.work(action).state == "asked"
    assert stage.work(action, turns=2).state == "done"
    assert stage.is_gone(action.message)


@pytest.mark.django_db(transaction=True)
def test_two_workers_carry_an_action_out_once(town: Town, transactional_db: None) -> None:
    stage = Stage(town, town.connect(user_token=town.keys["user"]), cast.dispatcher())
    actions = [stage.decide(stage.message()) for _ in range(4)]
    start = threading.Barrier(3)

    def work() -> int:
        close_old_connections()
        try:
            start.wait(timeout=30)
            done = 0
            while moderation_doing.carry_out_next(clock=town.clock):
                done += 1
            return done
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(lambda _n: work(), range(3))) == len(actions)
    for action in actions:
        action.refresh_from_db()
        assert (action.state, action.attempts, stage.is_gone(action.message)) == ("done", 1, True)


def test_a_claim_of_a_dead_worker_is_taken_over(stage: Stage) -> None:
    action = stage.decide(stage.message())
    ModerationAction.objects.filter(pk=action.pk).update(
        state="doing", lease_until=stage.town.clock() - timedelta(seconds=1), attempts=1
    )
    assert moderation_doing.waits(now=stage.town.clock())
    assert stage.work(action).state == "done"


def test_the_job_carries_out_what_waits(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    action = stage.decide(stage.message())

    class Context:
        def should_abort(self) -> bool:
            return False

    def once(step: Any, **_given: Any) -> None:
        while step(stage.town.clock()):
            pass

    monkeypatch.setattr(tasks, "until_quiet", once)
    tasks.moderate.func(Context())
    action.refresh_from_db()
    assert (action.state, tasks.moderate.name) == ("done", MODERATE)
