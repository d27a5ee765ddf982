"""Verbs of passports: whose turn it is, what a look brought, what a person vouches for, what became of a task."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.jobs import PASSPORTS
from otklik.common.wakeup import wake_up
from otklik.registry.enums import BadgeStatus, CheckCode, CheckState, Network, PageKind
from otklik.registry.models import CheckNorm, OfficialPage, PageCheck, PageTask, Passport
from otklik.registry.operations.page_tasks import (
    PastTerm,
    TaskClosed,
    cancel_task,
    follow_checks,
    note_event,
    postpone_task,
)
from otklik.registry.operations.pages import ReasonNeeded, change_page, set_badge
from otklik.registry.operations.passport_record import (
    count_gaps,
    known_of,
    locked_passports,
    norms,
    put,
    record_many,
)
from otklik.registry.operations.worktimes import working_calendar
from otklik.registry.rules.checks import WANTED_WIDGETS, judge_line
from otklik.registry.rules.pages import EvidenceNeeded
from otklik.registry.rules.passport import Facts, Finding

__all__ = [
    "NetworkSpeaks",
    "NotAttested",
    "PastTerm",
    "TaskClosed",
    "UnknownCheck",
    "attest",
    "cancel_task",
    "check_soon",
    "give_back",
    "note_failure",
    "postpone_task",
    "record_facts",
    "record_many",
    "take_pages",
    "withdraw_attestation",
]

# A page is looked at again when its last look is older than this: every page once a day, with room for a late turn.
EVERY = timedelta(hours=20)
# A page that was taken and not looked at belonged to a worker that died; one that failed waits longer.
LEASE, AFTER_FAILURE = timedelta(minutes=3), timedelta(hours=1)
# A head's own page is often the profile of a person: there is no community to ask the network about.
CHECKED = Q(is_active=True, network=Network.VK) & ~Q(kind=PageKind.PERSONAL, url__regex=r"/id\d+/?$")


class UnknownCheck(Exception):
    """Такая проверка в регионе не проводится."""


class NetworkSpeaks(Exception):
    """Это видно в самой сети: исправьте на странице, и проверка увидит это сама."""


class NotAttested(Exception):
    """Здесь нечего отзывать: этого никто не подтверждал."""


def record_facts(*, page: OfficialPage, facts: Facts, now: datetime) -> None:
    """What one look at one page brought; `record_many` takes several at once."""
    record_many(rows=[(page, facts)], now=now)


@transaction.atomic
def take_pages(*, now: datetime, limit: int) -> list[OfficialPage]:
    """The pages of VK whose turn it is, those that waited longest first; they are the caller's for LEASE.

    Taking a page moves it to the end, so one that fails cannot hold the others. Who asked for a look goes first.
    """
    _add_missing()
    late = Q(checked_at=None) | Q(checked_at__lt=now - EVERY)
    free = Q(problem="", taken_at__lt=now - LEASE) | Q(taken_at__lt=now - AFTER_FAILURE)
    turn = (F("taken_at").asc(nulls_first=True), F("checked_at").desc(nulls_last=True), "page_id")
    rows = list(
        Passport.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(Q(taken_at=None) | (late & free), page__in=OfficialPage.objects.filter(CHECKED))
        .order_by(*turn)
        .select_related("page__organization")[:limit]
    )
    Passport.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=now)
    return [row.page for row in rows]


def _add_missing() -> None:
    pages = OfficialPage.objects.filter(CHECKED, passport=None)
    fresh = pages.values_list("pk", flat=True)[:5000]
    Passport.objects.bulk_create((Passport(page_id=pk) for pk in fresh), ignore_conflicts=True)


def give_back(*, pages: Iterable[OfficialPage]) -> None:
    """These pages were taken and not looked at: the next turn begins with them."""
    Passport.objects.filter(page__in=[page.pk for page in pages]).update(taken_at=None)


@transaction.atomic
def note_failure(*, page: OfficialPage, problem: str, now: datetime) -> None:
    """The look brought nothing: why, in words for a person. The lines stay as they were; it is tried again later."""
    passport = locked_passports([page.pk])[page.pk]
    passport.problem, passport.taken_at = problem[:200], now
    passport.save(update_fields=["problem", "taken_at"])


@transaction.atomic
def check_soon(*, page: OfficialPage, by: Actor, now: datetime, task: PageTask | None = None) -> None:
    """The page is looked at before the others; with `task`, because somebody says that it is done."""
    locked_passports([page.pk])
    Passport.objects.filter(page=page).update(taken_at=None)
    if task is not None:
        note_event(task, "said_done", by=by, now=now)
    audit.record(by=by, verb="check_soon", subject=page, now=now, task=task.pk if task else None)
    wake_up(PASSPORTS)


@transaction.atomic
def attest(
    *, page: OfficialPage, code: str, evidence: str, by: Actor, now: datetime, until: date | None = None
) -> PageCheck:
    """A person vouches for what no network shows, by this evidence: as long as the norm says unless told.

    The badge, the component and the widgets are noted in the register too. Raises EvidenceNeeded, UnknownCheck,
    NetworkSpeaks where the state is seen by the network itself.
    """
    if not evidence.strip():
        raise EvidenceNeeded
    passport = locked_passports([page.pk])[page.pk]
    norm = _norm(code)
    row = PageCheck.objects.filter(page=page, code=code).first() or PageCheck(page=page, code=code)
    if norm.is_automatic and row.state in {CheckState.FINE, CheckState.GAP} and row.attested_at is None:
        raise NetworkSpeaks
    today = now.astimezone(working_calendar().tz).date()
    if until is None and norm.attested_days:
        until = today + timedelta(days=norm.attested_days)
    row.attested_by, row.attested_at, row.attested_until = by.name, now, until
    row.evidence = evidence.strip()
    put(row, Finding(code, CheckState.FINE, f"Подтвердил(а): {by.name}"), now)
    row.save()
    _note_in_register(page, code, row.evidence, by, now)
    held = until.isoformat() if until else None
    audit.record(by=by, verb="attest", subject=page, now=now, reason=row.evidence, code=code, until=held)
    _follow(passport, row, norm, by, now)
    return row


@transaction.atomic
def withdraw_attestation(
    *, page: OfficialPage, code: str, reason: str, by: Actor, now: datetime
) -> PageCheck:
    """What was vouched for is taken back: the line is what the network and the register say without it.

    Raises ReasonNeeded, NotAttested, UnknownCheck.
    """
    if not reason.strip():
        raise ReasonNeeded
    passport = locked_passports([page.pk])[page.pk]
    norm = _norm(code)
    row = PageCheck.objects.filter(page=page, code=code).exclude(attested_at=None).first()
    if row is None:
        raise NotAttested
    page = OfficialPage.objects.get(pk=page.pk)
    row.attested_by, row.attested_at, row.attested_until, row.evidence = "", None, None, ""
    _forget_in_register(page, code, reason.strip(), by, now)
    fresh = OfficialPage.objects.select_related("organization").get(pk=page.pk)
    facts, zone = Facts.recalled(passport.facts), working_calendar().tz
    put(row, judge_line(code, facts, known_of(fresh, norms()), now=now, zone=zone), now)
    row.save()
    audit.record(by=by, verb="withdraw_attestation", subject=page, now=now, reason=reason.strip(), code=code)
    task = PageTask.objects.filter(page=page, code=code).order_by("-pk").first()
    if task is not None:
        note_event(task, "withdrawn", by=by, now=now, note=reason.strip())
    _follow(passport, row, norm, by, now)
    return row


def _norm(code: str) -> CheckNorm:
    norm = CheckNorm.objects.filter(code=code, is_active=True).first()
    if norm is None:
        raise UnknownCheck
    return norm


def _follow(passport: Passport, row: PageCheck, norm: CheckNorm, by: Actor, now: datetime) -> None:
    follow_checks(checks=[row], norms={norm.code: norm}, by=by, now=now)
    count_gaps(passport, PageCheck.objects.filter(page=passport.page_id).values_list("state", flat=True))
    passport.save(update_fields=["score", "gaps"])


def _note_in_register(page: OfficialPage, code: str, evidence: str, by: Actor, now: datetime) -> None:
    """What the register keeps a field of is true there too."""
    if code == CheckCode.BADGE:
        set_badge(page=page, status=BadgeStatus.CONFIRMED, evidence=evidence, by=by, now=now)
    elif code == CheckCode.COMPONENT:
        change_page(page=page, changes={"component_connected": True}, reason=evidence, by=by, now=now)
    elif code == CheckCode.WIDGETS:
        change_page(page=page, changes={"widgets": WANTED_WIDGETS}, reason=evidence, by=by, now=now)


def _forget_in_register(page: OfficialPage, code: str, reason: str, by: Actor, now: datetime) -> None:
    if code == CheckCode.BADGE and page.badge_status == BadgeStatus.CONFIRMED:
        set_badge(page=page, status=BadgeStatus.LOST, evidence=reason, reason=reason, by=by, now=now)
    elif code == CheckCode.COMPONENT:
        change_page(page=page, changes={"component_connected": False}, reason=reason, by=by, now=now)
    elif code == CheckCode.WIDGETS:
        change_page(page=page, changes={"widgets": None}, reason=reason, by=by, now=now)
