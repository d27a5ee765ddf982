"""Who must keep a page: the default of the law, exemptions with a basis, many at once."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.registry import operations as registry
from otklik.registry.models import FieldChange, PageObligation
from otklik.registry.rules.obligations import default_obligation
from tests import cast

SINCE = date(2022, 12, 1)


@pytest.mark.parametrize(
    ("level", "type_", "network", "expected"),
    [
        ("regional", "ministry", "vk", "required"),
        ("municipal", "administration", "ok", "required"),
        ("institution", "school", "vk", "required"),
        ("institution", "court", "ok", "required"),
        ("institution", "school", "telegram", ""),
        ("institution", "school", "max", ""),
        ("utility", "utility", "vk", ""),
        ("institution", "management_company", "vk", ""),
        ("center", "rmc", "vk", ""),
    ],
)
def test_the_law_names_bodies_and_networks(level: str, type_: str, network: str, expected: str) -> None:
    assert default_obligation(level, type_, network) == expected


def _set(body: Any, **more: Any) -> PageObligation:
    given: dict[str, Any] = {
        "network": "vk",
        "status": "required",
        "since": SINCE,
        "by": SYSTEM,
        "now": cast.NOW,
    }
    return registry.set_obligation(organization=body, **given | more)


@pytest.mark.django_db
def test_a_duty_is_one_row_and_its_past_is_history() -> None:
    body = cast.school()
    first = _set(body)
    second = _set(
        body,
        status="exempt",
        basis=" решение учредителя ",
        document="№ 5",
        since=date(2026, 3, 1),
        reason="письмо",
        import_id=1,
    )
    assert first.pk == second.pk
    row = PageObligation.objects.get()
    assert (row.status, row.exemption_basis, row.document_ref, row.since) == (
        "exempt", "решение учредителя", "№ 5", date(2026, 3, 1),
    )  # fmt: skip
    kept = {
        each.field: (each.old, each.new)
        for each in FieldChange.objects.filter(subject_id=row.pk, import_id=1)
    }
    assert kept == {
        "status": ("required", "exempt"),
        "exemption_basis": ("", "решение учредителя"),
        "document_ref": ("", "№ 5"),
        "since": ("2022-12-01", "2026-03-01"),
    }
    assert AuditLine.objects.filter(verb="set_obligation").count() == 2
    back = _set(body, basis="лишнее")
    assert back.exemption_basis == ""


@pytest.mark.django_db
def test_an_exemption_has_a_basis() -> None:
    body = cast.school()
    with pytest.raises(registry.ExemptionNeedsBasis):
        _set(body, status="exempt", basis="  ")
    row = _set(body)
    with pytest.raises(IntegrityError, match="obligation_exempt_has_basis"), transaction.atomic():
        PageObligation.objects.filter(pk=row.pk).update(status="exempt")
    with pytest.raises(IntegrityError, match="obligation_unique"), transaction.atomic():
        PageObligation.objects.create(organization=body, network="vk", status="required", since=SINCE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"), [("network", "myspace"), ("status", "maybe"), ("document", "я" * 301)]
)
def test_a_wrong_value_of_a_duty_is_refused(name: str, value: str) -> None:
    with pytest.raises(registry.BadValue):
        _set(cast.school(), **{name: value})


@pytest.mark.django_db
def test_many_duties_at_once_write_only_what_differs() -> None:
    bodies = [cast.school() for _ in range(60)]
    duties = [registry.Duty(body, network, "required", SINCE) for body in bodies for network in ("vk", "ok")]
    made = registry.set_obligations(rows=duties, by=SYSTEM, now=cast.NOW)
    assert [(row.organization_id, row.network) for row in made] == [
        (duty.organization.pk, duty.network) for duty in duties
    ]
    registry.set_obligations(rows=duties, by=SYSTEM, now=cast.NOW)
    assert AuditLine.objects.filter(verb="set_obligation").count() == 120
    changed = [registry.Duty(body, "vk", "exempt", SINCE, basis="ремонт") for body in bodies]
    registry.set_obligations(rows=changed, by=SYSTEM, now=cast.NOW)
    assert PageObligation.objects.filter(status="exempt", network="vk").count() == 60
    assert AuditLine.objects.filter(verb="set_obligation").count() == 180
