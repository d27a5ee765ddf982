"""Notes of colleagues as the desk shows them: beside the card, on a page of their own, and where one was called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from otklik.casework import operations as casework
from otklik.casework.models import Incident, IncidentNote, NoteMention
from otklik.casework.operations import masked
from otklik.casework.rules.mentions import pieces
from otklik.desk.access import Desk
from otklik.desk.choices import Choice
from otklik.desk.forms import CardForm
from otklik.people.models import but_the_name
from otklik.people.rules import Right

LATEST = 5
"""So many stand beside a card; the others are one press away."""
MOST_OFFERED = 8
MOST_SHOWN = 500


class NoteForm(CardForm):
    """What to tell colleagues; what is wrong with it is the verb's to say."""

    text = forms.CharField(required=False, strip=False, label=_("Заметка для коллег"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as this person sees it: in pieces, so that names stand out; masked unless personal data are open."""

    note: IncidentNote
    pieces: list[tuple[str, str]]
    for_me: bool
    editable: bool
    mine: bool
    before: Sequence[tuple[str, datetime]] = ()


def notes_of(incident: Incident, desk: Desk, *, is_open: bool) -> list[Shown]:
    """The latest notes of the incident, one more than are shown beside the card. One query."""
    found = _with_calls(incident, desk)[: LATEST + 1]
    return [_shown(each, desk, is_open=is_open) for each in found]


def all_notes(incident: Incident, desk: Desk, *, is_open: bool) -> list[Shown]:
    """Every note of the incident, the newest first, with what each said before. Two queries."""
    found = _with_calls(incident, desk).prefetch_related("versions")[:MOST_SHOWN]
    return [_shown(each, desk, is_open=is_open, before=_versions(each, is_open)) for each in found]


def unread_of(notes: Sequence[Shown]) -> bool:
    """Whether some of these call the person and were not read."""
    return any(each.for_me for each in notes)


def callable_colleagues(incident: Incident, words: str = "") -> list[Choice]:
    """Who may be called by @name: whoever sees the incident; who is responsible and whom notes know come first."""
    found = casework.colleagues(incident)
    for word in words.split()[:4]:
        found = found.filter(Q(full_name__icontains=word) | Q(username__istartswith=word))
    wrote = IncidentNote.objects.filter(incident=incident, author=OuterRef("pk"))
    near = Case(
        When(pk=incident.assignee_id, then=Value(0)), When(Exists(wrote), then=Value(1)), default=Value(2)
    )
    rows = found.order_by(near, "full_name", "pk").values_list("username", "full_name", "position")
    return [Choice(login, name or login, position) for login, name, position in rows[:MOST_OFFERED]]


def mentions_of(desk: Desk) -> QuerySet[NoteMention]:
    """Where the person was called by name, in incidents that the person still sees and notes that still stand."""
    found = NoteMention.objects.filter(account=desk.account, note__withdrawn_at=None)
    everywhere, _organizations, _pages = desk.reach.where(Right.SEE_INCIDENTS)
    if everywhere:
        return found
    return found.filter(note__incident__in=Incident.objects.visible_to(desk.reach).values("pk"))


def unread(desk: Desk) -> int:
    """How many calls the person has not read."""
    return mentions_of(desk).filter(read_at=None).count()


def listed(desk: Desk) -> QuerySet[NoteMention]:
    """Calls of the person, those not read first, then the newest."""
    found = mentions_of(desk).select_related("note__author", "note__incident__topic")
    known = found.only(
        "at", "read_at", "account", "note__text", "note__named", "note__created_at", "note__author__full_name",
        "note__author__username", "note__incident__received_at", "note__incident__topic__name",
    )  # fmt: skip
    return known.order_by(F("read_at").desc(nulls_first=True), "-pk")


def shown_pieces(note: IncidentNote, *, is_open: bool) -> list[tuple[str, str]]:
    """The words of a note with the names that it calls apart."""
    return list(pieces(note.text if is_open else masked(note.text), note.named))


def _with_calls(incident: Incident, desk: Desk) -> QuerySet[Any]:
    calls = NoteMention.objects.filter(note=OuterRef("pk"), account=desk.account, read_at=None)
    found = IncidentNote.objects.filter(incident=incident).select_related("author")
    return found.defer(*but_the_name("author")).annotate(for_me=Exists(calls)).order_by("-pk")


def _shown(note: Any, desk: Desk, *, is_open: bool, before: Sequence[tuple[str, datetime]] = ()) -> Shown:
    mine = note.author_id == desk.account.pk and note.withdrawn_at is None
    return Shown(
        note,
        [] if note.withdrawn_at else shown_pieces(note, is_open=is_open),
        for_me=note.for_me and note.withdrawn_at is None,
        editable=mine and desk.now - note.created_at <= casework.EDITABLE,
        mine=mine,
        before=[] if note.withdrawn_at else before,
    )


def _versions(note: IncidentNote, is_open: bool) -> list[tuple[str, datetime]]:
    found = sorted(note.versions.all(), key=lambda each: each.number)
    return [(each.text if is_open else masked(each.text), each.replaced_at) for each in found]
