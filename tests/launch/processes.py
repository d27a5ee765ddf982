"""Finding what still runs for a home."""

import os
from pathlib import Path

import psutil


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
