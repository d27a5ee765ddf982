"""What can be done to a card: the verb of each act, the words when it is done, and what undoes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from otklik.casework import operations as casework
from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.channels import operations as channels
from otklik.desk.access import Desk
from otklik.desk.forms import CardForm
from otklik.people.rules import Right

Verb = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the power it needs, its verb, what to say when it is done, and what undoes it.

    `undo` is the name of an address of the incident, or makes the whole address of what was done and typed.
    """

    power: str
    verb: Verb
    done: str
    undo: str | Callable[[CardForm, Any], str] = ""


def _undo_split(form: CardForm, made: Incident) -> str:
    return f"{reverse('desk:join', args=[form.incident.pk])}?other={made.pk}"


def _undo_join(form: CardForm, _incident: Incident) -> str:
    return reverse("desk:detach", args=[form.given["other"].pk])


def _undo_move(form: CardForm, _incident: Incident) -> str:
    given = form.given
    back = [("other", form.incident.pk), *(("piece", f"{start}-{end}") for start, end in given["spans"])]
    return f"{reverse('desk:move_span', args=[given['other'].pk])}?{urlencode(back)}"


def _by_account(verb: Verb) -> Verb:
    """A verb of casework that wants the account."""

    def call(*, desk: Desk, **given: Any) -> Any:
        return verb(by=desk.account, now=desk.now, **given)

    return call


def _by_actor(verb: Verb) -> Verb:
    """A verb of casework that wants only the name for the trace."""

    def call(*, desk: Desk, **given: Any) -> Any:
        return verb(by=desk.account.actor, now=desk.now, **given)

    return call


def _route(*, incident: Incident, desk: Desk, **given: Any) -> Incident:
    """Who sorts for the centre hands over by its decision; a body that hands over has declined."""
    as_center = Right.TRIAGE in desk.rights_over(incident)
    return casework.route(
        incident=incident, by=desk.account.actor, now=desk.now, as_center=as_center, **given
    )


def _open_personal(*, incident: Incident, desk: Desk, version: int | None, **given: Any) -> None:
    """Nothing of the incident changes: what version the person saw does not matter."""
    del version
    casework.open_personal(incident=incident, by=desk.account, now=desk.now, **given)


def _note(*, incident: Incident, desk: Desk, version: int | None, **given: Any) -> None:
    """A note changes nothing of the incident either."""
    del version
    casework.add_note(incident=incident, by=desk.account, now=desk.now, **given)


def _settle(*, incident: Incident, desk: Desk, version: int | None, **given: Any) -> None:
    """A person says how the delivery ended; its receipt then moves the incident."""
    on_the_way = [AnswerStatus.PUBLISHING, AnswerStatus.UNCERTAIN]
    answer = (
        Answer.objects.filter(incident=incident, status__in=on_the_way).select_related("delivery").first()
    )
    if answer is None or answer.delivery is None:
        raise channels.TooLate
    channels.settle(delivery=answer.delivery, by=desk.account.actor, now=desk.now, **given)


def acts() -> dict[str, Act]:
    """Every act by the last part of its address; made on each call, because its words follow the language."""
    undo_reject, undo_attach = "desk:restore", "desk:detach"
    return {
        "confirm": Act("confirm", _by_account(casework.confirm), _("№ %(number)s направлено в орган")),
        "correct": Act(
            "correct", _by_account(casework.confirm), _("№ %(number)s исправлено и направлено в орган")
        ),
        "split": Act("split", _by_actor(casework.split), _("№ %(number)s: вопрос отделён"), _undo_split),
        "join": Act("join", _by_actor(casework.join), _("№ %(number)s: вопросы соединены"), _undo_join),
        "move_span": Act(
            "move_span", _by_actor(casework.move_span), _("№ %(number)s: кусок перенесён"), _undo_move
        ),
        "ask": Act(
            "ask", _by_account(casework.ask), _("№ %(number)s: вопрос уходит автору"), "desk:take_back"
        ),
        "go_on": Act("go_on", _by_actor(casework.go_on), _("№ %(number)s: продолжаем без ответа автора")),
        "reject": Act("reject", _by_actor(casework.reject), _("№ %(number)s отклонено"), undo_reject),
        "restore": Act("restore", _by_actor(casework.restore), _("№ %(number)s возвращено в разбор")),
        "attach": Act("attach", _by_actor(casework.attach), _("№ %(number)s присоединено"), undo_attach),
        "detach": Act("detach", _by_actor(casework.detach), _("№ %(number)s отсоединено")),
        "accept": Act("accept", _by_account(casework.accept), _("№ %(number)s принято в работу")),
        "decline": Act("decline", _by_actor(casework.decline), _("№ %(number)s возвращено в центр")),
        "take_up": Act("take_up", _by_account(casework.take_up), _("№ %(number)s снова в работе")),
        "route": Act("route", _route, _("№ %(number)s передано")),
        "assign": Act("assign", _by_actor(casework.assign), _("№ %(number)s: ответственный назначен")),
        "take_back": Act("take_back", _by_account(casework.take_back), _("№ %(number)s: ответ отозван")),
        "send_together": Act(
            "send_together", _by_account(casework.send_together), _("№ %(number)s: ответ отправлен в сеть")
        ),
        "take_note": Act("take_note", _by_actor(casework.take_note), _("№ %(number)s: изменение учтено")),
        "open_personal": Act(
            "open_personal", _open_personal, _("№ %(number)s: данные открыты вам до конца дня")
        ),
        "note": Act("note", _note, _("№ %(number)s: заметка записана")),
        "settle": Act("settle", _settle, _("№ %(number)s: записано")),
        **_answers(),
        **_after_answers(),
        **_times_and_tracks(),
    }


