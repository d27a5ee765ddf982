"""A resident asks to be forgotten: the request, the hold that forbids it, and an erasure after which no table knows."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from otklik.audit import operations as audit
from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.exchange.layout import AT
from otklik.casework.models import (
    AnswerPhoto,
    BroughtBefore,
    BroughtIncident,
    ErasureRequest,
    ExternalPhoto,
    ExternalReply,
    FakeLink,
    Incident,
    IncidentExport,
    IncidentNote,
    LegalHold,
    Move,
    NoteVersion,
    PersonalRead,
)
from otklik.casework.operations import (
    erasing,
    erasure,
    exchange_export,
    external,
    fake_links,
    fakes,
    holds,
    moderating,
)
from otklik.casework.operations.exchange_export import Filters
from otklik.channels.models import Attempt, Delivery, Proof
from otklik.channels.operations.erasing import AnswerOnItsWay, erase_deliveries
from otklik.common import jobs
from otklik.common.actor import SYSTEM
from otklik.common.erased import is_harmless, mark, without_words
from otklik.inbox.models import Attachment, Author, MessageVersion, RawEvent, SourceMessage
from otklik.inbox.operations import erase_author, erase_messages, receive
from otklik.people.models import Account
from otklik.triage.models import Example, LikenessKey
from otklik.triage.operations import erase_verdicts
from tests import cast
from tests.casework.test_exchange_models import row, table
from tests.cast import NOW, after

pytestmark = pytest.mark.django_db
NUMBER, PROFILE = "770077001", "https://vk.com/id770077001"
WORDS = "Зимородкова Аглая Юрьевна, +7 913 912-34-56, Кленовая 17"
SECRETS = ("Зимородков", "Аглая", "Аглай", "912-34-56", "Кленов", NUMBER)
LATER = after(days=2)


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


@pytest.fixture
def officer() -> Account:
    return cast.account("security_officer")


@pytest.fixture
def second() -> Account:
    return cast.account("security_officer")


def resident() -> Author:
    return cast.author(name="Аглая Зимородкова", external_id=NUMBER, url=PROFILE)


def story(author: Author) -> Incident:
    """One question of the resident with everything that may come of one, and their words wherever words may stand."""
    message = cast.message(f"Яма! {WORDS}", by=author)
    body = json.dumps({"object": {"from_id": int(NUMBER), "text": WORDS}}, ensure_ascii=False).encode()
    RawEvent.objects.create(
        connection=message.connection, event_key="e1", type="wall_reply_new", body=body, state="read",
        received_at=NOW, error=WORDS,
    )  # fmt: skip
    MessageVersion.objects.create(message=message, text=WORDS, replaced_at=NOW)
    Attachment.objects.create(message=message, kind="doc", title=WORDS, url=PROFILE, sizes=[{"u": WORDS}])
    Example.objects.create(
        text=WORDS, digest="1", topic=cast.topic(), source="person", message=message, at=NOW
    )
    LikenessKey.objects.create(key=5, message=message)
    incident = cast.incident("in_progress", message=message)
    Incident.objects.filter(pk=incident.pk).update(street_name="Кленовая", house="17", object_name=WORDS)
    incident.message.verdicts.update(
        words=[["Кленовая", 1, 5]], place_words=[["Кленовая", 1, 5]], street_name="Кленовая", house="17",
        place_options=[["Кленовая", 1, 5]], because=[["street", "Кленовая"]], personal=[["phone", 1, 2]],
    )  # fmt: skip
    by = cast.dispatcher()
    casework.open_personal(incident=incident, reason="other", words=WORDS, by=by, now=NOW)
    casework.save_draft(incident=incident, text=f"Аглая! {WORDS}", by=by, now=NOW, draft_version=0)
    casework.discard_draft(incident=incident, by=by, now=NOW, draft_version=1)
    note = IncidentNote.objects.create(incident=incident, author=by, text=WORDS, created_at=NOW)
    NoteVersion.objects.create(note=note, number=1, text=WORDS, replaced_at=NOW)
    asked = external.make_link(
        incident=incident, addressee="МУП", question=WORDS, answer_by=after(days=1), by=by, now=NOW
    )
    reply = ExternalReply.objects.create(link=asked, text=WORDS, at=NOW, address="127.0.0.1")
    ExternalPhoto.objects.create(reply=reply, number=1, body=WORDS.encode())
    answer = cast.publish(incident, f"Аглая, здравствуйте! {WORDS}")
    cast.settle(answer, "delivered")
    AnswerPhoto.objects.create(
        answer=answer, number=1, body=WORDS.encode(), digest="x", added_by=by, added_at=NOW
    )
    type(answer).objects.filter(pk=answer.pk).update(photos=1)
    answer.refresh_from_db()
    Delivery.objects.filter(pk=answer.delivery_id).update(
        author_name="Аглая Зимородкова", author_id=NUMBER, detail=WORDS, snapshot={"text": WORDS}
    )
    Proof.objects.create(
        delivery_id=answer.delivery_id, external_id="7", permalink="https://vk.com/wall-1_7", text=WORDS, seen_at=NOW
    )  # fmt: skip
    Attempt.objects.create(delivery_id=answer.delivery_id, at=NOW, result="ok", detail=WORDS)
    cast.message(
        f"Аглая, здравствуйте! {WORDS}", under=message.connection, is_own=True, reply_to=message.external_id,
        thread=message.thread,
    )  # fmt: skip
    incident.refresh_from_db()
    points = "1" * 10
    casework.review(
        incident=incident, points=points, verdict="pass", code="", comment=WORDS, by=cast.dispatcher(), now=LATER
    )  # fmt: skip
    _repeated(message, incident, by)
    incident.refresh_from_db()
    casework.reopen(incident=incident, reason=f"просит {WORDS}", by=by.actor, now=LATER)
    incident.refresh_from_db()
    casework.reject(incident=_to_triage(incident, by), reason="duplicate", by=by.actor, now=LATER)
    return incident


def _repeated(message: SourceMessage, incident: Incident, by: Account) -> None:
    """The resident repeats what is not true, and somebody noted where."""
    said = fakes.Stated(statement="Ямы засыплют через год", first_seen=NOW.date())
    fake_links.add_fake_links(
        report=fakes.report_fake(said=said, by=by, now=NOW),
        addresses=[moderating.link_of(message), PROFILE], incidents=[incident.pk], by=by, now=NOW,
    )  # fmt: skip


def _to_triage(incident: Incident, by: Account) -> Incident:
    casework.take_up(incident=incident, by=by, now=LATER)
    incident.refresh_from_db()
    casework.decline(incident=incident, reason="не наше", by=by.actor, now=LATER)
    incident.refresh_from_db()
    return incident


def history() -> None:
    values = [""] * 47
    for code in ("text", "answer_1", "note"):
        values[AT[code]] = WORDS
    values[AT["author_url"]], values[AT["street"]], values[AT["municipality"]] = PROFILE, "Кленовая", "Бердск"
    brought = row(table(), question=WORDS, values=values)
    BroughtBefore.objects.create(
        table=brought.table, row=brought, before_table=brought.table, before_line=2, values=values
    )


def everything() -> dict[str, str]:
    """All text of all tables of the database, by table: bytes, JSON and search vectors with it."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'select to_jsonb(t)::text from "{name}" t')
            texts = [line[0] for line in cursor.fetchall()]
            # Bytes are told in hexadecimal.
            found[name] = "\n".join(texts) + "".join(_bytes(each) for each in texts)
    return found


