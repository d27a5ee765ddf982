"""The way of an organisation to a page: started, led from stage to stage, taken back, stopped."""

from datetime import date, datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.registry.enums import BadgeStatus, CheckState, OnboardingStage, PageKind
from otklik.registry.models import (
    OfficialPage,
    OnboardingCase,
    OnboardingCheck,
    OnboardingStep,
    Organization,
    PageCheck,
)
from otklik.registry.operations.history import note_changes
from otklik.registry.operations.pages import ReasonNeeded
from otklik.registry.operations.worktimes import working_calendar
from otklik.registry.rules import onboarding as rules

CONNECTION = "connection"


class StaleCase(Exception):
    """Карточку подключения уже изменил кто-то другой: обновите страницу."""


class AlreadyUnderWay(Exception):
    """Подключение этой организации в этой сети уже идёт."""


class WrongPage(Exception):
    """Это страница другой организации, другой сети или личная: к этому подключению она не подходит."""


@transaction.atomic
def start_onboarding(
    *,
    organization: Organization,
    network: str,
    by: Actor,
    now: datetime,
    contact: str = "",
    note: str = "",
) -> OnboardingCase:
    """The organisation asked for a page, or was asked to make one. Raises AlreadyUnderWay."""
    # The organisation is the lock: two people who start at once meet here, not at the constraint.
    Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    under_way = OnboardingCase.objects.filter(organization=organization, network=network)
    if under_way.exclude(stage__in=rules.ENDS).exists():
        raise AlreadyUnderWay
    case = OnboardingCase.objects.create(
        organization=organization,
        network=network,
        contact=contact.strip(),
        note=note.strip(),
        started_at=now,
        stage_at=now,
        due_on=_due(OnboardingStage.REQUESTED, now),
    )
    _step(case, note, by, now)
    audit.record(by=by, verb="start_onboarding", subject=case, now=now, reason=note, network=network)
    _note(case, {"stage": ("", case.stage)}, note, by, now)
    return case


@transaction.atomic
def attach_page(*, case: OnboardingCase, page: OfficialPage, by: Actor, now: datetime) -> OnboardingCase:
    """This is the page that was created. Raises WrongPage, StaleCase, LastStage for an ended case."""
    fresh = _held(case)
    if fresh.stage in rules.ENDS:
        raise rules.LastStage
    fits = (page.organization_id, page.network) == (fresh.organization_id, fresh.network)
    if not fits or page.kind != PageKind.ORGANISATION or not page.is_active:
        raise WrongPage
    old, fresh.page = fresh.page_id, page
    fresh.version += 1
    fresh.save(update_fields=["page", "version"])
    audit.record(by=by, verb="attach_page", subject=fresh, now=now, page=page.pk)
    _note(fresh, {"page": (old, page.pk)}, "", by, now)
    return fresh


@transaction.atomic
def advance(*, case: OnboardingCase, by: Actor, now: datetime, note: str = "") -> OnboardingCase:
    """To the next stage, when all that belongs to this one is done.

    Raises NotReady with what is missing, LastStage, StaleCase.
    """
    fresh = _held(case)
    stage = rules.stage_after(fresh.stage)
    wanting = missing_of(fresh)
    if wanting:
        raise rules.NotReady(wanting)
    return _moved(fresh, stage, "advance", note, by, now=now)


@transaction.atomic
def step_back(*, case: OnboardingCase, note: str, by: Actor, now: datetime) -> OnboardingCase:
    """To the stage before, with the reason. Raises ReasonNeeded, FirstStage, LastStage, StaleCase."""
    if not note.strip():
        raise ReasonNeeded
    fresh = _held(case)
    return _moved(fresh, rules.stage_before(fresh.stage), "step_back", note, by, now=now)


@transaction.atomic
def cancel_onboarding(*, case: OnboardingCase, note: str, by: Actor, now: datetime) -> OnboardingCase:
    """The way ends here, with the reason; it may be started anew. Raises ReasonNeeded, LastStage, StaleCase."""
    if not note.strip():
        raise ReasonNeeded
    fresh = _held(case)
    if fresh.stage in rules.ENDS:
        raise rules.LastStage
    return _moved(fresh, OnboardingStage.CANCELLED, "cancel_onboarding", note, by, now=now)


@transaction.atomic
def tick(*, case: OnboardingCase, code: str, by: Actor, now: datetime, evidence: str = "") -> OnboardingCheck:
    """A person says that an item of the checklist is done. Ticks of two people never collide.

    Raises UnknownItem, OnlyByFact, LastStage for an ended case.
    """
    rules.check_tick(code)
    return _ticked(_locked(case), code, evidence, by, now)


