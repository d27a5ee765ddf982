"""A database with this version's schema, migrated once a run from nothing; all others begin as copies of it."""

import atexit
import importlib.util
import os
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from launch.postgres.binaries import INSTALL, MAJOR, WHEEL
from launch.testing import TEMPLATE

ROOT = Path(__file__).resolve().parent.parent
# Any number, the same in every process of the run.
_LOCK = 20_261_122


def begin() -> None:
    """Let the database be migrated while the workers of the run still gather their tests; nobody waits here."""
    command = [sys.executable, "-c", "from tests import migrated; migrated.template()"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def leave() -> None:
        process.terminate()
        process.wait()

    atexit.register(leave)


def template() -> str:
    """The name of the migrated database on the server of this run; whoever asks first makes it, others wait."""
    server, name = os.environ["DATABASE_URL"], os.environ[TEMPLATE]
    with psycopg.connect(server, autocommit=True) as connection:
        # Goes with the connection.
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        known = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
        if not known:
            draft = f"{name}_draft"
            # Of one who has tried and failed, or was stopped.
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(draft))
            )
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(draft)))
            _make(make_conninfo(server, dbname=draft), connection.info.server_version // 10_000)
            rename = sql.SQL("alter database {} rename to {}")
            connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _make(url: str, major: int) -> None:
    """Migrate from nothing, or take what the last run with the very same migrations has kept."""
    kept = _kept()
    # A dump is for the version that is in the box; its programs may say what an older server does not know.
    if str(major) == MAJOR and kept.exists():
        return _load(url, kept.read_bytes())
    _migrate(url)
    if str(major) == MAJOR:
        kept.parent.mkdir(exist_ok=True)
        for old in kept.parent.glob("schema-*.sql"):
            old.unlink(missing_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}")
        draft.write_bytes(_dump_of(url))
        draft.replace(kept)
    return None


def _kept() -> Path:
    """Where the schema of these migrations and of these versions of libraries is kept."""
    found = sha256()
    for each in sorted([*ROOT.glob("otklik/*/migrations/*.py"), *ROOT.glob("requirements/*.txt")]):
        found.update(str(each.relative_to(ROOT)).encode() + b"\0" + each.read_bytes())
    return ROOT / ".pytest_cache" / f"schema-{found.hexdigest()[:20]}.sql"


def _migrate(url: str) -> None:
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--no-input", "-v0"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)


def create_copy(name: str) -> str:
    """A migrated database of this name on the server of this run; its address."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        names = sql.Identifier(name), sql.Identifier(template())
        connection.execute(sql.SQL("create database {} template {}").format(*names))
    return make_conninfo(server, dbname=name)


def drop(name: str) -> None:
    """Remove a database, whoever still uses it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def fill(url: str) -> None:
    """Give an empty database of another server the schema and what migrations put into it."""
    _load(url, _dump())


def _load(url: str, dump: bytes) -> None:
    command = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url]
    done = subprocess.run(command, input=dump, capture_output=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr.decode())


@cache
def _dump() -> bytes:
    # Of a copy: nobody may be connected to a database while it is copied.
    name = f"otklik_dumped_{os.getpid()}"
    url = create_copy(name)
    try:
        return _dump_of(url)
    finally:
        drop(name)


def _dump_of(url: str) -> bytes:
    command = [_program("pg_dump"), "--no-owner", "--no-privileges", "--dbname", url]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _program(name: str) -> str:
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None
    assert spec.submodule_search_locations
    return str(Path(spec.submodule_search_locations[0]).parent / INSTALL / "bin" / name)
