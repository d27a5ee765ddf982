"""100 000 incidents as a table of 47 columns: seconds and memory of the process that writes it, then reads it back.

A few hundred incidents go through the verbs to their answers, and the database multiplies them. The table is written
by a process that does nothing else, as a worker would; then the incidents are dropped, the same file is brought as
the history of another system, and each of the 47 values of every line is held against what the file says.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from bench import stage
from bench.figures import Figure, against_limit

if TYPE_CHECKING:
    from otklik.casework.models import Incident, IncidentExport, IncidentTable
    from otklik.inbox.models import SourceMessage
    from otklik.people.models import Account

INCIDENTS, PATTERNS, SECONDS, MEGABYTES = 100_000, 250, 120.0, 300.0
NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
ANSWER = (
    "Здравствуйте! Спасибо, что написали. Бригада выедет по вашему адресу завтра, работы закончим до 25 ноября. "
    "За ними следит районная администрация, телефон отдела благоустройства: 2-22-33. Если до этого дня ничего не "
    "изменится, напишите под этим же ответом, мы вернёмся к вопросу."
)


def seed() -> int:
    """Incidents of every usual end, with their messages, moves and answers; returns how many."""
    from bench.many_incidents import multiply
    from otklik.common.actor import SYSTEM
    from otklik.inbox.models import Attachment
    from otklik.people import operations as people
    from otklik.registry import operations as registry

    someone = people.create_account(username="a", full_name="Анна К", password=None, by=SYSTEM, now=NOW)
    registry.grant(account=someone, role="center_head", by=SYSTEM, now=NOW)
    for number, message in enumerate(_messages()):
        if number % 3 == 0:
            Attachment.objects.create(message=message, kind="photo")
        _work(message, someone, number)
    return multiply(INCIDENTS // PATTERNS - 1)


def _messages() -> "Iterator[SourceMessage]":
    from demo.messages.generator import resident_messages
    from otklik.inbox.models import Author, SourceMessage, Thread

    pages = stage.seed_pages(50, NOW)
    for number, told in enumerate(islice(resident_messages(7), PATTERNS)):
        page = pages[number % len(pages)]
        author = Author.objects.create(
            network="vk", external_id=str(number), name=f"Житель {number}", url=f"https://vk.com/id{number}"
        )
        thread = Thread.objects.create(page=page, place="wall", object_id="1", root_id=str(number))
        yield SourceMessage.objects.create(
            connection=page.connection, page=page, thread=thread, author=author, kind="comment", place="wall",
            object_id="1", external_id=str(number), text=told.text, sent_at=NOW, received_at=NOW, triaged_at=NOW,
        )  # fmt: skip


def _work(message: "SourceMessage", by: "Account", number: int) -> None:
    """One incident: most are answered and closed, some still wait, some are put aside."""
    from otklik.casework import operations as casework
    from otklik.triage.models import Topic, Verdict

    topics = list(Topic.objects.active().order_by("pk"))
    verdict = Verdict.objects.create(
        message=message, kind="complaint", topic=topics[number % len(topics)], confidence=0.9, priority="normal",
        model_version="bench", decided_at=NOW,
    )  # fmt: skip
    body = message.page.organization
    opening = casework.Opening(
        verdict=verdict, question=message.text, action="ask", reason="low_confidence", suggested_id=body.pk,
        municipality_id=body.municipality_id,
    )  # fmt: skip
    made = casework.open_many(openings=[opening], now=NOW)[0]
    if number % 10 == 0:
        casework.reject(incident=made, reason="spam", by=by.actor, now=NOW + timedelta(minutes=3))
    elif number % 10 > 1:
        _answer(made, by, number)


def _answer(made: "Incident", by: "Account", number: int) -> None:
    from otklik.casework import operations as casework
    from otklik.channels.models import Delivery

    body, later = made.message.page.organization, NOW + timedelta(minutes=40 + number)
    casework.confirm(
        incident=made, topic=made.topic, kind=made.kind, priority=made.priority, executor=body, by=by, now=NOW
    )
    casework.accept(incident=made, by=by, now=NOW + timedelta(minutes=10))
    answer = casework.publish(incident=made, text=ANSWER, resolution="explained", by=by, now=later)
    Delivery.objects.filter(answer=answer).update(
        state="delivered",
        external_id=str(number),
        permalink="https://vk.com/wall-1_1?reply=1",
        finished_at=later,
    )
    delivery = Delivery.objects.get(answer=answer)
    casework.record_receipt(delivery=delivery, state="delivered", now=later)
    made.refresh_from_db()
    if number % 4:
        casework.close(incident=made, resolution="solved", by=by.actor, now=later + timedelta(days=2))


def write() -> None:
    """Write the table in this process and print its figures."""
    from otklik.casework.operations import exchange_export as exports
    from otklik.casework.operations.exchange_export import Filters
    from otklik.people.models import Account

    account = Account.objects.get(username="a")
    export = exports.ask_export(source="live", filters=Filters(), by=account, now=NOW, reason="check")
    began, cpu = time.perf_counter(), time.process_time()
    exports.write_next(now=NOW)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    export.refresh_from_db()
    if export.state != "ready":
        raise SystemExit(f"the table ended in {export.state}")
    note = f"{export.total} rows, {export.size / 1e6:.1f} MB, {cpu:.1f} s of the processor"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(against_limit("export_100k_seconds", took, "s", SECONDS, note).line(), flush=True)
    print(
        against_limit("export_100k_mb", peak, "MB", MEGABYTES, "peak of the whole process").line(), flush=True
    )
    masked = exports.ask_export(source="live", filters=Filters(), by=account, now=NOW)
    began = time.perf_counter()
    exports.write_next(now=NOW)
    took = time.perf_counter() - began
    note = f"{masked.total} rows, personal data masked"
    print(Figure("export_100k_masked_seconds", round(took, 3), "s", note=note).line(), flush=True)


def read() -> None:
    """Bring the written table where its incidents are no more, print how long it took, hold value against value."""
    from django.db import connection

    from otklik.casework.models import IncidentExport
    from otklik.casework.operations import exchange_import as imports
    from otklik.common.actor import Actor

    export, by = IncidentExport.objects.exclude(reason="").get(), Actor(None, "bench")
    with connection.cursor() as cursor:
        cursor.execute("truncate casework_incident cascade")
    with _file(export) as file:
        table = imports.receive_table(file=file, name="bench.xlsx", by=by, now=NOW)
        checked = _step(table)
        imports.apply_table(table=table, by=by, now=NOW)
        applied = _step(table)
        same = _same(file, table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{table.counts}, {same} lines with all 47 values equal, peak {peak:.0f} MB"
    print(Figure("import_100k_check_seconds", round(checked, 3), "s").line(), flush=True)
    print(Figure("import_100k_seconds", round(applied, 3), "s", note=note).line(), flush=True)


def _file(export: "IncidentExport") -> Any:
    import tempfile

    from otklik.casework.models import ExportPiece

    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the caller
    for body in ExportPiece.objects.filter(export=export).order_by("number").values_list("body", flat=True):
        file.write(bytes(body))
    file.seek(0)
    return file


def _step(table: "IncidentTable") -> float:
    from otklik.casework.operations import exchange_import as imports

    began = time.perf_counter()
    imports.work_off(now=NOW)
    took = time.perf_counter() - began
    table.refresh_from_db()
    if table.state not in {"checked", "applied"}:
        raise SystemExit(f"the table ended in {table.state}: {table.problem}")
    return took


def _same(file: Any, table: "IncidentTable") -> int:
    """How many lines of the file stand in the database with the same 47 values. Ends the run when one does not."""
    from otklik.casework.models import BroughtIncident
    from otklik.casework.operations.exchange_lines import Read, reading_of

    kept = BroughtIncident.objects.filter(table=table).order_by("line").values_list("line", "values")
    count = 0
    for line, (number, values) in zip(reading_of(file).lines(), kept.iterator(chunk_size=2000), strict=True):
        if not isinstance(line, Read) or (line.line, line.values) != (number, values):
            raise SystemExit(f"line {number} came back otherwise")
        count += 1
    return count


def main() -> None:
    stage.django_setup()
    if len(sys.argv) > 1:
        {"write": write, "read": read}[sys.argv[1]]()
        return
    from django.db import connection

    began = time.perf_counter()
    print(f"{seed()} incidents in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    connection.close()
    for step in ("write", "read"):
        subprocess.run([sys.executable, "-m", "bench.export_incidents", step], check=True)


if __name__ == "__main__":
    main()
