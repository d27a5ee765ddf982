"""Who reads an answer to all: what is known of each, what it would say, how many they are and how long it takes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet

from otklik.casework import rules
from otklik.casework.enums import MemberState, Resolution
from otklik.casework.models import Incident, MassMember, MassProblem, MassRound
from otklik.casework.operations.answer_quality import Checked, insisted, review_answer
from otklik.casework.operations.day_words import day_words
from otklik.casework.rules import answer_check, mass_text
from otklik.casework.rules.addressing import first_name
from otklik.casework.rules.answer_check.values import NOT_ON_SUBSTANCE, PART


def reader_of(
    problem: MassProblem, incident: Incident, promised_for: datetime | None, *, now: datetime
) -> mass_text.Reader:
    """What is known of the author of an incident: its own place, never anybody else's.

    The day of a promise names its year when that is not the year of `now`.
    """
    author = incident.message.author
    street = str(incident.street) if incident.street else incident.street_name
    place = ", ".join(part for part in (street, incident.house) if part)
    if not place and incident.settlement is not None:
        place = str(incident.settlement)
    return mass_text.Reader(
        name=first_name(author.name) if author else "",
        place=place,
        town=problem.municipality.short_name or problem.municipality.name,
        body=str(problem.executor),
        day=day_words(promised_for, now=now) if promised_for else "",
        number=incident.number,
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """To how many people an answer goes and how long it takes; who lacks which variable."""

    people: int
    pages: int
    takes: timedelta
    lacking: Mapping[str, int]


def reach_of(problem: MassProblem, text: str, promised_for: datetime | None, *, now: datetime) -> Reach:
    """What starting the answer would mean. Raises UnknownVariable."""
    members = members_of(problem)
    per_page = dict(members.values_list("incident__page").annotate(n=Count("pk")).order_by())
    lacking: Counter[str] = Counter()
    if mass_text.used(text):
        for each in readers(members):
            reader = reader_of(problem, each.incident, promised_for, now=now)
            lacking.update(mass_text.missing(text, reader))
    takes = rules.takes(per_page, page_a_minute=settings.MASS_PAGE_A_MINUTE, a_minute=settings.MASS_A_MINUTE)
    return Reach(sum(per_page.values()), len(per_page), takes, dict(lacking))


def pace_of(problem: MassProblem, said: MassRound) -> timedelta:
    """How long it takes at the pace of now until those who were not told of the round are."""
    waiting = members_of(problem).exclude(incident__answers__round=said)
    per_page = dict(waiting.values_list("incident__page").annotate(n=Count("pk")).order_by())
    return rules.takes(per_page, page_a_minute=settings.MASS_PAGE_A_MINUTE, a_minute=settings.MASS_A_MINUTE)


def members_of(problem: MassProblem) -> QuerySet[MassMember]:
    """The members of a problem now."""
    return MassMember.objects.filter(problem=problem, state=MemberState.IN)


def readers(members: QuerySet[MassMember]) -> QuerySet[MassMember]:
    """The members with all that their texts need, in few statements."""
    return members.select_related(
        "incident__message__author", "incident__message__thread", "incident__message__connection",
        "incident__street", "incident__settlement",
    ).defer("incident__search")  # fmt: skip


_OF_ONE = frozenset({NOT_ON_SUBSTANCE, PART})


def findings_of(problem: MassProblem, draft: MassRound, now: datetime) -> tuple[answer_check.Finding, ...]:
    """What the check of the region says of the answer as the first member reads it. Raises UnknownVariable.

    What depends on the question of one of many only advises: the others asked in words of their own.
    """
    first = readers(members_of(problem)).order_by("pk").first()
    if first is None:
        return ()
    text = mass_text.rendered(draft.text, reader_of(problem, first.incident, draft.promised_for, now=now))
    resolution = draft.resolution or Resolution.EXPLAINED
    review = review_answer(
        incident=first.incident, text=text, now=now, kind=draft.kind, resolution=resolution
    )
    found = answer_check.hints(review.report)
    return tuple(replace(each, level=answer_check.ADVISE) if each.code in _OF_ONE else each for each in found)


def fit_to_tell(problem: MassProblem, draft: MassRound, now: datetime, checked: Checked) -> tuple[str, ...]:
    """The codes of the advice that the person has overruled. Raises AnswerBlocked, AnswerAdvised, UnknownVariable."""
    return insisted(findings_of(problem, draft, now), checked)
