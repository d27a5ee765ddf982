"""Two file locks: one start or stop at a time, and a count of the programs that use the server.

Both are flock: the kernel drops them when a process dies, however it dies, so nothing stale can be left.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock for the block, waiting for it as long as another process starts or stops the server."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def if_free(path: Path) -> Iterator[bool]:
    """Hold the lock for the block if nobody has it; says whether it was taken."""
    handle = _open(path)
    try:
        yield _try_exclusive(handle)
    finally:
        os.close(handle)


class Share:
    """One use of the server, counted until released or until the process dies."""

    def __init__(self, path: Path) -> None:
        self._handle: int | None = _open(path)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Whether nobody else uses the server. Ask only under the start lock."""
        return self._handle is not None and _try_exclusive(self._handle)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _try_exclusive(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
