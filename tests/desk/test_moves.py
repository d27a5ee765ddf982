"""The acts that follow an answer: a second person agrees, promises have days, time stops, tracks change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.casework.rules import STAYS, VERBS
from otklik.channels.models import Delivery
from otklik.desk.access import Desk
from otklik.desk.buttons import buttons
from otklik.desk.enums import Power
from otklik.desk.plain_panels import PLAIN
from otklik.desk.rules import powers_in
from otklik.people.rules import Right
from otklik.registry import operations as registry
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
TEXT = "Анна, яму засыпали сегодня, уберём и ветки до 30 ноября."


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def working(world: World) -> Incident:
    incident = world.incident(action="open")
    return casework.accept(incident=incident, by=world.people["executor"], now=world.now)


def in_days(number: int) -> str:
    """A day of the region, where it may be tomorrow already."""
    return f"{registry.local_date(timezone.now()) + timedelta(days=number):%Y-%m-%d}"


def said(world: World, kind: str = "final", days: int = 0) -> Incident:
    """An incident whose answer stands in the network."""
    incident = working(world)
    promised = world.now + timedelta(days=days) if days else None
    answer = casework.publish(
        incident=incident,
        text=TEXT,
        resolution="explained",
        by=world.people["executor"],
        now=world.now,
        kind=kind,
        promised_for=promised,
    )
    cast.settle(answer, "delivered")
    return Incident.objects.get(pk=incident.pk)


def state_of(incident: Incident) -> str:
    return Incident.objects.get(pk=incident.pk).state


def test_a_second_person_sends_back_and_then_agrees(world: World, at: At) -> None:
    incident = working(world)
    given = {"text": TEXT, "resolution": "solved"}
    assert at("executor").post(url("submit", incident), given).status_code == 302
    assert state_of(incident) == "approval"
    assert (
        "approve" not in at("executor").get(url("incident", incident)).content.decode().split("acts")[1][:900]
    )
    assert at("executor").post(url("approve", incident)).status_code == 403

    back = at("curator").post(url("send_back", incident), {"reason": " "})
    assert (back.status_code, "Напишите причину" in back.content.decode()) == (422, True)
    at("curator").post(url("send_back", incident), {"reason": "Назовите, чем засыпали"})
    page = at("executor").get(url("incident", incident)).content.decode()
    assert "Назовите, чем засыпали" in page.split('data-testid="returned"')[1][:600]
    at("executor").post(url("submit", incident), given)
    seen = at("curator").get(reverse("desk:panel", args=[incident.pk, "approve"])).content.decode()
    assert TEXT in seen
    assert at("curator").post(url("approve", incident)).status_code == 302
    answer = Answer.objects.get(incident=incident)
    assert (answer.approved_by, answer.status) == (world.people["curator"], "publishing")
    assert state_of(incident) == "publishing"


def test_nobody_agrees_with_a_text_of_their_own(world: World, at: At) -> None:
    incident = working(world)
    at("curator").post(url("submit", incident), {"text": TEXT, "resolution": "solved"})
    seen = at("curator").get(reverse("desk:panel", args=[incident.pk, "approve"])).content.decode()
    assert "Свой текст согласует другой человек" in seen
    answer = at("curator").post(url("approve", incident))
    assert (answer.status_code, "Ответ согласует не тот, кто его написал" in answer.content.decode()) == (
        409,
        True,
    )
    assert state_of(incident) == "approval"


def test_an_interim_answer_needs_its_day_and_keeps_it(world: World, at: At) -> None:
    incident = working(world)
    given = {"text": TEXT, "kind": "interim"}
    refused = at("executor").post(url("publish", incident), given)
    page = refused.content.decode()
    assert (refused.status_code, "Назовите будущий день" in page) == (422, True)
    assert TEXT in page.split('data-testid="panel-publish"')[1]
    assert (
        at("executor").post(url("publish", incident), given | {"promised_for": in_days(-1)}).status_code
        == 422
    )
    assert (
        at("executor").post(url("publish", incident), given | {"promised_for": in_days(5)}).status_code == 302
    )
    answer = Answer.objects.get(incident=incident)
    assert (answer.kind, answer.resolution) == ("interim", "")
    with timezone.override("Asia/Novosibirsk"):
        assert f"{timezone.localtime(answer.promised_for):%Y-%m-%d %H:%M}" == f"{in_days(5)} 23:59"


def test_what_came_back_keeps_its_kind_and_day(world: World, at: At) -> None:
    incident = working(world)
    at("executor").post(url("submit", incident), {"text": TEXT, "kind": "plan", "promised_for": in_days(40)})
    at("curator").post(url("send_back", incident), {"reason": "раньше не выйдет?"})
    seen = at("executor").post(url("preview", incident), {"text": TEXT}).content.decode()
    assert f'value="{in_days(40)}"' in seen
    assert 'value="plan" checked' in " ".join(seen.split())


def test_a_plan_is_moved_with_the_consent_of_another(world: World, at: At) -> None:
    incident = said(world, "plan", 40)
    assert state_of(incident) == "deferred"
    given = {"text": "Анна, подрядчик подвёл, сделаем позже.", "promised_for": in_days(60)}
    assert at("executor").post(url("postpone", incident), given).status_code == 302
    assert state_of(incident) == "approval"
    at("curator").post(url("approve", incident))
    assert Delivery.objects.filter(text=given["text"]).exists()


def test_the_centre_checks_an_answer(world: World, at: At) -> None:
    incident = said(world)
    queue = at("dispatcher").get(reverse("desk:queue"), {"view": "check"}).content.decode()
    assert f'id="row-{incident.pk}"' in queue
    assert 'data-view="check"' in queue
    assert 'data-view="answered"' not in queue
    assert 'data-view="check"' not in at("executor").get(reverse("desk:queue")).content.decode()
    assert at("executor").post(url("return_for_rework", incident), {"code": "no_proof"}).status_code == 403
    assert (
        at("dispatcher").post(url("return_for_rework", incident), {"code": "plan_not_done"}).status_code
        == 422
    )
    at("dispatcher").post(
        url("return_for_rework", incident), {"code": "no_proof", "comment": "приложите фото"}
    )
    card = at("executor").get(url("incident", incident)).content.decode()
    assert "приложите фото" in card.split('data-testid="returned"')[1][:600]
    assert at("executor").post(url("take_up", incident)).status_code == 302
    assert state_of(incident) == "in_progress"


def test_promises_stand_by_their_day(world: World, at: At) -> None:
    later, sooner = said(world, "plan", 40), said(world, "interim", 2)
    page = at("dispatcher").get(reverse("desk:queue"), {"view": "promised"}).content.decode()
    assert page.index(f'id="row-{sooner.pk}"') < page.index(f'id="row-{later.pk}"')
    assert "Обещано до" in page
    assert "Промежуточные и планы <b>2</b>" in page


@pytest.mark.parametrize(("kind", "days"), [("interim", 2), ("plan", 40)])
def test_an_author_against_a_promise_brings_it_back(world: World, at: At, kind: str, days: int) -> None:
    incident = said(world, kind, days)
    assert at("executor").post(url("dispute", incident), {"reason": "ничего не делают"}).status_code == 302
    assert state_of(incident) == "in_progress"


def test_what_was_planned_and_not_done_returns(world: World, at: At) -> None:
    incident = said(world, "plan", 40)
    assert at("executor").post(url("not_done", incident)).status_code == 403
    assert at("dispatcher").post(url("not_done", incident), {"comment": "плитки нет"}).status_code == 302
    assert state_of(incident) == "rework"


def test_clocks_stop_and_run_again(world: World, at: At) -> None:
    incident = working(world)
    assert at("executor").post(url("pause", incident), {"reason": "авария"}).status_code == 403
    at("dispatcher").post(url("pause", incident), {"reason": "ждём экспертизу"})
    page = at("dispatcher").get(url("incident", incident)).content.decode()
    assert "ждём экспертизу" in page.split('data-testid="paused"')[1][:400]
    assert url("resume", incident) in page
    assert at("dispatcher").post(url("resume", incident)).status_code == 302
    incident.refresh_from_db()
    assert incident.paused_at is None


def test_a_final_deadline_is_extended_once(world: World, at: At) -> None:
    incident = said(world, "interim", 3)
    given = {"until": in_days(10), "reason": "экспертиза"}
    assert at("dispatcher").post(url("extend", incident), {**given, "until": in_days(1)}).status_code == 422
    assert at("dispatcher").post(url("extend", incident), given).status_code == 302
    again = at("dispatcher").post(url("extend", incident), {**given, "until": in_days(12)})
    assert "продлевают один раз" in again.content.decode()
    page = at("dispatcher").get(url("incident", incident)).content.decode()
    assert reverse("desk:panel", args=[incident.pk, "extend"]) not in page
    assert reverse("desk:panel", args=[incident.pk, "allow_interim"]) in page
    assert at("dispatcher").post(url("allow_interim", incident), {"reason": "сложно"}).status_code == 302
    incident.refresh_from_db()
    assert incident.interim_permits == 1


def test_another_order_of_things_and_its_result(world: World, at: At) -> None:
    incident = world.incident()
    given = {"target": "pos", "text": "Анна, передали в ПОС.", "reason": "нужна проверка"}
    refused = at("dispatcher").post(url("transfer", incident), given | {"text": " "})
    assert (refused.status_code, "нужна проверка" in refused.content.decode()) == (422, True)
    assert at("dispatcher").post(url("transfer", incident), given).status_code == 302
    note = Answer.objects.select_related("delivery").get(incident=incident, kind="note")
    cast.settle(note, "delivered")
    assert (
        at("dispatcher").post(url("tell_again", incident), {"text": "Анна, ждём до пятницы."}).status_code
        == 302
    )
    done = at("dispatcher").post(url("take_result", incident), {"result": "Министерство ответило письмом."})
    assert done.status_code == 302
    incident.refresh_from_db()
    assert (incident.state, incident.resolution) == ("closed", "forwarded")


def test_the_centre_answers_by_itself(world: World, at: At) -> None:
    incident = world.incident()
    assert at("dispatcher").post(url("take_on", incident), {}).status_code == 422
    at("dispatcher").post(url("take_on", incident), {"executor": world.city.pk})
    incident.refresh_from_db()
    assert (incident.state, incident.assignee) == ("in_progress", world.people["dispatcher"])


def test_every_key_of_a_card_means_one_thing() -> None:
    states = {state for starts, _after in VERBS.values() for state in starts} | set().union(*STAYS.values())
    for state in states:
        held = powers_in(state, Right) - {"resume"}
        keys = [each.key for each in buttons(1, held)]
        assert len(keys) == len(set(keys)), (state, keys)


def test_every_plain_panel_opens_and_says_what_comes_of_it(world: World, at: At) -> None:
    incident = working(world)
    for name, words in PLAIN.items():
        page = at("dispatcher").get(reverse("desk:panel", args=[incident.pk, name]))
        assert str(words.hint) in page.content.decode(), name
        assert Power(name).label


def test_powers_leave_out_what_would_change_nothing(world: World) -> None:
    incident = working(world)
    account = world.people["dispatcher"]
    desk = Desk(account, registry.reach_of(account), world.now, registry.working_calendar())
    assert desk.powers(incident).isdisjoint({"resume", "extend", "allow_interim"})
    casework.pause(incident=incident, reason="авария", by=account.actor, now=world.now)
    assert "pause" not in desk.powers(desk.incident(incident.pk))
