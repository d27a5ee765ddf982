"""Personal data goes when its term is over: nothing of it stays, nothing else goes, holds win, a stop loses nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.enums import RetentionKind
from otklik.casework.models import (
    AnswerPhoto,
    ExternalOpening,
    ExternalPhoto,
    Incident,
    IncidentTable,
    Move,
    PersonalRead,
    RetentionRule,
    RetentionRun,
)
from otklik.casework.operations import erasing, holds, retention
from otklik.casework.operations.retention_due import due, moment_of
from otklik.common import jobs
from otklik.common.actor import SYSTEM
from otklik.desk.searches import forget_searches
from otklik.inbox.models import Attachment, Author, RawEvent, RefusedRequest, SourceMessage
from otklik.inbox.operations import forget_authors
from otklik.people.models import Account
from tests import cast
from tests.casework import test_erasure as erasure
from tests.casework.test_exchange_models import row, table
from tests.cast import NOW, after

ARCHIVED = after(days=400)
LATER = after(days=2000)
GONE = f"[стёрто {LATER:%d.%m.%Y}: срок хранения, %s дн.]"


def on(*kinds: str, days: int | None = None) -> None:
    """Switch these on, and events with them; all of them when none is named."""
    rules = RetentionRule.objects.filter(kind__in=[*kinds, "events"] if kinds else RetentionKind.values)
    rules.update(is_active=True)
    if days:
        rules.filter(kind__in=kinds).update(days=days)


def go(now: datetime = LATER) -> int:
    return retention.carry_out(clock=lambda: now, stop=lambda: False)


def old(text: str = "Когда уберут снег?", **fields: Any) -> Incident:
    return cast.incident("archived", message=cast.message(text, **fields))


@pytest.fixture
def officer(db: None) -> Account:
    cast.region()
    return cast.account("security_officer")


def test_of_an_old_story_no_word_is_left_in_any_table(officer: Account) -> None:
    author = erasure.resident()
    incident = erasure.story(author)
    erasure.history()
    IncidentTable.objects.update(state="applied", applied_at=NOW)
    RefusedRequest.objects.create(
        at=NOW, minute=NOW, reason="bad_json", address="10.0.0.7", path="/", head=erasure.WORDS.encode()
    )
    casework.archive_old(now=ARCHIVED)
    facts = (
        "topic",
        "municipality",
        "state",
        "received_at",
        "due_at",
        "first_answer_at",
        "closed_at",
        "cycle",
    )
    before = Incident.objects.values(*facts).get()
    moves, lines = Move.objects.count(), AuditLine.objects.count()
    assert len(erasure.left_in()) > 20
    on()
    assert go() > 0
    assert erasure.left_in() == {}
    # What is counted stays.
    incident.refresh_from_db()
    assert incident.question == GONE % 365
    assert Incident.objects.values(*facts).get() == before
    assert (Move.objects.count(), Attachment.objects.get().kind) == (moves, "doc")
    assert AuditLine.objects.count() > lines
    author.refresh_from_db()
    assert author.erased_at == LATER
    # One line a run, with counts and no word.
    runs = RetentionRun.objects.filter(ended_at=LATER)
    told = AuditLine.objects.filter(verb="carry_out_retention")
    assert told.count() == runs.count() == RetentionRun.objects.count() >= 7
    comments = told.get(details__kind="comments").details
    assert (comments["messages"], comments["incidents"], comments["authors"]) == (2, 1, 1)
    assert go() == 0
    assert RetentionRun.objects.count() == runs.count()


def test_what_the_author_is_looked_for_by_goes_from_saved_views(officer: Account) -> None:
    from otklik.desk.models import SavedView
    from otklik.desk.operations import save_view

    incident = old("Яма на Кленовой", by=erasure.resident())
    by = cast.dispatcher()
    query = "view=all&q=%D0%97%D0%B8%D0%BC%D0%BE%D1%80%D0%BE%D0%B4%D0%BA%D0%BE%D0%B2&kind=complaint"
    view = save_view(account=by, name="Зимородкова", query=query, now=NOW)
    other = save_view(account=by, name="Снег", query="q=%D1%81%D0%BD%D0%B5%D0%B3", now=NOW)
    cast.incident(message=cast.message("Уберите снег"))
    assert forget_searches(now=NOW) == 0
    on("comments")
    go()
    assert ProcrastinateJob.objects.filter(task_name=jobs.SEARCHES).exists()
    assert forget_searches(now=LATER) == 1
    view.refresh_from_db()
    assert (view.query, view.name) == (
        "view=all&kind=complaint", f"[стёрто {LATER:%d.%m.%Y}: слова поиска] {view.pk}"
    )  # fmt: skip
    assert SavedView.objects.get(pk=other.pk).name == "Снег"
    assert AuditLine.objects.filter(verb="forget_search", subject_id=view.pk).count() == 1
    assert erasure.left_in() == {}
    incident.refresh_from_db()
    assert incident.question.startswith("[стёрто")


def test_each_kind_goes_by_its_own_term_and_only_when_it_holds(officer: Account) -> None:
    incident = old("Яма")
    message = incident.message
    Attachment.objects.create(message=message, kind="photo", url="https://vk.com/photo1")
    answer = incident.answers.get()
    for number in (1, 2):
        AnswerPhoto.objects.create(
            answer=answer, number=number, body=b"x", digest="x", added_by=officer, added_at=NOW
        )
    answer.photos = 2
    answer.save()
    before = RetentionRule.objects.count()
    assert go() == 0
    # The day before the last, and the last.
    put_away = after(days=366)
    for kind in ("files", "photos", "comments"):
        on(kind, days=40)
        assert go(put_away + timedelta(days=39)) == 0
        rule = RetentionRule.objects.get(kind=kind)
        assert (rule.looked_at, rule.runs.count()) == (put_away + timedelta(days=39), 0)
    assert go(put_away + timedelta(days=40)) == 4
    answer.refresh_from_db()
    assert (answer.photos, AnswerPhoto.objects.count(), Attachment.objects.get().url) == (0, 0, "")
    assert RetentionRule.objects.count() == before


def test_what_is_not_finished_is_not_touched(officer: Account) -> None:
    on()
    # One question is put away, the other of the same message is worked on.
    both, other = old("Два вопроса"), cast.incident()
    Incident.objects.filter(pk=other.pk).update(message=both.message, part=1)
    SourceMessage.objects.filter(pk=other.message_id).update(triaged_at=None)
    for state in ("answered", "closed", "rejected", "transferred", "deferred", "clarification"):
        cast.incident(state, message=cast.message("Слова"))
    # A reply to what is worked on, and what was never judged.
    open_one = cast.incident(message=cast.message("Слова"))
    cast.message("И ещё", thread=open_one.message.thread, under=open_one.message.connection, triaged_at=NOW)
    cast.message("Не разобрано")
    RawEvent.objects.create(
        connection=both.message.connection, event_key="new", type="x", body=b"words", received_at=NOW
    )
    kept = SourceMessage.objects.count()
    assert go(LATER + timedelta(days=1000)) == 0
    assert SourceMessage.objects.filter(erased_at=None).count() == kept


def test_dialogs_and_talk_have_terms_of_their_own(officer: Account) -> None:
    direct = old("Мой телефон", kind="direct").message
    comment = old("Яма").message
    reply = cast.message("Анна, здравствуйте!", under=comment.connection, thread=comment.thread, is_own=True)
    talk = cast.message("Спасибо", under=comment.connection, thread=comment.thread, triaged_at=NOW)
    on("dialogs", "talk")
    assert go() == 3
    gone = set(SourceMessage.objects.exclude(erased_at=None).values_list("pk", flat=True))
    assert gone == {direct.pk, reply.pk, talk.pk}


def test_a_reply_of_the_page_goes_with_the_words_it_answers(officer: Account) -> None:
    comment = old("Яма").message
    cast.message(
        "Анна, здравствуйте!", under=comment.connection, thread=comment.thread, is_own=True,
        reply_to=comment.external_id,
    )  # fmt: skip
    on("comments")
    assert go() == 1
    assert not SourceMessage.objects.filter(erased_at=None).exists()
    assert RetentionRun.objects.get().counts["messages"] == 2


def test_a_word_waits_for_the_event_it_was_read_from(officer: Account) -> None:
    incident = old("Яма")
    on("comments", days=1)
    RetentionRule.objects.filter(kind="events").update(days=365)
    # The archive is a matter of the profile: here it came early.
    Incident.objects.filter(pk=incident.pk).update(entered_at=after(days=30))
    assert go(after(days=364)) == 0
    assert go(after(days=365)) == 1


def test_somebody_with_words_left_keeps_the_name(officer: Account) -> None:
    author = cast.author(name="Аглая")
    old("Яма", by=author)
    fresh = cast.incident(message=cast.message("Новая яма", by=author))
    on("comments")
    assert go() == 1
    author.refresh_from_db()
    assert (author.name, author.erased_at) == ("Аглая", None)
    assert forget_authors(authors=[author.pk], by=SYSTEM, now=LATER) == 0
    assert fresh.message.text == "Новая яма"


@pytest.mark.parametrize("of_incident", [False, True])
def test_a_hold_wins(officer: Account, of_incident: bool) -> None:
    author = erasure.resident()
    incident = erasure.story(author)
    erasure.history()
    IncidentTable.objects.update(state="applied", applied_at=NOW)
    casework.archive_old(now=ARCHIVED)
    other = old("Чужая яма")
    hold = holds.place_hold(on=incident if of_incident else author, reason="дело № 2-77", by=officer, now=NOW)
    before = erasure.everything()
    on()
    go()
    other.refresh_from_db()
    assert other.question.startswith("[стёрто")
    after_all = erasure.everything()
    for name in (
        "inbox_attachment", "inbox_rawevent", "casework_externallink", "casework_externalreply",
        "casework_externalphoto", "casework_personalread", "casework_broughtincident",
        "casework_incidentnote", "casework_answerphoto",
    ):  # fmt: skip
        assert after_all[name] == before[name], name
    incident.refresh_from_db()
    assert erasure.WORDS in incident.question
    assert all(preview.rows == 0 for preview in _previews())
    holds.lift_hold(hold=hold, by=officer, now=LATER)
    go()
    assert erasure.left_in() == {}


def _previews() -> list[retention.Preview]:
    return [
        retention.preview(kind=rule.kind, days=rule.days, now=LATER) for rule in RetentionRule.objects.all()
    ]


def test_a_hold_that_comes_under_the_batch_stops_it_whole(
    officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = old("Яма"), old("Яма")
    on("comments", days=365)
    seen = due(kind="comments", days=365, now=LATER)
    holds.place_hold(on=second, reason="суд", by=officer, now=NOW)
    # As if the hold had been placed after the rows were chosen: the database refuses, and nothing of it is done.
    monkeypatch.setattr(
        retention, "due", lambda **given: seen if given["kind"] == "comments" else due(**given)
    )
    with pytest.raises(IntegrityError):
        retention.take_batch(kind="comments", now=LATER)
    assert go() == 0
    first.refresh_from_db()
    assert (first.question, RetentionRun.objects.count()) == ("Яма", 0)
    monkeypatch.undo()
    assert go() == 1


def test_a_dry_run_counts_what_then_goes_and_touches_nothing(officer: Account) -> None:
    incidents = [old("Яма") for _ in range(3)]
    SourceMessage.objects.filter(pk=incidents[1].message_id).update(received_at=NOW - timedelta(days=7))
    before = erasure.everything()
    told = retention.preview(kind="comments", days=365, now=LATER)
    assert (told.rows, told.oldest, told.more) == (3, NOW - timedelta(days=7), False)
    assert erasure.everything() == before
    for kind in RetentionKind.values:
        assert retention.preview(kind=kind, days=30, now=LATER).more is False
        assert moment_of(kind)
    # The longer the term, the fewer rows.
    counted = [retention.preview(kind="comments", days=days, now=LATER).rows for days in (1, 400, 1633, 1635)]
    assert counted == [3, 3, 3, 0]
    on("comments")
    assert go() == 3


def test_killed_in_the_middle_it_goes_on_where_it_stopped(
    officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        old("Яма")
    on("comments")
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    real, calls = erasing.erase_written, []

    def dies(**given: Any) -> dict[str, int]:
        done = real(**given)
        calls.append(done)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(erasing, "erase_written", dies)
    with pytest.raises(KeyboardInterrupt):
        go()
    run = RetentionRun.objects.get()
    assert (run.counts["messages"], run.ended_at) == (2, None)
    assert SourceMessage.objects.filter(erased_at=None).count() == 3
    assert not AuditLine.objects.filter(verb="carry_out_retention").exists()
    assert go() == 3
    run = RetentionRun.objects.get()
    assert (run.counts["messages"], run.ended_at) == (5, LATER)
    assert AuditLine.objects.get(verb="carry_out_retention").details["messages"] == 5


def test_what_is_due_is_found_behind_long_stretches_of_what_is_not(
    officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STRETCH", 2)
    first = old("Яма")
    for _ in range(7):
        cast.message("Ещё не разобрано")
    last = old("Яма")
    on("comments")
    assert (retention.take_batch(kind="comments", now=LATER), first.message_id) == (
        1, RetentionRun.objects.get().passed_id,
    )  # fmt: skip
    assert retention.take_batch(kind="comments", now=LATER) == 1
    assert RetentionRun.objects.get().passed_id == last.message_id
    assert retention.take_batch(kind="comments", now=LATER) == 0


def test_a_rule_that_is_changed_ends_its_run(officer: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        old("Яма")
    on("comments")
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    assert retention.take_batch(kind="comments", now=LATER) == 1
    RetentionRule.objects.filter(kind="comments").update(version=2)
    assert retention.take_batch(kind="comments", now=LATER) == 1
    assert list(RetentionRun.objects.order_by("pk").values_list("rule_version", "ended_at")) == [
        (1, LATER), (2, None),
    ]  # fmt: skip
    RetentionRule.objects.filter(kind="comments").update(is_active=False)
    assert retention.take_batch(kind="comments", now=LATER) == 0
    assert RetentionRun.objects.filter(ended_at=None).count() == 0
    assert SourceMessage.objects.filter(erased_at=None).count() == 2
    assert retention.take_batch(kind="nothing", now=LATER) == 0


def test_photos_and_addresses_of_those_outside(officer: Account) -> None:
    incident = erasure.story(erasure.resident())
    link = incident.external_links.get()
    ExternalOpening.objects.create(link=link, at=NOW, address="10.0.0.7")
    casework.archive_old(now=ARCHIVED)
    on("outside", "reads")
    go()
    assert (ExternalPhoto.objects.count(), link.replies.get().address, link.openings.get().address) == (
        0,
        "",
        "",
    )
    assert link.replies.get().text == erasure.WORDS
    assert PersonalRead.objects.get().words == GONE % 1095


def test_brought_history_loses_its_words_and_keeps_its_figures(officer: Account) -> None:
    erasure.history()
    IncidentTable.objects.update(state="applied", applied_at=NOW)
    fresh = row(table(state="applied", applied_at=LATER), question="Яма", external_id="9")
    on("brought")
    assert go() == 1
    assert erasure.left_in() == {}
    fresh.refresh_from_db()
    assert fresh.question == "Яма"
    assert retention.preview(kind="brought", days=1095, now=LATER).rows == 0


def test_events_lose_their_bytes_and_are_still_known(officer: Account) -> None:
    under = cast.connection()
    fields: dict[str, Any] = {"connection": under, "type": "x", "body": b"\xff words", "error": "words"}
    for state in ("new", "read", "ignored", "failed"):
        RawEvent.objects.create(event_key=state, state=state, received_at=NOW, **fields)
    RawEvent.objects.create(event_key="fresh", state="read", received_at=LATER, **fields)
    assert go() == 3
    left = RawEvent.objects.exclude(body=b"").values_list("event_key", flat=True)
    assert (set(left), RawEvent.objects.count()) == ({"new", "fresh"}, 5)
    assert not RawEvent.objects.filter(body=b"").exclude(error="").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_erase_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.region()
    author = cast.author(name="Аглая")
    for number in range(12):
        old(f"Яма {number}", by=author)
    on("comments")
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    start = Barrier(2)

    def work(_number: int) -> int:
        close_old_connections()
        try:
            start.wait(timeout=30)
            return go()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == 12
    assert not SourceMessage.objects.filter(erased_at=None).exists()
    assert Author.objects.get().erased_at == LATER
    assert sum(each.counts["messages"] for each in RetentionRun.objects.all()) == 12
    assert not RetentionRun.objects.filter(ended_at=None).exists()
    told = AuditLine.objects.filter(verb="carry_out_retention")
    assert sum(line.details["messages"] for line in told) == 12
    assert AuditLine.objects.filter(verb="erase_message").count() == 12
