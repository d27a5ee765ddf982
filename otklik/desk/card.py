"""Everything the card of an incident shows, gathered with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer, Incident, Move
from otklik.channels.models import Attempt
from otklik.desk.access import Desk
from otklik.desk.buttons import Button, buttons
from otklik.desk.candidates import Candidate, candidates
from otklik.desk.opinions import Opinion, draft_question, family_of, layers, opinions, place_words
from otklik.desk.rows import clock_of, clock_title, stage_clock_of
from otklik.desk.rules import Clock
from otklik.desk.steps import Step, steps
from otklik.desk.story import Said, story
from otklik.inbox.models import SourceMessage
from otklik.news.models import Post
from otklik.triage.models import Verdict

EARLIER_SHOWN = 5
NEARBY_SHOWN = 4
# Near in time: among the latest incidents only, so that a rare topic is not looked for through years.
NEARBY_DAYS = 30
NEARBY_AMONG = 2000
MOVES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Card:
    """An incident with its story and the reasons beside it."""

    incident: Incident
    powers: frozenset[str]
    acts: list[Button]
    clock: Clock | None
    clock_title: str
    stage_clock: Clock | None
    steps: list[Step]
    post: Post | None
    said: list[Said]
    earlier: Sequence[Incident]
    opinions: list[Opinion]
    # What to ask the author by one key; empty when nothing is missing or nobody may ask.
    to_ask: str
    siblings: Sequence[Incident]
    family: Sequence[Incident]
    alike: Sequence[Candidate]
    attached: Sequence[Incident]
    nearby: Sequence[Incident]
    moves: Sequence[Move]
    draft: Answer | None
    latest: Answer | None

    @property
    def deleted(self) -> bool:
        """Whether the resident removed the message from the network."""
        return self.incident.message.deleted_at is not None

    @property
    def mine(self) -> Opinion | None:
        """The opinion about the question of this card."""
        return next((each for each in self.opinions if each.mine), None)

    @property
    def place(self) -> str:
        """The place of the incident as it stands, in one line."""
        return place_words(self.incident)

    @property
    def questions(self) -> int:
        """How many incidents the message became."""
        return len(self.family)

    @property
    def related(self) -> list[tuple[Incident, str]]:
        """Incidents beside this one, with the words for how they are related."""
        own = self.incident.pk
        alike = {each.incident.pk for each in self.alike}
        return [
            *((each, _("другой вопрос этого сообщения")) for each in self.siblings if each.parent_id != own),
            *((each, _("присоединён")) for each in self.attached),
            *((each, _("рядом")) for each in self.nearby if each.pk not in alike),
        ]


def card_of(pk: int, desk: Desk) -> Card:
    """The card; 404 when the incident is outside the person's reach."""
    desk.incident(pk)
    incident = _with_everything(pk)
    message = incident.message
    verdicts = list(Verdict.objects.filter(message=message).select_related("topic").order_by("part"))
    answers = _answers(incident)
    moves = list(
        Move.objects.filter(incident=incident).select_related("executor").order_by("-pk")[:MOVES_SHOWN]
    )
    related = _related(incident, desk)
    siblings = [each for each in related if each.message_id == message.pk]
    family = family_of(incident, siblings)
    powers = desk.powers(incident)
    verdict = next((each for each in verdicts if each.part == incident.part), None)
    to_ask = draft_question(incident, verdict) if "ask" in powers else ""
    ticking = clock_of(incident, desk)
    return Card(
        incident=incident,
        powers=powers,
        acts=buttons(pk, powers - {"ask"} if to_ask else powers),
        clock=ticking,
        clock_title=clock_title(incident.due_at, ticking) if ticking else "",
        stage_clock=stage_clock_of(incident, desk),
        steps=steps(incident, list(reversed(moves)), desk),
        post=message.post or (message.thread.post if message.thread else None),
        said=story(message, layers(verdicts, incident, family), verdicts, answers),
        earlier=_earlier(incident, desk),
        opinions=opinions(verdicts, incident, family, message.text),
        to_ask=to_ask,
        siblings=siblings,
        family=family,
        alike=candidates(incident, desk) if "attach" in powers else [],
        attached=[each for each in related if each.parent_id == incident.pk],
        nearby=_nearby(incident, desk),
        moves=moves,
        draft=next((each for each in answers if each.status == AnswerStatus.DRAFT), None),
        latest=next((each for each in reversed(answers) if each.status != AnswerStatus.DRAFT), None),
    )


def _with_everything(pk: int) -> Incident:
    return (
        Incident.objects.select_related(
            "message__author",
            "message__thread__post",
            "message__post",
            "page__organization",
            "topic__group",
            "municipality",
            "settlement",
            "street",
            "executor",
            "suggested",
            "assignee",
            "parent",
        )
        .defer("search", "parent__search")
        .get(pk=pk)
    )


def _answers(incident: Incident) -> list[Answer]:
    log = Prefetch("delivery__log", queryset=Attempt.objects.order_by("pk"))
    found = Answer.objects.filter(incident=incident).select_related("author", "delivery")
    return list(found.prefetch_related(log).order_by("pk"))


def _related(incident: Incident, desk: Desk) -> list[Incident]:
    """Other questions of the same message, and what has been joined to this incident."""
    mine = Q(message_id=incident.message_id) | Q(parent_id=incident.pk)
    found = Incident.objects.visible_to(desk.reach).filter(mine).exclude(pk=incident.pk)
    places = ("municipality", "settlement", "street", "page")
    return list(found.select_related("topic", *places).defer("search").order_by("pk")[:50])


def _earlier(incident: Incident, desk: Desk) -> list[Incident]:
    """What the same author wrote to this page before."""
    message = incident.message
    if message.author_id is None:
        return []
    before = SourceMessage.objects.filter(
        author_id=message.author_id, page_id=message.page_id, pk__lt=message.pk, is_own=False
    )
    recent = before.order_by("-pk").values("pk")[:20]
    found = Incident.objects.visible_to(desk.reach).filter(message_id__in=recent)
    return list(found.select_related("topic").defer("search").order_by("-pk")[:EARLIER_SHOWN])


def _nearby(incident: Incident, desk: Desk) -> list[Incident]:
    """Lately, on the same topic, in the same municipality (or by the same page when no place is known)."""
    since = desk.now - timedelta(days=NEARBY_DAYS)
    recent = Incident.objects.filter(received_at__gte=since).order_by("-received_at", "-pk")
    place = (
        {"municipality_id": incident.municipality_id}
        if incident.municipality_id
        else {"page_id": incident.page_id}
    )
    return list(
        Incident.objects.visible_to(desk.reach)
        .filter(pk__in=recent.values("pk")[:NEARBY_AMONG], topic_id=incident.topic_id, **place)
        .exclude(pk=incident.pk)
        .exclude(message_id=incident.message_id)
        .exclude(parent_id=incident.pk)
        .exclude(state__in=["rejected", "attached"])
        .select_related("topic")
        .defer("search")
        .order_by("-received_at", "-pk")[:NEARBY_SHOWN]
    )
