"""What the system thinks of each question of a message, as the right column says it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy

from otklik.casework.enums import AttachReason
from otklik.casework.models import Incident
from otklik.casework.rules.spans import text_of
from otklik.desk.marks import COLOURS, Layer
from otklik.desk.triage.words import because_words
from otklik.registry.models import Organization
from otklik.triage.enums import PlaceStatus
from otklik.triage.models import Verdict
from otklik.triage.operations import Asked, routes_for, topics_by_code
from otklik.triage.rules import THRESHOLD
from otklik.triage.rules.questions import what_to_ask

CHOICES = 3
# Goes to a resident as it is, whatever the language of the desk.
USUAL_QUESTION = "Здравствуйте! Уточните, пожалуйста, адрес: улицу и номер дома."
MOST_WORDS = 6

SIGNALS = {
    "critical": gettext_lazy("угроза жизни"),
    "outage": gettext_lazy("отключение"),
    "vulnerable": gettext_lazy("ребёнок, пожилой или больной"),
    "child": gettext_lazy("ребёнок"),
    "fire": gettext_lazy("пожар"),
    "flood": gettext_lazy("вода, паводок"),
    "feared": gettext_lazy("может стать опасным"),
    "repeat": gettext_lazy("пишет не первый раз"),
    "abuse": gettext_lazy("есть грубость"),
    "spam": gettext_lazy("похоже на рекламу"),
    "several_questions": gettext_lazy("несколько вопросов"),
    "link": gettext_lazy("есть ссылка"),
    "language": gettext_lazy("не по-русски"),
    "cut": gettext_lazy("прочитано не до конца"),
}
_URGENT = frozenset({"critical", "outage", "vulnerable", "child", "fire", "flood", "feared"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Another topic that fits, chosen by its key; the body that it would go to."""

    code: str
    name: str
    percent: int
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that the message says of its urgency or of itself."""

    text: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """The verdict about one question; `choices` only for the question whose card is open to whoever may correct it."""

    number: int
    colour: int
    mine: bool
    incident: Incident | None
    kind: str
    topic: str
    percent: int
    sure: bool
    words: list[str]
    place: str
    place_status: str
    places: list[str]
    signs: list[Sign]
    because: str
    changed: bool
    model_version: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def ambiguous(self) -> bool:
        """Whether several places fit and a person has to say which."""
        return self.place_status == PlaceStatus.AMBIGUOUS


def family_of(incident: Incident, siblings: Sequence[Incident]) -> list[Incident]:
    """The questions of the message that stand by themselves, in its order: their numbers are their places here."""
    alive = [each for each in (incident, *siblings) if each.reason != AttachReason.JOINED or each == incident]
    return sorted(alive, key=lambda each: (min((start for start, _end in each.spans), default=0), each.part))


def opinions(
    verdicts: Sequence[Verdict], incident: Incident, family: Sequence[Incident], text: str, *, choosing: bool
) -> list[Opinion]:
    """The opinion about the open question first, then those about the others; `choosing` offers other topics."""
    by_part = {verdict.part: verdict for verdict in verdicts}
    found = [
        _opinion(by_part[each.part], each, number, text, mine=each.pk == incident.pk)
        for number, each in enumerate(family, 1)
        if each.part in by_part
    ]
    if choosing and incident.part in by_part:
        offered = _choices(by_part[incident.part], incident)
        found = [replace(each, choices=offered) if each.mine else each for each in found]
    return sorted(found, key=lambda each: (not each.mine, each.number))


def layers(verdicts: Sequence[Verdict], incident: Incident, family: Sequence[Incident]) -> list[Layer]:
    """What to mark in the message for each question."""
    by_part = {verdict.part: verdict for verdict in verdicts}
    return [
        Layer(
            number=number,
            spans=each.spans,
            words=by_part[each.part].words if each.part in by_part else (),
            place=by_part[each.part].place_words if each.part in by_part else (),
            mine=each.pk == incident.pk,
        )
        for number, each in enumerate(family)
    ]


def _opinion(verdict: Verdict, incident: Incident, number: int, text: str, *, mine: bool) -> Opinion:
    words = [str(word[0]).lower() for word in verdict.words if word]
    return Opinion(
        number=number,
        colour=(number - 1) % COLOURS,
        mine=mine,
        incident=incident,
        kind=verdict.get_kind_display(),
        topic=verdict.topic.name,
        percent=round(verdict.confidence * 100),
        sure=verdict.confidence >= THRESHOLD,
        words=list(dict.fromkeys(words))[:MOST_WORDS],
        place=place_words(incident),
        place_status=incident.place_status,
        places=[str(option[0]) for option in verdict.place_options if option],
        signs=[Sign(str(SIGNALS[code]), code in _URGENT) for code in verdict.signals if code in SIGNALS],
        because=because_words(verdict.because),
        changed=bool(incident.spans) and text_of(text, incident.spans) != incident.question,
        model_version=verdict.model_version,
    )


def place_words(incident: Incident) -> str:
    """The place as one line: what is known of it, from the large to the small."""
    street = str(incident.street) if incident.street else incident.street_name
    municipality = incident.municipality.short_name if incident.municipality else ""
    settlement = str(incident.settlement) if incident.settlement else ""
    parts = (
        municipality,
        # A city is a municipality of the same name.
        settlement if settlement != municipality else "",
        ", ".join(part for part in (street, incident.house) if part),
        incident.object_name,
    )
    return " · ".join(part for part in parts if part)


def _choices(verdict: Verdict, incident: Incident) -> list[Choice]:
    """The next topics with the bodies they would go to: one look at the rules for all of them."""
    topics = topics_by_code()
    likely = [(topics[code], share) for code, share in verdict.alternatives if code in topics][:CHOICES]
    if not likely:
        return []
    routes = routes_for(
        [
            Asked(topic, incident.page, incident.municipality_id, incident.settlement_id)
            for topic, _share in likely
        ]
    )
    names = Organization.objects.only("name", "short_name").in_bulk(
        {route.body for route in routes if route.body is not None}
    )
    return [
        Choice(topic.code, topic.name, round(share * 100), str(key), str(names.get(route.body or 0) or ""))
        for key, ((topic, share), route) in enumerate(zip(likely, routes, strict=True), 1)
    ]


@dataclass(frozen=True, slots=True)
class _Option:
    description: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a place, as the rules of questions want to see it."""

    status: str
    municipality_id: int | None
    settlement_id: int | None
    settlement_name: str
    street_name: str
    house: str
    object_name: str
    options: Sequence[_Option]


def draft_question(incident: Incident, verdict: Verdict | None) -> str:
    """What to ask the author about the place; empty when it is known well enough for the topic."""
    options = verdict.place_options if verdict else []
    known = _Known(
        status=incident.place_status,
        municipality_id=incident.municipality_id,
        settlement_id=incident.settlement_id,
        settlement_name=incident.settlement.name if incident.settlement else "",
        street_name=incident.street_name,
        house=incident.house,
        object_name=incident.object_name,
        options=[_Option(str(option[0])) for option in options if option],
    )
    topic = incident.topic
    return what_to_ask(known, topic=topic.code, level=topic.level) or ""
