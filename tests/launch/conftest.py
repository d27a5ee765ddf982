"""Real homes, real processes: what the tests of the launcher share."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launch.postgres import serving
from tests.launch.processes import processes_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder for one installation, open to pass for the system user that root lends to the database.

    Indirect parameters name a subfolder. Whatever still runs for it is killed at the end.
    """
    base = Path(tempfile.mkdtemp(prefix="otklik-launch-", dir="/tmp"))
    base.chmod(0o755)
    yield base / getattr(request, "param", "h")
    for process in processes_of(base):
        process.kill()
    for note in base.glob("*/database.socket"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A home with a database already made: copying it is much faster than another initdb."""
    base = Path(tempfile.mkdtemp(prefix="otklik-launch-", dir="/tmp"))
    base.chmod(0o755)
    with serving(base / "t", throwaway=True):
        pass
    yield base / "t"
    shutil.rmtree(base)


@pytest.fixture
def made(home: Path, template: Path) -> Path:
    """A home that has its database, not running."""
    subprocess.run(["cp", "-a", str(template), str(home)], check=True)
    return home


@pytest.fixture
def script(home: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a Python text in a process of its own, with the home as its only argument."""
    started: list[subprocess.Popen[str]] = []

    def start(text: str, *arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", text, str(home), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
