"""Verbs of the desk: a person's saved views, and being at a card."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from otklik.audit import operations as audit
from otklik.casework.announce import CHANNEL
from otklik.casework.models import Incident
from otklik.common.text import clean
from otklik.desk.models import Presence, SavedView
from otklik.people.models import Account, but_the_name

# A desk says every half a minute that it is here, and when it comes to a card, leaves it or writes in it. Two silent
# turns and the person has gone.
PRESENT_FOR = timedelta(seconds=70)
MOST_SAVED_VIEWS = 30
# PostgreSQL refuses a notification of 8000 bytes and more.
MOST_TOLD = 200


class ViewNameTaken(Exception):
    """Вид с таким названием у вас уже есть: назовите его иначе."""


class TooManyViews(Exception):
    """Сохранённых видов уже тридцать: удалите ненужный."""


class NamelessView(Exception):
    """Назовите вид, чтобы найти его потом."""


@transaction.atomic
def save_view(*, account: Account, name: str, query: str, now: datetime) -> SavedView:
    """Keep the query under a name. Raises NamelessView, ViewNameTaken, TooManyViews."""
    name = _name_of(name)
    if not name:
        raise NamelessView
    kept = SavedView.objects.filter(account=account, removed_at=None)
    if kept.count() >= MOST_SAVED_VIEWS:
        raise TooManyViews
    view = SavedView(account=account, name=name, query=query[:1000], created_at=now)
    _store(view)
    audit.record(by=account.actor, verb="save_view", subject=view, now=now, name=name)
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: Account, now: datetime) -> SavedView:
    """Call it otherwise. Raises NamelessView, ViewNameTaken."""
    view.name = _name_of(name)
    if not view.name:
        raise NamelessView
    _store(view)
    audit.record(by=by.actor, verb="rename_view", subject=view, now=now, name=view.name)
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: Account, now: datetime) -> None:
    """Take it from the list; `bring_back_view` undoes this."""
    view.removed_at = now
    view.save(update_fields=["removed_at"])
    audit.record(by=by.actor, verb="remove_view", subject=view, now=now, name=view.name)


@transaction.atomic
def bring_back_view(*, view: SavedView, by: Account, now: datetime) -> SavedView:
    """Undo a removal. Raises ViewNameTaken when another view has taken the name since."""
    view.removed_at = None
    _store(view)
    audit.record(by=by.actor, verb="bring_back_view", subject=view, now=now, name=view.name)
    return view


def _name_of(typed: str) -> str:
    return clean(typed).strip()[:60]


def _store(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ViewNameTaken from error


@transaction.atomic
def appear(*, incident: Incident, account: Account, doing: str, now: datetime) -> Sequence[Presence]:
    """Say that the person is at the card; returns the others who are. Desks are told only when this is news.

    No audit line: nothing of the case changes, and the journal is not a time clock for staff.
    """
    known = Presence.objects.filter(incident=incident, account=account).first()
    news = known is None or known.doing != doing or known.seen_at < now - PRESENT_FOR
    Presence.objects.bulk_create(
        [Presence(incident=incident, account=account, doing=doing, seen_at=now)],
        update_conflicts=True,
        unique_fields=["incident", "account"],
        update_fields=["doing", "seen_at"],
    )
    if news:
        Presence.objects.filter(seen_at__lt=now - 4 * PRESENT_FOR).delete()
        _tell(incident, account)
    return others_at(incident=incident, account=account, now=now)


@transaction.atomic
def leave(*, pk: int, account: Account) -> None:
    """The person closed the card of this incident. Whoever was not there leaves nothing."""
    known = Presence.objects.filter(incident_id=pk, account=account).select_related("incident").first()
    if known is not None:
        known.delete()
        _tell(known.incident, account)


def others_at(*, incident: Incident, account: Account, now: datetime) -> Sequence[Presence]:
    """Everybody else who is at the card now."""
    return list(
        Presence.objects.filter(incident=incident, seen_at__gte=now - PRESENT_FOR)
        .exclude(account=account)
        .select_related("account")
        .defer(*but_the_name("account"))
        .order_by("id")[:10]
    )


def _tell(incident: Incident, mover: Account) -> None:
    """Tell the desks of the others who are at the card: it concerns nobody else."""
    others = Presence.objects.filter(incident=incident).exclude(account=mover)
    there = list(others.values_list("account_id", flat=True)[:MOST_TOLD])
    if not there:
        return
    row = [incident.pk, incident.executor_id, incident.page_id]
    payload = json.dumps({"here": [row], "to": there})
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, payload])
