"""Under whose name the database runs: PostgreSQL refuses root, so root lends it a system user."""

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.postgres.places import DatabaseUnavailable, Places

NAME = "otklik"


@dataclass(frozen=True)
class Account:
    """The user that owns the cluster's files and runs the server."""

    uid: int
    gid: int
    borrowed: bool

    def popen(self) -> dict[str, Any]:
        """Arguments of subprocess that start a child under this user."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(places: Places) -> Account:
    """The current user; for root the cluster's owner, else the system user `otklik`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), borrowed=False)
    if places.cluster.exists():
        facts = places.cluster.stat()
        if facts.st_uid == 0:
            raise DatabaseUnavailable(
                f"Папка {places.cluster} принадлежит root, а PostgreSQL под root не работает. "
                f"Верните её системному пользователю: chown -R {NAME}: {places.cluster}"
            )
        return Account(facts.st_uid, facts.st_gid, borrowed=True)
    entry = _system_user()
    return Account(entry.pw_uid, entry.pw_gid, borrowed=True)


def _system_user() -> pwd.struct_passwd:
    if entry := _entry(NAME):
        return entry
    # useradd is absent in small images and fails on a read-only /etc: `nobody` serves there.
    options = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/bin/false",
    ]
    with contextlib.suppress(OSError):
        subprocess.run(["useradd", *options, NAME], check=False, capture_output=True)
    entry = _entry(NAME) or _entry("nobody")
    if entry is None:
        raise DatabaseUnavailable(
            f"Нет системного пользователя для базы: создайте его командой useradd --system {NAME}"
        )
    return entry


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def check_reachable(folder: Path, account: Account) -> None:
    """Raise with the name of the first closed folder when the server's user cannot come to its data."""
    if not account.borrowed:
        return
    for part in (*reversed(folder.parents), folder):
        # Asked of the system itself: rights may come from groups and access lists as well as from the mode.
        if subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(part)],
            check=False,
            cwd="/",
            capture_output=True,
            **account.popen(),
        ).returncode:
            raise DatabaseUnavailable(
                f"Папка {part} закрыта для системного пользователя, под которым работает база, "
                f"поэтому данные не могут лежать в {folder}. "
                "Укажите в OTKLIK_HOME другую, например /var/lib/otklik."
            )
