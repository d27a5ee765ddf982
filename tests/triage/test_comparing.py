"""Two models held against the same messages, tables that wait for a worker, examples taken out."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.audit.models import AuditLine
from otklik.flow import road
from otklik.flow.tasks import read_examples
from otklik.inbox.models import SourceMessage
from otklik.triage import operations as triage
from otklik.triage.models import Example, ExampleTable, ModelFile, TablePiece, Topic, TopicModel, Verdict
from otklik.triage.nlp.learning import BrokenModel, from_bytes, to_bytes, train
from otklik.triage.operations import example_tables
from tests import cast

pytestmark = pytest.mark.django_db
HOLE, DOGS = "ROADS.pothole", "ANIMAL.stray"
PLACES = ("у дома", "возле школы", "на остановке", "во дворе", "на углу", "за магазином", "у рынка")


def _body(hole: str, dogs: str) -> bytes:
    texts, labels = [], []
    for number in range(42):
        place = PLACES[number % len(PLACES)]
        texts += [f"Яма на дороге {place} {number}, пробил колесо", f"Стая собак {place} {number} лает"]
        labels += [hole, dogs]
    return to_bytes(train(texts, labels))


@pytest.fixture(scope="module")
def bodies() -> tuple[bytes, bytes]:
    """A model that is right, and one that was taught the opposite."""
    return _body(HOLE, DOGS), _body(DOGS, HOLE)


def model(body: bytes, state: str = "ready", hours: float = -3) -> TopicModel:
    made = from_bytes(body)
    row = TopicModel.objects.create(
        state=state, asked_at=cast.after(hours=hours), asked_by="Мария Крылова", started_at=cast.after(hours=hours),
        finished_at=cast.after(hours=hours), version=made.version, report=made.report, examples=84, topics=2,
    )  # fmt: skip
    ModelFile.objects.create(model=row, body=body)
    return row


def received(text: str, hours: float = 0) -> SourceMessage:
    message = cast.message(text, received_at=cast.after(hours=hours))
    cast.verdict(message, topic=cast.topic(HOLE))
    return message


def decided(text: str, topic: str, hours: float = 0) -> Example:
    message = received(text, hours)
    verdict = message.verdicts.get()
    triage.keep_correction(
        message=message, part=0, topic=cast.topic(topic), kind="complaint", by=cast.dispatcher(), now=cast.NOW
    )
    return Example.objects.get(message=verdict.message)


def test_models_are_held_against_what_people_decided_later(bodies: tuple[bytes, bytes]) -> None:
    right, wrong = model(bodies[0], hours=-3), model(bodies[1], "active", hours=-2)
    decided("Яма на дороге за углом, пробил колесо сегодня", HOLE)
    decided("Стая собак у подъезда лает на детей", DOGS)
    decided("Яма на дороге: пробил колесо вчера", HOLE, hours=-2.5)
    found = triage.compare(one=right, other=wrong, now=cast.NOW).decided
    assert found.count == 2, (
        "a message that came before the second model was taught may be one of its examples"
    )
    assert found.since == wrong.started_at
    assert (found.one.right, found.other.right) == (2, 0)
    assert found.one.alone_right <= found.one.alone <= 2


def test_the_last_messages_show_where_models_part(bodies: tuple[bytes, bytes]) -> None:
    right, wrong = model(bodies[0]), model(bodies[1])
    received("Яма на дороге у рынка, пробил колесо, звоните 8 913 123-45-67")
    received("Спасибо большое!")
    found = triage.compare(one=right, other=wrong, now=cast.NOW).recent
    assert (found.messages, found.questions, found.agree, found.differ) == (2, 1, 0, 1)
    [apart] = found.apart
    assert (apart.one.topic, apart.other.topic) == (HOLE, DOGS)
    assert "123" not in apart.text
    same = triage.compare(one=right, other=right, now=cast.NOW).recent
    assert (same.agree, same.differ, same.apart) == (1, 0, ())


def test_a_model_is_held_against_the_starter_and_nothing_is_written(bodies: tuple[bytes, bytes]) -> None:
    one = model(bodies[1])
    decided("Яма на дороге у рынка, пробил колесо", HOLE)
    before = (Verdict.objects.count(), Example.objects.count(), AuditLine.objects.count())
    found = triage.compare(one=one, other=None, now=cast.NOW)
    assert (found.decided.one.right, found.decided.other.right) == (0, 1)
    assert (Verdict.objects.count(), Example.objects.count(), AuditLine.objects.count()) == before


def test_a_topic_that_was_retired_is_read_as_what_replaced_it(bodies: tuple[bytes, bytes]) -> None:
    one = model(bodies[0])
    received("Яма на дороге у рынка, пробил колесо")
    heir = cast.topic("ROADS.repair")
    Topic.objects.filter(code=HOLE).update(is_active=False, replaced_by=heir)
    cache.clear()
    [apart] = triage.compare(one=one, other=model(bodies[1]), now=cast.NOW).recent.apart
    assert apart.one.topic == heir.code


def test_what_was_not_taught_is_not_compared_and_old_files_are_told(bodies: tuple[bytes, bytes]) -> None:
    waiting = TopicModel.objects.create(asked_at=cast.NOW, asked_by="кто-то")
    with pytest.raises(triage.NotReady):
        triage.compare(one=waiting, other=None, now=cast.NOW)
    one = model(bodies[0])
    ModelFile.objects.filter(model=one).update(body=b"PK broken")
    with pytest.raises(BrokenModel):
        triage.compare(one=one, other=None, now=cast.NOW)


def test_there_may_be_nothing_to_compare_on(bodies: tuple[bytes, bytes]) -> None:
    found = triage.compare(one=model(bodies[0]), other=None, now=cast.NOW)
    assert (found.decided.count, found.recent.messages, found.recent.questions) == (0, 0, 0)


def bring(body: bytes, name: str = "2025.csv") -> ExampleTable:
    return triage.receive_examples(file=io.BytesIO(body), name=name, by=cast.dispatcher().actor, now=cast.NOW)


def test_a_table_waits_in_pieces_and_is_read_by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example_tables, "PIECE", 40)
    brought = bring("text;topic\nЯма у дома;ROADS.pothole\nЛай;Дирижабли\nСобаки;ANIMAL.stray\n".encode())
    assert (brought.state, brought.pieces.count()) == ("waiting", 3)
    assert "triage.examples" in road.what_waits(now=cast.NOW)
    read_examples()
    brought.refresh_from_db()
    assert (brought.state, brought.added, brought.wrong) == ("read", 2, [[3, "unknown_topic", "Дирижабли"]])
    assert not TablePiece.objects.exists()
    assert not triage.tables_wait()
    assert triage.read_next(now=cast.NOW) == 0
    assert set(AuditLine.objects.values_list("verb", flat=True)) >= {"receive_examples", "read_examples"}


def test_what_is_no_table_is_refused_and_the_next_one_is_read() -> None:
    bad, good = bring(b"PK\x03\x04\0\0"), bring("text;topic\nЯма;ROADS.pothole\n".encode(), "а\0б.csv")
    assert triage.read_next(now=cast.NOW) == triage.read_next(now=cast.NOW) == 1
    states = dict(ExampleTable.objects.values_list("pk", "state"))
    assert states == {bad.pk: "refused", good.pk: "read"}
    assert Example.objects.count() == 1


def test_a_worker_that_dies_leaves_the_table_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = bring("text;topic\nЯма;ROADS.pothole\n".encode())
    with monkeypatch.context() as patch:
        patch.setattr(example_tables, "read_examples", _die)
        with pytest.raises(MemoryError):
            triage.read_next(now=cast.NOW)
    assert (triage.read_next(now=cast.NOW), Example.objects.count()) == (1, 1)
    brought.refresh_from_db()
    assert (brought.state, brought.added) == ("read", 1)


def _die(**_given: object) -> None:
    raise MemoryError


def test_a_file_may_be_neither_empty_nor_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(triage.TableIsEmpty):
        bring(b"")
    monkeypatch.setattr(example_tables, "LARGEST_FILE", 10)
    with pytest.raises(triage.TableTooLarge):
        bring(b"x" * 11)
    assert not ExampleTable.objects.exists()


def test_a_piece_stands_once() -> None:
    brought = bring(b"text;topic\n")
    with pytest.raises(IntegrityError, match="example_table_piece_unique"), transaction.atomic():
        TablePiece.objects.create(table=brought, number=0, body=b"x")


def test_a_wrong_example_is_taken_out_and_told() -> None:
    example = decided("Яма на дороге у рынка", DOGS)
    triage.forget_example(example=example, by=cast.dispatcher().actor, now=cast.NOW + timedelta(minutes=1))
    assert not Example.objects.exists()
    line = AuditLine.objects.get(verb="forget_example")
    assert line.details["topic"] == DOGS
    assert "Яма" not in str(line.details), "what had to go does not stay in the journal"


def test_comparing_asks_the_database_the_same_however_many_came(bodies: tuple[bytes, bytes]) -> None:
    one = model(bodies[0])
    counts: list[int] = []
    for _ in range(2):
        for number in range(6):
            decided(f"Яма на дороге {len(counts)} {number}", HOLE)
        with CaptureQueriesContext(connection) as seen:
            triage.compare(one=one, other=None, now=cast.NOW)
        counts.append(len(seen))
    assert counts[0] >= counts[1]
