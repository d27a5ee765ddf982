"""The secrets of an installation: generated once, kept in a private file, given by the environment."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from launch.postgres.locks import one_at_a_time
from launch.postgres.places import make_folder, write_private

FILE = "secrets.env"
HEADING = """\
# Made by `otklik` at its first start. Keep a copy apart from the copies of the database:
# without OTKLIK_FIELD_KEY the tokens of the networks that lie in it cannot be read.
"""


def _generate() -> dict[str, str]:
    return {
        "OTKLIK_SECRET_KEY": secrets.token_urlsafe(50),
        "OTKLIK_FIELD_KEY": Fernet.generate_key().decode(),
    }


def load(home: Path) -> None:
    """Put the secrets of this installation into the environment, unless they stand there already."""
    make_folder(home, 0o755 if os.geteuid() == 0 else 0o700)
    path = home / FILE
    with one_at_a_time(home / "secrets.lock"):
        known = _read(path)
        missing = {name: value for name, value in _generate().items() if name not in known}
        if missing:
            known |= missing
            write_private(path, HEADING + "".join(f"{name}={value}\n" for name, value in known.items()))
    for name, value in known.items():
        os.environ.setdefault(name, value)


def borrow() -> None:
    """Give commands that touch no data secrets for their own run; nothing is written."""
    for name, value in _generate().items():
        os.environ.setdefault(name, value)


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}
