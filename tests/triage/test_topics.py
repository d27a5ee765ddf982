"""The closed list of topics: every change is a version, and no batch ever writes a topic that was retired."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.common.actor import SYSTEM
from otklik.registry.rules.values import BadValue
from otklik.triage import operations as triage
from otklik.triage.models import Topic, TopicGroup, TopicsVersion, Verdict
from otklik.triage.operations import topic_edits as edits
from otklik.triage.operations.corrections import TopicIsRetired
from otklik.triage.operations.topics import snapshot_of_topics
from tests import cast
from tests.database import database_address

CODE = "ROADS.pothole"


@pytest.fixture
def by(db: None) -> Any:
    return cast.dispatcher().actor


def last() -> TopicsVersion:
    return TopicsVersion.objects.latest("number")


@pytest.mark.django_db
def test_the_shipped_list_is_the_first_version() -> None:
    version = TopicsVersion.objects.get()
    assert (version.number, version.verb, version.actor_name) == (1, "load", SYSTEM.name)
    assert len(version.snapshot) == Topic.objects.count() == 150
    first = version.snapshot[0]
    assert (first["code"], first["group_name"], first["cur26"]) == (CODE, "Дороги", "Дороги")
    assert "Ремонт дороги" in first["hint"]
    assert triage.load_topics() == 0
    assert TopicsVersion.objects.count() == 1
    Topic.objects.get(code="ROADS.closure").delete()
    assert triage.load_topics() == 1
    assert triage.topics_version() == 2


@pytest.mark.django_db
def test_a_list_from_before_versions_learns_its_hints_and_keeps_what_was_edited() -> None:
    TopicsVersion.objects.all().delete()
    Topic.objects.update(hint="", synonyms="", cur26="", pos="")
    Topic.objects.filter(code=CODE).update(hint="Наша подсказка")
    assert triage.load_topics() == 0
    assert Topic.objects.get(code=CODE).hint == "Наша подсказка"
    assert Topic.objects.get(code="ROADS.repair").hint
    assert triage.topics_version() == 1


@pytest.mark.django_db
def test_a_change_makes_a_version_with_who_and_why(by: Any) -> None:
    topic = cast.topic(CODE)
    changes = {"name": "Ямы", "priority": "high", "target_days": "5", "level": "R", "synonyms": "колдобины"}
    edits.change_topic(topic=topic, changes=changes, by=by, now=cast.NOW, note="приказ № 5")
    topic.refresh_from_db()
    assert (topic.name, topic.priority, topic.target_days, topic.level) == ("Ямы", "high", 5, "R")
    version = last()
    assert (version.number, version.verb, version.note, version.actor_name) == (
        2, "change_topic", "приказ № 5", by.name,
    )  # fmt: skip
    assert version.snapshot == snapshot_of_topics()
    assert AuditLine.objects.get(verb="change_topic").details["new"]["target_days"] == 5
    edits.change_topic(topic=topic, changes={"name": "Ямы"}, by=by, now=cast.NOW)
    assert triage.topics_version() == 2
    assert triage.topics_by_code()[CODE].name == "Ямы"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "ю" * 151}),
        ("name", {"name": "ремонт дороги: просьба, сроки, качество"}),
        ("priority", {"priority": "urgent"}),
        ("target_days", {"target_days": "366"}),
        ("target_days", {"target_days": "²"}),
        ("level", {"level": "X"}),
        ("hint", {"hint": "ю" * 301}),
    ],
)
def test_what_does_not_fit_is_refused(by: Any, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(BadValue) as refused:
        edits.change_topic(topic=cast.topic(CODE), changes=changes, by=by, now=cast.NOW)
    assert refused.value.field == field
    assert triage.topics_version() == 1


@pytest.mark.django_db
def test_topics_and_groups_are_added_and_renamed(by: Any) -> None:
    group = edits.add_group(code="SEA", name="Море", by=by, now=cast.NOW)
    topic = edits.add_topic(
        group=group, code="pier", values={"name": "Причалы", "level": "M"}, by=by, now=cast.NOW
    )
    assert triage.topics_by_code()["SEA.pier"] == topic
    assert (topic.priority, topic.target_days, group.position) == ("normal", 10, 20)
    edits.rename_group(group=group, name="Море и пляжи", by=by, now=cast.NOW, note="шире")
    assert last().snapshot[-1]["group_name"] == "Море и пляжи"
    assert edits.rename_group(group=group, name="Море и пляжи", by=by, now=cast.NOW).name == "Море и пляжи"
    assert triage.topics_version() == 4
    bad: list[Callable[[], Any]] = [
        lambda: edits.add_topic(group=group, code="Пирс", values={"name": "x", "level": "M"}, by=by, now=cast.NOW),
        lambda: edits.add_topic(group=group, code="pier", values={"name": "x", "level": "M"}, by=by, now=cast.NOW),
        lambda: edits.add_topic(group=group, code="quay", values={"name": "x"}, by=by, now=cast.NOW),
        lambda: edits.add_topic(group=group, code="quay", values={"level": "M"}, by=by, now=cast.NOW),
        lambda: edits.add_group(code="sea", name="Другое", by=by, now=cast.NOW),
        lambda: edits.add_group(code="SEA", name="Другое", by=by, now=cast.NOW),
        lambda: edits.add_group(code="SKY", name="море и пляжи", by=by, now=cast.NOW),
        lambda: edits.rename_group(group=group, name="дороги", by=by, now=cast.NOW),
    ]  # fmt: skip
    for verb in bad:
        with pytest.raises(BadValue), transaction.atomic():
            verb()
    assert triage.topics_version() == 4


@pytest.mark.django_db
def test_a_retired_topic_says_what_replaces_it_and_comes_back(by: Any) -> None:
    old, new, further = cast.topic(CODE), cast.topic("ROADS.repair"), cast.topic("ROADS.signs")
    edits.retire_topic(topic=old, replaced_by=new, note="объединили", by=by, now=cast.NOW)
    assert CODE not in triage.topics_by_code()
    assert triage.successors() == {CODE: "ROADS.repair"}
    edits.retire_topic(topic=new, replaced_by=further, note="ещё раз", by=by, now=cast.NOW)
    assert triage.successors() == {CODE: "ROADS.signs", "ROADS.repair": "ROADS.signs"}
    message = cast.message("На улице Мира огромная яма на дороге, когда починят?")
    judged = triage.judge_messages(messages=[message], now=cast.NOW)[0]
    assert judged.verdict.topic == further
    with pytest.raises(edits.AlreadyRetired):
        edits.retire_topic(topic=old, replaced_by=None, note="снова", by=by, now=cast.NOW)
    edits.restore_topic(topic=old, by=by, now=cast.NOW)
    assert triage.topics_by_code()[CODE].replaced_by is None
    with pytest.raises(edits.NotRetired):
        edits.restore_topic(topic=old, by=by, now=cast.NOW)
    for successor in (old, new):
        with pytest.raises(edits.BadSuccessor):
            edits.retire_topic(topic=old, replaced_by=successor, note="так", by=by, now=cast.NOW)
    with pytest.raises(BadValue):
        edits.retire_topic(topic=old, replaced_by=None, note=" ", by=by, now=cast.NOW)
    with pytest.raises(edits.LastResort):
        edits.retire_topic(topic=cast.topic(triage.NOWHERE), replaced_by=old, note="так", by=by, now=cast.NOW)


@pytest.mark.django_db
def test_a_person_who_chose_a_topic_that_was_just_retired_is_told_so() -> None:
    incident, topic = cast.incident("triage"), cast.topic(CODE)
    Topic.objects.filter(pk=topic.pk).update(is_active=False)
    someone, body = cast.dispatcher(), incident.page.organization
    with pytest.raises(TopicIsRetired):
        casework.confirm(
            incident=incident, topic=topic, kind=incident.kind, priority="normal", executor=body, by=someone,
            now=cast.NOW,
        )  # fmt: skip
    incident.refresh_from_db()
    assert incident.state == "triage"


@pytest.mark.django_db
def test_an_active_topic_has_no_successor() -> None:
    with pytest.raises(IntegrityError, match="topic_replaced_is_retired"), transaction.atomic():
        Topic.objects.filter(code=CODE).update(replaced_by=cast.topic("ROADS.repair"))


@pytest.mark.django_db
def test_a_look_at_the_list_asks_nothing_and_a_batch_asks_for_the_version(by: Any) -> None:
    triage.topics_by_code()
    with CaptureQueriesContext(connection) as queries:
        triage.topics_by_code()
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        triage.topics_for_writing()
    assert len(queries) == 2  # the lock, the number


def _elsewhere(code: str) -> None:
    """Retire the topic in another process, which has a cache of its own."""
    script = (
        "import django; django.setup()\n"
        "from datetime import UTC, datetime\n"
        "from otklik.common.actor import SYSTEM\n"
        "from otklik.triage.models import Topic\n"
        "from otklik.triage.operations.topic_edits import retire_topic\n"
        f"topic = Topic.objects.get(code={code!r})\n"
        "retire_topic(topic=topic, replaced_by=None, note='в другом процессе', by=SYSTEM, now=datetime.now(UTC))\n"
    )
    environment = os.environ | {
        "DATABASE_URL": database_address(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=120)


@pytest.mark.django_db(transaction=True)
def test_a_topic_retired_in_another_process_is_written_no_more() -> None:
    message = cast.message("На улице Мира огромная яма на дороге, когда починят?")
    topic = triage.judge_messages(messages=[message], now=cast.NOW)[0].verdict.topic
    _elsewhere(topic.code)
    assert topic.code in triage.topics_by_code(), "this process has not looked yet"
    again = triage.judge_messages(messages=[cast.message(message.text)], now=cast.NOW)[0]
    assert again.verdict.topic.code == triage.NOWHERE
    assert topic.code not in triage.topics_by_code()


@pytest.mark.django_db(transaction=True)
def test_a_retirement_waits_for_the_batch_that_writes() -> None:
    """A batch that has read the list finishes by it, however long it takes; the next one knows better."""
    topic, message, order = cast.topic(CODE), cast.message(), []

    def retire() -> None:
        try:
            edits.retire_topic(topic=topic, replaced_by=None, note="снята", by=SYSTEM, now=cast.NOW)
            order.append("retired")
        finally:
            connection.close()

    thread = threading.Thread(target=retire)
    with transaction.atomic():
        assert CODE in triage.topics_for_writing()
        thread.start()
        thread.join(timeout=1.0)
        assert thread.is_alive(), "the change waits"
        cast.verdict(message, topic=topic)
        order.append("written")
    thread.join(timeout=30)
    assert order == ["written", "retired"]
    assert Verdict.objects.get(message=message).topic == topic
    with transaction.atomic():
        assert CODE not in triage.topics_for_writing()
    with pytest.raises(IntegrityError, match="is not active"), transaction.atomic():
        cast.verdict(cast.message(), topic=topic)
    assert TopicGroup.objects.count() == 20
