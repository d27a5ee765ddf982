"""Examples brought and learnt from corrections; versions of the model trained, made active, taken back."""

import subprocess
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.flow import road
from otklik.flow.tasks import train
from otklik.triage import operations as triage
from otklik.triage.models import Example, ExampleTable, ModelFile, Topic, TopicModel
from otklik.triage.operations import learning, learnt
from tests import cast

pytestmark = pytest.mark.django_db
BY = cast.dispatcher
PLACES = (
    "у дома",
    "возле школы",
    "на остановке",
    "во дворе",
    "на углу",
    "за магазином",
    "у рынка",
    "в переулке",
)


def table(count: int = 64) -> bytes:
    """Examples of two topics in words of this test."""
    rows = ["Тема;Текст"]
    for number in range(count // 2):
        place = PLACES[number % len(PLACES)]
        rows.append(f"ROADS.pothole;Яма на дороге {place} {number}, пробил колесо и погнул диск")
        rows.append(f"ANIMAL.stray;Стая собак {place} {number} бросается на прохожих и лает")
    return "\n".join(rows).encode()


def bring(body: bytes | None = None) -> ExampleTable:
    return triage.import_examples(name="2025.csv", body=body or table(), by=BY().actor, now=cast.NOW)


def trained() -> TopicModel:
    bring()
    model = triage.ask_training(by=BY().actor, now=cast.NOW)
    assert triage.train_next(now=cast.NOW) == 1
    model.refresh_from_db()
    assert model.state == "ready", model.error
    return model


def test_examples_come_by_code_or_name_and_a_second_time_change_nothing() -> None:
    name = Topic.objects.get(code="ROADS.pothole").name
    body = f"id,text,topic\n1,Яма на дороге,{name.upper()}\n2,Собаки бегают,ANIMAL.stray\n".encode()
    brought = bring(body)
    assert (brought.added, brought.changed, brought.same, brought.wrong) == (2, 0, 0, [])
    again = bring(body.replace(b"ANIMAL.stray", b"ANIMAL.walking"))
    assert (again.added, again.changed, again.same) == (0, 1, 1)
    assert AuditLine.objects.filter(verb="import_examples").count() == 2


def test_wrong_lines_are_told_and_the_others_are_taken() -> None:
    brought = bring(
        "text;topic\nЯма;ROADS.pothole\n;ROADS.pothole\nЧто-то;Дирижабли\nодно\n".encode("cp1251")
    )
    assert brought.added == 1
    assert brought.wrong == [[3, "empty", ""], [4, "unknown_topic", "Дирижабли"], [5, "broken", ""]]
    assert brought.wrong_count == 3


@pytest.mark.parametrize("body", [b"", b"a,b\n1,2\n", b"PK\x03\x04\0\0", "текст\nодин".encode()])
def test_what_is_no_table_of_examples_is_said(body: bytes) -> None:
    with pytest.raises(triage.NotExamples):
        bring(body or b"\n")


def test_no_personal_data_stand_in_an_example() -> None:
    bring("text;topic\nЯма у дома, звоните 8 913 123-45-67 Иванову Ивану Ивановичу;ROADS.pothole\n".encode())
    text = Example.objects.get().text
    assert "Яма у дома" in text
    assert "123" not in text
    assert "Иванов" not in text


def test_a_correction_becomes_an_example_of_its_question_alone() -> None:
    incident, topic = cast.incident("triage"), Topic.objects.get(code="ANIMAL.stray")
    casework.confirm(
        incident=incident, topic=topic, kind="complaint", priority="normal",
        executor=incident.page.organization, by=BY(), now=cast.NOW,
    )  # fmt: skip
    example = Example.objects.get()
    assert (example.topic, example.source, example.message) == (topic, "person", incident.message)


def test_too_few_examples_are_not_learnt_from() -> None:
    bring(table(40))
    with pytest.raises(triage.TooFewExamples):
        triage.ask_training(by=BY().actor, now=cast.NOW)


def test_a_model_is_trained_activated_heard_and_taken_back() -> None:
    first = trained()
    assert (first.examples, first.topics) == (64, 2)
    assert first.report["accuracy"] > 0.9
    assert learnt.active_model() is None
    triage.activate(model=first, by=BY().actor, now=cast.NOW)
    message = cast.message("За рынком стая собак бросается на прохожих")
    verdict = triage.judge_messages(messages=[message], now=cast.NOW)[0].verdict
    assert verdict.topic.code == "ANIMAL.stray"
    assert f"m{first.pk}:{first.version[:12]}" in verdict.model_version
    for text, start, end in verdict.words:
        assert message.text[start:end] == text

    second = triage.ask_training(by=BY().actor, now=cast.after(minutes=1))
    train()
    second.refresh_from_db()
    assert second.version == first.version, "the same examples make the same model"
    triage.activate(model=second, by=BY().actor, now=cast.after(minutes=2))
    triage.roll_back(model=second, by=BY().actor, now=cast.after(minutes=3))
    states = dict(TopicModel.objects.values_list("pk", "state"))
    assert states == {first.pk: "active", second.pk: "retired"}
    first.refresh_from_db()
    triage.retire_model(model=first, by=BY().actor, now=cast.after(minutes=4))
    assert learnt.active_model() is None
    with pytest.raises(triage.NotReady):
        triage.retire_model(model=first, by=BY().actor, now=cast.after(minutes=5))


def test_the_first_model_has_nothing_to_roll_back_to() -> None:
    model = trained()
    triage.activate(model=model, by=BY().actor, now=cast.NOW)
    with pytest.raises(triage.NothingToRollBackTo):
        triage.roll_back(model=model, by=BY().actor, now=cast.NOW)
    with pytest.raises(triage.NotReady):
        triage.activate(model=model, by=BY().actor, now=cast.NOW)


def test_a_training_that_dies_leaves_its_words_and_the_road_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bring()
    model = triage.ask_training(by=BY().actor, now=cast.NOW)
    assert triage.ask_training(by=BY().actor, now=cast.NOW) == model

    def die(*_given: Any, **_more: Any) -> Any:
        message = cast.message("Яма на дороге, пробил колесо", under=cast.connection())
        assert road.judge_messages(now=cast.NOW) == 1
        assert message.verdicts.count() == 1
        return subprocess.CompletedProcess([], 9, b"", b"killed")

    monkeypatch.setattr(learning.subprocess, "run", die)
    assert triage.train_next(now=cast.NOW) == 1
    model.refresh_from_db()
    assert (model.state, model.error) == ("failed", "killed")
    assert not triage.training_waits()


def test_a_training_whose_worker_was_killed_is_taken_up_again() -> None:
    bring()
    model = triage.ask_training(by=BY().actor, now=cast.NOW)
    TopicModel.objects.filter(pk=model.pk).update(state="training", started_at=cast.NOW)
    assert triage.train_next(now=cast.NOW) == 1
    model.refresh_from_db()
    assert model.state == "ready"


def test_a_file_of_an_older_program_is_not_made_active() -> None:
    model = trained()
    ModelFile.objects.filter(model=model).update(body=b"PK broken")
    with pytest.raises(learning.BrokenModel):
        triage.activate(model=model, by=BY().actor, now=cast.NOW)
    model.refresh_from_db()
    assert model.state == "ready"


def test_a_retired_topic_is_taught_as_its_successor_or_not_at_all() -> None:
    bring()
    heir = Topic.objects.get(code="ANIMAL.walking")
    Topic.objects.filter(code="ANIMAL.stray").update(is_active=False, replaced_by=heir)
    _texts, labels = learning.gathered()
    assert set(labels) == {"ROADS.pothole", "ANIMAL.walking"}
    Topic.objects.filter(code="ANIMAL.stray").update(replaced_by=None)
    _texts, labels = learning.gathered()
    assert set(labels) == {"ROADS.pothole"}


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("topic_model_one_active", ["active", "active"]),
        ("topic_model_one_training", ["training", "training"]),
        ("topic_model_has_version", ["ready"]),
    ],
)
def test_the_database_keeps_versions_apart(name: str, states: list[str]) -> None:
    version = "" if name == "topic_model_has_version" else "abc"
    rows = [TopicModel(state=each, version=version, asked_at=cast.NOW, asked_by="кто-то") for each in states]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TopicModel.objects.bulk_create(rows)
