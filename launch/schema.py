"""Knowing without waking Django that a database has this version's schema: a second start is quick."""

import hashlib
import importlib.metadata
from pathlib import Path

import psycopg

from launch.postgres.places import write_private

FILE = "schema.stamp"
UNKNOWN = "unknown"
# Parts that bring migrations of their own.
PARTS = ("django", "django-allauth", "procrastinate")


def is_current(home: Path, url: str) -> bool:
    """Whether nothing changed since the last `remember`, in the program or in the database."""
    try:
        known = (home / FILE).read_text(encoding="utf-8").strip()
    except OSError:
        return False
    return known != UNKNOWN and known == _signature(url)


def remember(home: Path, url: str) -> None:
    """Note that the database is migrated to this version."""
    write_private(home / FILE, f"{_signature(url)}\n")


def _signature(url: str) -> str:
    """One word for both sides: another database or a restored copy never passes for a migrated one."""
    files = sorted(Path(__file__).resolve().parents[1].glob("otklik/*/migrations/*.py"))
    sides = [f"{file.parent.parent.name}/{file.name}:{file.stat().st_size}" for file in files]
    sides += [f"{part} {importlib.metadata.version(part)}" for part in PARTS]
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    except psycopg.Error:
        return UNKNOWN
    sides += [f"{app} {name} applied" for app, name in rows]
    return hashlib.sha256("\n".join(sides).encode()).hexdigest()
