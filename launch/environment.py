"""What every command needs before Django wakes: secrets, the database, and numbers out of the environment."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from launch import keys
from launch.postgres import home as home_folder
from launch.postgres import serving


class BadSetting(Exception):
    """An environment variable holds something that cannot be used; the text names it."""


def number(name: str, default: int, *, least: int = 1, most: int = 65535) -> int:
    """A whole number from the environment. Raises BadSetting."""
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSetting(f"{name}={text}: нужно целое число от {least} до {most}.")
    return int(text)


def host() -> str:
    """The address the web server listens on; OTKLIK_HOST=0.0.0.0 opens it to the network."""
    return os.environ.get("OTKLIK_HOST", "127.0.0.1")


def web_port() -> int:
    return number("PORT", 8000)


def sim_port() -> int:
    return number("SIM_PORT", 8081)


def sim_url() -> str:
    """Where the simulator of the networks answers: SIM_URL, else this machine."""
    return os.environ.get("SIM_URL", f"http://127.0.0.1:{sim_port()}").rstrip("/")


def use_simulator() -> None:
    """Point Otklik at the simulator instead of the real networks, unless told otherwise."""
    os.environ.setdefault("OTKLIK_VK_API_URL", sim_url())
    os.environ.setdefault("OTKLIK_VK_SITE_URL", sim_url())


@contextlib.contextmanager
def prepared() -> Iterator[Path]:
    """Secrets and DATABASE_URL stand in the environment for the block; at its end the server is left."""
    home = home_folder()
    keys.load(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if os.environ.get("DATABASE_URL"):
        yield home
        return
    with serving(home) as server:
        os.environ["DATABASE_URL"] = server.url
        try:
            yield home
        finally:
            os.environ.pop("DATABASE_URL", None)
