"""The cache of a process keeps objects themselves, for a time, and not without end."""

from typing import Any

import pytest

from otklik.common import kept
from otklik.common.kept import ObjectCache


class Clock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(kept, "time", clock)
    return clock


def made(**options: Any) -> ObjectCache:
    return ObjectCache("", {"OPTIONS": options})


def test_the_very_object_comes_back_until_its_time_is_over(clock: Clock) -> None:
    cache, value = made(), ["a"]
    cache.set("key", value, 10)
    assert cache.get("key") is value
    clock.now += 9
    assert cache.touch("key", 10)
    clock.now += 9
    assert "key" in cache
    clock.now += 1
    assert cache.get("key", "nothing") == "nothing"
    assert not cache.touch("key", 10)


def test_what_has_no_end_stays_and_what_ends_at_once_never_was(clock: Clock) -> None:
    cache = made()
    cache.set("always", 1, None)
    cache.set("never", 1, 0)
    clock.now += 10**9
    assert cache.get("always") == 1
    assert cache.get("never") is None


def test_a_second_one_is_not_added_and_a_count_keeps_its_end(clock: Clock) -> None:
    cache = made()
    assert cache.add("tries", 1, 60)
    assert not cache.add("tries", 5, 60)
    assert cache.incr("tries", 2) == 3
    clock.now += 60
    with pytest.raises(ValueError, match="tries"):
        cache.incr("tries")
    assert cache.add("tries", 1, 60)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache = made(MAX_ENTRIES=2)
    cache.set("a", 1)
    cache.set("b", 2)
    assert cache.get("a") == 1
    cache.set("c", 3)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]
    assert cache.delete("a")
    assert not cache.delete("a")
    cache.clear()
    assert cache.get("c") is None
