"""The time of the simulated network: the true time, or one that runs several times faster from the start on."""

from __future__ import annotations

import time

# Beyond this a request a millisecond would be a second of the network, and limits would mean nothing.
FASTEST = 1000.0


class Clock:
    """Seconds of the network. At speed 1 it is Unix time; a change of speed never makes it jump."""

    def __init__(self, speed: float = 1.0) -> None:
        self._began, self._at = time.monotonic(), time.time()
        self._speed = _sane(speed)

    def __call__(self) -> float:
        """The network's Unix time, never running back."""
        return self._at + (time.monotonic() - self._began) * self._speed

    @property
    def speed(self) -> float:
        """How many seconds of the network pass in a true one."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        speed = _sane(speed)
        self._at, self._began, self._speed = self(), time.monotonic(), speed

    def true_seconds(self, seconds: float) -> float:
        """How long so many seconds of the network truly last."""
        return seconds / self._speed


def _sane(speed: float) -> float:
    if not 0 < speed <= FASTEST:
        raise ValueError(f"speed must be above 0 and at most {FASTEST:.0f}")
    return float(speed)
