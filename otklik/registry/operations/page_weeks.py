"""The weeks of pages: figures while a week runs, its light once it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from otklik.common.bulk import insert_many, update_many
from otklik.registry.enums import CheckState
from otklik.registry.models import PageWeek
from otklik.registry.rules.lights import WeekSeen, light
from otklik.registry.rules.passport import Facts, Week

WEEK = timedelta(days=7)
CONTACTS = ("address", "phone", "email", "hours")


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page after a look at it: its facts, the states of its lines, what the register knows."""

    page_id: int
    facts: Facts
    states: Mapping[str, str]
    widgets: int | None
    norm: int
    opened_on: date | None = None


def keep_weeks(*, seen: Sequence[PageSeen], monday: date) -> None:
    """Write what the look told of the weeks; `monday` begins the running one.

    The week that ended last gets its light with the first look that could read the wall, and is never changed again.
    """
    pages = [each.page_id for each in seen]
    earliest = min((week.monday for each in seen for week in each.facts.weeks), default=monday)
    rows = {
        (row.page_id, row.monday): row
        for row in PageWeek.objects.filter(page__in=pages, monday__gte=min(earliest, monday))
    }
    changed = [row for each in seen for row in _weeks(each, rows, monday)]
    # Nobody else writes the weeks of these pages: their passports are locked.
    insert_many([row for row in changed if row.pk is None])
    update_many(
        [row for row in changed if not row._state.adding],
        ["followers", "posts", "reach", "mean_reach", "parts", "score", "zone"],
    )


def _weeks(each: PageSeen, rows: Mapping[tuple[int, date], PageWeek], monday: date) -> list[PageWeek]:
    told = {week.monday: week for week in each.facts.weeks}
    changed = []
    for day in sorted({*told, monday}):
        row = rows.get((each.page_id, day)) or PageWeek(page_id=each.page_id, monday=day)
        if row.score is not None:
            continue
        before = (row.followers, row.posts, row.reach, row.mean_reach)
        _figures(row, told.get(day))
        if day == monday or (day == monday - WEEK and row.followers is None):
            row.followers = each.facts.followers if each.facts.followers is not None else row.followers
        if day == monday - WEEK and (each.opened_on is None or each.opened_on < monday):
            _kindle(row, each)
        if row.pk is None or row.score is not None or before != (
            row.followers, row.posts, row.reach, row.mean_reach
        ):  # fmt: skip
            changed.append(row)
    return changed


def _figures(row: PageWeek, week: Week | None) -> None:
    if week is not None:
        row.posts, row.reach, row.mean_reach = week.posts, week.views, week.mean_views


def _kindle(row: PageWeek, each: PageSeen) -> None:
    states = each.states
    widgets = 2 if states.get("widgets") == CheckState.FINE else each.widgets
    found = light(
        WeekSeen(
            connected=_is(states, "component"),
            badge=_is(states, "badge"),
            avatar=_is(states, "avatar"),
            description=_is(states, "description"),
            cover=_is(states, "cover"),
            widgets=widgets,
            contacts=_all(states, CONTACTS),
            posts=row.posts,
            norm=each.norm,
            followers=row.followers,
            reach=row.reach,
            mean_reach=row.mean_reach,
        )
    )
    row.score, row.zone, row.parts = found.score, found.zone, dict(found.parts)


def _is(states: Mapping[str, str], code: str) -> bool | None:
    state = states.get(code)
    return None if state in {None, CheckState.UNKNOWN} else state != CheckState.GAP


def _all(states: Mapping[str, str], codes: Sequence[str]) -> bool | None:
    known = [_is(states, code) for code in codes]
    return False if False in known else (None if None in known else True)
