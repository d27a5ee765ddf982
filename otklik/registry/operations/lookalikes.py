"""Pages that look official: found by a search, told of by residents, decided by people."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.audit import operations as audit
from otklik.common.actor import SYSTEM, Actor
from otklik.common.text import clean, excerpt
from otklik.registry.enums import LookalikeState
from otklik.registry.models import LookalikePage, OfficialPage, Organization
from otklik.registry.operations.lookalike_finds import (
    FoundPage,
    judged,
    next_to_search,
    official_of,
    queue_searches,
    record_found,
    searched_since,
    strangers,
)
from otklik.registry.operations.pages import add_page
from otklik.registry.rules.lookalikes import GroundsNeeded, IllegalDecision, check_decision
from otklik.registry.rules.pages import PageAddress, parse_page_address

__all__ = [
    "AlreadyOfficial", "DecidedMeanwhile", "FoundPage", "GroundsNeeded", "IllegalDecision", "NotAPage", "OwnerNeeded",
    "decide", "judged", "next_to_search", "official_of", "queue_searches", "record_found", "reopen",
    "report_lookalike", "searched_since", "strangers", "take_in",
]  # fmt: skip

LONGEST_NOTE = 2000
MOST_EVIDENCE = 50


class NotAPage(Exception):
    """Это не ссылка на страницу ВКонтакте, Одноклассников, Телеграма или MAX. Скопируйте адрес страницы целиком."""


class AlreadyOfficial(Exception):
    """Эта страница есть в реестре официальных."""

    def __init__(self, page: OfficialPage) -> None:
        super().__init__(str(page))
        self.page = page


class DecidedMeanwhile(Exception):
    """Пока вы смотрели, решение принял другой сотрудник. Обновите страницу и прочитайте его."""


class OwnerNeeded(Exception):
    """Выберите организацию, которой принадлежит страница."""


@transaction.atomic
def report_lookalike(*, url: str, note: str, now: datetime) -> LookalikePage:
    """A resident tells of a page; their words are kept as evidence. Raises NotAPage, AlreadyOfficial."""
    address = parse_page_address(url)
    if address is None:
        raise NotAPage
    if (page := _official_at(address)) is not None:
        raise AlreadyOfficial(page)
    said = excerpt(clean(note), LONGEST_NOTE)
    key = address.name.lower()
    same = Q(external_id=key) | Q(screen_name__iexact=address.name)
    row = LookalikePage.objects.select_for_update(of=("self",)).filter(same, network=address.network).first()
    if row is None:
        row, _made = LookalikePage.objects.get_or_create(
            network=address.network,
            external_id=key,
            defaults={
                "screen_name": "" if address.name.isdecimal() else address.name,
                "title": address.name,
                "url": _address_of(address),
                "found_at": now,
                "seen_at": now,
            },
        )
    if said and said not in row.evidence:
        row.evidence = [*row.evidence, said][-MOST_EVIDENCE:]
        row.save(update_fields=["evidence"])
    audit.record(by=SYSTEM, verb="report_lookalike", subject=row, now=now, by_resident=True)
    return row


def _official_at(address: PageAddress) -> OfficialPage | None:
    same = Q(external_id=address.name) | Q(screen_name__iexact=address.name)
    return OfficialPage.objects.filter(same, network=address.network, is_active=True).first()


def _address_of(address: PageAddress) -> str:
    host = {"vk": "vk.com", "ok": "ok.ru", "telegram": "t.me", "max": "max.ru"}[address.network]
    prefix = {"vk": "club", "ok": "group/"}.get(address.network, "") if address.name.isdecimal() else ""
    return f"https://{host}/{prefix}{address.name}"


@transaction.atomic
def decide(
    *,
    lookalike: LookalikePage,
    state: str,
    by: Actor,
    now: datetime,
    note: str = "",
    evidence: Sequence[str] = (),
    seen: str = "",
) -> LookalikePage:
    """A person says what the page is. `seen` is the state the person decided from.

    Raises IllegalDecision, GroundsNeeded, DecidedMeanwhile.
    """
    row = _locked(lookalike, seen)
    added = [clean(each).strip()[:LONGEST_NOTE] for each in evidence if each.strip()]
    grounds = bool(note.strip() or added or row.evidence or row.signs)
    check_decision(row.state, state, has_grounds=grounds)
    was, row.state = row.state, state
    row.note = clean(note).strip()[:LONGEST_NOTE]
    row.evidence = [*row.evidence, *(each for each in added if each not in row.evidence)][-MOST_EVIDENCE:]
    row.decided_at, row.decided_by = (None, "") if state == LookalikeState.NEW else (now, by.name)
    row.save(update_fields=["state", "note", "evidence", "decided_at", "decided_by"])
    audit.record(by=by, verb="decide_lookalike", subject=row, now=now, reason=row.note, was=was, state=state)
    return row


def _locked(lookalike: LookalikePage, seen: str) -> LookalikePage:
    row = LookalikePage.objects.select_for_update(of=("self",)).get(pk=lookalike.pk)
    if seen and row.state != seen:
        raise DecidedMeanwhile
    return row


@transaction.atomic
def reopen(*, lookalike: LookalikePage, by: Actor, now: datetime, note: str = "") -> LookalikePage:
    """Take the decision back: the page waits for another one. Raises IllegalDecision."""
    return decide(lookalike=lookalike, state=LookalikeState.NEW, by=by, now=now, note=note)


@transaction.atomic
def take_in(
    *, lookalike: LookalikePage, organization: Organization | None, by: Actor, now: datetime, seen: str = ""
) -> OfficialPage:
    """The page turned out to be the organisation's own: it comes into the register.

    Raises IllegalDecision, DecidedMeanwhile, OwnerNeeded, AlreadyOfficial.
    """
    if organization is None:
        raise OwnerNeeded
    row = _locked(lookalike, seen)
    address = PageAddress(row.network, row.external_id)
    if (there := _official_at(address)) is not None:
        raise AlreadyOfficial(there)
    decide(lookalike=row, state=LookalikeState.OFFICIAL, by=by, now=now, note=organization.short_name)
    return add_page(
        organization=organization,
        by=by,
        now=now,
        network=row.network,
        external_id=row.external_id,
        screen_name=row.screen_name,
        title=row.title,
        url=row.url,
        followers=row.followers,
        opened_on=now.date(),
    )
