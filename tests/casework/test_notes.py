"""Notes of colleagues: who may be called by name, what stays of an edited one, what two people do at once."""

import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident, IncidentNote, NoteMention, NoteVersion
from otklik.casework.rules.mentions import Person, called, pieces, whom
from otklik.channels.models import Delivery
from otklik.people.models import Account
from tests import cast
from tests.casework.test_concurrency import _at_once

NOW = cast.NOW
database = pytest.mark.django_db


def note(
    incident: Incident, text: str = "Звонили в водоканал, обещали завтра.", **fields: Any
) -> IncidentNote:
    given: dict[str, Any] = {"by": fields.pop("by", None) or cast.dispatcher(), "now": NOW}
    return casework.add_note(incident=incident, text=text, **given | fields)


def verbs() -> list[str]:
    return list(AuditLine.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@klimova посмотрите", ["klimova"]),
        ("Посмотрите, @Климова. И @klimova!", ["климова", "klimova"]),
        ("почта a@example.org и a.b@example.org", []),
        ("@a@b.ru, @", ["a@b.ru"]),
        ("@ имя @... @-", []),
        ("(@ivan-petrov)(@IVAN-PETROV)", ["ivan-petrov"]),
    ],
)
def test_who_is_called(text: str, names: list[str]) -> None:
    assert called(text) == names


@given(st.text(), st.dictionaries(st.text(max_size=5), st.text(min_size=1, max_size=5), max_size=3))
def test_nothing_of_a_text_is_lost_in_its_pieces(text: str, named: dict[str, str]) -> None:
    assert "".join(words for words, _name in pieces(text, named)) == text


def test_a_long_row_of_signs_is_read_at_once() -> None:
    started = time.process_time()
    for text in ("@" * 4000, "@a" * 2000, "@" + "a" * 3999, "a." * 2000 + "@"):
        called(text)
    assert time.process_time() - started < 5


def test_a_login_is_stronger_than_a_name() -> None:
    one, other = Person(1, "anna", "Анна Белова"), Person(2, "belova", "Анна Белова")
    assert whom("anna", [one, other]) == [one]
    assert whom("белова", [one, other]) == [one, other]
    assert whom("кто", [one, other]) == []


@database
def test_a_note_calls_colleagues_and_goes_nowhere_else() -> None:
    incident = cast.incident("in_progress")
    assert incident.executor
    worker, by = (
        cast.executor(incident.executor, username="oleg", full_name="Олег Сергеев"),
        cast.dispatcher(),
    )
    made = note(incident, "@oleg и @СЕРГЕЕВ, жильцы ждут. @" + by.username, by=by)
    assert made.named == {"oleg": "Олег Сергеев", "сергеев": "Олег Сергеев", by.username: by.full_name}
    assert list(NoteMention.objects.values_list("account", "read_at")) == [(worker.pk, None)]
    assert not Answer.objects.filter(incident=incident).exists()
    assert not Delivery.objects.exists()
    line = AuditLine.objects.get(verb="add_note")
    assert "жильцы" not in str(line.details), "the journal keeps who called whom, not what was said"
    before = incident.version
    incident.refresh_from_db()
    assert incident.version == before, "a note moves nothing: cards of others are not out of date"


@database
def test_only_who_sees_the_incident_may_be_called() -> None:
    incident = cast.incident("in_progress")
    assert incident.executor
    seeing = [
        cast.dispatcher(), cast.executor(incident.executor), cast.account("viewer"),
        cast.account("page_admin", page=incident.page),
    ]  # fmt: skip
    blind = [
        cast.executor(cast.body()), cast.account("security_officer"), cast.account(),
        cast.account("page_admin", page=cast.page()),
    ]  # fmt: skip
    closed = cast.dispatcher()
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    known = set(casework.colleagues(incident).values_list("pk", flat=True))
    assert {each.pk for each in seeing} <= known
    assert not known & {each.pk for each in [*blind, closed]}
    for each in [*blind, closed]:
        with pytest.raises(casework.UnclearMention) as caught:
            note(incident, f"@{each.username}")
        assert "нет коллеги с таким именем" in caught.value.told()
    with pytest.raises(casework.UnclearMention) as caught:
        note(incident, "@Мария, посмотрите")
    assert "подходит нескольким" in caught.value.told()
    assert not IncidentNote.objects.exists()


@database
def test_what_a_note_must_be() -> None:
    incident, by = cast.incident(), cast.dispatcher()
    for empty in ("", " \n\0 "):
        with pytest.raises(casework.NoteIsEmpty):
            note(incident, empty, by=by)
    with pytest.raises(casework.NoteTooLong):
        note(incident, "я" * (casework.LONGEST_NOTE + 1), by=by)
    with pytest.raises(casework.TooManyMentions):
        note(incident, " ".join(f"@u{number}" for number in range(21)), by=by)
    assert note(incident, "я" * casework.LONGEST_NOTE, by=by)


