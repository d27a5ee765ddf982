"""Whatever order the network tells in, the same is known in the end: played at random, held against a plain model."""

from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from otklik.channels.base import File, Incoming
from otklik.channels.models import Connection
from otklik.inbox import operations as inbox
from otklik.inbox import rules
from otklik.inbox.models import SourceMessage
from tests import cast

NUMBERS = st.sampled_from(["1", "2", "3"])
TEXTS = st.sampled_from(["Нет воды", "Нет воды!", "Нет воды и света", ""])
PICTURES = st.sampled_from([(), ("one",), ("one", "two")])
WHATS = st.sampled_from(["new", "edited", "deleted", "restored"])


def _item(what: str, number: str, text: str, pictures: tuple[str, ...]) -> Incoming:
    if what == "deleted":
        return cast.incoming(what, external_id=number)
    files = tuple(File("photo", external_id=each) for each in pictures)
    return cast.incoming(what, external_id=number, text=text, files=files)


class Inbox(RuleBasedStateMachine):
    """News of three messages, singly and in batches; the model is the pure rule and a list of files."""

    page: Connection

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.known: dict[str, rules.Known] = {}
        self.files: dict[str, tuple[str, ...]] = {}
        self.told: list[Incoming] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(told=st.lists(st.tuples(WHATS, NUMBERS, TEXTS, PICTURES), min_size=1, max_size=5))
    def tell(self, told: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
        self._receive([_item(*each) for each in told])

    @rule(index=st.integers(0, 1000))
    def repeat_the_latest_of_one_message(self, index: int) -> None:
        """A repeat that comes before anything else is told of the message: what a lost `ok` causes."""
        if self.told:
            number = self.told[index % len(self.told)].external_id
            self._receive([[each for each in self.told if each.external_id == number][-1]])

    @rule(index=st.integers(0, 1000))
    def repeat_an_old_new(self, index: int) -> None:
        if news := [each for each in self.told if each.what == "new"]:
            self._receive([news[index % len(news)]])

    def _receive(self, items: list[Incoming]) -> None:
        for item in items:
            before = self.known.get(item.external_id, rules.Known())
            self.known[item.external_id] = rules.after(before, rules.News(item.what, item.text, cast.NOW))
            if item.what != "deleted" and (item.what != "new" or not before.has_content):
                self.files[item.external_id] = tuple(file.external_id for file in item.files)
        self.told += items
        inbox.receive(items=[(self.page, item) for item in items], now=cast.NOW)

    @invariant()
    def the_rows_say_what_was_told(self) -> None:
        rows = {row.external_id: row for row in SourceMessage.objects.filter(connection=self.page)}
        assert rows.keys() == self.known.keys()
        for number, known in self.known.items():
            row = rows[number]
            assert (row.text, row.has_content, row.deleted_at) == (
                known.text,
                known.has_content,
                known.deleted_at,
            )
            pictures = row.attachments.order_by("pk").values_list("external_id", flat=True)
            assert tuple(pictures) == self.files.get(number, ())
            assert (row.author is not None) == (row.thread is not None) == known.has_content


@pytest.fixture
def page(db: None) -> Connection:
    return cast.connection()


def test_any_order_leads_to_what_the_rules_say(page: Connection) -> None:
    machine: Any = type("InboxOfOnePage", (Inbox,), {"page": page})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert not SourceMessage.objects.filter(connection=page).exists()  # every example was rolled back
    assert database.is_usable()
