"""What is offered where an answer is written: templates with their variables filled, and guides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from otklik.casework.enums import TemplateKind
from otklik.casework.models import AnswerTemplate, Incident
from otklik.casework.operations.day_words import day_words
from otklik.casework.rules import templates as rules
from otklik.casework.rules.addressing import first_name
from otklik.registry import operations as registry

MOST_OFFERED = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """A template with the variables of an incident in their places; what is unknown is left as a gap."""

    template: AnswerTemplate
    text: str

    @property
    def gaps(self) -> int:
        """How many places are left to fill."""
        return len(rules.gaps_of(self.text))


def values_of(incident: Incident, now: datetime) -> Mapping[str, str]:
    """The variables of templates that are known of the incident."""
    author, body = incident.message.author, incident.executor
    street = str(incident.street) if incident.street else incident.street_name
    due = incident.final_due_at
    known = {
        "имя": first_name(author.name) if author else "",
        "адрес": ", ".join(part for part in (street, incident.house) if part),
        "орган": body.short_name if body else "",
        "телефон": body.phone if body else "",
        "срок": day_words(due, now=now) if due else "",
        "дата": day_words(now, now=now),
        "номер": incident.number,
        "тема": incident.topic.name[:1].lower() + incident.topic.name[1:],
        "объект": incident.object_name,
    }
    # A value with a brace in it would look like a gap.
    return {name: value for name, value in known.items() if value and not set("{}\n") & set(value)}


def templates_for(incident: Incident, *, kind: str, now: datetime) -> list[AnswerTemplate]:
    """Those of the kind that fit the incident today: what is most its own comes first. One query."""
    return _fitting(incident, kind, now)[:MOST_OFFERED]


def _fitting(incident: Incident, kind: str, now: datetime) -> list[AnswerTemplate]:
    body = incident.executor
    found = AnswerTemplate.objects.filter(
        Q(topic=None) | Q(topic_id=incident.topic_id),
        Q(group=None) | Q(group_id=incident.topic.group_id),
        Q(body=None) | Q(body_id__in=body.path if body else []),
        kind=kind,
        is_active=True,
    ).order_by("title", "pk")
    today = now.astimezone(registry.working_calendar().tz).date()
    fit = [
        each
        for each in found
        if (each.expires_on is None or each.expires_on >= today)
        and rules.in_season(each.season_begins, each.season_ends, today)
    ]
    fit.sort(key=lambda each: (each.topic_id is None, each.group_id is None, each.body_id is None))
    return fit


def offers_for(incident: Incident, *, now: datetime) -> list[Offer]:
    """The templates of the incident, filled."""
    values = values_of(incident, now)
    found = templates_for(incident, kind=TemplateKind.TEMPLATE, now=now)
    return [Offer(each, rules.filled(each.text, values)) for each in found]


def lane_of(*, incident: Incident, text: str, now: datetime) -> AnswerTemplate | None:
    """The template that lets this very text go without a second person; None when there is none.

    The text must be the template word for word, with the incident's own values where they are known.
    """
    values = values_of(incident, now)
    free = (each for each in _fitting(incident, TemplateKind.TEMPLATE, now) if each.without_approval)
    return next((each for each in free if rules.is_of(text, each.text, values)), None)