@database
def test_a_second_press_is_the_first_one() -> None:
    incident, by = cast.incident(), cast.dispatcher()
    first = note(incident, by=by)
    assert note(incident, by=by) == first
    assert note(incident, by=cast.dispatcher()) != first
    assert note(incident, by=by, now=cast.after(minutes=5)) != first
    assert verbs().count("add_note") == 3


@database
def test_an_edited_note_keeps_what_it_said_and_calls_whom_it_names_now() -> None:
    incident, by = cast.incident("in_progress"), cast.dispatcher()
    one, other, third = (cast.dispatcher(username=name) for name in ("one", "other", "third"))
    made = note(incident, "@one @third, срочно", by=by)
    casework.read_mentions(incident=incident, by=third, now=cast.after(minutes=1))
    edited = casework.edit_note(note=made, text="@other, не срочно", by=by, now=cast.after(minutes=2))
    assert edited.edited_at == cast.after(minutes=2)
    assert list(NoteVersion.objects.values_list("number", "text")) == [(1, "@one @third, срочно")]
    assert set(NoteMention.objects.values_list("account", flat=True)) == {other.pk, third.pk}, one
    casework.edit_note(note=made, text="@other, не срочно", by=by, now=cast.after(minutes=3))
    assert NoteVersion.objects.count() == 1, "the same words are no edit"
    with pytest.raises(casework.NotYourNote):
        casework.edit_note(note=made, text="x", by=one, now=NOW)
    with pytest.raises(casework.NoteIsOld):
        casework.edit_note(note=made, text="x", by=by, now=NOW + casework.EDITABLE + timedelta(seconds=1))


@database
def test_a_withdrawn_note_stays_and_calls_nobody() -> None:
    incident, by, other = cast.incident(), cast.dispatcher(), cast.dispatcher()
    made = note(incident, f"@{other.username}", by=by)
    with pytest.raises(casework.NotYourNote):
        casework.withdraw_note(note=made, by=other, now=NOW)
    casework.withdraw_note(note=made, by=by, now=cast.after(hours=5))
    for verb in (casework.withdraw_note, lambda **given: casework.edit_note(text="x", **given)):
        with pytest.raises(casework.NoteWithdrawn):
            verb(note=made, by=by, now=cast.after(hours=5))
    made.refresh_from_db()
    assert (made.withdrawn_at, made.text) == (cast.after(hours=5), f"@{other.username}")
    assert verbs()[-1] == "withdraw_note"


@database
def test_a_mention_is_read_once_by_the_one_it_calls() -> None:
    incident, by, other = cast.incident(), cast.dispatcher(), cast.dispatcher()
    note(incident, f"@{other.username}", by=by)
    assert casework.read_mentions(incident=incident, by=by, now=NOW) == 0
    assert casework.read_mentions(incident=incident, by=other, now=NOW) == 1
    assert casework.read_mentions(incident=incident, by=other, now=NOW) == 0
    assert verbs().count("read_mentions") == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_leave_one_note_and_two_editors_one_order() -> None:
    incident, by, other = cast.incident(), cast.dispatcher(), cast.dispatcher()
    results = _at_once(*[lambda: note(incident, f"@{other.username}", by=by)] * 3)
    assert len({each.pk for each in results}) == 1
    made = results[0]
    later = cast.after(minutes=1)
    _at_once(
        *(
            lambda text=text: casework.edit_note(note=made, text=text, by=by, now=later)
            for text in ("а", "б", "в")
        )
    )
    assert sorted(NoteVersion.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert NoteMention.objects.count() == 0


NAMES = [
    "note_says",
    "note_edited_later",
    "note_withdrawn_later",
    "note_version_number",
    "note_mentions_once",
    "note_mention_read_later",
]


@database
@pytest.mark.parametrize("name", NAMES)
def test_the_database_keeps_the_notes(name: str) -> None:
    incident, by, before = cast.incident(), cast.dispatcher(), NOW - timedelta(seconds=1)
    made = note(incident, by=by)
    fields: dict[str, Any] = {"incident": incident, "author": by, "text": "да", "created_at": NOW}
    call: dict[str, Any] = {"note": made, "account": by, "at": NOW}
    version: dict[str, Any] = {"note": made, "number": 1, "text": "да", "replaced_at": NOW}
    broken: dict[str, tuple[type[Any], list[dict[str, Any]]]] = {
        "note_says": (IncidentNote, [fields | {"text": ""}]),
        "note_edited_later": (IncidentNote, [fields | {"edited_at": before}]),
        "note_withdrawn_later": (IncidentNote, [fields | {"withdrawn_at": before}]),
        "note_version_number": (NoteVersion, [version, version]),
        "note_mentions_once": (NoteMention, [call, call]),
        "note_mention_read_later": (NoteMention, [call | {"read_at": before}]),
    }
    model, rows = broken[name]
    for row in rows[:-1]:
        model.objects.create(**row)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        model.objects.create(**rows[-1])
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name
