"""One readable log out of many processes: every line says whose it is."""

import os
import sys
import threading
from typing import IO

WIDTH = 6
COLOURS = {"web": 36, "worker": 32, "sim": 35, "demo": 33, "otklik": 34}


class Console:
    """Writes whole lines of several threads; colours only for a person at a terminal."""

    def __init__(self, out: IO[str] | None = None) -> None:
        self._out = out or sys.stdout
        self._lock = threading.Lock()
        self._coloured = self._out.isatty() and "NO_COLOR" not in os.environ

    def line(self, name: str, text: str) -> None:
        """One line of the program `name`."""
        label = f"{name:<{WIDTH}} │"
        if self._coloured:
            label = f"\x1b[{COLOURS.get(name.rstrip('0123456789'), 37)}m{label}\x1b[0m"
        self._write(f"{label} {text.rstrip()}\n")

    def say(self, text: str) -> None:
        """A word of the supervisor itself."""
        self.line("otklik", text)

    def block(self, text: str) -> None:
        """Text as it is, apart from the log."""
        self._write(f"\n{text.strip()}\n\n")

    def _write(self, text: str) -> None:
        with self._lock:
            try:
                self._out.write(text)
                self._out.flush()
            except (BrokenPipeError, ValueError):  # the terminal is gone; the work goes on
                return
