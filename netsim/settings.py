"""Everything about a simulator that can be chosen when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

# Requests a second by token kind: dev.vk.com/ru/api/api-requests; a service key of a small application has 5.
DEFAULT_RPS = {"user": 3, "community": 20, "service": 5}

# Seconds before each repeat of a callback: dev.vk.com/ru/api/callback/getting-started.
RETRY_DELAYS = (10.0, 180.0, 600.0, 1800.0, 3600.0)


@dataclass(slots=True, kw_only=True)
class Settings:
    """How one simulator runs; times are seconds of the network.

    `time_scale` multiplies the waits of callbacks only; with `speed` the whole network's clock runs so many times
    faster: limits a second, dates, postponed posts and the waits as well.
    """

    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    base_url: str = ""
    time_scale: float = 1.0
    speed: float = 1.0
    seed: int = 20261121
    rps: dict[str, int] = field(default_factory=lambda: dict(DEFAULT_RPS))
    open_control: bool = False
    callback_timeout: float = 10.0
    callback_in_flight: int = 4
    callback_connections: int = 32
    callback_pause_after: int = 50
    callback_pause: float = 600.0
    upload_limit: int = 50 * 1024 * 1024
    retry_delays: tuple[float, ...] = RETRY_DELAYS
