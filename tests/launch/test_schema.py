"""A database is taken for migrated only when it is this database at this version."""

from pathlib import Path

import psycopg

from launch import schema
from launch.postgres import serving


def test_only_the_same_database_at_the_same_version_is_current(made: Path) -> None:
    with serving(made, throwaway=True) as server:
        assert not schema.is_current(made, server.url)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE django_migrations (app text, name text)")
            connection.execute("INSERT INTO django_migrations VALUES ('people', '0001_initial')")
            schema.remember(made, server.url)
            assert schema.is_current(made, server.url)
            connection.execute("DELETE FROM django_migrations")
        assert not schema.is_current(made, server.url)


def test_a_database_that_does_not_answer_is_never_current(home: Path) -> None:
    home.mkdir()
    nowhere = f"postgresql://nobody@/nothing?host={home}"
    (home / schema.FILE).write_text("another\n")
    assert not schema.is_current(home, nowhere)
