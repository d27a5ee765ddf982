"""The check at the desk: under the text while it is written, in the step before it goes out, in the refusal."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.casework.rules.answer_check import ADVISE
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM
from tests.desk.world import World

At = Callable[..., Client]
BRUSH = "Ваше обращение принято к сведению. Ответ будет дан в установленном порядке."
GOOD = "Анна, здравствуйте! Яму у дома 12 на улице Тельмана засыплем завтра до обеда. Спасибо, что написали."


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def working(world: World, **fields: object) -> Incident:
    incident = world.incident(action="open", **fields)  # type: ignore[arg-type]
    return casework.accept(incident=incident, by=world.people["executor"], now=world.now)


def test_while_it_is_written_the_check_names_the_words_and_what_to_do(world: World, at: At) -> None:
    incident = working(world)
    said = at("executor").post(url("check", incident), {"text": f"😀 {BRUSH}"}).content.decode()
    assert "«принято к сведению»" in said
    assert "не пуст" in said
    assert "Признаки хорошего ответа" in said
    # The browser counts an emoji as two.
    at_words = len("😀 Ваше обращение ".encode("utf-16-le")) // 2
    assert f'data-from="{at_words}"' in said
    assert not Answer.objects.exists()


def test_marks_joined_again_are_the_text(world: World, at: At) -> None:
    incident = working(world)
    text = "<b>Ваше</b> обращение принято к сведению.\r\nОсуществлено проведение работ."
    said = at("executor").post(url("check", incident), {"text": text}).content.decode()
    from otklik.desk.access import Desk
    from otklik.desk.quality import said_of
    from otklik.registry import operations as registry

    account = world.people["executor"]
    desk = Desk(account, registry.reach_of(account), world.now, registry.working_calendar())
    found = said_of(incident, desk, {"text": text})
    assert found is not None
    assert "".join(mark.text for mark in found.marks) == text.replace("\r\n", "\n")
    assert "<b>Ваше" not in said


def test_an_empty_text_is_not_judged(world: World, at: At) -> None:
    incident = working(world)
    assert at("executor").post(url("check", incident), {"text": " \n "}).content.decode().strip() == ""


@pytest.mark.parametrize("odd", ["\ud83d", "\0", "a" * 20000, "\u202eтекст", "😀" * 5000])
def test_odd_texts_are_checked_too(world: World, at: At, odd: str) -> None:
    incident = working(world)
    given = {"text": odd.encode("utf-8", "replace").decode(), "kind": "odd", "resolution": "odd"}
    assert at("executor").post(url("check", incident), given).status_code == 200


def test_the_step_before_publishing_shows_what_stops_the_answer_and_the_verb_refuses_it(
    world: World, at: At
) -> None:
    incident = working(world)
    client = at("executor")
    seen = client.post(url("preview", incident), {"text": BRUSH}).content.decode()
    assert 'data-testid="check-publish"' in seen
    assert "пока это есть, ответ не уйдёт" in seen
    given = {"text": BRUSH, "resolution": "explained", "version": incident.version, "overruled": "1"}
    refused = client.post(url("publish", incident), given)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Так ответ не уйдёт" in page
    assert BRUSH in page
    assert not Delivery.objects.exists()


def test_advice_asks_for_a_word_and_then_lets_the_answer_go(world: World, at: At) -> None:
    casework.set_answer_rule(code="officialese", mode=ADVISE, by=SYSTEM, now=world.now)
    incident = working(world)
    text = GOOD.replace("засыплем", "планируется осуществление засыпки")
    client = at("executor")
    assert 'name="overruled"' in client.post(url("preview", incident), {"text": text}).content.decode()
    given = {"text": text, "resolution": "explained", "version": incident.version}
    refused = client.post(url("publish", incident), given)
    assert refused.status_code == 422
    assert "советует" in refused.content.decode()
    assert client.post(url("publish", incident), given | {"overruled": "1"}).status_code == 302


def test_the_outcome_changes_what_is_found(world: World, at: At) -> None:
    incident = working(world)
    client = at("executor")
    text = "Анна, здравствуйте! Яму у дома 12 на Тельмана засыпали сегодня утром. Спасибо, что написали."
    given = {"text": text, "resolution": "solved"}
    solved = client.post(f"{url('check', incident)}?at=publish", given).content.decode()
    explained = client.post(
        f"{url('check', incident)}?at=publish", given | {"resolution": "explained"}
    ).content.decode()
    assert 'data-code="no_proof"' in solved
    assert 'data-code="no_proof"' not in explained


def test_whoever_may_not_write_is_not_told(world: World, at: At) -> None:
    incident = working(world)
    assert at("viewer").post(url("check", incident), {"text": BRUSH}).status_code == 403
    assert at("stranger").post(url("check", incident), {"text": BRUSH}).status_code == 404
