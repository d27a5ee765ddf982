"""Whatever the network, the workers and the database do, an answer stands once or a person sees why it does not."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launch.postgres import Server
from tests import migrated
from tests.attack import places

SEED = 20261122
ANSWERS = 5_000


@pytest.fixture
def server() -> Iterator[tuple[Server, Path]]:
    """A server with durable commits: what was acknowledged must be there after a kill -9."""
    home = Path(tempfile.mkdtemp(prefix="otklik-storm-", dir="/tmp"))
    home.chmod(0o755)  # under root the server runs as another user
    try:
        with places.database(home) as found:
            migrated.fill(found.url)
            yield found, home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _weather(server: Server, home: Path, answers: int, kills: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.road.storm", "--answers", str(answers), "--seed", str(SEED)]
    command += ["--kills", str(kills), "--folder", str(home), "--cluster", str(server.places.cluster)]
    env = os.environ | {"DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0
    *_table, counts, story = done.stdout.strip().splitlines()
    return json.loads(counts) | json.loads(story)


def _hold(told: dict[str, Any], answers: int) -> None:
    counts = told["counts"]
    assert told["wrong"] == []
    assert counts["LOST"] == counts["DOUBLED"] == counts["WRONG"] == 0
    assert counts["answers"] >= answers
    visible = ("published", "undeliverable", "uncertain", "manual", "held")
    assert sum(counts[each] for each in visible) == counts["answers"]
    assert min(counts[each] for each in visible) > 0
    assert told["restarts"] > 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_seeded_tenth_of_the_storm(server: tuple[Server, Path]) -> None:
    _hold(_weather(*server, ANSWERS // 10, kills=3), ANSWERS // 10)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_the_whole_storm(server: tuple[Server, Path]) -> None:
    _hold(_weather(*server, ANSWERS, kills=18), ANSWERS)
