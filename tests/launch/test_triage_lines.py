"""`otklik triage` on files and lines: the columns it reads and writes, and what it says of bad ones."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.triage.test_versions import table

PLACES = "муниципалитет,населённый пункт,вид,улица\nгород Бердск,Бердск,г.,улица Ленина\n"


def run(*arguments: str | Path, said: str = "", code: int = 0) -> str:
    """What the command printed; its complaint when it is to fail."""
    done = subprocess.run(
        [sys.executable, "-m", "launch", "triage", *map(str, arguments)],
        input=said, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


@pytest.fixture
def taught(tmp_path: Path) -> Path:
    path = tmp_path / "train.csv"
    rows = list(csv.reader(table().decode().splitlines(), delimiter=";"))[1:]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "group", "topic"])
        writer.writerows([number, text, "", label] for number, (label, text) in enumerate(rows))
        writer.writerow([999, "Строка без метки", "", ""])
    return path


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "input.csv"
    path.write_text(
        'text,id\n"Собаки лают,\nбросаются на прохожих",7\nЯма на дороге,5\n,6\n', encoding="utf-8"
    )
    return path


def test_labels_are_learnt_and_told_in_the_order_of_the_input(taught: Path, asked: Path) -> None:
    once = run("predict", "--train", taught, "--label", "topic", asked)
    rows = list(csv.DictReader(once.splitlines()))
    assert [row["id"] for row in rows] == ["7", "5", "6"]
    assert [row["label"] for row in rows[:2]] == ["ANIMAL.stray", "ROADS.pothole"]
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows)
    assert run("predict", "--train", taught, "--label", "topic", asked) == once


def test_the_starter_names_groups_without_any_training(asked: Path) -> None:
    rows = list(csv.DictReader(run("predict", "--starter", asked).splitlines()))
    assert [row["label"] for row in rows[:2]] == ["ANIMAL", "ROADS"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--train", "{taught}", "--label", "executor", "{asked}"), "нет столбца executor"),
        (("--train", "{taught}", "--label", "group", "{asked}"), "ни в одной строке нет метки group"),
        (("--train", "{taught}", "{asked}"), "нужен и --label"),
        (("--starter", "{taught}.none"), "нет такого файла"),
    ],
)
def test_what_is_wrong_is_said(taught: Path, asked: Path, arguments: tuple[str, ...], complaint: str) -> None:
    given = [each.format(taught=taught, asked=asked) for each in arguments]
    assert complaint in run("predict", *given, code=1)


def test_personal_data_are_hidden_line_by_line() -> None:
    lines = run("mask", said='Звоните 8 913 123-45-67\n{"id": 3, "text": "почта a@b.ru"}\n').splitlines()
    assert lines[0] == "Звоните [телефон]"
    assert json.loads(lines[1]) == {
        "id": 3, "masked": "почта [почта]", "found": [{"kind": "email", "start": 6, "end": 12}],
    }  # fmt: skip


def test_an_object_without_a_text_is_told_by_its_line() -> None:
    assert "строка 2: в JSON нет поля text" in run("mask", said='да\n{"id": 3}\n', code=1)


def test_a_message_is_split_into_its_questions() -> None:
    text = "На улице Лесной не горят фонари. А когда откроют запись к педиатру?"
    found = json.loads(run("split", said=text))["questions"]
    assert len(found) == 2
    for question in found:
        assert question["text"] == " ".join(text[start:end] for start, end in question["spans"])


def test_a_place_is_found_by_a_table_of_places(tmp_path: Path) -> None:
    known = tmp_path / "places.csv"
    known.write_text(PLACES, encoding="utf-8")
    line = json.dumps({"text": "Яма на улице Ленина, 5", "page": "город Бердск"}, ensure_ascii=False)
    found = json.loads(run("place", "--gazetteer", known, said=line))
    assert (found["status"], found["settlement"], found["street"], found["house"]) == (
        "found",
        "Бердск",
        "Ленина",
        "5",
    )
