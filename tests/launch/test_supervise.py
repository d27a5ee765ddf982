"""Programs are restarted when they die and leave nobody behind, whoever is killed and however."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from launch import keys, ports
from launch.environment import BadSetting, number
from tests.launch.processes import processes_of, wait_until

Script = Callable[..., "subprocess.Popen[str]"]

# Two children that carry the home in their command line: one with a child of its own, one deaf to SIGTERM.
SUPERVISOR = """
import sys
from launch.console import Console
from launch.supervise import Program, Supervisor
import launch.supervise
launch.supervise.PATIENCE = 1.0
start = "from launch.parent import die_with_parent; die_with_parent(); import signal, subprocess, sys; "
parent = start + "print('parent up', flush=True); subprocess.run(['sleep', '600'], cwd=sys.argv[1])"
deaf = start + "signal.signal(15, signal.SIG_IGN); print('deaf up', flush=True); signal.pause()"
with Supervisor(Console()) as supervisor:
    for name, code in (("parent", parent), ("deaf", deaf)):
        supervisor.start(Program(name, [sys.executable, "-c", code, sys.argv[1]]))
    supervisor.watch()
print("stopped cleanly")
"""


def read_until(program: "subprocess.Popen[str]", *expected: str) -> None:
    assert program.stdout
    missing = set(expected)
    for line in program.stdout:
        missing -= {word for word in missing if word in line}
        if not missing:
            return
    pytest.fail(f"the program ended without saying {missing}")


def children(home: Path) -> list[psutil.Process]:
    found = processes_of(home)
    return [
        one for one in found if len(one.cmdline()) > 2 and one.cmdline()[2].startswith("from launch.parent")
    ]


@pytest.fixture
def supervised(home: Path, script: Script) -> "subprocess.Popen[str]":
    home.mkdir()
    program = script(SUPERVISOR)
    read_until(program, "parent │ parent up", "deaf   │ deaf up")
    return program


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_no_process_not_even_a_deaf_one(
    home: Path, supervised: "subprocess.Popen[str]", kind: signal.Signals
) -> None:
    supervised.send_signal(kind)
    said, _ = supervised.communicate()
    assert "stopped cleanly" in said
    assert processes_of(home) == []


def test_children_do_not_outlive_a_killed_supervisor(home: Path, supervised: "subprocess.Popen[str]") -> None:
    supervised.kill()
    supervised.wait()
    wait_until(lambda: children(home) == [], "the children die with their parent")


def test_a_dead_child_is_started_again_and_said_so(home: Path, supervised: "subprocess.Popen[str]") -> None:
    [victim] = [child for child in children(home) if "deaf up" in child.cmdline()[2]]
    os.kill(victim.pid, signal.SIGKILL)
    read_until(supervised, "deaf: убит сигналом SIGKILL; запускаю снова", "deaf   │ deaf up")


def test_a_child_that_dies_at_once_is_started_at_growing_intervals(script: Script, home: Path) -> None:
    program = script(
        "import sys\nfrom launch.console import Console\nfrom launch.supervise import Program, Supervisor\n"
        "with Supervisor(Console()) as supervisor:\n"
        "    supervisor.start(Program('sick', [sys.executable, '-c', 'raise SystemExit(3)']))\n"
        "    supervisor.watch()\n"
    )
    read_until(program, "кодом 3; запускаю снова через 0.5 с", "через 1 с", "через 2 с")
    program.send_signal(signal.SIGTERM)
    program.communicate()
    assert program.returncode == 0


def test_a_taken_port_is_said_with_its_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ports.PortTaken, match=rf"Порт {port} уже занят.*PORT="):
            ports.listen("127.0.0.1", port, variable="PORT")


def test_up_names_the_taken_port_and_touches_nothing(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "OTKLIK_HOME": str(home), "PORT": port}
        command = [sys.executable, "-m", "launch", "up"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert f"Порт {port} уже занят" in done.stderr
    assert not home.exists()


def test_a_bad_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(BadSetting, match="PORT=http"):
        number("PORT", 8000)


def test_secrets_are_made_once_and_private(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTKLIK_SECRET_KEY", "OTKLIK_FIELD_KEY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    keys.load(home)
    first = os.environ["OTKLIK_FIELD_KEY"]
    monkeypatch.delenv("OTKLIK_FIELD_KEY")
    monkeypatch.setenv("OTKLIK_SECRET_KEY", "given from outside")
    keys.load(home)
    assert os.environ["OTKLIK_FIELD_KEY"] == first
    assert os.environ["OTKLIK_SECRET_KEY"] == "given from outside"
    assert (home / keys.FILE).stat().st_mode & 0o777 == 0o600
