"""The database is killed in the middle of the road: what was acknowledged is there, what was not is sent again."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from launch.postgres import Server
from tests import cast, migrated
from tests.attack import places

pytestmark = pytest.mark.slow
SENDERS, EVENTS_EACH = 8, 30


@dataclass
class Site:
    server: Server
    port: int
    group_id: str

    def count(self, query: str) -> int:
        with psycopg.connect(self.server.url) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return int(row[0]) if row else 0


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    home = Path(tempfile.mkdtemp(prefix="otklik-attack-", dir="/tmp"))
    home.chmod(0o755)  # under root the server runs as another user
    try:
        with places.database(home) as server:
            migrated.fill(server.url)
            group_id = places.run(places.SEED, server.url)
            port = places.free_port()
            with places.web(port, server.url, OTKLIK_HOME=str(home)):
                yield Site(server, port, group_id)
    finally:
        shutil.rmtree(home, ignore_errors=True)


class Sender(threading.Thread):
    """A network: sends its events one after another, each until it is acknowledged."""

    def __init__(self, site: Site, events: list[dict[str, Any]]) -> None:
        super().__init__()
        self.site, self.events = site, events
        self.refused = 0

    def run(self) -> None:
        for event in self.events:
            places.until(lambda event=event: self._sent(event), "the event is acknowledged")

    def _sent(self, event: dict[str, Any]) -> bool:
        answer = places.post_event(self.site.port, self.site.group_id, event)
        assert answer == (200, b"ok") or answer[0] in {0, 500}, answer
        self.refused += answer[0] != 200
        return answer[0] == 200


def test_what_was_acknowledged_survives_and_what_was_not_comes_again(site: Site) -> None:
    senders = [
        Sender(site, [cast.vk_comment(site.group_id) for _ in range(EVENTS_EACH)]) for _ in range(SENDERS)
    ]
    with places.program("worker", url=site.server.url), places.program("worker", url=site.server.url):
        for sender in senders:
            sender.start()
        for number in (40, 140):
            places.until(lambda number=number: _stored(site) >= number, f"{number} events are stored")
            places.kill_postmaster(site.server)
            places.until(lambda: places.answers(site.server.url), "the database is back")
        for sender in senders:
            sender.join(90)
        wanted = SENDERS * EVENTS_EACH
        assert _stored(site) == wanted
        # Workers that went down with the database are started again by `otklik up`, or by systemd.
        with places.program("worker", url=site.server.url):
            places.until(
                lambda: (
                    site.count("select count(*) from inbox_sourcemessage where triaged_at is not null")
                    == wanted
                ),
                "every message is judged",
            )
    assert site.count("select count(*) from inbox_rawevent where state <> 'read'") == 0
    assert site.count("select count(distinct message_id) from casework_incident") == wanted
    assert site.count("select count(*) from casework_incident") == wanted
    assert sum(sender.refused for sender in senders) > 0


def _stored(site: Site) -> int:
    try:
        return site.count("select count(*) from inbox_rawevent")
    except psycopg.Error:
        return -1


def test_pages_go_on_after_the_database_came_back(site: Site) -> None:
    def statuses() -> set[int]:
        return {
            places.ask(site.port, "GET", path)[0]
            for path in ("/readyz", "/accounts/login/")
            for _ in range(24)
        }

    assert statuses() == {200}
    places.kill_postmaster(site.server)
    places.until(lambda: places.answers(site.server.url), "the database is back")
    assert statuses() == {200}
