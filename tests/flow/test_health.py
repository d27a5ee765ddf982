"""What a supervisor learns about us."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from otklik.common import jobs
from otklik.common.wakeup import wake_up
from otklik.flow import health
from otklik.inbox.models import RawEvent
from tests import cast


def test_alive_asks_nobody() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_nothing_waits() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == response.json()["database"] == "ok"
    assert set(response.json()["queue"].values()) == {0}


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [5, 59, 61, 3600])
def test_a_queue_that_lags_is_not_ready(seconds: int) -> None:
    cast.message(received_at=cast.NOW)
    RawEvent.objects.create(
        connection=cast.connection(), event_key="k", type="x", body=b"{}", received_at=cast.NOW
    )
    report = health.report(cast.after(seconds=seconds))
    assert report["queue"]["oldest_event_seconds"] == report["queue"]["oldest_message_seconds"] == seconds
    assert report["status"] == ("ok" if seconds < 60 else "lagging")


@pytest.mark.django_db
def test_a_job_that_nobody_takes_is_a_lag() -> None:
    wake_up(jobs.READ_EVENTS)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_events set at = now() - interval '5 minutes'")
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "lagging"


@pytest.mark.django_db
def test_an_event_set_aside_is_counted() -> None:
    RawEvent.objects.create(
        connection=cast.connection(),
        event_key="k",
        type="x",
        body=b"{}",
        received_at=cast.NOW,
        state="failed",
    )
    assert health.report(cast.NOW)["queue"]["failed_events"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [OperationalError("connection refused: password=hidden"), InterfaceError("closed")]
)
def test_without_a_database_the_answer_says_so_and_no_more(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(_now: object) -> dict[str, float]:
        raise error

    monkeypatch.setattr(health, "_queue", broken)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "no database", "database": type(error).__name__, "queue": {}}
