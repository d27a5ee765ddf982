"""Notes of colleagues at an incident: written, edited for a while, taken back; who is called by @name learns of it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from otklik.audit import operations as audit
from otklik.casework.models import Incident, IncidentNote, NoteMention, NoteVersion
from otklik.casework.rules.mentions import MOST_MENTIONS, Person, called, whom
from otklik.common.desks import tell_desks
from otklik.people.models import Account
from otklik.people.rules import RIGHTS, Right
from otklik.registry.models import Membership, Organization

LONGEST_NOTE = 4000
EDITABLE = timedelta(minutes=15)
"""How long a note may be edited: a slip of the pen, not another meaning after others have read it."""
# A second press of the same button is the first one.
_SAME = timedelta(minutes=1)
_SEERS = sorted(role for role, rights in RIGHTS.items() if Right.SEE_INCIDENTS in rights)


class NoteIsEmpty(Exception):
    """Напишите, что передать коллегам: пустую заметку сохранить нельзя."""


class NoteTooLong(Exception):
    """Заметка длиннее 4000 знаков. Сократите её или разбейте на две."""


class NotYourNote(Exception):
    """Изменить или отозвать заметку может только тот, кто её написал."""


class NoteIsOld(Exception):
    """Заметку можно изменить в течение 15 минут. Напишите новую или отзовите эту."""


class NoteWithdrawn(Exception):
    """Заметка уже отозвана."""


class TooManyMentions(Exception):
    """В одной заметке можно позвать не больше двадцати коллег."""


class UnclearMention(Exception):
    """Коллега после @ не найден или таких несколько."""

    def __init__(self, name: str, people: list[Person]) -> None:
        super().__init__(name)
        self.name, self.people = name, people

    def told(self) -> str:
        """Who was not found, or between whom to choose, and what to write instead."""
        if not self.people:
            said = gettext(
                "«@%(name)s»: нет коллеги с таким именем, которому открыт этот инцидент. Выберите из списка или"
                " уберите знак @."
            )
            return said % {"name": self.name}
        known = ", ".join(f"{each.name} — @{each.login}" for each in self.people[:5])
        return gettext("«@%(name)s» подходит нескольким. Уточните: %(known)s.") % {
            "name": self.name,
            "known": known,
        }


def colleagues(incident: Incident) -> QuerySet[Account]:
    """Active people who may see the incident: of the centre, of its body and those above it, of its page."""
    path: list[int] = []
    if incident.executor_id:
        path = Organization.objects.values_list("path", flat=True).get(pk=incident.executor_id)
    where = Q(organization=None, page=None) | Q(page_id=incident.page_id) | Q(organization_id__in=[*path])
    seers = Membership.objects.filter(where, role__in=_SEERS)
    return Account.objects.filter(is_active=True, pk__in=seers.values("account"))


@transaction.atomic
def add_note(*, incident: Incident, text: str, by: Account, now: datetime) -> IncidentNote:
    """Keep a note and call whom it names; the same words of the same person within a minute are one note.

    Raises NoteIsEmpty, NoteTooLong, TooManyMentions, UnclearMention.
    """
    text = _proper(text)
    locked = _locked(incident)
    last = IncidentNote.objects.filter(incident=locked, withdrawn_at=None).order_by("-pk").first()
    if last and last.author_id == by.pk and last.text == text and now - last.created_at < _SAME:
        return last
    people = _called(locked, text)
    note = IncidentNote.objects.create(
        incident=locked, author=by, text=text, named=_named(people), created_at=now
    )
    told = _call(note, people, by, now)
    audit.record(
        by=by.actor, verb="add_note", subject=locked, now=now, note=note.pk, length=len(text), called=told
    )
    _tell(locked, told)
    return note


@transaction.atomic
def edit_note(*, note: IncidentNote, text: str, by: Account, now: datetime) -> IncidentNote:
    """Put other words into a note that is still fresh; the words before stay as a version.

    Raises NotYourNote, NoteWithdrawn, NoteIsOld, and what add_note raises.
    """
    text = _proper(text)
    locked, incident = _own(note, by)
    if now - locked.created_at > EDITABLE:
        raise NoteIsOld
    if text == locked.text:
        return locked
    people = _called(incident, text)
    number = locked.versions.count() + 1
    NoteVersion.objects.create(note=locked, number=number, text=locked.text, replaced_at=now)
    locked.text, locked.edited_at = text, now
    locked.named = _named(people)
    locked.save(update_fields=["text", "named", "edited_at"])
    wanted = [person.pk for person in people.values()]
    gone = NoteMention.objects.filter(note=locked, read_at=None).exclude(account_id__in=wanted)
    uncalled = sorted(gone.values_list("account_id", flat=True))
    gone.delete()
    told = _call(locked, people, by, now)
    audit.record(
        by=by.actor,
        verb="edit_note",
        subject=incident,
        now=now,
        note=locked.pk,
        length=len(text),
        called=told,
    )
    _tell(incident, told + uncalled)
    return locked


@transaction.atomic
def withdraw_note(*, note: IncidentNote, by: Account, now: datetime) -> IncidentNote:
    """Take a note back: its words are shown no more, that it was there is. Raises NotYourNote, NoteWithdrawn."""
    locked, incident = _own(note, by)
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    waiting = NoteMention.objects.filter(note=locked, read_at=None).values_list("account_id", flat=True)
    audit.record(by=by.actor, verb="withdraw_note", subject=incident, now=now, note=locked.pk)
    _tell(incident, sorted(waiting))
    return locked


@transaction.atomic
def read_mentions(*, incident: Incident, by: Account, now: datetime) -> int:
    """The person has seen the notes of the incident: what called this person there is read. How many there were."""
    found = NoteMention.objects.filter(note__incident=incident, account=by, read_at=None, at__lte=now)
    number = found.update(read_at=now)
    if number:
        audit.record(by=by.actor, verb="read_mentions", subject=incident, now=now, number=number)
        tell_desks({"mentioned": [by.pk]})
    return number


def _proper(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise NoteIsEmpty
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong
    return text


def _locked(incident: Incident) -> Incident:
    """The incident under its lock: who may see it does not change while somebody is called."""
    known = Incident.objects.only("executor", "page", "received_at")
    return known.select_for_update(of=("self",)).get(pk=incident.pk)


def _own(note: IncidentNote, by: Account) -> tuple[IncidentNote, Incident]:
    incident = _locked(note.incident)
    locked = IncidentNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if locked.author_id != by.pk:
        raise NotYourNote
    if locked.withdrawn_at:
        raise NoteWithdrawn
    return locked, incident


def _called(incident: Incident, text: str) -> dict[str, Person]:
    """Whom the text calls, by the names it calls them. One query, and none when it calls nobody."""
    names = called(text)
    if len(names) > MOST_MENTIONS:
        raise TooManyMentions
    if not names:
        return {}
    alike = Q()
    for name in names:
        alike |= Q(username__iexact=name) | Q(full_name__icontains=name)
    rows = colleagues(incident).filter(alike).order_by("full_name", "pk")
    people = [Person(*row) for row in rows.values_list("pk", "username", "full_name")]
    found = {}
    for name in names:
        meant = whom(name, people)
        if len(meant) != 1:
            raise UnclearMention(name, meant)
        found[name] = meant[0]
    return found


def _named(people: dict[str, Person]) -> dict[str, str]:
    return {name: person.name or person.login for name, person in people.items()}


def _call(note: IncidentNote, people: dict[str, Person], by: Account, now: datetime) -> list[int]:
    """Leave a mention for each who has none of this note; nobody calls oneself."""
    known = set(NoteMention.objects.filter(note=note).values_list("account_id", flat=True))
    new = sorted({person.pk for person in people.values()} - known - {by.pk})
    NoteMention.objects.bulk_create([NoteMention(note=note, account_id=pk, at=now) for pk in new])
    return new


def _tell(incident: Incident, called: list[int]) -> None:
    rows = [[incident.pk, incident.executor_id, incident.page_id]]
    tell_desks({"notes": rows, "mentioned": called})