@transaction.atomic
def untick(*, case: OnboardingCase, code: str, by: Actor, now: datetime) -> None:
    """The item is not done after all. Raises UnknownItem, OnlyByFact, LastStage for an ended case."""
    rules.check_tick(code)
    fresh = _locked(case)
    gone, _kinds = OnboardingCheck.objects.filter(case=fresh, code=code).delete()
    if gone:
        audit.record(by=by, verb="untick", subject=fresh, now=now, code=code)
        _note(fresh, {"checklist": (code, "")}, "", by, now)


@transaction.atomic
def mark_connected(*, page: OfficialPage, by: Actor, now: datetime) -> OnboardingCase | None:
    """The page has a working connection: its case remembers it, and ends when it waited only for that.

    Called by whoever sees the connection work; may be repeated. None when no case of the page is under way.
    """
    open_ones = OnboardingCase.objects.select_for_update(of=("self",)).exclude(stage__in=rules.ENDS)
    case = open_ones.filter(page=page).first()
    if case is None:
        return None
    if not OnboardingCheck.objects.filter(case=case, code=CONNECTION).exists():
        _ticked(case, CONNECTION, "", by, now)
    if case.stage == OnboardingStage.VERIFIED and not missing_of(case):
        return _moved(case, OnboardingStage.CONNECTED, "mark_connected", "", by, now=now)
    return case


def missing_of(case: OnboardingCase) -> list[rules.Item]:
    """What has to be done before the case may go on."""
    return rules.missing(case.stage, ticked_of(case), facts_of(case))


def ticked_of(case: OnboardingCase) -> set[str]:
    """Codes of the items that people, or the connection, ticked."""
    return set(OnboardingCheck.objects.filter(case=case).values_list("code", flat=True))


def facts_of(case: OnboardingCase) -> dict[str, str]:
    """What is known of the page: code of a check → its state. The register's own word on the badge outweighs."""
    if case.page_id is None:
        return {}
    found = dict(PageCheck.objects.filter(page=case.page_id).values_list("code", "state"))
    has_badge = OfficialPage.objects.filter(pk=case.page_id, badge_status=BadgeStatus.CONFIRMED).exists()
    # No public field of a network shows the badge, so the dated word of a person in the register is the truth.
    return found | {"page": CheckState.FINE, "badge": CheckState.FINE if has_badge else CheckState.GAP}


def _locked(case: OnboardingCase) -> OnboardingCase:
    fresh = OnboardingCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if fresh.stage in rules.ENDS:
        raise rules.LastStage
    return fresh


def _held(case: OnboardingCase) -> OnboardingCase:
    fresh = OnboardingCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if fresh.version != case.version:
        raise StaleCase
    return fresh


def _ticked(case: OnboardingCase, code: str, evidence: str, by: Actor, now: datetime) -> OnboardingCheck:
    values = {"at": now, "actor_id": by.id, "actor_name": by.name, "evidence": evidence.strip()}
    check, _created = OnboardingCheck.objects.update_or_create(case=case, code=code, defaults=values)
    audit.record(by=by, verb="tick", subject=case, now=now, code=code)
    _note(case, {"checklist": ("", code)}, evidence, by, now)
    return check


def _moved(
    case: OnboardingCase, stage: str, verb: str, note: str, by: Actor, *, now: datetime
) -> OnboardingCase:
    old, case.stage, case.stage_at = case.stage, stage, now
    case.due_on = _due(stage, now)
    case.version += 1
    case.save(update_fields=["stage", "stage_at", "due_on", "version"])
    _step(case, note, by, now)
    audit.record(by=by, verb=verb, subject=case, now=now, reason=note, before=old, after=stage)
    _note(case, {"stage": (old, stage)}, note, by, now)
    return case


def _step(case: OnboardingCase, note: str, by: Actor, now: datetime) -> None:
    OnboardingStep.objects.create(
        case=case, stage=case.stage, at=now, actor_id=by.id, actor_name=by.name, note=note.strip()
    )


def _note(
    case: OnboardingCase, changes: dict[str, tuple[object, object]], reason: str, by: Actor, now: datetime
) -> None:
    note_changes(
        subject=case, organization_id=case.organization_id, changes=changes, by=by, now=now, reason=reason
    )


def _due(stage: str, now: datetime) -> date | None:
    days = rules.STAGE_DAYS.get(stage)
    if days is None:
        return None
    calendar = working_calendar()
    return calendar.working_days_after(now, days).astimezone(calendar.tz).date()
