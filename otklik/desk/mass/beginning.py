"""What a new mass problem may be made of: a burst, or the question a person looks at, with those like it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from otklik.casework import rules
from otklik.casework.models import Incident, MassProblem
from otklik.casework.operations import mass_opening
from otklik.desk import choices
from otklik.desk.access import Desk
from otklik.registry.models import Organization
from otklik.triage.models import SurgeAlert

MOST_SHOWN = 100
WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The scopes to choose from, the questions found, the likely body."""

    surge: SurgeAlert | None
    incident: Incident | None
    scopes: dict[str, mass_opening.Scope]
    since: datetime
    area: str
    found: Sequence[Incident] = field(default_factory=list)
    all_found: Sequence[int] = field(default_factory=list)

    @property
    def areas(self) -> list[tuple[str, str]]:
        """The scopes as a person reads them."""
        return [(code, _scope_words(code, scope)) for code, scope in self.scopes.items()]

    @property
    def known(self) -> list[MassProblem]:
        """Live problems of the same topic and municipality: perhaps these questions belong there."""
        scope = self.scopes[self.area]
        live = MassProblem.objects.live().filter(topic=scope.topic, municipality=scope.municipality)
        return list(live.order_by("-heard_at", "-pk")[:3])

    @property
    def rest(self) -> int:
        """How many more there are than are shown."""
        return len(self.all_found) - len(self.found)

    @property
    def bodies(self) -> list[tuple[str, str]]:
        """The likely bodies first."""
        seen = Counter(each.executor_id or each.suggested_id for each in self.found)
        likely = [pk for pk, _n in seen.most_common() if pk is not None]
        names = {each.pk: str(each) for each in Organization.objects.filter(pk__in=likely)}
        first = [(str(pk), names[pk]) for pk in likely if pk in names]
        known = {value for value, _label in first}
        return first + [(each.value, each.label) for each in choices.main_bodies() if each.value not in known]


def beginning_of(given: QueryDict, desk: Desk) -> Beginning:
    """By `surge` or `incident` in the address; 404 without them. `area` narrows the place."""
    surge, incident = _surge(given), _incident(given, desk)
    subject: Any = surge or incident
    if subject is None or subject.municipality is None:
        raise Http404
    scopes = _scopes(subject)
    area = given.get("area", "")
    area = area if area in scopes else next(iter(scopes))
    began = surge.started_at if surge else subject.received_at
    since = min(began, desk.now - WINDOW)
    probe = _probe(scopes[area], since)
    rows = mass_opening.may_join(probe)
    found = list(rows.select_related("page", "message__author", "street").defer("search")[:MOST_SHOWN])
    keys = list(rows.values_list("pk", flat=True)[: mass_opening.MOST_MEMBERS])
    return Beginning(surge, incident, scopes, since, area, found, keys)


def _surge(given: QueryDict) -> SurgeAlert | None:
    number = given.get("surge", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    rows = SurgeAlert.objects.select_related("topic", "municipality", "settlement", "street")
    return rows.filter(pk=int(number)).first()


def _incident(given: QueryDict, desk: Desk) -> Incident | None:
    number = given.get("incident", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    rows = Incident.objects.visible_to(desk.reach).select_related(
        "topic", "municipality", "settlement", "street"
    )
    return rows.defer("search").filter(pk=int(number)).first()


def _scopes(subject: Any) -> dict[str, mass_opening.Scope]:
    """The narrowest first for a burst of one street, else the municipality first."""
    topic, town = subject.topic, subject.municipality
    found = {"municipality": mass_opening.Scope(topic, town)}
    settlement = subject.settlement
    if settlement is not None:
        found["settlement"] = mass_opening.Scope(topic, town, settlement)
        if settlement.latitude is not None and settlement.longitude is not None:
            circle = (settlement.latitude, settlement.longitude, rules.RADIUS_M)
            found["circle"] = mass_opening.Scope(topic, town, settlement, circle=circle)
    if subject.street is not None:
        street = mass_opening.Scope(topic, town, settlement, subject.street)
        found = (
            {"street": street, **found} if isinstance(subject, SurgeAlert) else {**found, "street": street}
        )
    return found


def _scope_words(code: str, scope: mass_opening.Scope) -> str:
    if code == "street":
        return f"{scope.municipality.short_name}, {scope.street}"
    if code == "settlement":
        return f"{scope.municipality.short_name}, {scope.settlement}"
    if code == "circle":
        return _("%(place)s и %(m)s м вокруг") % {"place": scope.settlement, "m": rules.RADIUS_M}
    return scope.municipality.short_name or scope.municipality.name


def _probe(scope: mass_opening.Scope, since: datetime) -> MassProblem:
    """A problem that is not there yet, to ask what it would be about."""
    latitude, longitude, radius = scope.circle or (None, None, None)
    return MassProblem(
        topic=scope.topic, municipality=scope.municipality, settlement=scope.settlement, street=scope.street,
        latitude=latitude, longitude=longitude, radius_m=radius, since=since,
    )  # fmt: skip
