"""The embedded database starts, is shared, and is found again whatever was killed."""

import os
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from launch.postgres import DatabaseUnavailable, Server, ensure_running, running, serving
from launch.postgres.account import account_for, check_reachable
from launch.postgres.cluster import postmaster
from launch.postgres.places import LONGEST_SOCKET, SOCKET_NAME, Places
from tests.launch.processes import processes_of, wait_until

Script = Callable[..., "subprocess.Popen[str]"]

USE = """
import sys
from pathlib import Path
from launch.postgres import serving
with serving(Path(sys.argv[1]), throwaway=True) as server:
    print(server.url, flush=True)
    sys.stdin.readline()
"""


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def answers(server: Server) -> bool:
    try:
        return ask(server.url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_a_new_home_gets_a_database_that_knows_russian_and_keeps_commits(home: Path) -> None:
    with serving(home) as server:
        assert str(ask(server.url, "SHOW server_version")).startswith("18.")
        assert [ask(server.url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "jit")] == [
            "on",
            "on",
            "off",
        ]
        assert ask(server.url, "SELECT upper('ёж')") == "ЁЖ"
        words = ask(server.url, "SELECT to_tsvector('russian', '«Ёлка» — подъезды')::text")
        assert words == "'елк':1 'подъезд':2"
        assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(server.url, "SHOW listen_addresses") == ""
        places = server.places
        assert stat.S_IMODE(places.cluster.stat().st_mode) == 0o700
        assert stat.S_IMODE(places.password_file.stat().st_mode) == 0o600
    wait_until(lambda: processes_of(home) == [], "nothing runs")


def test_a_wrong_password_is_refused(made: Path) -> None:
    with serving(made, throwaway=True) as server:
        wrong = server.url.replace(server.places.password(), "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_data_outlives_a_stop_and_the_address_stays(made: Path) -> None:
    with serving(made, throwaway=True) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        first = server.url
    assert running(made) is None
    with serving(made, throwaway=True) as server:
        assert server.url == first
        assert ask(server.url, "SELECT n FROM kept") == 7


@pytest.mark.parametrize("home", ["Мой дом с пробелом", "x" * 120, "quote'and,comma"], indirect=True)
def test_any_path_will_do(home: Path) -> None:
    with serving(home, throwaway=True) as server:
        assert ask(server.url, "SELECT 1") == 1
        socket = Path(str(ask(server.url, "SHOW unix_socket_directories"))) / SOCKET_NAME
        assert len(os.fsencode(socket)) <= LONGEST_SOCKET
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


def test_many_starts_at_once_share_one_server_and_the_last_stops_it(made: Path, script: Script) -> None:
    programs = [script(USE) for _ in range(4)]
    urls = [program.stdout.readline().strip() for program in programs if program.stdout]
    assert len(set(urls)) == 1
    assert urls[0].startswith("postgresql://")
    before = postmaster(Places(made))
    for program in programs[:3]:
        program.communicate("\n")
        assert ask(urls[0], "SELECT 1") == 1
    assert postmaster(Places(made)) == before
    programs[3].communicate("\n")
    assert postmaster(Places(made)) is None
    wait_until(lambda: processes_of(made) == [], "nothing runs")


def test_two_uses_in_one_process_count_as_two(made: Path) -> None:
    first, second = ensure_running(made, throwaway=True), ensure_running(made)
    first.stop()
    first.stop()
    assert answers(second)
    second.stop()
    assert not answers(second)


def test_a_killed_postmaster_is_replaced_under_the_same_address(made: Path) -> None:
    with serving(made) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        killed = postmaster(server.places)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_until(
            lambda: postmaster(server.places) not in {None, killed} and answers(server),
            "the guard restarts it",
        )
        assert ask(server.url, "SELECT n FROM kept") == 7
    wait_until(lambda: processes_of(made) == [], "nothing runs")


def test_when_its_only_user_is_killed_the_server_goes_too(made: Path, script: Script) -> None:
    program = script(USE)
    assert program.stdout
    program.stdout.readline()
    program.kill()
    wait_until(lambda: processes_of(made) == [], "the guard stops the server")
    with serving(made, throwaway=True) as server:
        assert answers(server)


def test_an_orphan_of_killed_guard_and_owner_is_used_again(made: Path, script: Script) -> None:
    program = script(USE)
    assert program.stdout
    url = program.stdout.readline().strip()
    orphan = postmaster(Places(made))
    for process in processes_of(made):
        if "launch.postgres.guard" in process.cmdline():
            process.kill()
    program.kill()
    program.wait()
    with serving(made, throwaway=True) as server:
        assert (server.url, postmaster(server.places)) == (url, orphan)
        assert answers(server)
    wait_until(lambda: processes_of(made) == [], "nothing runs")


def test_pid_files_of_a_dead_server_do_not_stop_a_start(made: Path) -> None:
    with serving(made, throwaway=True) as server:
        places, socket = server.places, Path(str(ask(server.url, "SHOW unix_socket_directories")))
    # The numbers of a dead server now belong to a living process of another kind: this one.
    note = f"{os.getpid()}\n{places.cluster}\n1700000000\n5432\n{socket}\n"
    for stale in (places.cluster / "postmaster.pid", socket / f"{SOCKET_NAME}.lock"):
        stale.write_text(note)
    with serving(made, throwaway=True) as server:
        assert answers(server)


def test_a_killed_initdb_leaves_nothing_in_the_way(home: Path) -> None:
    places = Places(home)
    places.prepare()
    places.unfinished.mkdir()
    (places.unfinished / "PG_VERSION").write_text("18\n")
    with serving(home, throwaway=True) as server:
        assert answers(server)


def test_an_unwritable_home_is_named(home: Path) -> None:
    home.write_text("a file where the folder should be")
    with pytest.raises(DatabaseUnavailable, match="OTKLIK_HOME"):
        ensure_running(home / "inside")


def test_a_lost_password_is_said_and_the_data_is_left_alone(made: Path) -> None:
    with serving(made, throwaway=True) as server:
        server.places.password_file.unlink()
        with pytest.raises(DatabaseUnavailable, match=r"database\.password"):
            ensure_running(made)
    assert (made / "database" / "PG_VERSION").exists()


def test_a_foreign_version_is_refused_in_words(made: Path) -> None:
    with serving(made, throwaway=True) as server:
        version = server.places.cluster / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL 17"):
        ensure_running(made)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the database a system user")
def test_a_home_closed_to_the_system_user_is_named(home: Path) -> None:
    closed = home / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(DatabaseUnavailable, match=f"{closed} закрыта"):
        check_reachable(closed / "inside", account_for(Places(closed / "inside")))
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
