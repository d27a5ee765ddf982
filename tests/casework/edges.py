"""Every change of state that some verb makes, with a play of it: a person's press, a receipt, a reply, time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident
from otklik.channels.models import Delivery
from otklik.inbox import operations as inbox
from otklik.people.models import Account
from tests import cast
from tests.casework.plays import PLAYS, Stage

LATER = cast.after(minutes=30)
TEXT = "Яма во дворе. Нет тепла в доме."
# Whom the author was asked by decides where the reply leads; so these are played from each of them.
ASKED = ("replied", "unasked", "go_on")


@dataclass(frozen=True)
class Edge:
    """A verb, the state it starts from, and the one it leads to."""

    verb: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.verb}: {self.before} → {self.after}"


EDGES = [
    Edge(verb, before, after)
    for verb, (starts, _after) in sorted(rules.VERBS.items())
    for before in sorted(starts)
    for after in sorted(rules.leads_to(verb))
]
# A question that no verdict was given to has no pieces to join; every verb but this one leads from there.
UNPLAYABLE = {Edge("join", "new", "attached")}


@dataclass
class Scene:
    """Where an edge is played: the incident stands in its first state when the play begins."""

    edge: Edge
    by: Account
    incident: Incident

    def fresh(self) -> Incident:
        return Incident.objects.get(pk=self.incident.pk)


def begin(edge: Edge) -> Scene:
    """An incident in the state that the edge starts from."""
    by = cast.dispatcher()
    if edge.verb in {*ASKED, "no_reply", "replied_late"}:
        return Scene(edge, by, _asked(edge, by))
    kind = KINDS.get(edge.verb)
    if kind and edge.before in {"publishing", "uncertain"}:
        return Scene(edge, by, _sent(edge, kind, by))
    return Scene(edge, by, cast.incident(edge.before, message=cast.message(TEXT)))


KINDS = {
    "answered": "final",
    "answered_interim": "interim",
    "answered_plan": "plan",
    "undeliverable": "final",
}


def _sent(edge: Edge, kind: str, by: Account) -> Incident:
    incident = cast.incident("in_progress")
    promised = None if kind == "final" else cast.after(days=5)
    answer = cast.publish(incident, by=by, kind=kind, promised_for=promised)
    if edge.before == "uncertain":
        cast.settle(answer, "uncertain", reason="no_reading_key")
    return Incident.objects.get(pk=incident.pk)


def _asked(edge: Edge, by: Account) -> Incident:
    incident = cast.incident(edge.after if edge.verb in ASKED else "triage", message=cast.message(TEXT))
    question = casework.ask(incident=incident, text="Где это?", by=by, now=cast.after(minutes=5))
    if edge.verb != "unasked":
        cast.settle(question, "delivered")
    if edge.verb == "replied_late":
        assert casework.reject_silent(now=cast.after(days=20))
    return Incident.objects.get(pk=incident.pk)


def play(scene: Scene) -> None:
    """Make the verb happen, by the verb of a person where there is one."""
    verb = scene.edge.verb
    if verb in SYSTEM:
        SYSTEM[verb](scene)
        return
    stage = Stage(cast.dispatcher(), cast.body(), cast.incident("triage"))
    PLAYS[verb][1](scene.fresh(), stage, {"now": LATER})


def _receipt(state: str) -> Callable[[Scene], None]:
    def told(scene: Scene) -> None:
        statuses = ["publishing", "uncertain"]
        answer = Answer.objects.get(incident=scene.incident, status__in=statuses)
        cast.settle(answer, state, reason="comments_closed" if state == "refused" else "")

    return told


def _reply(scene: Scene) -> None:
    asked = scene.fresh().message
    at = cast.after(days=21) if scene.edge.verb == "replied_late" else LATER
    words: dict[str, Any] = {"under": asked.connection, "by": asked.author, "thread": asked.thread}
    reply = cast.message("Улица Мира, 5.", received_at=at, **words)
    casework.note_follow_ups(follow_ups=[(reply, scene.fresh())], now=at)


def _silence(scene: Scene) -> None:
    assert casework.reject_silent(now=cast.after(days=20)) == 1


def _a_year(scene: Scene) -> None:
    incident = scene.fresh()
    if incident.parent is not None:
        # What is attached to something alive waits with it.
        casework.reject(incident=incident.parent, reason="spam", by=scene.by.actor, now=LATER)
    while casework.archive_old(now=cast.after(days=400)):
        pass


def _join(scene: Scene) -> None:
    incident = scene.fresh()
    made = casework.split(incident=incident, spans=[(0, 13)], by=scene.by.actor, now=LATER)
    rest = Incident.objects.get(pk=made.pk)
    casework.join(incident=rest, other=scene.fresh(), by=scene.by.actor, now=LATER)


def _vanish(scene: Scene) -> None:
    answer = Answer.objects.filter(incident=scene.incident, status="published").latest("pk")
    at = answer.delivery
    assert at is not None
    gone = cast.incoming("deleted", place=at.place, object_id=at.object_id, external_id=at.external_id)
    received = inbox.receive(items=[(at.connection, gone)], now=LATER)
    casework.note_published_changes(messages=received.new, now=LATER)


def _again(scene: Scene) -> None:
    answer = Answer.objects.get(incident=scene.incident, status="uncertain")
    Delivery.objects.filter(pk=answer.delivery_id).update(state="waiting", reason="")
    assert answer.delivery is not None
    casework.record_receipt(delivery=answer.delivery, state="waiting", now=LATER)


SYSTEM: dict[str, Callable[[Scene], None]] = {
    "join": _join,
    "replied": _reply,
    "replied_late": _reply,
    "unasked": _receipt("refused"),
    "no_reply": _silence,
    "delivery_uncertain": _receipt("uncertain"),
    "delivery_again": _again,
    "undeliverable": _receipt("refused"),
    "answered": _receipt("delivered"),
    "answered_interim": _receipt("delivered"),
    "answered_plan": _receipt("delivered"),
    "answer_removed": _vanish,
    "promise_removed": _vanish,
    "archive": _a_year,
}
