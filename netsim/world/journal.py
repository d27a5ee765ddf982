"""The world's memory on disk: one SQLite file, written in batches by a thread of its own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

# How long a change may live in memory only; a crash of the simulator loses at most this much.
FLUSH_SECONDS = 0.2

Key = tuple[str, str]


class Journal:
    """Keeps the newest text of every record; without a file it forgets them, and the world is memory-only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._pending: dict[Key, str | None] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._connect() as db:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute(
                    "CREATE TABLE IF NOT EXISTS record"
                    " (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"
                )
            db.close()

    def _connect(self) -> sqlite3.Connection:
        assert self._path is not None
        db = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
        db.execute("PRAGMA synchronous=NORMAL")
        return db

    @property
    def kept(self) -> bool:
        """Whether anything is written at all."""
        return self._path is not None

    def start(self) -> None:
        """Begin to write behind the world's back."""
        if self._path is not None and self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="netsim-journal", daemon=True)
            self._thread.start()

    def put(self, kind: str, key: str, body: str | None) -> None:
        """Remember `body` under the key, or forget the key when it is None."""
        if self._path is not None:
            with self._lock:
                self._pending[kind, key] = body

    def read(self) -> Iterator[tuple[str, str]]:
        """Every (kind, body) on disk."""
        if self._path is None:
            return
        db = self._connect()
        try:
            yield from db.execute("SELECT kind, body FROM record")
        finally:
            db.close()

    def flush(self) -> None:
        """Write what is pending now; safe from any thread."""
        if self._path is None:
            return
        with self._writing:
            with self._lock:
                pending, self._pending = self._pending, {}
            if not pending:
                return
            kept = [(kind, key, body) for (kind, key), body in pending.items() if body is not None]
            gone = [pair for pair, body in pending.items() if body is None]
            db = self._connect()
            try:
                with db:
                    db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", kept)
                    db.executemany("DELETE FROM record WHERE kind = ? AND key = ?", gone)
            finally:
                db.close()

    def close(self) -> None:
        """Stop the thread and write the rest."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.flush()

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            self.flush()
