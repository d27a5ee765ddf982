"""Finding what still runs for a home, and waiting for it to change."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

PATIENCE = 150.0  # seconds; whole installations start here, and the machine may be busy


def processes_of(home: Path) -> list[psutil.Process]:
    """Every living process that works in the home, was started for it or carries it in its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
                continue
            traces = [process.cwd(), *process.cmdline(), process.environ().get("OTKLIK_HOME", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if any(str(home) in trace for trace in traces):
            found.append(process)
    return found


def wait_until(true: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            pytest.fail(f"waited {PATIENCE:.0f} seconds in vain until {what}")
        time.sleep(0.05)