def _bytes(told: str) -> str:
    values = [each for each in json.loads(told).values() if isinstance(each, str) and each.startswith("\\x")]
    return "".join(bytes.fromhex(each[2:]).decode("utf-8", "replace") for each in values)


def left_in() -> dict[str, list[str]]:
    return {
        name: shown
        for name, text in everything().items()
        if (shown := [each for each in SECRETS if each.lower() in text.lower()])
    }


def requested(author: Author, officer: Account) -> ErasureRequest:
    made = erasure.receive_erasure(author=author, channel="letter", received_at=NOW, by=officer, now=NOW)
    return erasure.check_erasure(request=made, proof="паспорт предъявлен", by=officer, now=NOW)


def test_nothing_of_the_resident_is_left_in_any_table(officer: Account, second: Account) -> None:
    author = resident()
    incident = story(author)
    history()
    head = cast.account("center_head")
    exchange_export.ask_export(source="live", filters=Filters(), by=head, now=LATER, reason="check")
    before = left_in()
    assert set(before) >= {
        "inbox_sourcemessage", "inbox_author", "inbox_rawevent", "inbox_messageversion", "inbox_attachment",
        "triage_verdict", "triage_example", "casework_incident", "casework_answer", "casework_move",
        "casework_review", "casework_personalread", "casework_externallink", "casework_externalreply",
        "casework_externalphoto", "casework_incidentnote", "casework_noteversion", "casework_answerphoto",
        "casework_broughtincident", "casework_broughtbefore", "channels_delivery",
        "channels_proof", "channels_attempt", "audit_auditline", "casework_fakelink",
    }  # fmt: skip
    facts = Incident.objects.values(
        "topic", "municipality", "state", "received_at", "closed_at", "page"
    ).get()
    moves = Move.objects.filter(incident=incident).count()
    lines = AuditLine.objects.count()
    request = requested(author, officer)
    done = erasure.carry_out_erasure(request=request, by=second, now=LATER)
    assert left_in() == {}
    assert (done.state, done.counts["messages"], done.counts["incidents"], done.counts["brought"]) == (
        "done", 2, 1, 1,
    )  # fmt: skip
    assert (done.counts["events"], done.counts["photos"]) == (1, 1)
    assert not incident.answers.exclude(photos=0).exists()
    # Words that colleagues saved to search by are looked through by a job of the desk.
    assert ProcrastinateJob.objects.filter(task_name=jobs.SEARCHES).count() == 1
    incident.refresh_from_db()
    left = mark(LATER.date(), f"требование автора № {request.pk}")
    assert incident.question == left
    assert SourceMessage.objects.filter(text=left, erased_at=LATER).count() == 2
    # What is counted stays.
    fields = ("topic", "municipality", "state", "received_at", "closed_at", "page")
    assert Incident.objects.values(*fields).get() == facts
    assert Move.objects.filter(incident=incident).count() == moves
    assert AuditLine.objects.count() > lines
    assert Attachment.objects.get().kind == "doc"
    assert IncidentExport.objects.get().state == "forgotten"
    assert BroughtIncident.objects.get().values[AT["municipality"]] == "Бердск"
    assert PersonalRead.objects.get().words == left
    assert FakeLink.objects.get().incident == incident


