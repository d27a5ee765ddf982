"""Legal holds: what a court or an inspection asks for is not erased, by nobody, until it is over."""

from datetime import date, datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import ErasureState
from otklik.casework.models import ErasureRequest, Incident, LegalHold
from otklik.casework.operations.personal import masked
from otklik.inbox.models import Author
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry import operations as registry


class MayNotErase(Exception):
    """Удалением персональных данных занимаются служба безопасности и руководитель центра."""


class NeedsGround(Exception):
    """Напишите основание: какой суд, проверка или спор не даёт удалять."""


class WrongDay(Exception):
    """Запрет не может закончиться раньше сегодняшнего дня."""


class AlreadyLifted(Exception):
    """Этот запрет уже снят."""


class UnderHold(Exception):
    """Удалять нельзя: действует запрет. Снимите его или дождитесь его последнего дня."""


def require_right(account: Account) -> None:
    """Raises MayNotErase."""
    if Right.ERASE_PERSONAL not in registry.reach_of(account).center:
        raise MayNotErase


def holds_of(*, author: Author, now: datetime) -> list[LegalHold]:
    """What forbids erasing anything of this author today. One query."""
    found = LegalHold.objects.about(author).active(registry.local_date(now))
    return list(found.select_related("placed_by").order_by("pk"))


@transaction.atomic
def place_hold(
    *, on: Author | Incident, reason: str, by: Account, now: datetime, until: date | None = None
) -> LegalHold:
    """Forbid to erase an author with everything they wrote, or one incident; open requests wait from now on.

    Raises MayNotErase, NeedsGround, WrongDay.
    """
    require_right(by)
    reason = masked(" ".join(reason.split())[:300])[:300]
    if not reason:
        raise NeedsGround
    if until and until < registry.local_date(now):
        raise WrongDay
    author = on if isinstance(on, Author) else on.message.author
    hold = LegalHold.objects.create(
        author=on if isinstance(on, Author) else None,
        incident=on if isinstance(on, Incident) else None,
        reason=reason, until=until, placed_at=now, placed_by=by,
    )  # fmt: skip
    ErasureRequest.objects.filter(author=author, state=ErasureState.CHECKED).update(state=ErasureState.HELD)
    audit.record(
        by=by.actor, verb="place_hold", subject=hold, now=now, reason=reason,
        author=hold.author_id, incident=hold.incident_id, until=until.isoformat() if until else "",
    )  # fmt: skip
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: Account, now: datetime) -> LegalHold:
    """End a hold before its day; requests that waited for nothing else may be carried out. Raises as `place_hold`."""
    require_right(by)
    hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at:
        raise AlreadyLifted
    hold.lifted_at, hold.lifted_by = now, by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    author = hold.author or hold.incident.message.author  # type: ignore[union-attr]
    if author and not holds_of(author=author, now=now):
        ErasureRequest.objects.filter(author=author, state=ErasureState.HELD).update(
            state=ErasureState.CHECKED
        )
    audit.record(by=by.actor, verb="lift_hold", subject=hold, now=now)
    return hold
