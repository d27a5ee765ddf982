"""Which page a message goes to, and how a table of messages is read."""

import random
from pathlib import Path

import pytest

from launch.feed import Chooser, NoTextColumn, Page, Row, choose, read_rows

ISKITIM = Page(1, "Администрация города Искитима")
BERDSK = Page(2, "Администрация города Бердска")
HEALTH = Page(3, "Министерство здравоохранения Новосибирской области")
SCHOOL = Page(4, "Школа № 12, Бердск", words=("лицей",))
PAGES = [ISKITIM, BERDSK, HEALTH, SCHOOL]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("В Искитиме третий день нет воды", ISKITIM),
        ("искитимский район, когда почистят улицу", ISKITIM),
        ("Не дозвониться в поликлинику, врача нет", HEALTH),
        ("Бердск: в школе холодно, ученики в куртках", SCHOOL),
        ("Почему лицей закрыт на карантин?", SCHOOL),
    ],
)
def test_a_place_an_organisation_or_a_subject_in_the_text_chooses_the_page(text: str, page: Page) -> None:
    assert {choose(text, PAGES, random.Random(seed)) for seed in range(20)} == {page}


def test_a_word_that_many_pages_share_weighs_less_than_a_rare_one() -> None:
    text = "Администрация города, министерство не отвечает"
    assert choose(text, PAGES, random.Random(1)) == HEALTH


def test_a_text_that_names_nothing_goes_anywhere_but_the_same_way_for_one_seed() -> None:
    chooser = Chooser(PAGES)
    first = [chooser.choose("Ну и когда?", random.Random(5)) for _ in range(3)]
    assert len(set(first)) == 1
    assert {chooser.choose("Ну и когда?", random.Random(seed)) for seed in range(50)} == set(PAGES)


def test_there_must_be_a_page() -> None:
    with pytest.raises(ValueError, match="no page"):
        Chooser([])


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["text", "Текст", "MESSAGE"])
def test_tables_of_any_office_are_read(tmp_path: Path, encoding: str, delimiter: str, name: str) -> None:
    path = write(tmp_path, f"id{delimiter}{name}\r\n1{delimiter}Яма на дороге\r\n", encoding)
    assert list(read_rows(path)) == [Row(2, "Яма на дороге")]


def test_lines_inside_quotes_stay_one_message(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,text\n1,"Первая строка,\nвторая «""да""»"\n2,ещё\n')
    assert list(read_rows(path)) == [Row(3, 'Первая строка,\nвторая «"да"»'), Row(4, "ещё")]


def test_bad_rows_are_named_by_line_and_do_not_stop_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path, "id,text\n1\n2,  \n3,НУЛЬ\0внутри\n4," + "я" * 16_001 + "\n5,хорошо\n")
    rows = list(read_rows(path))
    assert [row.line for row in rows if row.problem] == [2, 3, 5]
    assert [row.text for row in rows if not row.problem] == ["НУЛЬвнутри", "хорошо"]


def test_a_column_may_be_named_and_its_absence_lists_the_others(tmp_path: Path) -> None:
    path = write(tmp_path, "id,что_случилось\n1,Нет света\n")
    assert list(read_rows(path, column="Что_случилось")) == [Row(2, "Нет света")]
    with pytest.raises(NoTextColumn, match="id, что_случилось"):
        list(read_rows(path))


def test_an_empty_file_has_no_column(tmp_path: Path) -> None:
    with pytest.raises(NoTextColumn, match="ни одного"):
        list(read_rows(write(tmp_path, "")))
