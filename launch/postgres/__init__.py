"""PostgreSQL 18 in the box: owns one cluster in OTKLIK_HOME, made and started when no DATABASE_URL is given.

It promises that two programs may start at once and share one server, that the last of them stops it, that
the server is found again after kill -9 of either side, and that nobody but this user can reach it. Reasons:
`docs/adr/0002-embedded-postgresql.md`.
"""

from launch.postgres.places import DatabaseUnavailable, home
from launch.postgres.server import Server, ensure_running, running, serving

__all__ = ["DatabaseUnavailable", "Server", "ensure_running", "home", "running", "serving"]
