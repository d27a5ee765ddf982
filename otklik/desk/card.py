"""Everything the card of an incident shows, gathered with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _

from otklik.casework import operations as casework
from otklik.casework.enums import AnswerStatus, State
from otklik.casework.models import (
    Answer,
    ExternalReply,
    FakeLink,
    Incident,
    Move,
    PersonalRead,
    SystemicBasis,
)
from otklik.casework.operations import opened_by
from otklik.channels.models import Attempt
from otklik.common.given import given
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
from otklik.people.models import but_the_name
from otklik.registry.models import Municipality, OfficialPage, Organization, Settlement, Street
from otklik.triage.models import Topic, Verdict

EARLIER_SHOWN = 5
NEARBY_SHOWN = 4
NEARBY_DAYS = 30
MOVES_SHOWN = 60


_WORKED_ON = frozenset({"in_progress", "rework", "reopened"})
_CAME_BACK = ("send_back", "return_for_rework", "not_done", "dispute", "reopen")
_WENT_OUT = ("submit", "publish", "approve", "route", "confirm")


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
    # Whose word the waiting answer needs by the rules; empty where any approver may give it.
    approver: str
    draft: Answer | None
    latest: Answer | None
    # The opening of personal data that holds for this person today.
    opened: PersonalRead | None

    @property
    def seldom(self) -> list[Button]:
        """The buttons behind «Ещё»."""
        return [act for act in self.acts if act.seldom]

    @property
    def paused(self) -> Move | None:
        """The move that stopped the clocks, while they stand."""
        return self._last("pause") if self.incident.paused_at else None

    @property
    def returned(self) -> Move | None:
        """The word with which the matter came back to whoever works on it, until an answer goes out again."""
        if self.incident.state not in _WORKED_ON:
            return None
        found = self._last(*_CAME_BACK, *_WENT_OUT)
        return found if found and found.verb in _CAME_BACK else None

    def _last(self, *verbs: str) -> Move | None:
        return next((move for move in self.moves if move.verb in verbs), None)

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
    incident = _with_everything(pk, desk)
    message = incident.message
    judged = Verdict.objects.filter(message=message).select_related("topic").only(*_JUDGED)
    verdicts = list(judged.order_by("part"))
    answers = _answers(incident)
    moves = _moves(incident)
    related = _related(incident, desk)
    siblings = [each for each in related if each.message_id == message.pk]
    family = family_of(incident, siblings)
    powers = desk.powers(incident)
    verdict = next((each for each in verdicts if each.part == incident.part), None)
    to_ask = draft_question(incident, verdict) if "ask" in powers else ""
    ticking = clock_of(incident, desk)
    opened = opened_by(incident=incident, reader=desk.account, now=desk.now)
    return Card(
        incident=incident,
        powers=powers,
        acts=buttons(pk, powers - {"ask"} if to_ask else powers),
        clock=ticking,
        clock_title=clock_title(incident.due_at, ticking) if ticking else "",
        stage_clock=stage_clock_of(incident, desk),
        steps=steps(incident, list(reversed(moves)), desk),
        post=message.post or (message.thread.post if message.thread else None),
        said=story(message, layers(verdicts, incident, family), verdicts, answers, is_open=bool(opened)),
        earlier=_earlier(incident, desk),
        opinions=opinions(verdicts, incident, family, message.text, choosing="correct" in powers),
        to_ask=to_ask,
        siblings=siblings,
        family=family,
        alike=candidates(incident, desk) if "attach" in powers else [],
        attached=[each for each in related if each.parent_id == incident.pk],
        nearby=_nearby(incident, desk),
        moves=moves,
        approver=casework.approver_words(incident) if incident.state == State.APPROVAL else "",
        draft=next((each for each in answers if each.status == AnswerStatus.DRAFT), None),
        latest=next((each for each in reversed(answers) if each.status != AnswerStatus.DRAFT), None),
        opened=opened,
    )


def _with_everything(pk: int, desk: Desk) -> Incident:
    """The incident with what it refers to: what there always is in one join, the rest by keys and only where it is set.

    One join of all of it is fourteen tables: planning that takes PostgreSQL longer than all of these together.
    """
    found = (
        Incident.objects.visible_to(desk.reach)
        .select_related("message__author", "message__thread", "page", "topic")
        .annotate(
            from_outside=Exists(ExternalReply.objects.filter(link__incident=OuterRef("pk"))),
            in_fake=Exists(FakeLink.objects.filter(incident=OuterRef("pk"))),
            in_systemic=Exists(SystemicBasis.objects.filter(incident=OuterRef("pk"))),
        )
        .defer("search", *_UNSEEN)
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    prefetch_related_objects([found], *_REFERRED)
    talks = [(each, "post") for each in (found.message, found.message.thread) if each is not None]
    given(Post.objects.all(), talks)
    return found


# Columns of what the card joins that it does not show: to name one costs more than to read it.
_UNSEEN = (
    "message__connection", "message__has_content", "message__triaged_at", "message__kind", "message__thread__page",
    "message__thread__place", "message__thread__object_id", "message__thread__root_id", "message__author__network",
    "message__author__name_asked_at", "page__kind", "page__tier", "page__is_active",
    "topic__hint", "topic__synonyms", "topic__cur26", "topic__pos", "topic__replaced_by", "topic__position",
    "page__person_name", "page__person_position", "page__badge_type", "page__badge_status", "page__widgets",
    "page__badge_confirmed_at", "page__badge_lost_at", "page__badge_evidence", "page__component_connected",
    "page__followers", "page__monitoring", "page__opened_on", "page__closed_on",
)  # fmt: skip
_JUDGED = (
    "message", "part", "kind", "confidence", "alternatives", "words", "signals", "personal", "reason",
    "place_options", "place_words", "because", "model_version", "topic__name", "topic__code",
)  # fmt: skip
_OF_DELIVERY = (
    "connection", "owner", "object_id", "reply_to", "root_id", "author_id", "author_name", "text", "checks",
    "lease_until", "first_sent_at", "detail", "snapshot", "proof__permalink",
)  # fmt: skip
_REFERRED = (
    Prefetch("municipality", Municipality.objects.defer("shape")),
    "settlement",
    "street",
    "assignee",
    Prefetch("parent", Incident.objects.defer("search")),
)


def _bodies() -> QuerySet[Organization]:
    return Organization.objects.only(
        "name", "short_name", "path", "parent", "level", "municipality", "spheres", "calendar"
    )


def _moves(incident: Incident) -> list[Move]:
    """The latest moves; with their bodies come those of the incident, in one look."""
    moves = list(Move.objects.filter(incident=incident).order_by("-pk")[:MOVES_SHOWN])
    own = [(incident.page, "organization"), (incident, "executor"), (incident, "suggested")]
    given(_bodies(), [*own, *((each, "executor") for each in moves)])
    return moves


def _answers(incident: Incident) -> list[Answer]:
    log = Prefetch("delivery__log", queryset=Attempt.objects.order_by("pk"))
    found = Answer.objects.filter(incident=incident).select_related("author", "delivery__proof")
    found = found.defer(*but_the_name("author"), *(f"delivery__{each}" for each in _OF_DELIVERY))
    return list(found.prefetch_related(log).order_by("pk"))


def _related(incident: Incident, desk: Desk) -> list[Incident]:
    """Other questions of the same message, and what has been joined to this incident."""
    mine = Q(message_id=incident.message_id) | Q(parent_id=incident.pk)
    found = Incident.objects.visible_to(desk.reach).filter(mine).exclude(pk=incident.pk)
    related = list(found.only(*_SIBLING).order_by("pk")[:50])
    prefetch_related_objects(related, *_OF_SIBLING)
    return related


# What the card says of other incidents: to name a column costs more than to read it.
_NEIGHBOUR = ("question", "state", "received_at")
_SIBLING = (
    *_NEIGHBOUR, "message", "part", "spans", "reason", "parent", "kind", "priority", "executor", "suggested",
    "place_status", "street_name", "house", "object_name", "topic", "municipality", "settlement", "street", "page",
)  # fmt: skip
_OF_SIBLING = (
    Prefetch("topic", Topic.objects.only("name", "code", "group")),
    Prefetch("municipality", Municipality.objects.only("short_name")),
    Prefetch("settlement", Settlement.objects.only("name", "kind")),
    Prefetch("street", Street.objects.only("name", "kind")),
    Prefetch("page", OfficialPage.objects.only("organization", "title")),
)


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
    return list(found.only(*_NEIGHBOUR).order_by("-pk")[:EARLIER_SHOWN])


def _nearby(incident: Incident, desk: Desk) -> list[Incident]:
    """Lately, on the same topic, in the same municipality (or by the same page when no place is known)."""
    since = desk.now - timedelta(days=NEARBY_DAYS)
    place = (
        {"municipality_id": incident.municipality_id}
        if incident.municipality_id
        else {"page_id": incident.page_id}
    )
    return list(
        Incident.objects.visible_to(desk.reach)
        .filter(topic_id=incident.topic_id, received_at__gte=since, **place)
        .exclude(pk=incident.pk)
        .exclude(message_id=incident.message_id)
        .exclude(parent_id=incident.pk)
        .exclude(state__in=["rejected", "attached"])
        .only(*_NEIGHBOUR)
        .order_by("-received_at", "-pk")[:NEARBY_SHOWN]
    )
