"""`otklik sim feed`: a table of messages becomes comments of residents, at a chosen rate, with progress."""

import random
import sys
import time
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from launch.environment import sim_url
from launch.feed import Chooser, NoTextColumn, Row, read_rows
from launch.simulator import Simulator, SimulatorTrouble

LARGEST_BATCH = 50
BATCHES_A_SECOND = 4.0
SHOWN_PROBLEMS = 20
FIRST_NEW_RESIDENT = 900_000_001  # when the simulator knows nobody yet, it makes people of these numbers
NEW_RESIDENTS = 500


class Progress:
    """Counts, and one line about them: redrawn for a person, every few seconds in a log."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.problems = total, 0, 0
        self._began = self._shown = time.monotonic()
        self._live = sys.stderr.isatty()

    def add(self, row: Row, complaint: str) -> None:
        self.done += 1
        if not complaint:
            return
        self.problems += 1
        if self.problems <= SHOWN_PROBLEMS:
            self._print(f"строка {row.line}: {complaint}", last=True)
        elif self.problems == SHOWN_PROBLEMS + 1:
            self._print("… остальные плохие строки только посчитаны", last=True)

    def show(self, *, last: bool = False) -> None:
        """Print the line if it is time to."""
        now = time.monotonic()
        if not last and now - self._shown < (0.3 if self._live else 5.0):
            return
        self._shown = now
        rate = self.done / max(now - self._began, 0.001)
        left = self.total - self.done
        eta = f", ещё {_clock(left / rate)}" if left and rate else ""
        bad = f", не принято {self.problems}" if self.problems else ""
        self._print(
            f"{self.done} из {self.total}, осталось {left}, {rate:.1f} в секунду{eta}{bad}", last=last
        )

    def _print(self, text: str, *, last: bool) -> None:
        if self._live:
            print(f"\r\x1b[2K{text}", end="\n" if last else "", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def feed(path: Path, *, rate: float, limit: int | None, column: str | None, seed: int) -> int:
    """Send the rows of the file; 0 when the simulator took every one, else 1. Names those it did not take."""
    try:
        rows = list(islice(read_rows(path, column=column), limit))
        with Simulator(sim_url()) as simulator:
            orders = _Orders(simulator, seed)
            progress = Progress(len(rows))
            for batch in _paced(rows, rate):
                _send(simulator, orders, batch, progress)
                progress.show()
            progress.show(last=True)
    except (NoTextColumn, SimulatorTrouble, OSError) as trouble:
        print(f"otklik: {trouble}", file=sys.stderr)
        return 1
    return 1 if progress.problems else 0


class _Orders:
    """Turns rows into orders for the simulator; the same seed gives the same pages and people."""

    def __init__(self, simulator: Simulator, seed: int) -> None:
        pages = simulator.pages()
        if not pages:
            raise SimulatorTrouble(
                "В симуляторе нет ни одной записи, под которой можно писать. "
                "Загрузите учебный регион: otklik demo load"
            )
        made = range(FIRST_NEW_RESIDENT, FIRST_NEW_RESIDENT + NEW_RESIDENTS)
        self._residents = simulator.residents() or list(made)
        self._chooser = Chooser(pages)
        self._rng = random.Random(seed)
        self._run = uuid.uuid4().hex

    def order(self, row: Row) -> dict[str, Any]:
        page = self._chooser.choose(row.text, self._rng)
        return {
            "do": "comment",
            "group_id": page.id,
            "post_id": self._rng.choice(page.posts),
            "user_id": self._rng.choice(self._residents),
            "text": row.text,
            "guid": f"feed-{self._run}-{row.line}",
        }


def _send(simulator: Simulator, orders: _Orders, batch: list[Row], progress: Progress) -> None:
    good = [row for row in batch if not row.problem]
    for row in batch:
        if row.problem:
            progress.add(row, row.problem)
    complaints = simulator.act([orders.order(row) for row in good]) if good else []
    for row, complaint in zip(good, complaints, strict=True):
        progress.add(row, complaint)


def _paced(rows: list[Row], rate: float) -> Iterator[list[Row]]:
    """Rows in small batches, none of them before its time; a rate of 0 does not wait."""
    size = LARGEST_BATCH if rate <= 0 else max(1, min(LARGEST_BATCH, int(rate / BATCHES_A_SECOND)))
    began = time.monotonic()
    for first in range(0, len(rows), size):
        if rate > 0:
            time.sleep(max(0.0, began + first / rate - time.monotonic()))
        yield rows[first : first + size]
