"""The journal: written with the change, never changed."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from otklik.audit import operations as audit
from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM, Actor
from tests import cast


@pytest.mark.django_db
def test_a_line_says_who_did_what_with_whom_when_and_why() -> None:
    body = cast.body()
    line = audit.record(
        by=Actor(7, "Анна"), verb="rename", subject=body, now=cast.NOW, reason="указ", old="А", new="Б"
    )
    line.refresh_from_db()
    assert (line.actor_id, line.actor_name, line.verb, line.reason) == (7, "Анна", "rename", "указ")
    assert (line.subject_type, line.subject_id) == ("registry.organization", body.pk)
    assert (line.at, line.details) == (cast.NOW, {"old": "А", "new": "Б"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["update audit_auditline set reason = 'другое'", "delete from audit_auditline"],
)
def test_a_line_is_never_changed_or_deleted(statement: str) -> None:
    audit.record(by=SYSTEM, verb="x", subject=cast.body(), now=cast.NOW)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditLine.objects.filter(verb="x").exists()


@pytest.mark.django_db
def test_the_same_holds_for_the_models_own_way() -> None:
    line = audit.record(by=SYSTEM, verb="x", subject=cast.body(), now=cast.NOW)
    for change in (line.delete, line.save):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_a_line_without_a_transaction_is_refused() -> None:
    body = cast.body()
    before = AuditLine.objects.count()
    with pytest.raises(audit.OutsideTransaction):
        audit.record(by=SYSTEM, verb="x", subject=body, now=cast.NOW)
    assert AuditLine.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_line_goes_with_the_change_it_is_about() -> None:
    body = cast.body()
    before = AuditLine.objects.count()
    with pytest.raises(RuntimeError):
        _change_and_fail(body)
    assert AuditLine.objects.count() == before


def _change_and_fail(body: Model) -> None:
    with transaction.atomic():
        audit.record(by=SYSTEM, verb="x", subject=body, now=cast.NOW)
        raise RuntimeError


@pytest.mark.django_db
def test_many_lines_are_one_statement(django_assert_num_queries: object) -> None:
    bodies = [cast.body() for _ in range(5)]
    counted = django_assert_num_queries
    with counted(1):  # type: ignore[operator]
        lines = audit.record_many(by=SYSTEM, verb="x", entries=map(audit.Entry, bodies), now=cast.NOW)
    assert [line.subject_id for line in lines] == [body.pk for body in bodies]
