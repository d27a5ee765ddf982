"""PostgreSQL 18 in the box: owns one database cluster in OTKLIK_HOME, made and started when no DATABASE_URL is given.

It promises that two programs may start at once and share one server, that the last of them stops it, that the server is
found again after kill -9 of either side, and that nothing but this user can reach it. `docs/adr/0002` gives the reasons.
"""

from launch.postgres.places import DatabaseUnavailable, home
from launch.postgres.server import Server, ensure_running, running, serving

__all__ = ["DatabaseUnavailable", "Server", "ensure_running", "home", "running", "serving"]
