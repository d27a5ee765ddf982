"""Post-control at the desk: the ten points on the card, samples and their pages, who sees and does what."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident, Review, ReviewSample
from otklik.casework.rules.answer_check import POINTS
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/answers/samples/"
ALL = dict.fromkeys(POINTS, "on")


def answered(world: World) -> Incident:
    """Answered by the body, and the day of it two days ago."""
    by = world.people["executor"]
    incident = casework.accept(incident=world.incident(action="open"), by=by, now=world.now)
    answer = casework.publish(
        incident=incident, text="Яму засыпали вчера.", resolution="solved", by=by, now=world.now
    )
    cast.settle(answer, "delivered")
    Answer.objects.filter(pk=answer.pk).update(published_at=world.now - timedelta(days=2))
    return Incident.objects.get(pk=incident.pk)


def the_day(world: World) -> date:
    """The day on which everything was answered, as the region counts days."""
    return (world.now - timedelta(days=2)).astimezone(ZoneInfo("Asia/Novosibirsk")).date()


def sample_of(world: World, size: int = 50) -> ReviewSample:
    draw = casework.Draw(first_day=the_day(world), last_day=the_day(world), seed=1, size=size)
    return casework.order_sample(draw=draw, by=world.people["second"], now=world.now)


def panel(client: Client, incident: Incident) -> str:
    return client.get(reverse("desk:panel", args=[incident.pk, "review"])).content.decode()


def test_the_card_offers_ten_points_with_what_the_machine_thinks(world: World, at: At) -> None:
    incident = answered(world)
    card = at("dispatcher").get(reverse("desk:incident", args=[incident.pk])).content.decode()
    assert 'data-key="v"' in card
    html = panel(at("dispatcher"), incident)
    assert html.count('type="checkbox"') == 10
    assert "похоже, нет" in html
    assert "похоже, да" in html
    boxes = html.split('<fieldset class="points">')[1].split("</fieldset>")[0].split('type="checkbox"')[1:]
    # No greeting in it, so that box is empty; nothing personal, so that one is not.
    assert "checked" not in boxes[0].split(">")[0]
    assert "checked" in boxes[7].split(">")[0]


def test_a_good_answer_leaves_the_view_and_the_card_says_so(world: World, at: At) -> None:
    incident, client = answered(world), at("dispatcher")
    queue = reverse("desk:queue") + "?view=check"
    assert f'id="row-{incident.pk}"' in client.get(queue).content.decode()
    response = client.post(reverse("desk:review", args=[incident.pk]), ALL | {"verdict": "pass"})
    assert response.status_code == 302
    assert Review.objects.get().points == "1" * 10
    assert f'id="row-{incident.pk}"' not in client.get(queue).content.decode()
    card = client.get(reverse("desk:incident", args=[incident.pk])).content.decode()
    assert "Ответ проверен: хороший" in card
    assert 'data-key="v"' not in card


def test_a_return_needs_a_code_and_keeps_what_was_ticked(world: World, at: At) -> None:
    incident, client = answered(world), at("dispatcher", htmx=True)
    address = reverse("desk:review", args=[incident.pk])
    given = {"proof": "on", "verdict": "return", "comment": "нет фото"}
    refused = client.post(address, given)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "Выберите, чем ответ не подходит" in html
    assert html.split('<fieldset class="points">')[1].split("</fieldset>")[0].count(" checked") == 1
    assert "нет фото" in html
    assert not Review.objects.exists()
    assert client.post(address, given | {"code": "no_proof"}).status_code == 200
    incident.refresh_from_db()
    assert (incident.state, incident.reason) == ("rework", "no_proof")
    assert "нет фото" in at("executor").get(reverse("desk:incident", args=[incident.pk])).content.decode()


def test_only_whoever_judges_for_the_centre_reviews(world: World, at: At) -> None:
    incident = answered(world)
    sample = sample_of(world)
    for username in ("executor", "curator", "viewer"):
        client = at(username)
        assert client.post(reverse("desk:review", args=[incident.pk]), ALL).status_code == 403
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{sample.pk}").status_code == 403
        assert client.post(f"{LIST}new").status_code == 403
    methodist = at("methodist")
    assert methodist.get(LIST).status_code == 200
    assert methodist.get(f"{LIST}{sample.pk}").status_code == 200
    for closed in (f"{LIST}new", f"{LIST}{sample.pk}/next", f"{LIST}{sample.pk}/1"):
        assert methodist.get(closed).status_code == 403
    assert methodist.post(f"{LIST}{sample.pk}/cancel").status_code == 403
    assert at("dispatcher").get(f"{LIST}999999").status_code == 404
    assert at("dispatcher").get(f"{LIST}{sample.pk}/99").status_code == 404


def test_a_sample_is_ordered_and_says_how_it_was_drawn(world: World, at: At) -> None:
    client = at("dispatcher")
    assert "Выборок пока нет" in client.get(LIST).content.decode()
    for _ in range(3):
        answered(world)
    form = client.get(f"{LIST}new").content.decode()
    assert 'name="seed"' in form
    day = the_day(world)
    given = {"first_day": day - timedelta(days=2), "last_day": day, "share": "50", "size": "", "seed": "77"}
    both = client.post(f"{LIST}new", given | {"size": "2"})
    assert both.status_code == 422
    assert "или долю" in both.content.decode()
    made = client.post(f"{LIST}new", given, follow=True).content.decode()
    assert ReviewSample.objects.get().drawn == 2
    assert "2 из 3" in client.get(LIST).content.decode()
    assert "77" in made.split("Как вынуто")[1].split("Из скольких")[0]
    assert "Оценить следующий" in made


def test_two_look_at_an_answer_and_neither_sees_the_other(world: World, at: At) -> None:
    incident = answered(world)
    sample = sample_of(world)
    page = f"{LIST}{sample.pk}"
    first, second = at("dispatcher"), at("second")
    assert first.get(f"{page}/next")["Location"] == f"{page}/1"
    assert incident.question in first.get(f"{page}/1").content.decode()
    assert first.post(f"{page}/1", {"verdict": "return"}).status_code == 422
    given = ALL | {"verdict": "return", "code": "rude", "comment": "слово первого"}
    del given["proof"]
    assert first.post(f"{page}/1", given)["Location"] == page
    assert "Вас этот ответ не ждёт" in first.get(f"{page}/1").content.decode()
    told = "".join(
        second.get(each).content.decode()
        for each in (page, f"{page}/1", reverse("desk:incident", args=[incident.pk]))
    )
    assert "слово первого" not in told
    assert "ждёт второго" in told
    assert "невежливо" not in second.get(page).content.decode()
    assert "случайную выборку" in panel(second, incident)
    second.post(f"{page}/1", given)
    html = first.get(page).content.decode()
    assert "решено из 1" in html
    assert "9,0" in html
    assert "100 %" in html
    assert world.city.short_name in html
    incident.refresh_from_db()
    assert (incident.state, incident.reason) == ("rework", "rude")


def test_a_sample_is_cancelled_once(world: World, at: At) -> None:
    answered(world)
    sample = sample_of(world)
    client = at("dispatcher")
    for expected in ("Выборка отменена", "уже отменена"):
        assert expected in client.post(f"{LIST}{sample.pk}/cancel", follow=True).content.decode()
    assert client.get(f"{LIST}{sample.pk}/next")["Location"] == f"{LIST}{sample.pk}"


def test_pages_ask_the_same_however_much_was_drawn(world: World, at: At) -> None:
    client = at("dispatcher")
    answered(world)
    sample = sample_of(world)
    counts = []
    for _ in range(2):
        for address in (LIST, f"{LIST}{sample.pk}"):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
        for _each in range(3):
            answered(world)
        sample = sample_of(world)
    assert counts[:2] == counts[2:]
    assert max(counts) <= 18
