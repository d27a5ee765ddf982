"""Starting, finding and leaving the embedded server."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from launch.postgres.account import account_for, check_reachable
from launch.postgres.binaries import programs
from launch.postgres.cluster import ADMIN, forget_dead, make_cluster, postmaster, stop_postmaster
from launch.postgres.locks import Share, if_free, one_at_a_time
from launch.postgres.places import DatabaseUnavailable, Places

ROLE = "otklik"
PATIENCE = 60.0  # seconds for a start; recovery after a crash says that it is going on and gets more
RECOVERY_PATIENCE = 900.0
LOG_LIMIT = 20_000_000  # bytes after which the log of the server is put aside at a start


@dataclass
class Server:
    """One use of a running embedded server; `url` is a libpq address with the password."""

    url: str
    places: Places
    _share: Share
    _guard: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def stop(self) -> None:
        """Leave the server; the last to leave stops it and waits for its end. May be called twice."""
        with one_at_a_time(self.places.start_lock):
            if self._share.is_last():
                stop_postmaster(self.places)
                self._see_the_guard_off()
                self.places.forget_socket_folder()
            self._share.release()

    def _see_the_guard_off(self) -> None:
        until = time.monotonic() + 10.0
        while time.monotonic() < until:
            with if_free(self.places.guard_lock) as gone:
                if gone:
                    break
            time.sleep(0.01)
        if self._guard is not None:  # our own child has to be collected
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._guard.wait(1.0)


def ensure_running(home: Path, *, throwaway: bool = False) -> Server:
    """Find the server of this installation or make and start it; waits until it answers.

    `throwaway` gives up durable commits for speed: only for tests. Raises DatabaseUnavailable.
    """
    places = Places(home.absolute())
    places.prepare()
    with one_at_a_time(places.start_lock):
        account = account_for(places)
        sockets = places.socket_folder(uid=account.uid, gid=account.gid)
        share = Share(places.users_lock)
        try:
            if _answers(places, sockets):
                return Server(_url(places, sockets, ROLE, ROLE), places, share)
            check_reachable(places.home, account)
            make_cluster(
                places,
                bin_folder=programs(places.home),
                account=account,
                sockets=sockets,
                throwaway=throwaway,
            )
            guard = (
                None if _wait_for_stranger(places, sockets) else _start(places, sockets, throwaway=throwaway)
            )
            _prepare_role(places, sockets)
        except BaseException:
            share.release()
            raise
    return Server(_url(places, sockets, ROLE, ROLE), places, share, guard)


def running(home: Path) -> Server | None:
    """The server of this installation if it answers; starts nothing and makes no folder."""
    places = Places(home.absolute())
    if not places.cluster.exists():
        return None
    with one_at_a_time(places.start_lock):
        account = account_for(places)
        sockets = places.socket_folder(uid=account.uid, gid=account.gid)
        share = Share(places.users_lock)
        if _answers(places, sockets):
            return Server(_url(places, sockets, ROLE, ROLE), places, share)
        share.release()
    return None


@contextlib.contextmanager
def serving(home: Path, *, throwaway: bool = False) -> Iterator[Server]:
    """The embedded server for the length of a block."""
    server = ensure_running(home, throwaway=throwaway)
    try:
        yield server
    finally:
        server.stop()


def _url(places: Places, sockets: Path, role: str, database: str) -> str:
    password, folder = quote(places.password(), safe=""), quote(str(sockets), safe="")
    return f"postgresql://{role}:{password}@/{database}?host={folder}"


def _trouble(places: Places, sockets: Path, role: str, database: str) -> str | None:
    """Why the server cannot be used, in its own words; None when it answers."""
    try:
        with psycopg.connect(_url(places, sockets, role, database), connect_timeout=3) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return str(error) or type(error).__name__
    return None


def _answers(places: Places, sockets: Path) -> bool:
    return places.cluster.exists() and _trouble(places, sockets, ROLE, ROLE) is None


def _wait_for_stranger(places: Places, sockets: Path) -> bool:
    """Deal with a server that lives but did not answer: wait while it starts, else stop it."""
    if postmaster(places) is None:
        return False
    if _wait(places, sockets, None) is None:
        return True
    stop_postmaster(places)
    return False


def _start(places: Places, sockets: Path, *, throwaway: bool) -> "subprocess.Popen[bytes]":
    forget_dead(places, sockets)
    if places.log.exists() and places.log.stat().st_size > LOG_LIMIT:
        places.log.replace(places.log.with_suffix(".log.1"))
    # The guard runs from another folder: our own package first, then what the caller could import.
    path = [str(Path(__file__).resolve().parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [sys.executable, "-m", "launch.postgres.guard", str(places.home), "--sockets", str(sockets)]
    handle = os.open(places.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as log:
        written = log.seek(0, os.SEEK_END)
        guard = subprocess.Popen(
            command + (["--throwaway"] if throwaway else []),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONSAFEPATH": "1"},
        )
    trouble = _wait(places, sockets, guard)
    if trouble is None:
        return guard
    guard.terminate()
    guard.wait()
    with places.log.open("rb") as file:
        file.seek(written)
        said = file.read().decode(errors="replace").splitlines()[-15:]
    raise DatabaseUnavailable("\n".join([f"База не запустилась: {trouble}", f"Журнал {places.log}:", *said]))


def _wait(places: Places, sockets: Path, guard: "subprocess.Popen[bytes] | None") -> str | None:
    """Wait for an answer as the administrator; None when it came, else the last trouble."""
    began = time.monotonic()
    while (trouble := _trouble(places, sockets, ADMIN, ADMIN)) is not None:
        gone = postmaster(places) is None if guard is None else guard.poll() is not None
        patience = (
            RECOVERY_PATIENCE if "starting up" in trouble or "not yet accepting" in trouble else PATIENCE
        )
        if gone or time.monotonic() - began > patience:
            return trouble
        time.sleep(0.03)
    return None


def _prepare_role(places: Places, sockets: Path) -> None:
    """Give the application a role that owns its database and makes test databases, but is no superuser."""
    with psycopg.connect(_url(places, sockets, ADMIN, ADMIN), autocommit=True) as connection:
        name = sql.Identifier(ROLE)
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
            secret = sql.Literal(places.password())
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(name, secret))
            connection.execute(
                sql.SQL("GRANT pg_monitor, pg_checkpoint, pg_signal_backend TO {}").format(name)
            )
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
