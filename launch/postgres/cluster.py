"""Making the cluster on the disk, and knowing whether its server runs."""

import contextlib
import locale
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from launch.postgres.account import Account
from launch.postgres.binaries import MAJOR
from launch.postgres.places import SOCKET_NAME, DatabaseUnavailable, Places

ADMIN = "postgres"

_LEAST_BUFFERS, _MOST_BUFFERS = 192, 2048


def make_cluster(
    places: Places, *, bin_folder: Path, account: Account, sockets: Path, throwaway: bool
) -> None:
    """Run initdb beside the final place and move the result: a killed initdb leaves no half of a cluster."""
    if places.cluster.exists():
        _check_version(places)
        return
    password = places.password()
    shutil.rmtree(places.unfinished, ignore_errors=True)
    places.unfinished.mkdir(mode=0o700)
    os.chown(places.unfinished, account.uid, account.gid)
    secret = sockets / "initial-password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    os.chown(secret, account.uid, account.gid)
    command = _initdb(places, bin_folder / "initdb", secret, throwaway=throwaway)
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=environment(),
            **account.popen(),
        )
    finally:
        secret.unlink(missing_ok=True)
    if done.returncode:
        raise DatabaseUnavailable(
            f"Не удалось создать базу (initdb):\n{done.stderr.strip() or done.stdout.strip()}"
        )
    places.unfinished.replace(places.cluster)


def _initdb(places: Places, program: Path, secret: Path, *, throwaway: bool) -> list[str]:
    return [
        str(program),
        f"--pgdata={places.unfinished}",
        f"--username={ADMIN}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        f"--lc-ctype={_letters()}",
        "--no-instructions",
        *(["--no-sync"] if throwaway else []),
    ]


def _letters() -> str:
    """LC_CTYPE of the cluster, which says what a letter is to the parser of full-text search.

    It asks even with the builtin provider: under plain C every byte of «», — and № counts as a letter, and
    quoted words are not found.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "en_US.UTF-8" if sys.platform == "darwin" else "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def _check_version(places: Places) -> None:
    version = (places.cluster / "PG_VERSION").read_text().strip()
    if version != MAJOR:
        raise DatabaseUnavailable(f"База в {places.cluster} сделана PostgreSQL {version}, а встроен {MAJOR}.")


def environment() -> dict[str, str]:
    """What the server's programs see of the environment: no PG* variable of the caller may redirect them."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_MESSAGES": "C", "TZ": "UTC"}


def buffers_mb() -> int:
    """Megabytes of pages that the server keeps: an eighth of the memory, the rest is for our processes and files.

    Keys of a million messages are half a gigabyte, and each new message touches a dozen pages of them anywhere.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int(min(max(memory // 8 // 2**20, _LEAST_BUFFERS), _MOST_BUFFERS))


def server_command(places: Places, *, bin_folder: Path, sockets: Path, throwaway: bool) -> list[str]:
    """The command line of the server. Sizes suit two cores and the memory there is; commits are durable."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{_LEAST_BUFFERS if throwaway else buffers_mb()}MB",
        "effective_cache_size": "1GB",
        "work_mem": "8MB",
        "maintenance_work_mem": "96MB",
        "jit": "off",
        "random_page_cost": "1.1",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        # The server is built without lz4, and pglz takes more of a processor than everything else about a key.
        "wal_compression": "off",
        "autovacuum_naptime": "20s",
        "autovacuum_vacuum_scale_factor": "0.05",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] ",
        "log_checkpoints": "off",
    }
    if throwaway:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(bin_folder / "postgres"), "-D", str(places.cluster), *flags]


def postmaster(places: Places) -> int | None:
    """The process that serves this cluster now. The pid file is only a hint: its number may be reused."""
    try:
        pid = int((places.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if pid > 0 and _serves(pid, places.cluster) else None


def _serves(pid: int, cluster: Path) -> bool:
    if Path("/proc/self/cwd").exists():
        try:  # the server's working folder is its cluster; a zombie has none
            return Path(f"/proc/{pid}/cwd").samefile(cluster)
        except OSError:
            return False
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return str(cluster) in shown.stdout


def forget_dead(places: Places, sockets: Path) -> None:
    """Remove the pid files of a dead server: if another process has its number, PostgreSQL does not start."""
    if postmaster(places) is None:
        for stale in (
            places.cluster / "postmaster.pid",
            sockets / SOCKET_NAME,
            sockets / f"{SOCKET_NAME}.lock",
        ):
            stale.unlink(missing_ok=True)


def stop_postmaster(places: Places) -> None:
    """Stop the server: clients are cut off at once, committed data is safe; harder after 20 seconds."""
    for kind, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        pid = postmaster(places)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, kind)
        until = time.monotonic() + patience
        while _serves(pid, places.cluster) and time.monotonic() < until:
            time.sleep(0.02)
