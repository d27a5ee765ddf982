"""`otklik triage …`: the reading of messages on files and lines, by the same code as in the product."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from launch.environment import prepared

if TYPE_CHECKING:
    from otklik.triage.nlp.placing import Gazetteer

LABELS = ("group", "topic", "executor", "coarse")
BATCH = 500
WHY = {"empty": "нет текста или темы", "unknown_topic": "такой темы в списке нет:", "broken": "не читается"}
LONGEST_FIELD = 10_000_000

Reader = Callable[[dict[str, Any]], dict[str, Any]]


class BadTable(Exception):
    """A table cannot be read; the text says which and why."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The group `triage` of the command line."""
    group = commands.add_parser("triage", help="разбор сообщений: модели, тема, вопросы, место, маска")
    actions = group.add_subparsers(required=True, metavar="действие")

    def add(name: str, command: Callable[[argparse.Namespace], int], what: str) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=what, description=what)
        added.set_defaults(command=command)
        return added

    train = add(
        "train", _train, "научить модель региона: примеры из таблицы (текст, тема) и решения диспетчеров"
    )
    train.add_argument(
        "table", type=Path, metavar="FILE.csv", help="столбцы «текст» и «тема» (код или название)"
    )
    train.add_argument("--activate", action="store_true", help="сразу поставить новую модель на работу")
    predict = add("predict", _predict, "назвать тему каждой строки таблицы: id,label,confidence")
    by = predict.add_mutually_exclusive_group(required=True)
    by.add_argument(
        "--train", type=Path, metavar="TRAIN.csv", help="таблица, на которой учиться: id, text и метка"
    )
    by.add_argument(
        "--starter", action="store_true", help="без обучения: группы тем по модели, которая есть сразу"
    )
    predict.add_argument("--label", choices=LABELS, help="столбец метки в TRAIN.csv")
    predict.add_argument("input", type=Path, metavar="INPUT.csv", help="таблица с id и text")
    _on_lines(add("split", _split, "разделить сообщения на вопросы"))
    place = add("place", _place, "найти место в сообщениях")
    _on_lines(place)
    place.add_argument("--gazetteer", type=Path, nargs="+", metavar="ФАЙЛ.csv", help="справочник вместо базы")
    place.add_argument("--page", default="", help="муниципалитет страницы, если строка не говорит своего")
    _on_lines(add("mask", _mask, "скрыть персональные данные"))


def _on_lines(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "input",
        type=Path,
        nargs="?",
        metavar="ФАЙЛ",
        help="строки текста или JSON с полем text; без файла: с ввода",
    )


def read_table(path: Path, columns: Sequence[str], *, all_columns: bool = False) -> Iterator[dict[str, str]]:
    """Rows of a CSV with a header, divided by commas, semicolons or tabs, in UTF-8 or Windows-1251.

    Only these columns, or all of them where they are wanted; the file and its header are looked at before the first
    row is asked for. Raises BadTable when the file cannot be read or lacks a column.
    """
    text = _text_of(path)
    csv.field_size_limit(LONGEST_FIELD)
    header = text[: text.find("\n") + 1] or text
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
    there = rows.fieldnames or []
    missing = [column for column in columns if column not in there]
    if missing:
        raise BadTable(f"{path}: нет столбца {', '.join(missing)}; есть: {', '.join(there) or 'ничего'}")
    return _rows_of(path, rows, there if all_columns else columns)


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise BadTable(f"{path}: нет такого файла") from error
    except OSError as error:
        raise BadTable(f"{path}: не читается ({error.strerror or error})") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1251", errors="replace")
    return text.replace("\0", "")


def _rows_of(path: Path, rows: "csv.DictReader[str]", columns: Sequence[str]) -> Iterator[dict[str, str]]:
    try:
        for row in rows:
            yield {column: row[column] or "" for column in columns}
    except csv.Error as error:
        raise BadTable(f"{path}, строка {rows.line_num}: {error}") from error


def _predict(chosen: argparse.Namespace) -> int:
    if chosen.train and not chosen.label:
        raise BadTable("с --train нужен и --label: group, topic, executor или coarse")
    rows = read_table(chosen.input, ("id", "text"))
    judged = _by_starter if chosen.starter else _by_training(chosen.train, chosen.label)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("id", "label", "confidence"))
    while batch := list(islice(rows, BATCH)):
        for row, (label, confidence) in zip(batch, judged([row["text"] for row in batch]), strict=True):
            out.writerow((row["id"], label, f"{confidence:.4f}"))
    return 0


def _by_starter(texts: Sequence[str]) -> Iterable[tuple[str, float]]:
    from otklik.triage.nlp.starter import guess_group

    return [(guess.group, guess.confidence) for guess in map(guess_group, texts)]


def _by_training(path: Path, label: str) -> Callable[[Sequence[str]], Iterable[tuple[str, float]]]:
    from otklik.triage.nlp.learning import train

    rows = [row for row in read_table(path, ("id", "text", label)) if row[label].strip()]
    if not rows:
        raise BadTable(f"{path}: ни в одной строке нет метки {label}")
    model = train([row["text"] for row in rows], [row[label].strip() for row in rows])

    def judged(texts: Sequence[str]) -> Iterable[tuple[str, float]]:
        found = model.predict(texts)
        return zip(found.labels, found.confidences, strict=True)

    return judged


