"""A mass problem as the desk shows it: its status, its people by place, its answer and how far that has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.casework.enums import AnswerStatus, MassState, MemberState, RoundState
from otklik.casework.models import Answer, MassMember, MassProblem, MassRound
from otklik.casework.operations import masked_name, mass_fan_out, mass_leaving, mass_readers, sla_limits
from otklik.desk.access import Desk
from otklik.desk.mass import said, within
from otklik.desk.shown import reason as reason_words

PILLS = {
    MassState.OPEN: "warn",
    MassState.INTERIM: "info",
    MassState.PLANNED: "info",
    MassState.ANSWERED: "info",
    MassState.FIXED: "ok",
    MassState.CLOSED: "muted",
}
GROUPS = ("street", "page")
MOST_GROUPS = 12
NOBODY = "—"


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the list, and the head of the card."""

    problem: MassProblem
    now: datetime

    @property
    def place(self) -> str:
        """From the large to the small."""
        problem = self.problem
        parts = [problem.municipality.short_name, str(problem.settlement or ""), str(problem.street or "")]
        if problem.radius_m:
            parts.append(_("%(m)s м вокруг") % {"m": problem.radius_m})
        return ", ".join(part for part in parts if part)

    @property
    def pill(self) -> str:
        """The colour of its state."""
        return PILLS[MassState(self.problem.state)]

    @property
    def is_late(self) -> bool:
        """Past its limit: nobody was told in time, or the promised day has come."""
        problem = self.problem
        waits = problem.state in {MassState.OPEN, MassState.INTERIM, MassState.PLANNED}
        return waits and problem.due_at is not None and problem.due_at < self.now

    @property
    def quiet_at(self) -> datetime | None:
        """When it may close if nobody writes any more."""
        problem = self.problem
        if problem.fixed_at is None or problem.state != MassState.FIXED:
            return None
        return max(problem.heard_at, problem.fixed_at) + sla_limits().quiet.length


def listed(desk: Desk, state: str) -> QuerySet[MassProblem]:
    """The problems of the list with their numbers, the latest heard of first."""
    found = MassProblem.objects.visible_to(desk.reach).select_related(
        "topic", "municipality", "settlement", "street", "executor"
    )
    found = found.filter(state=MassState.CLOSED) if state == "closed" else found.live()
    return found.annotate(
        people=Count("members", filter=Q(members__state=MemberState.IN)),
        proposed=Count("members", filter=Q(members__state=MemberState.PROPOSED)),
    ).order_by("-heard_at", "-pk")


@dataclass(frozen=True, slots=True)
class Running:
    """The answer that is or was on its way, with its progress and the buttons that fit."""

    said: MassRound
    progress: mass_fan_out.Progress
    left: str
    may_run: bool

    @property
    def moves(self) -> bool:
        """Whether the page has to look again."""
        return not self.progress.is_over and self.said.state == RoundState.RUNNING

    @property
    def share(self) -> int:
        """Hundredths of the way."""
        done = self.progress.total - self.progress.waiting - self.progress.queued
        return 100 * done // self.progress.total if self.progress.total else 0


def running_of(problem: MassProblem, desk: Desk) -> Running | None:
    """The answer that was sent last."""
    found = problem.rounds.exclude(state=RoundState.DRAFT).order_by("-number").first()
    if found is None:
        return None
    progress = mass_fan_out.progress_of(found)
    left = ""
    if progress.waiting:
        reach = mass_readers.pace_of(problem, found)
        left = minutes(reach.total_seconds() / 60)
    return Running(found, progress, left, within.runs(desk))


def minutes(number: float) -> str:
    """So long, as people say it."""
    whole = max(1, round(number))
    if whole < 90:
        return ngettext("%(n)s минута", "%(n)s минут", whole) % {"n": whole}
    hours = round(whole / 60)
    return ngettext("%(n)s час", "%(n)s часов", hours) % {"n": hours}


def groups_of(problem: MassProblem, by: str) -> list[Mapping[str, Any]]:
    """How many people of each street or page, the most first."""
    name = "incident__page__title" if by == "page" else "incident__street_name"
    rows = mass_readers.members_of(problem).values(label=F(name))
    found = rows.annotate(n=Count("pk"), last=Max("joined_at")).order_by("-n", "label")[:MOST_GROUPS]
    return [{**row, "label": row["label"] or NOBODY, "value": row["label"]} for row in found]


def members(problem: MassProblem, by: str, group: str | None) -> QuerySet[MassMember]:
    """The people of the problem, those who need a person first; of one street or page when it is named."""
    last = Answer.objects.filter(incident=OuterRef("incident"), round__isnull=False).order_by("-pk")
    found = (
        mass_readers.members_of(problem)
        .select_related(
            "incident__page", "incident__message__author", "incident__street", "incident__settlement"
        )
        .defer("incident__search")
        .annotate(
            reply=Subquery(last.values("status")[:1]),
            why_not=Subquery(last.values("delivery__reason")[:1]),
            link=Subquery(last.values("delivery__permalink")[:1]),
            trouble=Count("pk", filter=Q(why=mass_leaving.WAITS) | ~Q(incident__delivery_note="")),
        )
        .order_by("-trouble", "-joined_at", "-pk")
    )
    if group is None:
        return found
    return found.filter(**{"incident__page__title" if by == "page" else "incident__street_name": group})


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the problem."""

    row: MassMember

    @property
    def name(self) -> str:
        author = self.row.incident.message.author
        return masked_name(author.name) if author else ""

    @property
    def place(self) -> str:
        """What the person named."""
        incident = self.row.incident
        street = str(incident.street) if incident.street else incident.street_name
        return ", ".join(part for part in (street, incident.house) if part) or str(
            incident.settlement or NOBODY
        )

    @property
    def reply(self) -> tuple[str, str]:
        """How the last reply stands: a colour and words."""
        status, note = self.row.reply, self.row.incident.delivery_note  # type: ignore[attr-defined]
        if note == "manual":
            return "warn", _("ждёт администратора страницы")
        known = {
            AnswerStatus.PUBLISHED: ("ok", _("ответ стоит")),
            AnswerStatus.PUBLISHING: ("info", _("отправляется")),
            AnswerStatus.UNCERTAIN: ("warn", _("неизвестно, вышел ли")),
            AnswerStatus.UNDELIVERABLE: ("late", _("не доставлен")),
        }
        return known.get(status, ("muted", _("ещё нет")))

    @property
    def may_retry(self) -> bool:
        return self.row.reply == AnswerStatus.UNDELIVERABLE  # type: ignore[attr-defined, no-any-return]

    @property
    def trouble(self) -> str:
        """Why the reply did not come, or why a person has to look."""
        if self.row.why in said.WHY:
            return str(said.WHY[self.row.why])
        why = self.row.why_not  # type: ignore[attr-defined]
        return reason_words(why) if why and self.may_retry else ""


def left_words(member: MassMember) -> str:
    """Why somebody has left."""
    return str(said.WHY.get(member.why, member.why))
