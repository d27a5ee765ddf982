"""A pytest plugin that gives the suite a database: DATABASE_URL as it is, else a throw-away embedded server.

Named in `addopts` as `-p launch.testing` because pytest-django reads the settings before any conftest.py is
imported. Workers of xdist inherit the address from the controller and make their own databases on the server,
as copies of one migrated database (`tests.migrated`), whose name they inherit too.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from launch.postgres import Server, ensure_running

TEMPLATE = "OTKLIK_TEST_TEMPLATE"


def throwaway_server() -> Server:
    """Start a server without durable commits in a new temporary home; both go at the end of this process."""
    # Under root the home must be open to pass for the system user, which mkdtemp's 0700 is not.
    home = Path(tempfile.mkdtemp(prefix="otklik-test-", dir="/tmp"))  # TMPDIR may be closed or long
    home.chmod(0o755)
    server = ensure_running(home, throwaway=True)
    owner = os.getpid()

    def leave() -> None:
        if os.getpid() == owner:
            server.stop()
            shutil.rmtree(home, ignore_errors=True)

    atexit.register(leave)
    return server


def name_template() -> None:
    """Name this run's migrated database; on a server that outlives the run it is removed at the end."""
    name, url, owner = f"otklik_migrated_{os.getpid()}", os.environ["DATABASE_URL"], os.getpid()
    os.environ[TEMPLATE] = name

    def leave() -> None:
        if os.getpid() == owner:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"drop database if exists {name}")

    atexit.register(leave)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Put the address and the secrets into the environment before the settings are read."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = throwaway_server().url
    if not os.environ.get(TEMPLATE):
        name_template()
    os.environ.setdefault("OTKLIK_SECRET_KEY", "only-for-tests-" + "0" * 40)
    os.environ.setdefault("OTKLIK_FIELD_KEY", Fernet.generate_key().decode())
    return (yield)
