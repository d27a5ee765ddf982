"""Every migration of ours can be taken back and made again: an update that went wrong has a way back."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.attack import places

pytestmark = pytest.mark.slow
DOWN = """
import django; django.setup()
from django.core.management import call_command
for label in ("desk", "casework", "triage", "inbox", "news", "channels", "registry", "audit", "people"):
    call_command("migrate", label, "zero", verbosity=0)
call_command("migrate", verbosity=0)
from otklik.triage.models import Topic
print(Topic.objects.count())
"""


@pytest.fixture
def url() -> Iterator[str]:
    name, server = f"attack_migrations_{os.getpid()}", os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield make_conninfo(server, dbname=name)
        connection.execute(f"drop database {name} with (force)")


def test_all_the_way_down_and_up_again(url: str) -> None:
    places.migrate(url)
    assert int(places.run(DOWN, url)) > 100
