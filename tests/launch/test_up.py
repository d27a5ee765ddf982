"""`otklik up` and `otklik doctor` as a person runs them: one command, real processes, nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launch.postgres import serving
from tests import migrated
from tests.launch.conftest import ROOT
from tests.launch.processes import processes_of, wait_until

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Installation:
    """One home with its own ports and an environment in which nothing is preset."""

    def __init__(self, home: Path) -> None:
        self.home, self.port, self.log = home, free_port(), ""
        preset = {"DATABASE_URL", "OTKLIK_SECRET_KEY", "OTKLIK_FIELD_KEY", "OTKLIK_VK_API_URL"}
        self.env = {name: value for name, value in os.environ.items() if name not in preset}
        self.env |= {"OTKLIK_HOME": str(home), "PORT": str(self.port), "SIM_PORT": str(free_port())}

    def otklik(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "launch", *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=self.env, cwd=ROOT)

    def up(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "launch", "up", "--without-demo"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.env, cwd=ROOT,
        )  # fmt: skip
        self.log = ""
        threading.Thread(target=self._read, args=(process,), daemon=True).start()
        wait_until(lambda: "Отклик работает" in self.log or process.poll() is not None, "all is up")
        assert process.poll() is None, self.log
        return process

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            self.log += line

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def findings(self) -> dict[str, str]:
        return {one["name"]: one["state"] for one in json.loads(self.otklik("doctor", "--json").stdout)}


@pytest.fixture
def installation(made: Path) -> Iterator[Installation]:
    return Installation(made)


def test_up_serves_heals_and_leaves_nothing_behind(installation: Installation) -> None:
    process = installation.up()
    assert installation.get("/healthz").json() == {"status": "ok"}
    assert installation.get("/readyz").json()["database"] == "ok"
    assert (installation.home / "secrets.env").stat().st_mode & 0o777 == 0o600

    findings = installation.findings()
    assert {findings[name] for name in ("ключ подписи", "ключ токенов", "база", "миграции", "очередь")} == {
        "ok"
    }
    wait_until(lambda: installation.findings()["работник"] == "ok", "the worker has said that it is alive")

    for child in processes_of(installation.home):
        if child.cmdline()[-2:-1] == ["worker"] or "--fd" in child.cmdline():
            child.kill()
    wait_until(lambda: len(re.findall("убит сигналом SIGKILL", installation.log)) == 3, "all deaths are said")
    assert installation.get("/healthz").status_code == 200  # the socket waited for the next web process

    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert processes_of(installation.home) == []
    assert "Traceback" not in installation.log


def test_a_killed_up_takes_everybody_with_it_and_the_next_one_starts(installation: Installation) -> None:
    with serving(installation.home, throwaway=True) as server:
        migrated.fill(server.url)
    installation.up().kill()
    wait_until(lambda: processes_of(installation.home) == [], "children and database are gone")
    process = installation.up()
    process.terminate()
    assert process.wait(60) == 0
    assert processes_of(installation.home) == []


def test_a_doctor_without_a_database_says_how_to_start_one(installation: Installation) -> None:
    done = installation.otklik("doctor")
    assert done.returncode == 1
    assert "→ запустите всё: otklik up" in done.stdout
    assert processes_of(installation.home) == []


def test_a_doctor_names_missing_migrations_worker_and_network(installation: Installation) -> None:
    installation.env["OTKLIK_VK_API_URL"] = f"http://127.0.0.1:{free_port()}"
    code = "import sys; from launch.postgres import serving\nfrom pathlib import Path\n"
    code += "with serving(Path(sys.argv[1])) as server: print(server.url, flush=True); sys.stdin.readline()"
    command = [sys.executable, "-c", code, str(installation.home)]
    keeper = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=installation.env
    )
    assert keeper.stdout
    url = keeper.stdout.readline().strip()
    assert installation.findings()["миграции"] == "bad"
    migrated.fill(url)
    assert installation.otklik("manage", "migrate", "desk", "zero").returncode == 0
    assert installation.findings()["миграции"] == "bad"
    assert installation.otklik("migrate").returncode == 0
    findings = installation.findings()
    assert (findings["миграции"], findings["работник"], findings["сеть"]) == ("ok", "bad", "bad")
    keeper.communicate("\n")


def test_commands_that_touch_no_data_start_no_database(home: Path) -> None:
    installation = Installation(home)
    done = installation.otklik("manage", "diffsettings")
    assert done.returncode == 0, done.stderr
    assert not home.exists()
