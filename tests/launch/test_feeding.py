"""`otklik sim feed` against the real simulator over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launch.feeding import feed
from netsim.server import Running, running
from netsim.world import World


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running() as started:
        monkeypatch.setenv("SIM_URL", started.url)
        yield started


def two_pages(world: World) -> None:
    for name in ("Администрация города Бердска", "Школа № 7 города Искитима"):
        group = world.create_community(name=name)
        world.create_post(-group.id, from_id=-group.id, text="Новости")
        closed = world.create_post(-group.id, from_id=-group.id, text="Без обсуждения")
        world.set_post(closed, comments_open=False)


def standing(simulator: Running) -> list[tuple[str, str]]:
    said = httpx.get(f"{simulator.url}/sim/comments").json()["items"]
    names = {g["id"]: g["name"] for g in httpx.get(f"{simulator.url}/sim/communities").json()["items"]}
    return sorted((item["text"], names[-item["owner_id"]]) for item in said)


def test_each_good_row_becomes_one_comment_under_a_fitting_page_and_bad_rows_are_named(
    tmp_path: Path, simulator: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    simulator.call(two_pages)
    path = tmp_path / "table.csv"
    path.write_text("id;Текст\n1;В Бердске темно\n2;\n3;Искитим, дети мёрзнут в школе\n", encoding="utf-8")
    assert feed(path, rate=0, limit=None, column=None, seed=1) == 1
    assert standing(simulator) == [
        ("В Бердске темно", "Администрация города Бердска"),
        ("Искитим, дети мёрзнут в школе", "Школа № 7 города Искитима"),
    ]
    said = capsys.readouterr().err
    assert "строка 3: пустой текст" in said
    assert "3 из 3, осталось 0" in said
    assert "не принято 1" in said


def test_the_limit_holds_and_a_second_run_writes_again(tmp_path: Path, simulator: Running) -> None:
    simulator.call(two_pages)
    path = tmp_path / "table.csv"
    path.write_text("text\n" + "".join(f"вопрос {number}\n" for number in range(120)), encoding="utf-8")
    assert feed(path, rate=1000, limit=70, column=None, seed=1) == 0
    assert len(standing(simulator)) == 70
    assert feed(path, rate=0, limit=70, column=None, seed=1) == 0
    assert len(standing(simulator)) == 140


def test_an_empty_simulator_says_what_to_load(
    tmp_path: Path, simulator: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("text\nвопрос\n", encoding="utf-8")
    assert feed(path, rate=0, limit=None, column=None, seed=1) == 1
    assert "otklik demo load" in capsys.readouterr().err


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert feed(tmp_path / "none.csv", rate=0, limit=None, column=None, seed=1) == 1
    assert "none.csv" in capsys.readouterr().err
