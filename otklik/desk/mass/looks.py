"""How people would read the answer: some who are known well, some who are not, and whoever is asked for."""

from dataclasses import dataclass
from datetime import datetime

from otklik.casework.models import MassMember, MassProblem, MassRound
from otklik.casework.operations import masked_name, mass_readers
from otklik.casework.rules import mass_text

MOST_READ = 400
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Look:
    """One person and the reply as it would stand there."""

    number: str
    name: str
    question: str
    text: str
    lacks: bool


def looks_of(problem: MassProblem, draft: MassRound, chosen: str = "", *, now: datetime) -> list[Look]:
    """A few different readings of the draft, the one of `chosen` (an incident) first. Raises UnknownVariable."""
    members = mass_readers.readers(mass_readers.members_of(problem))
    mine = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0
    first = [_look(problem, draft, each, now) for each in members.filter(incident=mine)]
    rest = [_look(problem, draft, each, now) for each in members.order_by("pk")[:MOST_READ]]
    known = [each for each in rest if not each.lacks][:2]
    lacking = [each for each in rest if each.lacks][:2]
    found = [*first, *known, *lacking]
    return list({each.number: each for each in found}.values())[:MOST_SHOWN]


def _look(problem: MassProblem, draft: MassRound, member: MassMember, now: datetime) -> Look:
    incident = member.incident
    reader = mass_readers.reader_of(problem, incident, draft.promised_for, now=now)
    author = incident.message.author
    return Look(
        number=incident.number,
        name=masked_name(author.name) if author else "",
        question=incident.question,
        text=mass_text.rendered(draft.text, reader),
        lacks=bool(mass_text.missing(draft.text, reader)),
    )