def _answers() -> dict[str, Act]:
    return {
        "publish": Act("publish", _by_account(casework.publish), _("№ %(number)s: ответ отправлен в сеть")),
        "submit": Act("submit", _by_account(casework.submit), _("№ %(number)s: ответ ждёт согласования")),
        "postpone": Act(
            "postpone", _by_account(casework.postpone), _("№ %(number)s: перенос ждёт согласования")
        ),
        "approve": Act(
            "approve", _by_account(casework.approve), _("№ %(number)s согласовано, ответ отправлен в сеть")
        ),
        "send_back": Act(
            "send_back", _by_account(casework.send_back), _("№ %(number)s возвращено с замечанием")
        ),
    }


def _after_answers() -> dict[str, Act]:
    rework = _by_actor(casework.return_for_rework)
    return {
        "review": Act("review", _by_account(casework.review), _("№ %(number)s: оценка записана")),
        "close": Act("close", _by_actor(casework.close), _("№ %(number)s закрыто")),
        "reopen": Act("reopen", _by_actor(casework.reopen), _("№ %(number)s возобновлено")),
        "return_for_rework": Act("return_for_rework", rework, _("№ %(number)s возвращено на доработку")),
        "dispute": Act("dispute", _by_actor(casework.dispute), _("№ %(number)s снова в работе")),
        "not_done": Act("not_done", _by_actor(casework.not_done), _("№ %(number)s возвращено на доработку")),
    }


def _times_and_tracks() -> dict[str, Act]:
    allow, tell = _by_actor(casework.allow_interim), _by_account(casework.tell_again)
    return {
        "pause": Act("pause", _by_actor(casework.pause), _("№ %(number)s: часы стоят"), "desk:resume"),
        "resume": Act("resume", _by_actor(casework.resume), _("№ %(number)s: часы идут")),
        "extend": Act("extend", _by_actor(casework.extend), _("№ %(number)s: срок продлён")),
        "allow_interim": Act("allow_interim", allow, _("№ %(number)s: можно ещё один промежуточный ответ")),
        "take_on": Act("take_on", _by_account(casework.take_on), _("№ %(number)s в работе у вас")),
        "transfer": Act(
            "transfer",
            _by_account(casework.transfer),
            _("№ %(number)s передано, автору отправлено извещение"),
        ),
        "tell_again": Act("tell_again", tell, _("№ %(number)s: извещение отправлено")),
        "take_result": Act(
            "take_result", _by_actor(casework.take_result), _("№ %(number)s закрыто с результатом")
        ),
    }


NAMES = (
    "confirm",
    "correct",
    "split",
    "join",
    "move_span",
    "ask",
    "go_on",
    "reject",
    "restore",
    "attach",
    "detach",
    "accept",
    "take_up",
    "decline",
    "route",
    "assign",
    "publish",
    "take_back",
    "send_together",
    "settle",
    "take_note",
    "submit",
    "postpone",
    "approve",
    "send_back",
    "review",
    "close",
    "reopen",
    "return_for_rework",
    "dispute",
    "not_done",
    "pause",
    "resume",
    "extend",
    "allow_interim",
    "take_on",
    "transfer",
    "tell_again",
    "take_result",
    "open_personal",
    "note",
)
