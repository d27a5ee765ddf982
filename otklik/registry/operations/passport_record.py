"""What a look at pages changes: lines, tasks, badges, passports, audience and weeks; many pages in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.common.actor import SYSTEM
from otklik.common.bulk import insert_many, update_many
from otklik.registry.enums import BadgeStatus, BadgeType, CheckState, PageKind, PageTier
from otklik.registry.models import CheckNorm, OfficialPage, PageCheck, Passport, TierNorm
from otklik.registry.operations.page_tasks import drop_unchecked, follow_checks
from otklik.registry.operations.page_weeks import PageSeen, keep_weeks
from otklik.registry.operations.pages import Badge, set_badges
from otklik.registry.operations.worktimes import working_calendar
from otklik.registry.rules.checks import Known, judge
from otklik.registry.rules.passport import Attestation, Facts, Finding, next_facts, readiness, settled

FOUND = 300


@dataclass(frozen=True, slots=True)
class Norms:
    """What the region checks, and how lively a page of each tier has to be."""

    checks: Mapping[str, CheckNorm]
    tiers: Mapping[str, TierNorm]

    def tier(self, page: OfficialPage) -> TierNorm:
        """The norm of the page's tier; without a row the one of an active page."""
        found = self.tiers.get(page.tier) or self.tiers.get(PageTier.ACTIVE)
        return found or TierNorm(tier=page.tier, posts_a_week=3, silence_days=7, answer_days=3)


def norms() -> Norms:
    """The region's norms as they are now; a check that is switched off is not made."""
    checks = {row.code: row for row in CheckNorm.objects.filter(is_active=True).order_by("position", "pk")}
    return Norms(checks, {row.tier: row for row in TierNorm.objects.all()})


def known_of(page: OfficialPage, of: Norms) -> Known:
    """What the register says of the page."""
    body, tier, personal = page.organization, of.tier(page), page.kind == PageKind.PERSONAL
    names = (page.person_name,) if personal else (body.name, body.short_name, *body.aliases.split(","))
    confirmed = page.badge_status == BadgeStatus.CONFIRMED and page.badge_type != BadgeType.BLUE_TICK
    status = (
        page.badge_status if confirmed or page.badge_status != BadgeStatus.CONFIRMED else BadgeStatus.NONE
    )
    return Known(
        names=tuple(name.strip() for name in names if name.strip()),
        is_personal=personal,
        site_url=body.site_url,
        badge=status,
        badge_on=page.badge_lost_at if status == BadgeStatus.LOST else page.badge_confirmed_at,
        component=page.component_connected,
        widgets=page.widgets,
        opened_on=page.opened_on,
        posts_a_week=tier.posts_a_week,
        silence_days=tier.silence_days,
        answer_days=tier.answer_days,
    )


@transaction.atomic
def record_many(*, rows: Sequence[tuple[OfficialPage, Facts]], now: datetime) -> None:
    """What a look at these pages brought: renews their passports, opens and closes tasks, gives and takes badges.

    The pages are read anew under the lock of their passports, so a person's word at the same moment is not lost.
    """
    facts = {page.pk: told for page, told in rows}
    passports = locked_passports(facts)
    pages = OfficialPage.objects.filter(pk__in=facts).select_related("organization").in_bulk()
    facts = {pk: told for pk, told in facts.items() if pk in pages}
    _move_badges(pages, facts, now)
    of = norms()
    drop_unchecked(pages=facts, codes=of.checks, now=now)
    lines = _Lines(pages, facts, of, now)
    lines.write()
    follow_checks(checks=lines.looked, norms=of.checks, by=SYSTEM, now=now)
    for pk, told in facts.items():
        _renew(passports[pk], told, lines.states[pk], now)
    update_many([passports[pk] for pk in facts], RENEWED)
    _keep_audience(pages, facts)
    today = now.astimezone(working_calendar().tz).date()
    seen = [_seen(pages[pk], told, lines.states[pk], of) for pk, told in facts.items()]
    keep_weeks(seen=seen, monday=today - timedelta(days=today.weekday()))


def _seen(page: OfficialPage, told: Facts, states: Mapping[str, str], of: Norms) -> PageSeen:
    return PageSeen(page.pk, told, states, page.widgets, of.tier(page).posts_a_week, page.opened_on)


RENEWED = ["facts", "checked_at", "problem", "score", "gaps", "last_post_at", "last_answer_at"]


