"""Examples: texts with the topics that people gave them, from tables of the past and from work at the desk."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.text import clean, fold
from otklik.triage.enums import ExampleSource
from otklik.triage.models import Example, ExampleTable, Topic, Verdict
from otklik.triage.nlp import Question
from otklik.triage.nlp.masking import mask

LARGEST_TABLE = 100_000_000
LONGEST_EXAMPLE = 20_000
LONGEST_FIELD = 1_000_000
_TEXT = ("text", "текст", "текст инцидента", "текст сообщения", "сообщение")
_TOPIC = ("topic", "тема", "подтема", "категория")
_SLICE = 1000
_MOST_WRONG = 1000


class NotExamples(Exception):
    """Это не таблица примеров: нужен CSV в UTF-8 или Windows-1251 со столбцами «текст» и «тема», не больше 100 МБ."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    text: str
    topic: Topic


@transaction.atomic
def import_examples(*, name: str, body: bytes, by: Actor, now: datetime) -> ExampleTable:
    """Take examples from a table with columns of text and topic; a text that is known gets the topic of the table.

    A topic is named by its code, its name, or its name in the lists of ЦУР or ПОС where only one topic has it.
    Lines that cannot be taken are told and leave the others alone. Personal data are masked before anything is
    kept. Raises NotExamples.
    """
    brought = ExampleTable(name=name[:200], at=now, by=by.name)
    read_examples(brought=brought, body=body, now=now)
    brought.save()
    audit.record(
        by=by, verb="import_examples", subject=brought, now=now,
        added=brought.added, changed=brought.changed, same=brought.same, wrong=brought.wrong_count,
    )  # fmt: skip
    return brought


def read_examples(*, brought: ExampleTable, body: bytes, now: datetime) -> None:
    """Keep the examples of a table and count on `brought` what it came to. Raises NotExamples before any is kept."""
    named = _named_topics()
    rows: list[_Row] = []
    for row in _rows(body, named, brought):
        rows.append(row)
        if len(rows) >= _SLICE:
            _keep(rows, ExampleSource.TABLE, now, brought)
            rows = []
    _keep(rows, ExampleSource.TABLE, now, brought)


@transaction.atomic
def forget_example(*, example: Example, by: Actor, now: datetime) -> None:
    """Take a wrong example out: the next models are not taught by it. A table that holds it brings it back."""
    audit.record(
        by=by, verb="forget_example", subject=example, now=now,
        topic=example.topic.code, source=example.source, digest=example.digest,
    )  # fmt: skip
    example.delete()


def learn_example(*, verdict: Verdict, topic: Topic, now: datetime) -> None:
    """What a person said of a question becomes an example: the question alone, without personal data."""
    spans = tuple((start, end) for start, end in verdict.spans)
    text = verdict.message.text
    said = Question(spans).text(text) if spans else text
    if said.strip():
        _keep([_Row(0, said, topic)], ExampleSource.PERSON, now, ExampleTable(), verdict.message_id)


def _rows(body: bytes, named: Mapping[str, Topic], brought: ExampleTable) -> Iterable[_Row]:
    table = _table(body)
    try:
        header = [fold(clean(cell)).strip() for cell in next(table, [])]
    except csv.Error as error:
        raise NotExamples from error
    text_at, topic_at = _column(header, _TEXT), _column(header, _TOPIC)
    while True:
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error:
            _refuse(brought, table.line_num, "broken")
            continue
        if len(cells) <= max(text_at, topic_at):
            _refuse(brought, table.line_num, "broken")
            continue
        text, said = clean(cells[text_at]).strip()[:LONGEST_EXAMPLE], clean(cells[topic_at]).strip()
        topic = named.get(fold(said))
        if not text or not said:
            _refuse(brought, table.line_num, "empty")
        elif topic is None:
            _refuse(brought, table.line_num, "unknown_topic", said)
        else:
            yield _Row(table.line_num, text, topic)


def _refuse(brought: ExampleTable, line: int, why: str, said: str = "") -> None:
    brought.wrong_count += 1
    if len(brought.wrong) < _MOST_WRONG:
        brought.wrong.append([line, why, said[:100]])


def _table(body: bytes) -> Any:
    if len(body) > LARGEST_TABLE or b"\0" in body[:1000]:
        raise NotExamples
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1251", errors="replace")
    header = text[: text.find("\n")] if "\n" in text else text
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(io.StringIO(text.replace("\0", "")), delimiter=max(",;\t", key=header.count))


def _column(header: Sequence[str], names: Sequence[str]) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise NotExamples


def _named_topics() -> dict[str, Topic]:
    """Active topics by everything that names just one of them: codes and names first."""
    topics = list(Topic.objects.active().select_related("group").order_by("position", "pk"))
    named: dict[str, Topic] = {}
    for attribute in ("code", "name", "cur26", "pos"):
        fresh: dict[str, list[Topic]] = {}
        for topic in topics:
            for name in str(getattr(topic, attribute)).split(";"):
                if name.strip():
                    fresh.setdefault(fold(name.strip()), []).append(topic)
        for name, found in fresh.items():
            if len(found) == 1:
                named.setdefault(name, found[0])
    return named


def _keep(
    rows: Sequence[_Row], source: str, now: datetime, brought: ExampleTable, message_id: int | None = None
) -> None:
    """Write the rows; the later of two rows of one text counts."""
    masked = {_digest(text): (text, row.topic) for row in rows if (text := mask(row.text).text)}
    known = {each.digest: each for each in Example.objects.filter(digest__in=masked)}
    changed = []
    for digest, (_text, topic) in masked.items():
        old = known.get(digest)
        if old is not None and old.topic_id != topic.pk:
            old.topic, old.source, old.at = topic, source, now
            changed.append(old)
    fresh = [
        Example(text=text, digest=digest, topic=topic, source=source, message_id=message_id, at=now)
        for digest, (text, topic) in masked.items()
        if digest not in known
    ]
    Example.objects.bulk_create(fresh, ignore_conflicts=True)
    Example.objects.bulk_update(changed, ["topic", "source", "at"])
    brought.added += len(fresh)
    brought.changed += len(changed)
    brought.same += len(rows) - len(fresh) - len(changed)


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(fold(text).split()).encode("utf-8", "surrogatepass")).hexdigest()