def _split(chosen: argparse.Namespace) -> int:
    from otklik.triage.nlp.splitting import split

    def read(given: dict[str, Any]) -> dict[str, Any]:
        text = given["text"]
        return {
            "questions": [
                {
                    "text": " ".join(text[start:end] for start, end in question.spans),
                    "spans": [list(span) for span in question.spans],
                }
                for question in split(text)
            ]
        }

    return _by_line(chosen.input, read)


def _mask(chosen: argparse.Namespace) -> int:
    from otklik.triage.nlp.masking import mask

    def read(given: dict[str, Any]) -> dict[str, Any]:
        masked = mask(given["text"])
        return {
            "masked": masked.text,
            "found": [{"kind": each.kind, "start": each.start, "end": each.end} for each in masked.found],
        }

    return _by_line(chosen.input, read, plain=lambda said: str(said["masked"]))


def _by_line(path: Path | None, read: Reader, plain: Callable[[dict[str, Any]], str] | None = None) -> int:
    """Each line of text or JSON, read and written as a line: `plain` says how a line of text is answered, else JSON."""
    wrong = 0
    with _lines(path) as lines:
        for number, line in enumerate(lines, 1):
            text = line.rstrip("\r\n")
            given = _object(text)
            if given is None:
                print(f"строка {number}: в JSON нет поля text", file=sys.stderr)
                wrong += 1
                given = {"text": ""}
            said = read(given)
            if plain is not None and not text.startswith("{"):
                print(plain(said))
            else:
                print(
                    json.dumps({key: given[key] for key in given if key != "text"} | said, ensure_ascii=False)
                )
    return 1 if wrong else 0


def _lines(path: Path | None) -> IO[str]:
    if path is None or str(path) == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False)
    return io.StringIO(_text_of(path), newline="\n")


def _object(line: str) -> dict[str, Any] | None:
    """The message of a line; None for an object without a text. What only looks like JSON is a text."""
    if not line.startswith("{"):
        return {"text": line}
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return {"text": line}
    return given if isinstance(given, dict) and isinstance(given.get("text"), str) else None


def _place(chosen: argparse.Namespace) -> int:
    if chosen.gazetteer:
        from otklik.triage.nlp.placing import gazetteer_from_rows

        return _by_line(
            chosen.input, _places(gazetteer_from_rows(_gazetteer_rows(chosen.gazetteer)), chosen.page)
        )
    with prepared():
        import django

        django.setup()
        from otklik.triage.operations import gazetteer

        return _by_line(chosen.input, _places(gazetteer(), chosen.page))


def _gazetteer_rows(paths: Sequence[Path]) -> Iterator[dict[str, str]]:
    for path in paths:
        yield from read_table(path, ("муниципалитет",), all_columns=True)


def _places(known: "Gazetteer", usual_page: str) -> Reader:
    """Reads the place of a message; `page` of the line, or the usual one, names the municipality of its page."""
    from otklik.common.text import fold
    from otklik.triage.nlp.placing import find_place

    numbers = {fold(row.name): row.id for row in known.municipalities.values()}

    def read(given: dict[str, Any]) -> dict[str, Any]:
        page = numbers.get(fold(str(given.get("page") or usual_page)))
        place = find_place(given["text"], known, page_municipality=page)
        whole = known.municipalities.get(place.municipality_id or 0)
        town = known.settlements.get(place.settlement_id or 0)
        return {
            "status": place.status,
            "municipality": whole.name if whole else "",
            "settlement": town.name if town else place.settlement_name,
            "street": place.street_name,
            "street_kind": place.street_kind,
            "house": place.house,
            "object": place.object_name,
            "options": [option.description for option in place.options],
        }

    return read


def _train(chosen: argparse.Namespace) -> int:
    with prepared():
        import django

        django.setup()
        return _teach(chosen.table, activate=chosen.activate)


def _teach(path: Path, *, activate: bool) -> int:
    """Examples out of the table, a new version by all examples, and what it is worth."""
    from django.utils import timezone

    from otklik.common.actor import Actor
    from otklik.triage import operations as triage

    by = Actor(None, "командная строка")
    try:
        brought = triage.import_examples(name=path.name, body=path.read_bytes(), by=by, now=timezone.now())
        model = triage.ask_training(by=by, now=timezone.now())
    except OSError as error:
        raise BadTable(f"{path}: {error.strerror or error}") from error
    except (triage.NotExamples, triage.TooFewExamples) as fact:
        raise BadTable(f"{path}: {type(fact).__doc__}") from fact
    print(f"примеров: добавлено {brought.added}, исправлено {brought.changed}, как было {brought.same}")
    for line, why, said in brought.wrong:
        print(f"строка {line}: {WHY[why]}{f' «{said}»' if said else ''}", file=sys.stderr)
    triage.train_next(now=timezone.now())
    model.refresh_from_db()
    if model.error:
        raise BadTable(f"модель № {model.pk} не обучена: {model.error}")
    report = model.report
    print(
        f"модель № {model.pk}: {model.examples} примеров, {model.topics} тем; на не виденных ею: "
        f"верно {report['accuracy']:.1%}, среди трёх первых {report['top3']:.1%}, macro-F1 {report['macro_f1']:.3f}; "
        f"сама решает {report['share_passing']:.1%} с точностью {report['precision_passing']:.1%}"
    )
    if activate:
        triage.activate(model=model, by=by, now=timezone.now())
        print("модель работает")
    return 0
