"""The rules of the check at the desk: seen by whoever writes, changed by the centre, with their history."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.casework import operations as casework
from otklik.casework.models import AnswerRule
from otklik.common.actor import SYSTEM
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/answers/rules/"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_rule_stands_with_what_it_does_and_says(world: World, at: At) -> None:
    html = read(at("executor"), LIST)
    assert html.count('scope="row"') == 15
    assert "Слова отписки" in html
    assert "Правила меняет центр" in read(at("executor"), f"{LIST}rude")
    assert "<form" not in read(at("executor"), f"{LIST}rude").split("<main")[1]


def test_the_centre_changes_a_rule_and_its_history_says_so(world: World, at: At) -> None:
    client = at("methodist")
    given = {
        "mode": "block",
        "words": "в плановом порядке\r\n\r\nизыска*",
        "allowed": "ЕДДС",
        "reason": "жалобы",
    }
    assert client.post(f"{LIST}stop_phrase", given).status_code == 302
    row = AnswerRule.objects.get()
    assert (row.mode, row.words, row.allowed) == ("block", ["в плановом порядке", "изыска*"], ["ЕДДС"])
    html = read(client, f"{LIST}stop_phrase")
    assert "<del>советует</del> → <ins>не пускает</ins>" in html
    assert "в плановом порядке, изыска*" in html
    assert "жалобы" in html
    assert ">3<" in read(client, LIST)


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World, at: At) -> None:
    refused = at("methodist").post(f"{LIST}rude", {"mode": "off", "words": "хам\n!!!"})
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "«!!!»" in html
    assert "хам\n!!!" in html
    assert not AnswerRule.objects.exists()
    assert at("methodist").post(f"{LIST}rude", {"mode": "never"}).status_code == 422


def test_only_the_centre_changes_and_only_whoever_writes_sees(world: World, at: At) -> None:
    for username in ("executor", "curator", "school"):
        assert at(username).post(f"{LIST}rude", {"mode": "off"}).status_code == 403
    for username in ("viewer",):
        assert at(username).get(LIST).status_code == 403
        assert at(username).get(f"{LIST}rude").status_code == 403
    assert at("methodist").get(f"{LIST}no-such").status_code == 404
    assert not AnswerRule.objects.exists()


def test_the_list_asks_the_same_however_many_rules_were_changed(world: World, at: At) -> None:
    client = at("executor")
    client.get(LIST)
    with CaptureQueriesContext(connection) as before:
        client.get(LIST)
    for code in ("rude", "empty", "officialese"):
        casework.set_answer_rule(code=code, mode="advise", by=SYSTEM, now=world.now)
    with CaptureQueriesContext(connection) as after:
        client.get(LIST)
    assert len(after) == len(before) <= 12
