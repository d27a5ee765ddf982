"""What a dispatcher does with a verdict on the card, without a script: every button works as a plain form."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.casework.rules import spans
from otklik.common.text import strip_mentions
from otklik.desk.marks import Layer, segments
from otklik.desk.opinions import USUAL_QUESTION
from otklik.inbox.models import SourceMessage
from otklik.registry.models import Settlement
from otklik.triage.models import Correction, Verdict
from tests.desk.world import World

At = Callable[..., Client]
TEXT = "Добрый день. Яма у дома 12 по Тельмана. Когда запишут ребёнка в детский сад?"
GARDEN = (TEXT.index("Когда"), len(TEXT))


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def piece(span: tuple[int, int]) -> str:
    return f"{span[0]}-{span[1]}"


def page_of(client: Client, incident: Incident, **query: str) -> str:
    return " ".join(client.get(url("incident", incident), query).content.decode().split())


def split(world: World, incident: Incident) -> Incident:
    by = world.people["dispatcher"].actor
    return casework.split(incident=incident, spans=[GARDEN], by=by, now=world.now)


def judged(incident: Incident, **fields: Any) -> None:
    Verdict.objects.filter(message=incident.message_id, part=incident.part).update(**fields)


def test_the_card_says_what_was_thought_and_why(world: World, at: At) -> None:
    incident = world.incident(TEXT, words=("яма",))
    judged(
        incident, signals=["vulnerable", "unheard-of"], because=[["topic", "Ямы"], ["rule", "7"]],
        personal=[["name", 13, 16], ["phone", 900, 1000]], place_words=[["Тельмана", 30, 38]],
    )  # fmt: skip
    page = page_of(at("dispatcher"), incident)
    for words in (
        "61 %", "«<b>яма</b>»", "ребёнок, пожилой или больной", "потому что тема — «Ямы», правило № 7",
        'class="q0 place" data-at="30" data-length="8">Тельмана', "Новосибирский район",
    ):  # fmt: skip
        assert words in page.replace("&nbsp;", " "), words
    assert "unheard-of" not in page


def test_another_topic_is_one_choice_and_goes_to_its_own_body(world: World, at: At) -> None:
    incident, client = world.incident(TEXT, body="school"), at("dispatcher")
    page = page_of(client, incident)
    assert '<label class="choice" data-key="1">' in page
    given = {
        "version": incident.version, "topic": "ROADS.repair", "kind": incident.kind, "priority": incident.priority,
        "executor": world.school.pk, "auto": "1",
    }  # fmt: skip
    assert client.post(url("confirm", incident), given).status_code == 302
    incident.refresh_from_db()
    assert (incident.topic.code, incident.state) == ("ROADS.repair", "routed")
    assert incident.executor != world.school
    assert Correction.objects.get().agreed is False


def test_the_chosen_of_several_places_becomes_the_place(world: World, at: At) -> None:
    incident, client = world.incident(TEXT), at("dispatcher")
    town = Settlement.objects.create(municipality=world.municipality, name="Барышево", kind="село")
    Incident.objects.filter(pk=incident.pk).update(
        place_status="ambiguous", street_name="Тельмана", house="12"
    )
    judged(
        incident,
        place_options=[["Бердск", None, None, None], ["Барышево", world.municipality.pk, town.pk, None]],
    )
    page = page_of(client, incident)
    assert "подходит несколько мест" in page
    assert 'name="place_option" value="1"' in page
    given = {
        "topic": incident.topic.code,
        "kind": incident.kind,
        "priority": "normal",
        "executor": world.city.pk,
    }
    assert (
        client.post(url("confirm", incident), {**given, "place_option": "1", "auto": "1"}).status_code == 302
    )
    incident.refresh_from_db()
    assert (incident.settlement, incident.house, incident.place_status) == (town, "12", "found")
    assert incident.street is not None
    assert incident.street.is_learnt


def test_a_person_writes_the_place_and_an_untouched_one_stays_as_it_was_read(world: World, at: At) -> None:
    client, town = (
        at("dispatcher"),
        Settlement.objects.create(municipality=world.municipality, name="Барышево"),
    )
    for typed, status in (("ул. Новая", "found"), ("", "unknown")):
        incident = world.incident(TEXT)
        panel = page_of(client, incident, panel="correct")
        assert 'name="settlement"' in panel
        given = {
            "topic": incident.topic.code, "kind": incident.kind, "priority": "normal", "executor": world.city.pk,
            "placed": "1", "municipality": world.municipality.pk, "settlement": town.pk if typed else "",
            "street_name": typed, "house": "", "object_name": "",
        }  # fmt: skip
        assert client.post(url("correct", incident), given).status_code == 302
        incident.refresh_from_db()
        assert (incident.street_name, incident.place_status) == ("Новая" if typed else "", status)


def test_settlements_are_found_by_their_names(world: World, at: At) -> None:
    for name, people in (("Барышево", 3000), ("Новое Барышево", 90000), ("Бердск", 100)):
        Settlement.objects.create(municipality=world.municipality, name=name, population=people)
    found = at("dispatcher").get("/desk/settlements", {"q": "барыш"}).json()["options"]
    assert [each["label"] for each in found] == ["Барышево", "Новое Барышево"]
    assert found[0]["hint"] == "Новосибирский район"
    assert at("dispatcher").get("/desk/settlements", {"q": "\0 "}).json()["options"] == []


def test_sentences_are_ticked_and_cut_off_and_the_toast_joins_them_again(world: World, at: At) -> None:
    incident, client = world.incident(TEXT), at("dispatcher")
    panel = page_of(client, incident, panel="split")
    assert re.findall(r'name="piece" value="([0-9-]+)"', panel) == ["0-12", "13-39", piece(GARDEN)]
    page = client.post(
        url("split", incident), {"piece": [piece(GARDEN)], "version": incident.version}, follow=True
    ).content.decode()
    made = Incident.objects.exclude(pk=incident.pk).get()
    assert (made.question, made.state) == (TEXT[GARDEN[0] :], "triage")
    assert f'action="{url("join", incident)}?' in page
    assert f'<input type="hidden" name="other" value="{made.pk}">' in page
    assert client.post(url("join", incident), {"other": made.pk}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.parent) == ("attached", incident)
    assert client.post(url("detach", made)).status_code == 302
    made.refresh_from_db()
    assert made.state == "triage"


def test_the_other_questions_are_muted_and_numbered(world: World, at: At) -> None:
    incident = world.incident(TEXT)
    made = split(world, incident)
    page = page_of(at("dispatcher"), made)
    assert "Вопрос 2" in page
    assert url("incident", incident) in page
    marked = page.split('data-testid="marked"')[1].split("</div>")[0]
    assert 'class="other"' in marked
    assert 'class="other"' not in page.split('data-testid="marked"')[0]
    panel = page_of(at("dispatcher"), made, panel="split")
    assert 'data-key="1"' in panel
    assert 'data-joins="1"' in panel


def test_a_piece_moves_to_the_other_question_and_back(world: World, at: At) -> None:
    incident, client = world.incident(TEXT), at("dispatcher")
    made = split(world, incident)
    given = {"piece": [piece((0, 12))], "other": made.pk}
    page = client.post(url("move_span", incident), given, follow=True).content.decode()
    made.refresh_from_db()
    assert made.question.startswith("Добрый день. Когда")
    assert f'action="{url("move_span", made)}?' in page
    back = {"piece": [piece((0, 12))], "other": incident.pk}
    assert client.post(url("move_span", made), back).status_code == 302
    made.refresh_from_db()
    assert made.question.startswith("Когда")


@pytest.mark.parametrize(
    "odd", [[], ["x"], ["5-1"], ["0-99999999"], ["-1-5"], ["0-5"] * 900, ["²-5"], ["\0"]]
)
def test_odd_pieces_are_refused_in_words(world: World, at: At, odd: list[str]) -> None:
    incident = world.incident("Яма")
    answer = at("dispatcher").post(url("split", incident), {"piece": odd})
    assert answer.status_code == 422
    assert 'data-testid="panel-split"' in answer.content.decode()
    assert Incident.objects.count() == 1


def test_a_question_of_another_message_is_not_offered(world: World, at: At) -> None:
    incident, other = world.incident(TEXT), world.incident("Совсем другое")
    for act in ("join", "move_span"):
        answer = at("dispatcher").post(url(act, incident), {"other": other.pk, "piece": ["0-5"]})
        assert answer.status_code == 422


def test_the_missing_place_is_asked_by_one_key_and_may_be_called_back(world: World, at: At) -> None:
    incident, client = world.incident("Огромная яма, примите меры", words=()), at("dispatcher")
    page = page_of(client, incident)
    asked = page.split('data-testid="to-ask"')[1].split("</section>")[0]
    assert 'data-key="q"' in asked
    text = re.search(r'name="text" value="([^"]+)"', asked)
    assert text is not None
    assert text[1].startswith("Здравствуйте! Уточните, пожалуйста, адрес")
    sent = client.post(url("ask", incident), {"text": text[1], "version": incident.version}, follow=True)
    assert f'action="{url("take_back", incident)}?' in sent.content.decode()
    incident.refresh_from_db()
    assert incident.state == "clarification"
    shown = page_of(client, incident)
    for words in ("Ждём автора", "Часы стоят", "уточняющий вопрос", "пока вопрос дойдёт до автора"):
        assert words in shown, words
    assert 'data-testid="confirm"' not in shown
    assert client.post(url("take_back", incident)).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "triage"


def test_where_nothing_is_missing_a_question_is_written_first(world: World, at: At) -> None:
    incident, client = (
        world.incident("Когда пройдёт концерт?", topic="CULTURE.events", words=()),
        at("dispatcher"),
    )
    assert 'data-testid="to-ask"' not in page_of(client, incident)
    panel = page_of(client, incident, panel="ask")
    assert USUAL_QUESTION in panel
    assert client.post(url("ask", incident), {"text": " "}).status_code == 422
    assert client.post(url("ask", incident), {"text": "Какой концерт?"}).status_code == 302
    assert Answer.objects.get().text == "Какой концерт?"


def test_what_waits_for_the_author_has_a_view_and_is_not_overdue(world: World, at: At) -> None:
    incident, client = world.incident("Яма у подъезда"), at("dispatcher")
    casework.ask(incident=incident, text=USUAL_QUESTION, by=world.people["dispatcher"], now=world.now)
    Incident.objects.filter(pk=incident.pk).update(due_at=world.now.replace(year=2020))
    assert f"row-{incident.pk}" in client.get("/desk/", {"view": "asked"}).content.decode()
    assert f"row-{incident.pk}" not in client.get("/desk/", {"view": "overdue"}).content.decode()


def test_going_on_without_the_reply(world: World, at: At) -> None:
    incident, client = world.incident("Яма у подъезда"), at("dispatcher")
    question = casework.ask(
        incident=incident, text=USUAL_QUESTION, by=world.people["dispatcher"], now=world.now
    )
    early = client.post(url("go_on", incident))
    assert (early.status_code, "ещё на пути" in early.content.decode()) == (409, True)
    Answer.objects.filter(pk=question.pk).update(status="published", published_at=world.now)
    assert client.post(url("go_on", incident)).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "triage"


def test_a_question_whose_words_are_gone_says_so(world: World, at: At) -> None:
    incident = world.incident(TEXT)
    made = split(world, incident)
    message = SourceMessage.objects.get(pk=incident.message_id)
    message.text = "Яму засыпали, спасибо"
    message.save()
    casework.note_changes(messages=[message], now=world.now)
    assert 'data-testid="text-changed"' in page_of(at("dispatcher"), made)
    answer = at("dispatcher").post(url("join", incident), {"other": made.pk})
    assert (answer.status_code, "слов этого вопроса в нём больше нет" in answer.content.decode()) == (
        409,
        True,
    )


def test_alike_incidents_are_attached_by_their_number_in_the_list(world: World, at: At) -> None:
    first = world.incident("Огромная яма у подъезда дома 12 по улице Тельмана, машину разбили вчера вечером")
    second = world.incident(
        "Огромная яма у подъезда дома 12 по улице Тельмана, машину разбили вчера вечером!"
    )
    from otklik.triage.operations.duplicates import find_duplicates

    find_duplicates(messages=[first.message, second.message], now=world.now)
    client = at("dispatcher")
    assert url("incident", first) in page_of(client, second).split('data-testid="alike"')[1]
    panel = page_of(client, second, panel="attach").split('data-testid="attach-alike"')[1]
    assert 'data-key="1"' in panel
    assert client.post(url("attach", second), {"number": first.pk}).status_code == 302
    second.refresh_from_db()
    assert second.parent == first


def test_the_number_of_queries_of_a_card_with_many_questions_is_fixed(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    text = " ".join(f"Когда починят дорогу номер {number}?" for number in range(12))
    incident = world.incident(text)
    for start, end in spans.clauses(spans.own([], text), text)[1:]:
        casework.split(
            incident=incident, spans=[(start, end)], by=world.people["dispatcher"].actor, now=world.now
        )
    client = at("dispatcher", htmx=True)
    client.get(url("incident", incident))
    with django_assert_max_num_queries(26):
        page = client.get(url("incident", incident)).content.decode()
    assert page.count('data-testid="other-question"') == 11
    with django_assert_max_num_queries(12):
        client.get(reverse("desk:panel", args=[incident.pk, "split"]))


NUMBERS = st.integers(-5, 90)
WORDS = st.lists(st.tuples(st.text(max_size=5), NUMBERS, NUMBERS), max_size=4)
LAYERS = st.lists(
    st.builds(
        Layer,
        number=st.integers(0, 6),
        spans=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3),
        words=WORDS,
        place=WORDS,
        mine=st.booleans(),
    ),
    max_size=3,
)
MENTIONS = st.sampled_from(["", "[club1|Город]", "[id1|]"])


@given(
    st.text(max_size=60),
    MENTIONS,
    LAYERS,
    st.lists(st.tuples(st.just("phone"), NUMBERS, NUMBERS), max_size=3),
)
def test_marking_shows_the_text_as_people_read_it(
    text: str, mention: str, layers: list[Layer], personal: list[tuple[str, int, int]]
) -> None:
    text = f"{text}{mention}{text}"
    shown = segments(text, layers, personal)
    assert "".join(each.text for each in shown) == strip_mentions(text)
    assert [each.at for each in shown] == sorted({each.at for each in shown})
    assert sum(each.length for each in shown) == len(text)
