"""A person's own pages: what is wrong with each, what to do about it step by step, and by when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import F, Min, Q, QuerySet

from otklik.desk import shown
from otklik.desk.access import Desk
from otklik.desk.passports import listing, words
from otklik.desk.passports.lines import Task, task_of
from otklik.registry.enums import CheckState, TaskState
from otklik.registry.models import OfficialPage, PageCheck, PageTask, PageWeek

PAGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Work:
    """One task as somebody reads it who has never heard of a passport."""

    task: Task
    advice: tuple[str, ...]
    act: str
    url: str
    # No network shows it: the person says so and shows how it can be seen.
    by_word: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    """One page with everything its administrator has to do."""

    pk: int
    title: str
    url: str
    network: str
    body: str
    zone: str
    tone: str
    light: int | None
    followers: int | None
    checked_at: datetime | None
    problem: str
    waits: bool
    works: tuple[Work, ...]
    late: int
    fine: int


def own_pages(desk: Desk, number: str) -> tuple[Page[OfficialPage], list[OwnPage]]:
    """One page of the list of the person's pages: those whose terms are nearest come first."""
    found = _by_urgency(listing.own_pages(desk))
    page = Paginator(found, PAGES_SHOWN).get_page(number)
    return page, _described(list(page), desk.now)


def _by_urgency(found: QuerySet[OfficialPage]) -> QuerySet[OfficialPage]:
    nearest = Min("tasks__due_at", filter=Q(tasks__state=TaskState.OPEN))
    return (
        found.select_related("organization", "passport")
        .annotate(nearest=nearest)
        .order_by(F("nearest").asc(nulls_last=True), "title", "pk")
    )


def _described(pages: Sequence[OfficialPage], now: datetime) -> list[OwnPage]:
    wanted = [page.pk for page in pages]
    tasks: dict[int, list[PageTask]] = {pk: [] for pk in wanted}
    for task in PageTask.objects.filter(page__in=wanted, state=TaskState.OPEN).order_by("due_at", "pk"):
        tasks[task.page_id].append(task)
    monday = listing.last_monday()
    weeks = PageWeek.objects.filter(page__in=wanted, monday=monday).exclude(zone="") if monday else []
    lights = {week.page_id: week for week in weeks}
    rows = PageCheck.objects.filter(page__in=wanted)
    fine = Counter(rows.filter(state=CheckState.FINE).values_list("page_id", flat=True))
    vouched = set(rows.exclude(attested_at=None).values_list("page_id", "code"))
    return [
        _own(
            page,
            tuple(work_of(task, now, by_word=(page.pk, task.code) in vouched) for task in tasks[page.pk]),
            lights.get(page.pk),
            fine[page.pk],
        )
        for page in pages
    ]


def _own(page: OfficialPage, works: tuple[Work, ...], week: PageWeek | None, fine: int) -> OwnPage:
    passport = getattr(page, "passport", None)
    return OwnPage(
        pk=page.pk,
        title=page.title,
        url=page.url,
        network=shown.network(page.network),
        body=str(page.organization),
        zone=words.zone(week.zone) if week else "",
        tone=words.ZONE_TONES.get(week.zone, "muted") if week else "muted",
        light=week.score if week else None,
        followers=page.followers,
        checked_at=passport.checked_at if passport else None,
        problem=passport.problem if passport else "",
        waits=passport is not None and passport.taken_at is None,
        works=works,
        late=sum(work.task.tone == "late" for work in works),
        fine=fine,
    )


def work_of(task: PageTask, now: datetime, *, by_word: bool = False) -> Work:
    """The task with what mends it, line by line of the region's advice.

    `by_word` when a person vouched before: where a word ran out only another word mends it.
    """
    norm = words.norms().get(task.code)
    steps = [line.strip() for line in norm.advice.splitlines()] if norm else []
    return Work(
        task=task_of(task, now),
        advice=tuple(line for line in steps if line),
        act=norm.act if norm else "",
        url=norm.url if norm else "",
        by_word=by_word or (norm is not None and not norm.is_automatic),
    )
