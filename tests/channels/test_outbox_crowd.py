"""The outbox under a crowd: threads, processes, a killed worker, one busy page beside quiet ones."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.db import connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from otklik.channels import limits, operations
from otklik.channels.base import NetworkFailure
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Attempt, Connection, Delivery, Receipt, Token
from otklik.channels.operations import delivering
from otklik.common.actor import SYSTEM
from otklik.common.jobs import DELIVER, DRAIN_RECEIPTS
from tests.channels.town import Town
from tests.database import database_address

pytestmark = pytest.mark.django_db(transaction=True)

# The two claims of a page may both be of the one that is killed: the page then waits until they lapse.
WORKER = """
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from otklik.channels import operations
from otklik.channels.operations import delivering
delivering.LEASE, delivering.SAFE_TO_SEND = timedelta(seconds=8), timedelta(seconds=3)
print("ready", flush=True)
while True:
    operations.deliver_due(limit=4, clock=timezone.now, threads=2)
"""


@pytest.fixture(autouse=True)
def clean_queue() -> None:
    """The tables of the queue are unmanaged: nothing else empties them between these tests."""
    with database.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def connected(town: Town) -> Connection:
    operations.set_service_token(value=town.keys["service"], by=SYSTEM, now=town.clock(), rate=200)
    connection = town.connect()
    Token.objects.filter(connection=connection).update(rate=200)
    return connection


def wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def test_a_queued_answer_and_its_job_commit_together(town: Town) -> None:
    connection = connected(town)
    comment = town.say("Вода?")
    with transaction.atomic():
        town.answer(connection, comment)
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()
    assert not Delivery.objects.exists()
    delivery = town.answer(connection, comment)
    town.answer(connection, comment)
    assert list(ProcrastinateJob.objects.values_list("task_name", flat=True)) == [DELIVER]
    town.deliver(delivery)
    assert DRAIN_RECEIPTS in set(ProcrastinateJob.objects.values_list("task_name", flat=True))


def test_no_transaction_is_open_while_the_network_is_awaited(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connected(town)
    seen = []
    real = delivering.vk.deliver

    def watch(*given: object) -> object:
        seen.append(database.in_atomic_block)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(delivering.vk, "deliver", watch)
    town.deliver(town.answer(connection, town.say("Вода?")))
    assert seen == [False]


def test_threads_share_the_work_and_each_answer_stands_once(town: Town, build: Callable[[], Town]) -> None:
    towns = [town, *(build() for _ in range(4))]
    for each in towns:
        connection = connected(each)
        for number in range(6):
            each.answer(connection, each.say(f"Вопрос {number}"), f"Ответ {number}")
    handled = 0
    while handled < 30:
        handled += operations.deliver_due(limit=30, clock=town.clock, threads=6)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    for each in towns:
        assert sorted(said.text[-7:] for said in each.answers()) == [f"Ответ {n}" for n in range(6)]
    assert Receipt.objects.count() == Attempt.objects.count() == 30


def test_a_page_with_many_answers_leaves_room_for_the_others(town: Town, build: Callable[[], Town]) -> None:
    crowded, quiet = connected(town), build()
    for number in range(5):
        town.answer(crowded, town.say(f"Вопрос {number}"))
    other = quiet.answer(connected(quiet), quiet.say("Один вопрос"))
    now = town.clock()
    taken = [delivering._claim(now) for _ in range(4)]
    pages = [claim.delivery.connection_id for claim in taken if claim]
    # Two of the crowded page are in flight; the third turn goes past it, and then nobody else is due.
    assert pages == [crowded.pk, crowded.pk, other.connection_id]
    assert taken[3] is None


def test_workers_of_which_one_is_killed(town: Town) -> None:
    connection = connected(town)
    deliveries = [town.answer(connection, town.say(f"Вопрос {n}"), f"Ответ {n}") for n in range(40)]
    # The network is slow, so that the killed worker is certainly in the middle of a call.
    town.fault(method="wall.createComment", what="lost_response", probability=0.1)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_address(),
        "OTKLIK_VK_API_URL": town.sim.url,
        "OTKLIK_VK_SITE_URL": town.sim.url,
    }
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"ready\n"
        wait_for(lambda: Delivery.objects.filter(state=DeliveryState.DELIVERED).count() >= 5)
        workers[0].send_signal(signal.SIGKILL)
        wait_for(lambda: not Delivery.objects.filter(state=DeliveryState.WAITING).exists())
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    # What the dead workers held is taken over when their leases end.
    Delivery.objects.filter(state="sending").update(lease_until=town.clock() - timedelta(seconds=1))
    for _turn in range(8):
        Delivery.objects.filter(state="checking").update(next_attempt_at=town.clock())
        operations.deliver_due(limit=100, clock=town.clock, threads=2)
        town.clock.move(20)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    counted = Counter(said.text for said in town.answers())
    assert sorted(counted.values()) == [1] * len(deliveries)
    assert Receipt.objects.count() == len(deliveries)


def test_slots_are_given_out_one_after_another(town: Town) -> None:
    token = Token.objects.get(connection=connected(town))
    Token.objects.filter(pk=token.pk).update(rate=1)
    first = limits.take(token.pk, patience=2.0)
    second = limits.take(token.pk, patience=2.0)
    assert first == 0
    assert 0.5 < second <= 1.06
    limits.take(token.pk, patience=3.0)
    with pytest.raises(NetworkFailure, match="too_fast") as refused:
        limits.take(token.pk, patience=1.0)
    assert refused.value.wait > 1.0


def test_slots_hold_across_threads(town: Town) -> None:
    token = Token.objects.get(connection=connected(town))
    Token.objects.filter(pk=token.pk).update(rate=10)
    from concurrent.futures import ThreadPoolExecutor

    def take(_number: int) -> float:
        try:
            return limits.take(token.pk, patience=60) + time.monotonic()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        starts = sorted(pool.map(take, range(24)))
    assert starts[-1] - starts[0] >= 23 * 0.1