def test_what_the_network_tells_later_brings_nothing_back(officer: Account, second: Account) -> None:
    author = resident()
    message = cast.message(WORDS, by=author)
    request = requested(author, officer)
    erasure.carry_out_erasure(request=request, by=second, now=LATER)
    again = cast.incoming(
        "edited", external_id=message.external_id, author_id=NUMBER, text=WORDS, root_id=message.external_id
    )
    received = receive(items=[(message.connection, again)], now=LATER)
    assert (received.new, received.changed) == ([], [])
    assert left_in() == {}
    fresh = cast.incoming("new", author_id=NUMBER, text="Новый вопрос")
    assert len(receive(items=[(message.connection, fresh)], now=LATER).new) == 1
    assert Author.objects.filter(external_id=NUMBER).exclude(pk=author.pk).count() == 1


def test_a_request_has_ten_working_days_and_two_people(officer: Account, second: Account) -> None:
    author = resident()
    story(author)
    request = erasure.receive_erasure(author=author, channel="letter", received_at=NOW, by=officer, now=NOW)
    assert request.due_at.astimezone(cast.ZONE).date().isoformat() == "2026-12-02"
    with pytest.raises(erasure.RequestIsOpen):
        erasure.receive_erasure(author=author, channel="visit", received_at=NOW, by=officer, now=NOW)
    with pytest.raises(erasure.WrongMomentOfRequest):
        erasure.carry_out_erasure(request=request, by=second, now=NOW)
    with pytest.raises(erasure.NeedsProof):
        erasure.check_erasure(request=request, proof=" ", by=officer, now=NOW)
    request = erasure.check_erasure(
        request=request, proof="паспорт 5004 123456 предъявлен", by=officer, now=NOW
    )
    assert "123456" not in request.proof
    with pytest.raises(erasure.SecondPersonErases):
        erasure.carry_out_erasure(request=request, by=officer, now=NOW)
    with pytest.raises(holds.MayNotErase):
        erasure.carry_out_erasure(request=request, by=cast.dispatcher(), now=NOW)
    erasure.carry_out_erasure(request=request, by=second, now=LATER)
    with pytest.raises(erasure.AlreadyErased):
        erasure.receive_erasure(author=author, channel="visit", received_at=NOW, by=officer, now=NOW)
    verbs = AuditLine.objects.filter(subject_type="casework.erasurerequest").order_by("id")
    assert [line.verb for line in verbs] == ["receive_erasure", "check_erasure", "carry_out_erasure"]


