"""Mass problems at the desk: from a burst or a question to a problem, its answer looked at and sent, its people."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident, MassProblem
from otklik.casework.operations import mass_answering, mass_ending, mass_fan_out, mass_opening
from otklik.desk.mass.shown import minutes
from otklik.triage.models import SurgeAlert, Topic
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]


def _asked(world: World, many: int = 3, **fields: Any) -> list[Incident]:
    return [world.incident(f"Яма у дома {n}", author=f"Анна {n}", **fields) for n in range(many)]


def _problem(world: World, members: Sequence[Incident] | None = None, **fields: Any) -> MassProblem:
    given = {
        "cause": "Провалы на улице Тельмана",
        "scope": mass_opening.Scope(Topic.objects.get(code="ROADS.pothole"), world.municipality),
        "executor": world.city,
        "incidents": [each.pk for each in members or _asked(world)],
        "since": world.now - timedelta(days=1),
        "by": world.people["dispatcher"],
        "now": world.now,
    }
    return mass_opening.open_problem(**given | fields)


def _typed(text: str = "{имя}, здравствуйте! Ямы засыплют к {срок}.", **fields: Any) -> dict[str, Any]:
    return {
        "text": text,
        "kind": "interim",
        "promised": "2099-05-12",
        "resolution": "",
        "version": 0,
    } | fields


def _sent(world: World, at: At, problem: MassProblem) -> None:
    at("dispatcher").post(reverse("desk:mass_answer", args=[problem.pk]), _typed())
    at("dispatcher").post(reverse("desk:mass_start", args=[problem.pk]), {"version": 1})


def test_a_burst_becomes_a_problem_in_two_presses(world: World, at: At) -> None:
    asked = _asked(world)
    alert = SurgeAlert.objects.create(
        topic=asked[0].topic, municipality=world.municipality, started_at=world.now, last_at=world.now, count=3,
        threshold=3, reason="least", found_at=world.now,
    )  # fmt: skip
    browser = at("dispatcher")
    link = f"{reverse('desk:mass_new')}?surge={alert.pk}"
    assert link in browser.get(reverse("desk:triage_surge", args=[alert.pk])).content.decode()
    page = browser.get(link)
    assert [each.pk for each in page.context["start"].found] == [each.pk for each in asked]
    made = browser.post(
        reverse("desk:mass_new"),
        {
            "surge": alert.pk, "cause": "Провалы", "area": "municipality", "executor": world.city.pk,
            "members": [each.pk for each in asked[:2]],
        },
        follow=True,
    )  # fmt: skip
    problem = MassProblem.objects.get()
    assert made.redirect_chain == [(reverse("desk:mass_problem", args=[problem.pk]), 302)]
    assert "в ней 2 вопрос" in made.content.decode()
    alert.refresh_from_db()
    assert alert.state == "acknowledged"
    assert problem.number in browser.get(reverse("desk:triage_surge", args=[alert.pk])).content.decode()


def test_from_the_card_of_one_question_to_those_like_it(world: World, at: At) -> None:
    first, second, third = _asked(world)
    browser = at("dispatcher")
    panel = browser.get(reverse("desk:panel", args=[first.pk, "attach"])).content.decode()
    link = f"{reverse('desk:mass_new')}?incident={first.pk}"
    assert link in panel
    assert {each.pk for each in browser.get(link).context["start"].found} == {first.pk, second.pk, third.pk}
    refused = browser.post(
        reverse("desk:mass_new"),
        {"incident": first.pk, "cause": "x", "area": "municipality", "executor": world.city.pk,
         "members": [first.pk]},
    )  # fmt: skip
    assert refused.status_code == 422
    assert "начинается с двух вопросов" in refused.content.decode()
    assert browser.get(reverse("desk:mass_new")).status_code == 404
    assert browser.get(f"{reverse('desk:mass_new')}?surge=ы").status_code == 404


def test_the_body_writes_the_dispatcher_looks_and_sends(world: World, at: At) -> None:
    problem = _problem(world)
    address = reverse("desk:mass_problem", args=[problem.pk])
    executor = at("executor")
    looked = executor.post(
        reverse("desk:mass_answer", args=[problem.pk]), _typed() | {"check": "1"}, follow=True
    )
    assert looked.redirect_chain == [(reverse("desk:mass_check", args=[problem.pk]), 302)]
    assert "Рассылку начинает диспетчер" in looked.content.decode()
    assert executor.post(reverse("desk:mass_start", args=[problem.pk])).status_code == 403
    browser = at("dispatcher")
    page = browser.get(
        reverse("desk:mass_check", args=[problem.pk]), {"as": problem.members.all()[1].incident_id}
    )
    text = page.content.decode()
    assert "Отправить 3 людям" in text
    assert "Анна, здравствуйте! Ямы засыплют к 12 мая 2099 года." in text
    assert page.context["reach"].people == 3
    begun = browser.post(reverse("desk:mass_start", args=[problem.pk]), {"version": 1}, follow=True)
    assert "Рассылка началась" in begun.content.decode()
    assert 'hx-trigger="every 2s"' in begun.content.decode()
    assert mass_fan_out.feed(now=world.now) > 0
    shown = browser.get(reverse("desk:mass_progress", args=[problem.pk])).content.decode()
    assert "mass-progress" in shown
    for verb, said in (("pause", "на паузе"), ("resume", "идёт дальше"), ("stop", "остановлена")):
        answer = browser.post(reverse("desk:mass_step", args=[problem.pk, verb]), follow=True)
        assert said in answer.content.decode()
    assert (
        "Отправлять нечего"
        in browser.post(reverse("desk:mass_step", args=[problem.pk, "pause"]), follow=True).content.decode()
    )
    assert browser.get(address).status_code == 200


def test_a_wrong_variable_is_said_before_anything_is_sent(world: World, at: At) -> None:
    problem = _problem(world)
    browser = at("dispatcher")
    page = browser.post(
        reverse("desk:mass_answer", args=[problem.pk]),
        _typed("{фамилия}, всё хорошо") | {"check": "1"},
        follow=True,
    )
    assert "{фамилия}" in page.content.decode()
    assert "mass_start" not in page.content.decode() or "Отправить 3" not in page.content.decode()
    refused = browser.post(reverse("desk:mass_start", args=[problem.pk]), {"version": 1}, follow=True)
    assert "нет, или лишняя фигурная скобка" in refused.content.decode()
    assert not Answer.objects.exists()


def test_a_rude_answer_cannot_be_sent_and_the_page_says_so(world: World, at: At) -> None:
    problem = _problem(world)
    browser = at("dispatcher")
    rude = _typed("{имя}, не выдумывайте, ямы засыплют к {срок}.") | {"check": "1"}
    page = browser.post(reverse("desk:mass_answer", args=[problem.pk]), rude, follow=True).content.decode()
    assert "Грубость" in page
    assert "Отправить 3" not in page
    started = {"version": 1, "anyway": "on"}
    refused = browser.post(reverse("desk:mass_start", args=[problem.pk]), started, follow=True)
    assert "Так ответ не уйдёт, сначала исправьте: грубость." in refused.content.decode()
    assert not Answer.objects.exists()


def test_a_foreign_draft_is_kept(world: World, at: At) -> None:
    problem = _problem(world)
    address = reverse("desk:mass_answer", args=[problem.pk])
    at("executor").post(address, _typed("Первый текст"))
    page = at("dispatcher").post(address, _typed("Второй текст"), follow=True)
    assert "Черновик изменил другой человек" in page.content.decode()
    assert "Первый текст" in page.content.decode()


def test_people_are_taken_out_joined_declined_and_told_again(world: World, at: At) -> None:
    problem = _problem(world)
    _sent(world, at, problem)
    mass_fan_out.feed(now=world.now)
    refused = Answer.objects.filter(round__problem=problem).select_related("delivery").order_by("pk")[0]
    cast.settle(refused, "refused", reason="comments_closed")
    browser, late = at("dispatcher"), world.incident("Яма и у нас", action="ask")
    mass_opening.join_late(incidents=[late], now=world.now)
    page = browser.get(reverse("desk:mass_problem", args=[problem.pk])).content.decode()
    assert "не доставлен" in page
    assert "Похоже, тоже сюда" in page

    def press(incident: int, verb: str) -> str:
        address = reverse("desk:mass_member", args=[problem.pk, incident, verb])
        return browser.post(address, follow=True).content.decode()

    assert "отправляется ещё раз" in press(refused.incident_id, "retry")
    assert "добавлен" in press(late.pk, "join")
    assert "вынут и вернулся в разбор" in press(late.pk, "out")
    assert (
        "Вышли из проблемы" in browser.get(reverse("desk:mass_problem", args=[problem.pk])).content.decode()
    )
    other = world.incident("Яма у школы", action="ask")
    mass_opening.join_late(incidents=[other], now=world.now)
    assert "больше не предлагается" in press(other.pk, "decline")
    assert browser.post(reverse("desk:mass_member", args=[problem.pk, 10**17, "out"])).status_code == 404
    assert (
        at("executor")
        .post(reverse("desk:mass_member", args=[problem.pk, refused.incident_id, "out"]))
        .status_code
        == 403
    )


def test_the_body_confirms_and_only_then_it_can_be_closed(world: World, at: At) -> None:
    problem = _problem(world)
    step = reverse("desk:mass_step", args=[problem.pk, "fixed"])
    assert at("stranger").post(step).status_code == 404
    assert "Исправление подтверждено" in at("executor").post(step, follow=True).content.decode()
    browser = at("dispatcher")
    early = browser.post(reverse("desk:mass_step", args=[problem.pk, "close"]), follow=True)
    assert "двое суток" in early.content.decode()
    back = reverse("desk:mass_step", args=[problem.pk, "not_fixed"])
    assert "причину" in browser.post(back, follow=True).content.decode()
    assert "снова в работе" in browser.post(back, {"reason": "пишут"}, follow=True).content.decode()
    assert browser.post(reverse("desk:mass_step", args=[problem.pk, "burn"])).status_code == 404


def test_similar_ones_are_joined_at_once(world: World, at: At) -> None:
    problem = _problem(world)
    _asked(world, 2)
    link = f"{reverse('desk:mass_new')}?incident={Incident.objects.filter(state='triage')[0].pk}"
    assert "Такая проблема уже открыта" in at("dispatcher").get(link).content.decode()
    page = at("dispatcher").get(reverse("desk:mass_problem", args=[problem.pk]))
    assert page.context["could_join"] == 2
    at("dispatcher").post(reverse("desk:mass_step", args=[problem.pk, "join"]))
    assert problem.members.filter(state="in").count() == 5


def test_a_member_says_what_it_is_a_part_of(world: World, at: At) -> None:
    problem = _problem(world)
    incident = problem.members.all()[0].incident_id
    page = at("executor").get(reverse("desk:incident", args=[incident])).content.decode()
    assert problem.cause in page
    assert "Часть массовой проблемы" in page
    out = at("dispatcher").post(reverse("desk:detach", args=[incident]), {"version": 2}, follow=True)
    assert "Часть массовой проблемы" not in out.content.decode()


def test_who_sees_what(world: World, at: At) -> None:
    problem = _problem(world)
    address = reverse("desk:mass_problem", args=[problem.pk])
    assert at("viewer").get(address).status_code == 200
    assert at("stranger").get(address).status_code == 404
    assert at("school").get(reverse("desk:mass")).status_code == 403
    assert [each.problem for each in at("executor").get(reverse("desk:mass")).context["rows"]] == [problem]
    assert at("stranger").get(reverse("desk:mass")).context["rows"] == []
    assert at("executor").get(f"{reverse('desk:mass_new')}?incident=1").status_code == 403
    assert at("viewer").post(reverse("desk:mass_answer", args=[problem.pk]), _typed()).status_code == 403


def test_lists_live_closed_and_empty(world: World, at: At) -> None:
    browser, address = at("dispatcher"), reverse("desk:mass")
    assert "Открытых массовых проблем нет" in browser.get(address).content.decode()
    problem = _problem(world)
    mass_ending.confirm_fix(problem=problem, by=world.people["executor"], now=world.now)
    said = mass_answering.MassWords("Засыпали.", "final", "solved")
    mass_answering.write_answer(
        problem=problem, said=said, by=world.people["executor"], now=world.now, draft_version=0
    )
    mass_answering.start_round(problem=problem, by=world.people["dispatcher"], now=world.now)
    now = world.now
    while mass_fan_out.feed(now=now):
        for answer in Answer.objects.filter(status="publishing").select_related("delivery"):
            cast.settle(answer, "delivered")
        now += timedelta(seconds=7)
    assert mass_ending.close_quiet(now=now + timedelta(days=3)) == 1
    assert "Открытых массовых проблем нет" in browser.get(address).content.decode()
    assert problem.cause in browser.get(address, {"state": "closed"}).content.decode()
    reopened = browser.post(
        reverse("desk:mass_step", args=[problem.pk, "reopen"]), {"reason": "снова"}, follow=True
    )
    assert "открыта снова" in reopened.content.decode()


def test_a_problem_of_sixty_asks_the_database_as_often_as_of_three(
    world: World, at: At, django_assert_max_num_queries: Any
) -> None:
    problem = _problem(world, _asked(world, 60))
    _sent(world, at, problem)
    mass_fan_out.feed(now=world.now)
    browser = at("dispatcher")
    address = reverse("desk:mass_problem", args=[problem.pk])
    browser.get(address)
    with django_assert_max_num_queries(26):
        page = browser.get(address)
    assert len(page.context["members"]) == 50
    assert (
        browser.get(address, {"by": "page", "group": world.city.short_name, "page": "2"}).status_code == 200
    )


def test_a_list_of_twenty_asks_the_database_as_often_as_of_one(
    world: World, at: At, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        _problem(world, _asked(world, 2), cause=f"Причина {number}")
    browser = at("dispatcher")
    browser.get(reverse("desk:mass"))
    with django_assert_max_num_queries(8):
        assert len(browser.get(reverse("desk:mass")).context["rows"]) == 20


@pytest.mark.parametrize(("number", "said"), [(0.2, "1 минута"), (7, "7 минут"), (180, "3 час")])
def test_how_long_in_words(number: float, said: str) -> None:
    assert said in minutes(number)


def test_an_answered_question_is_not_offered(world: World) -> None:
    members = _asked(world)
    problem = _problem(world, members)
    casework.reject(incident=world.incident("Яма"), reason="spam", by=cast.dispatcher().actor, now=world.now)
    assert mass_opening.may_join(problem).count() == 0
