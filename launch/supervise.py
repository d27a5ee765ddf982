"""Several programs as one: started, logged together, restarted when they die, stopped without a trace."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import FrameType, TracebackType
from typing import IO, Self

from launch.console import Console
from launch.parent import MARK

FIRST_PAUSE = 0.5  # seconds before a restart, doubled with each death in a row
LONGEST_PAUSE = 30.0
STEADY_AFTER = 30.0  # seconds of life after which earlier deaths are forgotten
PATIENCE = 6.0  # seconds from SIGTERM to SIGKILL


@dataclass(frozen=True)
class Program:
    """What to run and under which name its lines stand in the log."""

    name: str
    command: list[str]
    pass_fds: tuple[int, ...] = ()


@dataclass
class _Child:
    program: Program
    process: "subprocess.Popen[str]"
    readers: list[threading.Thread]
    began: float = field(default_factory=time.monotonic)
    deaths: int = 0
    restart_at: float | None = None

    def join_readers(self, seconds: float) -> None:
        for reader in self.readers:
            reader.join(seconds)


class Supervisor:
    """Owns the children of one `otklik`. Use as a context manager: leaving it stops them all.

    SIGINT and SIGTERM ask for the stop, a second one kills at once.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self._children: list[_Child] = []
        self._asked = 0
        self._wake = threading.Event()
        self._before: dict[int, object] = {}

    @property
    def stopping(self) -> bool:
        return self._asked > 0

    def __enter__(self) -> Self:
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[kind] = signal.signal(kind, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stop_all()
        finally:
            for number, handler in self._before.items():
                signal.signal(number, handler)  # type: ignore[arg-type]

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1
        self._wake.set()

    def start(self, program: Program) -> None:
        """Start a program that must run until the stop."""
        self._children.append(self._spawn(program))

    def run(self, program: Program, *, collect: list[str] | None = None) -> int:
        """Run a program to its end and give its exit code; its lines go to `collect` instead of the log.

        Long-running children are looked after meanwhile. When the stop is asked for, it is left to it.
        """
        child = self._spawn(program, collect)
        self._children.append(child)
        while child.process.poll() is None and not self.stopping:
            self._look_after(skip=child)
            self._wake.wait(0.05)
        if self.stopping:
            return -1
        child.join_readers(2)
        self._children.remove(child)
        return child.process.returncode

    def watch(self) -> None:
        """Look after the children until the stop is asked for."""
        while not self.stopping:
            self.tend(0.2)

    def tend(self, seconds: float) -> None:
        """Look after the children once, then sleep, but wake when the stop is asked for."""
        self._look_after()
        self._wake.wait(seconds)

    def _spawn(self, program: Program, collect: list[str] | None = None) -> _Child:
        # A group of its own keeps the terminal's Ctrl-C to us: children hear of it once, as SIGTERM.
        process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if collect is None else subprocess.PIPE,
            text=True,
            errors="replace",
            process_group=0,
            pass_fds=program.pass_fds,
            env={**os.environ, MARK: str(os.getpid()), "PYTHONUNBUFFERED": "1"},
        )
        log = partial(self.console.line, program.name)
        readers = [_read(process.stdout, log if collect is None else collect.append)]
        if process.stderr is not None:
            readers.append(_read(process.stderr, log))
        return _Child(program, process, readers)

    def _look_after(self, skip: _Child | None = None) -> None:
        for number, child in enumerate(self._children):
            if child is skip or child.process.poll() is None:
                continue
            now = time.monotonic()
            if child.restart_at is None:
                self._plan_restart(child, now)
            elif now >= child.restart_at:
                fresh = self._spawn(child.program)
                fresh.deaths = child.deaths
                self._children[number] = fresh

    def _plan_restart(self, child: _Child, now: float) -> None:
        child.deaths = 1 if now - child.began > STEADY_AFTER else child.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (child.deaths - 1), LONGEST_PAUSE)
        child.restart_at = now + pause
        _signal_group(child.process, signal.SIGKILL)  # what the dead one may have left
        self.console.say(
            f"{child.program.name}: {_ending(child.process.returncode)}; запускаю снова через {pause:g} с"
        )

    def _stop_all(self) -> None:
        alive = [child for child in self._children if child.process.poll() is None]
        if alive:
            self.console.say("останавливаюсь…")
        for child in alive:
            _signal_group(child.process, signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while any(child.process.poll() is None for child in alive):
            if time.monotonic() > until or self._asked > 1:
                break
            time.sleep(0.03)
        for child in self._children:
            _signal_group(child.process, signal.SIGKILL)
            child.process.wait()
            child.join_readers(1)


def _read(stream: IO[str] | None, write: Callable[[str], None]) -> threading.Thread:
    """Hand over the lines of a pipe as they come."""

    def pump() -> None:
        for line in stream or ():
            write(line.rstrip("\n"))

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    return thread


def _signal_group(process: "subprocess.Popen[str]", kind: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, kind)


def _ending(code: int) -> str:
    if code >= 0:
        return f"завершился с кодом {code}"
    try:
        return f"убит сигналом {signal.Signals(-code).name}"
    except ValueError:
        return f"убит сигналом {-code}"
