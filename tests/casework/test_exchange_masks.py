"""A table of incidents hides personal data unless somebody who may open them says why."""

import io
from typing import Any

import pytest

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.exchange.layout import AT, CODES
from otklik.casework.models import Incident, IncidentExport
from otklik.casework.operations import exchange_export as exports
from otklik.casework.operations import personal_log
from otklik.casework.operations.exchange_export import Filters
from otklik.casework.operations.exchange_lines import told
from otklik.casework.operations.exchange_masks import LEFT_OUT, WRITTEN, MayNotOpenTable, hide
from otklik.common.actor import SYSTEM
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import Membership
from otklik.registry.operations.tables import read_table
from tests import cast
from tests.casework.test_exchange_models import row, table
from tests.cast import NOW

pytestmark = pytest.mark.django_db
TEXT = (
    "Яма у дома 12 по улице Мира, кв. 45. Звоните +7 913 912-34-56, Сидорова Мария Петровна, mp@example.org"
)
SECRETS = ("912-34-56", "Сидорова", "mp@example.org", "кв. 45", "vk.com/id77")


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


def incident() -> None:
    writer = cast.author(name="Мария Сидорова", url="https://vk.com/id77")
    made = cast.incident("in_progress", message=cast.message(TEXT, by=writer))
    cast.settle(cast.publish(made, f"Мария, ответ такой. {TEXT}"), "delivered")


def ask(by: Account, source: str = "live", **given: Any) -> IncidentExport:
    return exports.ask_export(source=source, filters=Filters(), by=by, now=NOW, **given)


def lines(export: IncidentExport) -> list[dict[str, str]]:
    content = b"".join(exports.take_export(export=export, by=export.account.actor, now=NOW))
    found = [each.cells + [""] * (47 - len(each.cells)) for each in read_table(io.BytesIO(content)).lines]
    return [dict(zip(CODES, each, strict=True)) for each in found[1:]]


def test_a_table_is_masked_unless_somebody_says_why() -> None:
    incident()
    head = cast.account("center_head")
    (masked,) = lines(ask(head))
    for secret in SECRETS:
        assert secret not in str(masked), secret
    for shown in ("Яма у дома 12 по улице Мира", "[телефон]", "[ФИО]", "[почта]", "[квартира]"):
        assert shown in masked["text"]
        assert shown in masked["answer_1"] or shown.startswith("Яма")
    opened = ask(head, reason="check")
    (line,) = lines(opened)
    assert (line["text"], line["author_url"]) == (TEXT, "https://vk.com/id77")
    # Everything but what people wrote is the same.
    apart = {*WRITTEN, *LEFT_OUT}
    assert {code: line[code] for code in CODES if code not in apart} == {
        code: masked[code] for code in CODES if code not in apart
    }
    said = AuditLine.objects.filter(subject_type="casework.incidentexport", subject_id=opened.pk).order_by(
        "pk"
    )
    assert [(each.verb, each.details["opened"]) for each in said] == [
        ("ask_export", "check"), ("write_export", "check"), ("take_export", "check"),
    ]  # fmt: skip
    assert not any(secret in f"{each.details} {each.reason}" for each in said for secret in SECRETS)


def test_a_reason_must_be_one_and_the_right_must_be_held() -> None:
    incident()
    head, analyst = cast.account("center_head"), cast.account("analyst")
    for given in ({"reason": "so"}, {"reason": "other"}, {"reason": "other", "words": " \n"}):
        with pytest.raises(casework.NeedsReadingReason):
            ask(head, **given)
    with pytest.raises(MayNotOpenTable):
        ask(analyst, reason="check")
    assert not IncidentExport.objects.exists()
    assert ask(head, reason="other", words="просит  прокуратура").words == "просит прокуратура"
    assert not ask(analyst).is_open


def test_an_open_table_holds_only_what_may_be_opened() -> None:
    """The right to take tables of everything does not widen the right to open what is one body's."""
    incident()
    incident()
    someone = cast.account("analyst")
    mine = Incident.objects.order_by("pk")[0]
    registry.grant(account=someone, role="executor", organization=mine.executor, by=SYSTEM, now=NOW)
    assert len(lines(ask(someone))) == 2
    (line,) = lines(ask(someone, reason="find"))
    assert line["id"] == str(mine.pk)


def test_a_right_that_was_taken_away_closes_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    incident()
    head = cast.account("center_head")
    ready = ask(head, reason="check")
    monkeypatch.setattr(exports, "SMALL", 0)
    waiting = ask(head, reason="check")
    Membership.objects.filter(account=head).delete()
    registry.grant(account=head, role="analyst", by=SYSTEM, now=NOW)
    with pytest.raises(MayNotOpenTable):
        exports.take_export(export=ready, by=head.actor, now=NOW)
    exports.write_next(now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == "failed"


def test_brought_lines_are_masked_too() -> None:
    values = [""] * 47
    for code, value in {"id": "7", "text": TEXT, "answer_2": TEXT, "house": "12, кв. 45", "note": TEXT,
                        "author_url": "https://vk.com/id77", "street": "Карла Маркса"}.items():  # fmt: skip
        values[AT[code]] = value
    brought = row(table(), external_id="7", values=values, received_at=NOW)
    head = cast.account("center_head")
    (masked,) = lines(ask(head, "brought"))
    assert not any(secret in f"{masked} {told(brought)}" for secret in SECRETS)
    assert (masked["street"], masked["house"]) == ("Карла Маркса", "12, [квартира]")
    (opened,) = lines(ask(head, "brought", reason="check"))
    assert list(opened.values()) == values
    assert hide([""] * 47) == [""] * 47


def test_the_officer_sees_open_tables_in_one_query(django_assert_num_queries: Any) -> None:
    incident()
    head = cast.account("center_head", full_name="Ольга Верная")
    ask(head)
    opened = ask(head, reason="visit")
    day = registry.local_date(NOW)
    personal_log.open_tables(since=day, until=day)
    with django_assert_num_queries(1):
        (found,) = personal_log.open_tables(since=day, until=day, person="верная")
    assert (found.pk, found.account.full_name) == (opened.pk, "Ольга Верная")
    assert not personal_log.open_tables(since=day, until=day, person="другой")
