"""Every migration of ours can be taken back and made again: an update that went wrong has a way back."""

import os
from collections.abc import Iterator

import pytest

from tests import migrated
from tests.attack import places

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
DOWN = """
import django; django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
# All at once: the way back through the states of a project is long, and is gone but once.
ours = [config.label for config in apps.get_app_configs() if config.name.startswith("otklik.")]
executor = MigrationExecutor(connection)
executor.migrate([(label, None) for label in ours if label in executor.loader.migrated_apps])
left = [name for name in connection.introspection.table_names() if name.split("_")[0] in ours]
call_command("migrate", verbosity=0)
from otklik.triage.models import Topic
print(left, Topic.objects.count())
"""


@pytest.fixture
def url() -> Iterator[str]:
    name = f"attack_migrations_{os.getpid()}"
    yield migrated.create_copy(name)
    migrated.drop(name)


def test_all_the_way_down_and_up_again(url: str) -> None:
    left, topics = places.run(DOWN, url).rsplit(maxsplit=1)
    assert left == "[]"
    assert int(topics) > 100
