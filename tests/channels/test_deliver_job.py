"""The job that empties the outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from otklik.channels import operations, tasks
from otklik.common.jobs import DELIVER


@dataclass
class Context:
    """A run of the queue that is told to stop after some looks."""

    looks: int

    def should_abort(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def test_the_job_delivers_until_nothing_is_due_and_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    course = iter([3, 1, 0, 2])
    asked: list[datetime] = []

    def deliver_due(*, limit: int, clock: Any) -> int:
        assert limit == tasks.BATCH
        asked.append(clock())
        return next(course, 0)

    monkeypatch.setattr(operations, "deliver_due", deliver_due)
    monkeypatch.setattr(tasks, "LINGER_SECONDS", 0.3)
    tasks.deliver.func(Context(1000))
    # After the first empty look it looked again, and so found what had come meanwhile.
    assert len(asked) >= 5
    assert next(course, "all found") == "all found"
    assert all(moment.tzinfo for moment in asked)


def test_the_job_stops_when_the_worker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "deliver_due", lambda **_given: 1)
    tasks.deliver.func(Context(3))


def test_the_job_has_the_name_that_others_ring() -> None:
    assert tasks.deliver.name == DELIVER