def test_a_request_is_refused_with_a_reason(officer: Account) -> None:
    request = requested(resident(), officer)
    with pytest.raises(erasure.NeedsRefusal):
        erasure.refuse_erasure(request=request, reason="", by=officer, now=NOW)
    done = erasure.refuse_erasure(request=request, reason="подано не автором", by=officer, now=NOW)
    assert (done.state, done.is_open) == ("refused", False)
    with pytest.raises(erasure.WrongMomentOfRequest):
        erasure.refuse_erasure(request=request, reason="ещё раз", by=officer, now=NOW)


def test_what_is_still_worked_on_is_not_erased(officer: Account, second: Account) -> None:
    author = resident()
    incident = cast.incident("in_progress", message=cast.message(WORDS, by=author))
    request = requested(author, officer)
    assert erasing.is_in_work(author)
    with pytest.raises(erasing.StillInWork):
        erasure.carry_out_erasure(request=request, by=second, now=NOW)
    delivery = cast.publish(incident).delivery_id
    with pytest.raises(AnswerOnItsWay), audit.erasing():
        erase_deliveries(deliveries=[delivery or 0], left="[стёрто]", by=SYSTEM, now=NOW)
    author.refresh_from_db()
    assert author.erased_at is None


@pytest.mark.parametrize("of_incident", [False, True])
def test_a_hold_stops_everybody(officer: Account, second: Account, of_incident: bool) -> None:
    author = resident()
    incident = story(author)
    request = requested(author, officer)
    hold = holds.place_hold(on=incident if of_incident else author, reason="дело № 2-77", by=officer, now=NOW)
    request.refresh_from_db()
    assert request.state == "held"
    with pytest.raises(holds.UnderHold):
        erasure.carry_out_erasure(request=request, by=second, now=LATER)
    # Whoever comes past the verbs is refused by the database.
    for change in (
        lambda: SourceMessage.objects.filter(author=author).update(erased_at=NOW),
        lambda: Author.objects.filter(pk=author.pk).update(erased_at=NOW),
        lambda: SourceMessage.objects.filter(author=author)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            change()
        cause = caught.value.__cause__
        assert isinstance(cause, psycopg.Error)
        assert cause.diag.constraint_name == "erasure_held"
    holds.lift_hold(hold=hold, by=officer, now=LATER)
    with pytest.raises(holds.AlreadyLifted):
        holds.lift_hold(hold=hold, by=officer, now=LATER)
    request.refresh_from_db()
    assert request.state == "checked"
    erasure.carry_out_erasure(request=request, by=second, now=LATER)
    assert left_in() == {}


def test_a_hold_says_why_and_ends_with_its_day(officer: Account) -> None:
    author = resident()
    with pytest.raises(holds.NeedsGround):
        holds.place_hold(on=author, reason=" ", by=officer, now=NOW)
    with pytest.raises(holds.WrongDay):
        holds.place_hold(on=author, reason="суд", until=NOW.date() - timedelta(days=1), by=officer, now=NOW)
    holds.require_right(officer)
    with pytest.raises(holds.MayNotErase):
        holds.place_hold(on=author, reason="суд", by=cast.account("system_admin"), now=NOW)
    holds.place_hold(on=author, reason="суд", until=NOW.date(), by=officer, now=NOW)
    request = requested(author, officer)
    assert request.state == "held"
    assert len(holds.holds_of(author=author, now=NOW)) == 1
    assert holds.holds_of(author=author, now=LATER) == []


def test_parts_of_an_erasure_leave_their_own_lines() -> None:
    author = resident()
    message = cast.message(WORDS, by=author)
    cast.verdict(message)
    erase_messages(messages=[message.pk], left="[стёрто]", by=SYSTEM, now=NOW)
    erase_verdicts(messages=[message.pk], by=SYSTEM, now=NOW)
    assert erase_author(author=author, by=SYSTEM, now=NOW) == {"events": 0}
    assert set(AuditLine.objects.values_list("verb", flat=True)) >= {
        "erase_message", "erase_verdict", "erase_author",
    }  # fmt: skip
    assert erase_messages(messages=[message.pk], left="[стёрто]", by=SYSTEM, now=LATER)["messages"] == 0


def test_the_act_itself_refuses_what_is_not_over_and_may_be_repeated() -> None:
    author = resident()
    incident = cast.incident("in_progress", message=cast.message(WORDS, by=author))
    with pytest.raises(erasing.StillInWork), audit.erasing():
        erasing.erase_written(messages=[incident.message_id], left="[стёрто]", by=SYSTEM, now=NOW)
    incident = casework.decline(incident=incident, reason="не наше", by=SYSTEM, now=NOW)
    casework.reject(incident=incident, reason="spam", by=SYSTEM, now=NOW)
    first = erasing.erase_all_of(author=author, left="[стёрто]", by=SYSTEM, now=LATER)
    author.refresh_from_db()
    again = erasing.erase_all_of(author=author, left="[стёрто]", by=SYSTEM, now=LATER)
    assert (first["messages"], again["messages"]) == (1, 0)
    assert left_in() == {}


def test_the_journal_gives_up_words_and_nothing_else() -> None:
    line = AuditLine.objects.create(
        at=NOW, actor_name="Мария", verb="x", subject_type="t", subject_id=1, reason=WORDS, details={"a": [WORDS, 1]}
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditLine.objects.update(reason="")
    for forbidden in ({"actor_name": "Другой"}, {"at": LATER}, {"verb": "y"}):
        with pytest.raises(DatabaseError, match="never changed"), audit.erasing():
            AuditLine.objects.update(**forbidden)
    with pytest.raises(DatabaseError, match="never changed"), audit.erasing():
        line.delete()
    with audit.erasing():
        assert audit.erase_words(subjects={"t": [1]}, left="[стёрто]") == 1
    line.refresh_from_db()
    assert (line.reason, line.details) == ("[стёрто]", {"a": ["[стёрто]", 1]})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditLine.objects.update(reason="")


def test_codes_and_moments_are_no_words() -> None:
    for harmless in ("", "no_proof", "2026-11-18", "2026-11-18T04:00:00+00:00", mark(NOW.date(), "правило")):
        assert is_harmless(harmless), harmless
    for words in ("Аглая", "+79139123456", "mp@example.org", "нет", "ivan petrov", "2026-11-18 Аглая"):
        assert not is_harmless(words), words
    assert without_words({"a": {"b": ["код", "code", 2, None]}}, "·") == {"a": {"b": ["·", "code", 2, None]}}


BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "legal_hold_of_one": ("hold", {"author": None}),
    "legal_hold_says_why": ("hold", {"reason": ""}),
    "legal_hold_lifted_by": ("hold", {"lifted_at": NOW}),
    "erasure_one_open": ("request", {}),
    "erasure_identity_checked": ("request", {"state": "checked"}),
    "erasure_refused_why": ("request", {"state": "refused", "ended": True}),
    "erasure_ended_by": ("request", {"state": "refused", "reason": "нет"}),
    "erasure_four_eyes": ("request", {"state": "done", "checked": True, "ended": True}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_keeps_requests_and_holds(name: str, officer: Account) -> None:
    author = resident()
    what, given = BROKEN[name]
    fields: dict[str, Any] = dict(given)
    if what == "hold":
        fields = {"author": author, "reason": "суд", "placed_at": NOW, "placed_by": officer} | fields
    else:
        fields = {"author": author, "channel": "letter", "received_at": NOW, "due_at": NOW} | fields
        fields["taken_by"] = officer
        if fields.pop("checked", False):
            fields |= {"checked_at": NOW, "checked_by": officer, "proof": "видели"}
        if fields.pop("ended", False):
            fields |= {"ended_at": NOW, "ended_by": officer}
    if name == "erasure_one_open":
        ErasureRequest.objects.create(**fields)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        (LegalHold if what == "hold" else ErasureRequest).objects.create(**fields)
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name