def locked_passports(pages: Iterable[int]) -> dict[int, Passport]:
    """The passports of these pages, made when absent, held until the transaction ends."""
    wanted = sorted(set(pages))
    Passport.objects.bulk_create((Passport(page_id=pk) for pk in wanted), ignore_conflicts=True)
    rows = Passport.objects.select_for_update(of=("self",)).filter(page__in=wanted).order_by("page_id")
    return {row.page_id: row for row in rows}


def _move_badges(pages: Mapping[int, OfficialPage], facts: Mapping[int, Facts], now: datetime) -> None:
    """The register follows the network where it tells of the badge; silence changes nothing."""
    moves = []
    for pk, told in facts.items():
        page = pages[pk]
        held = page.badge_status == BadgeStatus.CONFIRMED and page.badge_type != BadgeType.BLUE_TICK
        if told.has_badge and not held:
            moves.append(Badge(page, BadgeStatus.CONFIRMED, evidence=_("Метку показывает сеть")))
        elif told.has_badge is False and held:
            moves.append(Badge(page, BadgeStatus.LOST, evidence=_("Сеть больше не показывает метку")))
    for fresh in set_badges(rows=moves, by=SYSTEM, now=now) if moves else ():
        for name in ("badge_status", "badge_type", "badge_confirmed_at", "badge_lost_at", "badge_evidence"):
            setattr(pages[fresh.pk], name, getattr(fresh, name))


class _Lines:
    """The lines of several passports: read once, changed in memory, written once."""

    def __init__(
        self, pages: Mapping[int, OfficialPage], facts: Mapping[int, Facts], of: Norms, now: datetime
    ) -> None:
        zone = working_calendar().tz
        self.now, self.today = now, now.astimezone(zone).date()
        self.rows = {(row.page_id, row.code): row for row in PageCheck.objects.filter(page__in=facts)}
        # What this look says something about, and of it what is new, what differs and what is as it was.
        self.looked: list[PageCheck] = []
        self.fresh: list[PageCheck] = []
        self.changed: list[PageCheck] = []
        self.same: list[int] = []
        for pk, told in facts.items():
            for finding in judge(told, known_of(pages[pk], of), codes=of.checks, now=now, zone=zone):
                self._take(pk, finding)
        self.states: dict[int, dict[str, str]] = {pk: {} for pk in facts}
        for (pk, code), row in self.rows.items():
            self.states[pk][code] = row.state

    def _take(self, page: int, finding: Finding) -> None:
        row = self.rows.get((page, finding.code))
        stands = settled(
            finding,
            attested=attestation_of(row) if row else None,
            before=row.state if row else None,
            today=self.today,
        )
        if stands is None:
            return
        if row is None:
            row = self.rows[page, finding.code] = PageCheck(page_id=page, code=finding.code)
            put(row, stands, self.now)
            self.fresh.append(row)
        elif put(row, stands, self.now):
            self.changed.append(row)
        else:
            self.same.append(row.pk)
        self.looked.append(row)

    def write(self) -> None:
        """Keep them."""
        insert_many(self.fresh)
        update_many(self.changed, ["state", "found", "since", "checked_at"])
        PageCheck.objects.filter(pk__in=self.same).update(checked_at=self.now)


def attestation_of(row: PageCheck) -> Attestation | None:
    """What a person vouched for on this line."""
    return Attestation(row.attested_by, row.attested_at, row.attested_until) if row.attested_at else None


def put(row: PageCheck, finding: Finding, now: datetime) -> bool:
    """The line as it stands now, `since` kept while the state lasts; whether it differs from what it was."""
    before = (row.state, row.found)
    if row.state != finding.state:
        row.since = finding.since or now
    row.state, row.found, row.checked_at = finding.state, finding.found[:FOUND], now
    return before != (row.state, row.found)


def _renew(passport: Passport, told: Facts, states: Mapping[str, str], now: datetime) -> None:
    passport.facts = next_facts(passport.facts, told)
    passport.checked_at, passport.problem = now, ""
    passport.last_post_at = told.last_post_at or passport.last_post_at
    passport.last_answer_at = told.last_answer_at or passport.last_answer_at
    count_gaps(passport, states.values())


def count_gaps(passport: Passport, states: Iterable[str]) -> None:
    """How ready the page is, and how many lines are broken."""
    states = list(states)
    passport.score, passport.gaps = readiness(states), states.count(CheckState.GAP)


def _keep_audience(pages: Mapping[int, OfficialPage], facts: Mapping[int, Facts]) -> None:
    changed = []
    for pk, told in facts.items():
        if told.followers is not None and told.followers != pages[pk].followers:
            pages[pk].followers = told.followers
            changed.append(pages[pk])
    update_many(changed, ["followers"])
