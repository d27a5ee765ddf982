"""Reports of fakes: noted by one person, checked by another, refuted with a source; an opinion is nobody's business."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.casework.models import FakeLink, FakePublication, FakeReport
from otklik.casework.operations import NeedsReason, StaleCard, fake_links, fakes, moderating
from otklik.casework.rules import fakes as rules
from otklik.people.models import Account
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW
TODAY = NOW.date()
FOUND = rules.Finding("refuted", "Воду отключат на два часа.", "Водоканал, письмо № 12")


@pytest.fixture
def writer() -> Account:
    cast.region()
    return cast.dispatcher()


@pytest.fixture
def checker() -> Account:
    return cast.dispatcher()


def reported(by: Account, **given: Any) -> FakeReport:
    fields: dict[str, Any] = {"statement": "Воду отключат на неделю", "first_seen": TODAY} | given
    return fakes.report_fake(said=fakes.Stated(**fields), by=by, now=NOW)


def refuted(writer: Account, checker: Account, finding: rules.Finding = FOUND) -> FakeReport:
    taken = fakes.take_fake(report=reported(writer), by=checker, now=NOW)
    return fakes.judge_fake(report=taken, finding=finding, by=checker, now=NOW)


def test_a_statement_is_written_down_without_names_and_phones(writer: Account) -> None:
    made = reported(writer, statement="Воды не будет, звоните +7 913 912-34-56", spread="три чата")
    assert (made.state, made.kind, made.number) == ("reported", "fact", f"Ф-{made.pk}")
    assert "912-34-56" not in made.statement
    line = AuditLine.objects.get(verb="report_fake", subject_id=made.pk)
    assert line.actor_id == writer.pk
    assert "912-34-56" not in str(line.details)
    for given, fact in (
        ({"statement": " "}, fakes.StatementIsEmpty),
        ({"first_seen": TODAY + timedelta(days=2)}, fakes.SeenLater),
    ):
        with pytest.raises(fact):
            reported(writer, **given)


def test_an_opinion_is_closed_and_nothing_can_be_done_about_it(writer: Account, checker: Account) -> None:
    made = reported(writer, statement="Чиновники ничего не делают", kind="opinion")
    assert (made.state, made.kind) == ("closed", "opinion")
    with pytest.raises(rules.IllegalFakeStep):
        fakes.take_fake(report=made, by=checker, now=NOW)
    with pytest.raises(rules.IllegalFakeStep):
        fakes.judge_fake(report=made, finding=FOUND, by=checker, now=NOW)
    with pytest.raises(rules.IllegalFakeStep):
        fakes.write_rebuttal(report=made, text="Делают.", by=checker, now=NOW)


def test_what_turns_out_to_be_criticism_is_closed_with_a_reason(writer: Account, checker: Account) -> None:
    taken = fakes.take_fake(report=reported(writer), by=checker, now=NOW)
    with pytest.raises(NeedsReason):
        fakes.close_as_opinion(report=taken, reason=" ", by=checker, now=NOW)
    closed = fakes.close_as_opinion(report=taken, reason="Это оценка, а не факт.", by=checker, now=NOW)
    assert (closed.state, closed.kind, closed.note) == ("closed", "opinion", "Это оценка, а не факт.")
    back = fakes.reopen_fake(report=closed, reason="Там назван срок.", by=writer, now=NOW)
    assert (back.state, back.kind, back.checker, back.note) == ("reported", "fact", None, "")


def test_nobody_checks_what_they_wrote_down(writer: Account, checker: Account) -> None:
    made = reported(writer)
    with pytest.raises(rules.OwnReport):
        fakes.take_fake(report=made, by=writer, now=NOW)
    taken = fakes.take_fake(report=made, by=checker, now=NOW)
    with pytest.raises(rules.OwnReport):
        fakes.judge_fake(report=taken, finding=FOUND, by=writer, now=NOW)
    said = fakes.Stated(statement="Удобное утверждение", first_seen=TODAY)
    with pytest.raises(rules.OwnReport):
        fakes.change_fake(report=taken, said=said, by=checker, now=NOW)


@pytest.mark.parametrize(
    ("finding", "fact"),
    [
        (rules.Finding("refuted", " ", "Водоканал"), rules.NeedsFinding),
        (rules.Finding("refuted", "Неправда."), rules.NeedsSource),
        (rules.Finding("confirmed", "Так и есть."), rules.NeedsSource),
        (rules.Finding("closed", "Мнение.", "Водоканал"), rules.UnknownVerdict),
    ],
)
def test_a_verdict_needs_the_truth_and_whose_word_it_is(
    writer: Account, checker: Account, finding: rules.Finding, fact: type[Exception]
) -> None:
    taken = fakes.take_fake(report=reported(writer), by=checker, now=NOW)
    with pytest.raises(fact):
        fakes.judge_fake(report=taken, finding=finding, by=checker, now=NOW)
    with pytest.raises(rules.IllegalFakeStep):
        fakes.judge_fake(report=reported(writer), finding=FOUND, by=checker, now=NOW)


@pytest.mark.parametrize(
    "finding",
    [
        FOUND,
        rules.Finding("confirmed", "Так и есть.", "", "https://example.org/act"),
        rules.Finding("uncheckable", "Узнать не у кого."),
    ],
)
def test_a_check_ends_with_a_verdict(writer: Account, checker: Account, finding: rules.Finding) -> None:
    done = refuted(writer, checker, finding)
    assert (done.state, done.truth, done.checker, done.judged_at) == (
        finding.verdict, finding.truth, checker, NOW,
    )  # fmt: skip
    line = AuditLine.objects.get(verb="judge_fake")
    assert (line.actor_id, line.details["source"]) == (checker.pk, finding.source)


def test_a_rebuttal_is_written_then_published_and_can_be_withdrawn(writer: Account, checker: Account) -> None:
    done = refuted(writer, checker)
    given: dict[str, Any] = {"report": done, "by": writer, "now": NOW}
    where = {"address": "https://vk.com/wall-1_9", "published_on": TODAY}
    with pytest.raises(fake_links.NothingToPublish):
        fake_links.publish_rebuttal(**given, **where)
    with pytest.raises(fakes.RebuttalIsEmpty):
        fakes.write_rebuttal(text=" ", **given)
    written = fakes.write_rebuttal(text="Воду отключат на два часа.", **given, version=done.version)
    with pytest.raises(StaleCard):
        fakes.write_rebuttal(text="Иначе.", **given, version=done.version)
    with pytest.raises(fake_links.PublishedLater):
        fake_links.publish_rebuttal(**given, **where | {"published_on": TODAY + timedelta(days=2)})
    made = fake_links.publish_rebuttal(**given, **where)
    with pytest.raises(fake_links.PublicationKnown):
        fake_links.publish_rebuttal(**given, **where)
    fake_links.withdraw_publication(publication=made.pk, **given)
    with pytest.raises(fake_links.NotHere):
        fake_links.withdraw_publication(publication=made.pk, **given)
    fake_links.publish_rebuttal(**given, **where)
    back = fakes.reopen_fake(report=written, reason="Источник ошибся.", by=writer, now=NOW)
    assert (back.rebuttal, back.truth, back.publications.count()) == ("", "", 1)
    with pytest.raises(rules.IllegalFakeStep):
        fake_links.publish_rebuttal(**given, **where | {"address": "https://vk.com/wall-1_10"})


def test_it_is_told_better_until_it_is_judged(writer: Account, checker: Account) -> None:
    made = reported(writer)
    said = fakes.Stated(statement="Воду отключат на месяц", first_seen=TODAY)
    changed = fakes.change_fake(report=made, said=said, by=writer, now=NOW, version=1)
    assert (changed.statement, changed.version) == ("Воду отключат на месяц", 2)
    with pytest.raises(StaleCard):
        fakes.change_fake(report=made, said=said, by=writer, now=NOW, version=1)
    with pytest.raises(rules.IllegalFakeStep):
        fakes.change_fake(report=refuted(writer, checker), said=said, by=writer, now=NOW)


def test_where_it_was_met_is_noted_once(writer: Account) -> None:
    made, one = reported(writer), cast.incident("triage")
    given: dict[str, Any] = {"report": made, "by": writer, "now": NOW}
    address = "https://vk.com/wall-1_7"
    assert fake_links.add_fake_links(addresses=[address, address], incidents=[one.pk], **given) == 2
    with pytest.raises(fake_links.LinkKnown):
        fake_links.add_fake_links(addresses=[address], incidents=[one.pk], **given)
    link = made.links.get(incident=one)
    fake_links.remove_fake_link(link=link.pk, **given)
    with pytest.raises(fake_links.NotHere):
        fake_links.remove_fake_link(link=link.pk, **given)
    assert list(made.links.values_list("url", flat=True)) == [address]


def test_an_erased_message_is_linked_no_more(writer: Account) -> None:
    made, one = reported(writer), cast.incident("triage")
    profile, other = "https://vk.com/id77", "https://vk.com/wall-1_7"
    addresses = [moderating.link_of(one.message), profile, other]
    fake_links.add_fake_links(report=made, addresses=addresses, by=writer, now=NOW)
    assert fake_links.forget_links(messages=[one.message_id], addresses=["", profile]) == 2
    assert list(made.links.values_list("url", flat=True)) == [other]


BREAKS: dict[str, dict[str, Any]] = {
    "fake_says_what": {"statement": ""},
    "fake_checked_by": {"checker": None},
    "fake_judged_by_finding": {"truth": ""},
    "fake_judged_by_source": {"source": ""},
    "fake_opinion_is_closed": {"kind": "opinion"},
    "fake_rebuts_refuted": {"state": "uncheckable", "rebuttal": "Неправда."},
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_keeps_the_promise(writer: Account, checker: Account, name: str) -> None:
    refuted(writer, checker)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FakeReport.objects.update(**BREAKS[name])


def test_the_database_knows_four_eyes_and_single_links(writer: Account, checker: Account) -> None:
    done, one = refuted(writer, checker), cast.incident("triage")
    new: dict[str, Any] = {"report": done, "added_at": NOW, "added_by": "кто-то"}
    place: dict[str, Any] = {"url": "https://vk.com/wall-1_9", **new}
    FakeLink.objects.create(**place)
    FakeLink.objects.create(incident=one, **new)
    FakePublication.objects.create(published_on=TODAY, **place)
    breaks: dict[str, Any] = {
        "fake_four_eyes": lambda: FakeReport.objects.update(checker=writer),
        "fake_link_of_one": lambda: FakeLink.objects.create(**new),
        "fake_link_address_once": lambda: FakeLink.objects.create(**place),
        "fake_link_incident_once": lambda: FakeLink.objects.create(incident=one, **new),
        "fake_published_somewhere": lambda: FakePublication.objects.create(published_on=TODAY, **new),
        "fake_published_once": lambda: FakePublication.objects.create(published_on=TODAY, **place),
    }
    for name, act in breaks.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            act()
