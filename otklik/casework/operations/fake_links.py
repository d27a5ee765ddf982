"""Where a false statement was met, and where its rebuttal stands."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import FakeState
from otklik.casework.models import FakeLink, FakePublication, FakeReport, Incident
from otklik.casework.operations.fakes import locked_report
from otklik.casework.operations.moderating import link_of
from otklik.casework.rules import fakes as rules
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.registry.operations import local_date

MOST_AT_ONCE = 200


class LinkKnown(Exception):
    """Эти ссылки и номера здесь уже записаны."""


class NotHere(Exception):
    """Этой записи здесь уже нет."""


class NothingToPublish(Exception):
    """Сначала напишите текст опровержения, потом отметьте, где он опубликован."""


class PublishedLater(Exception):
    """День публикации ещё не наступил."""


class PublicationKnown(Exception):
    """Эта публикация уже записана."""


@transaction.atomic
def add_fake_links(
    *,
    report: FakeReport,
    by: Account,
    now: datetime,
    addresses: Collection[str] = (),
    incidents: Collection[int] = (),
) -> int:
    """Note where it was met; returns how many came. Raises LinkKnown when nothing did."""
    kept = locked_report(report)
    known = set(kept.links.values_list("url", flat=True))
    fresh = [each for each in dict.fromkeys(addresses) if each and each not in known]
    here = kept.links.filter(incident__isnull=False).values("incident")
    found = Incident.objects.filter(pk__in=list(incidents)).exclude(pk__in=here).order_by("pk")
    rows = [FakeLink(report=kept, url=each, added_at=now, added_by=by.actor.name[:200]) for each in fresh]
    rows += [
        FakeLink(report=kept, incident_id=pk, added_at=now, added_by=by.actor.name[:200])
        for pk in found.values_list("pk", flat=True)
    ]
    if not rows:
        raise LinkKnown
    came = FakeLink.objects.bulk_create(rows[:MOST_AT_ONCE])
    audit.record(by=by.actor, verb="add_fake_links", subject=kept, now=now, added=len(came))
    return len(came)


@transaction.atomic
def remove_fake_link(*, report: FakeReport, link: int, by: Account, now: datetime) -> None:
    """It was not met there. Raises NotHere."""
    kept = locked_report(report)
    found = kept.links.filter(pk=link).first()
    if found is None:
        raise NotHere
    incident = found.incident_id
    found.delete()
    audit.record(by=by.actor, verb="remove_fake_link", subject=kept, now=now, incident=incident)


@transaction.atomic
def publish_rebuttal(
    *, report: FakeReport, address: str, published_on: date, by: Account, now: datetime
) -> FakePublication:
    """Note where the rebuttal stands. Raises IllegalFakeStep, NothingToPublish, PublishedLater, PublicationKnown."""
    kept = locked_report(report)
    if kept.state != FakeState.REFUTED:
        raise rules.IllegalFakeStep
    if not kept.rebuttal:
        raise NothingToPublish
    if published_on > local_date(now):
        raise PublishedLater
    if kept.publications.filter(url=address).exists():
        raise PublicationKnown
    made = FakePublication.objects.create(
        report=kept, url=address, published_on=published_on, added_at=now, added_by=by.actor.name[:200]
    )
    audit.record(
        by=by.actor, verb="publish_rebuttal", subject=kept, now=now, link=address, day=str(published_on)
    )
    return made


@transaction.atomic
def withdraw_publication(*, report: FakeReport, publication: int, by: Account, now: datetime) -> None:
    """It does not stand there. Raises NotHere."""
    kept = locked_report(report)
    found = kept.publications.filter(pk=publication).first()
    if found is None:
        raise NotHere
    address = found.url
    found.delete()
    audit.record(by=by.actor, verb="withdraw_publication", subject=kept, now=now, link=address)


def forget_links(*, messages: Sequence[int], addresses: Collection[str] = ()) -> int:
    """Addresses of erased messages go from the reports, and these. Part of the erasure; returns how many went."""
    rows = SourceMessage.objects.filter(pk__in=messages).select_related("connection", "thread", "author")
    theirs = ({link_of(each) for each in rows} | set(addresses)) - {""}
    gone, _rows = FakeLink.objects.filter(url__in=theirs).delete()
    return gone
