"""A cache of this process that keeps the objects themselves.

Django's own keeps pickles, so that nobody can change what is kept; reading a list of two hundred bodies or a calendar
of eight years back from its pickle took a tenth of a page. What is put here must not be changed afterwards.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache


class ObjectCache(BaseCache):
    """Least recently used entries go first when there are more than MAX_ENTRIES. Safe for threads."""

    def __init__(self, _name: str, params: Mapping[str, Any]) -> None:
        super().__init__(dict(params))
        self._kept: OrderedDict[str, tuple[Any, float | None]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept under the key, or the default."""
        made = self.make_and_validate_key(key, version=version)
        with self._lock:
            return self._kept[made][0] if self._alive(made) else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value for `timeout` seconds; None keeps it for good."""
        made = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._put(made, value, timeout)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; whether it was kept."""
        made = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._alive(made):
                return False
            self._put(made, value, timeout)
            return True

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep what is there for longer; whether there was something."""
        made = self.make_and_validate_key(key, version=version)
        with self._lock:
            if not self._alive(made):
                return False
            self._put(made, self._kept[made][0], timeout)
            return True

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count on; the time to live stays. Raises ValueError when nothing is kept."""
        made = self.make_and_validate_key(key, version=version)
        with self._lock:
            if not self._alive(made):
                raise ValueError(key)
            value, until = self._kept[made]
            self._kept[made] = (value + delta, until)
            return int(value + delta)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget it; whether there was something."""
        made = self.make_and_validate_key(key, version=version)
        with self._lock:
            return self._kept.pop(made, None) is not None

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _alive(self, made: str) -> bool:
        entry = self._kept.get(made)
        if entry is None:
            return False
        if entry[1] is not None and entry[1] <= time.monotonic():
            del self._kept[made]
            return False
        self._kept.move_to_end(made)
        return True

    def _put(self, made: str, value: Any, timeout: Any) -> None:
        seconds: float | None = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        self._kept[made] = (value, None if seconds is None else time.monotonic() + seconds)
        self._kept.move_to_end(made)
        while len(self._kept) > self._max_entries:
            self._kept.popitem(last=False)
