"""Every verb that a person can press, with the state it is usually pressed in: what the tests of verbs play."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.people.models import Account
from otklik.registry.models import Organization
from tests import cast


@dataclass(frozen=True)
class Stage:
    """What a verb may need beside the incident."""

    by: Account
    body: Organization
    parent: Incident


Play = Callable[[Incident, Stage, dict[str, Any]], object]

PLAYS: dict[str, tuple[str, Play]] = {
    "confirm": ("triage", lambda i, s, k: casework.confirm(
        incident=i, topic=i.topic, kind="question", priority="high", executor=s.body, by=s.by, **k)),
    "route": ("routed", lambda i, s, k: casework.route(
        incident=i, executor=s.body, reason="дорога городская", by=s.by.actor, **k)),
    "accept": ("routed", lambda i, s, k: casework.accept(incident=i, by=s.by, **k)),
    "assign": ("in_progress", lambda i, s, k: casework.assign(
        incident=i, assignee=s.by, by=s.by.actor, **k)),
    "decline": ("routed", lambda i, s, k: casework.decline(incident=i, reason="not_ours", by=s.by.actor, **k)),
    "reject": ("triage", lambda i, s, k: casework.reject(incident=i, reason="spam", by=s.by.actor, **k)),
    "restore": ("rejected", lambda i, s, k: casework.restore(incident=i, by=s.by.actor, **k)),
    "attach": ("triage", lambda i, s, k: casework.attach(incident=i, parent=s.parent, by=s.by.actor, **k)),
    "detach": ("attached", lambda i, s, k: casework.detach(incident=i, by=s.by.actor, **k)),
    "publish": ("in_progress", lambda i, s, k: casework.publish(
        incident=i, text="Уберём завтра.", resolution="explained", by=s.by, **k)),
    "take_back": ("publishing", lambda i, s, k: casework.take_back(incident=i, by=s.by, **k)),
    "close": ("answered", lambda i, s, k: casework.close(
        incident=i, resolution="solved", by=s.by.actor, **k)),
    "ask": ("triage", lambda i, s, k: casework.ask(incident=i, text="Уточните, пожалуйста, адрес.", by=s.by, **k)),
    "go_on": ("clarification", lambda i, s, k: casework.go_on(incident=i, by=s.by.actor, **k)),
    "split": ("triage", lambda i, s, k: casework.split(incident=i, spans=[(0, 17)], by=s.by.actor, **k)),
    "reopen": ("closed", lambda i, s, k: casework.reopen(incident=i, reason="не решено", by=s.by.actor, **k)),
    "take_on": ("triage", lambda i, s, k: casework.take_on(incident=i, executor=s.body, by=s.by, **k)),
    "take_up": ("rework", lambda i, s, k: casework.take_up(incident=i, by=s.by, **k)),
    "submit": ("in_progress", lambda i, s, k: casework.submit(
        incident=i, text="Уберём.", resolution="solved", by=s.by, **k)),
    "postpone": ("deferred", lambda i, s, k: casework.postpone(
        incident=i, text="Сделаем позже.", promised_for=cast.after(days=60), by=s.by, **k)),
    "approve": ("approval", lambda i, s, k: casework.approve(incident=i, by=s.by, **k)),
    "send_back": ("approval", lambda i, s, k: casework.send_back(incident=i, reason="нет срока", by=s.by, **k)),
    "dispute": ("interim_answered", lambda i, s, k: casework.dispute(
        incident=i, reason="ничего не делают", by=s.by.actor, **k)),
    "not_done": ("deferred", lambda i, s, k: casework.not_done(incident=i, by=s.by.actor, **k)),
    "return_for_rework": ("answered", lambda i, s, k: casework.return_for_rework(
        incident=i, code="no_proof", comment="нет фото", by=s.by.actor, **k)),
    "review": ("answered", lambda i, s, k: casework.review(
        incident=i, points="1" * 10, verdict="pass", by=s.by, **k)),
    "transfer": ("triage", lambda i, s, k: casework.transfer(
        incident=i, target="pos", text="Передали.", reason="нужна проверка", by=s.by, **k)),
    "tell_again": ("transferred", lambda i, s, k: casework.tell_again(incident=i, text="Есть новости.", by=s.by, **k)),
    "take_result": ("transferred", lambda i, s, k: casework.take_result(
        incident=i, result="ответ дан министерством", by=s.by.actor, **k)),
    "pause": ("in_progress", lambda i, s, k: casework.pause(incident=i, reason="авария", by=s.by.actor, **k)),
    "extend": ("interim_answered", lambda i, s, k: casework.extend(
        incident=i, until=cast.after(days=20), reason="экспертиза", by=s.by.actor, **k)),
    "allow_interim": ("interim_answered", lambda i, s, k: casework.allow_interim(
        incident=i, reason="ждём экспертизу", by=s.by.actor, **k)),
}  # fmt: skip
# What the trace calls it where the word differs from the verb a person used, and the state it leads to.
TRACE = {
    "tell_again": ("tell_again", "transferred"),
    "review": ("review", "answered"),
    "pause": ("pause", "in_progress"),
    "extend": ("extend", "interim_answered"),
    "allow_interim": ("allow_interim", "interim_answered"),
    "take_back": ("undeliverable", "in_progress"),
    "assign": ("assign", "in_progress"),
    "go_on": ("go_on", "triage"),
    "split": ("split", "triage"),
}
