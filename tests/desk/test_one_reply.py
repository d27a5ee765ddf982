"""An answer that leaves in one reply with those to the other questions: chosen at publication, seen on the card."""

from collections.abc import Callable

from django.test import Client

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.channels.models import Delivery
from tests.desk.test_acts import url, working
from tests.desk.world import World

At = Callable[..., Client]
TEXT = "Во дворе яма. И не горит фонарь."
CUT = (TEXT.index("И не"), len(TEXT))
SAID = {
    "text": "Житель, здравствуйте! Яму засыпали сегодня, фонарь заменят до 15 декабря.",
    "resolution": "solved",
    "kind": "final",
    "overruled": "on",
}


def two_questions(world: World) -> tuple[Incident, Incident]:
    """The first in work, the second still to be sorted."""
    first = world.incident(TEXT)
    person = world.people["dispatcher"]
    second = casework.split(incident=first, spans=[CUT], by=person.actor, now=world.now)
    first.refresh_from_db()
    first = casework.confirm(
        incident=first, topic=first.topic, kind=first.kind, priority="normal", executor=world.city, by=person,
        now=world.now,
    )  # fmt: skip
    return casework.accept(incident=first, by=world.people["executor"], now=world.now), second


def test_a_reply_that_waits_is_seen_and_may_be_sent_without_the_others(world: World, at: At) -> None:
    incident, _other = two_questions(world)
    panel = at("executor").get(url("incident", incident), {"panel": "publish"}).content.decode()
    assert 'name="together"' in panel
    assert "не дольше чем до" in panel
    assert at("executor").post(url("publish", incident), SAID | {"together": "on"}).status_code == 302
    assert not Delivery.objects.exists()
    page = at("executor").get(url("incident", incident)).content.decode()
    assert "Ждёт ответов на другие вопросы" in page
    assert f'action="{url("send_together", incident)}?' in page
    assert f'action="{url("take_back", incident)}?' in page
    assert at("executor").post(url("send_together", incident)).status_code == 302
    assert Delivery.objects.get().text == SAID["text"]
    page = at("executor").get(url("incident", incident)).content.decode()
    assert "Одним ответом на вопросы этого сообщения" in page


def test_what_waits_is_taken_back(world: World, at: At) -> None:
    incident, _other = two_questions(world)
    at("executor").post(url("publish", incident), SAID | {"together": "on"})
    assert at("executor").post(url("take_back", incident)).status_code == 302
    incident.refresh_from_db()
    assert (incident.state, Answer.objects.get(status="draft").text) == ("in_progress", SAID["text"])


def test_of_one_question_nothing_is_asked(world: World, at: At) -> None:
    incident = working(world)
    panel = at("executor").get(url("incident", incident), {"panel": "publish"}).content.decode()
    assert 'name="together"' not in panel
    at("executor").post(url("publish", incident), SAID)
    assert Delivery.objects.count() == 1
