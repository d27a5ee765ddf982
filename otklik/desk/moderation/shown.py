"""What the pages of moderation show: messages that wait for a decision, decisions on their way and done, appeals."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from otklik.audit.models import AuditLine
from otklik.casework.enums import AppealVerdict, ModerationMeasure, ModerationState, RejectReason, State
from otklik.casework.models import Incident, ModerationAction, ModerationAppeal
from otklik.casework.operations import masked
from otklik.casework.operations.moderating import SETTLED
from otklik.desk.access import Desk
from otklik.desk.moderation.said import STEPS
from otklik.desk.moderation.within import decides, may_finish
from otklik.desk.shown import reason as reason_words

# As long as what was rejected can be restored.
LOOKED_BACK = timedelta(days=30)
PILLS = {
    ModerationState.ASKED: "info",
    ModerationState.DOING: "info",
    ModerationState.DONE: "ok",
    ModerationState.BY_HAND: "warn",
    ModerationState.REFUSED: "late",
    ModerationState.UNDONE: "muted",
    ModerationState.EXPIRED: "muted",
}
ON_THE_WAY = (
    ModerationState.ASKED, ModerationState.DOING, ModerationState.BY_HAND, ModerationState.REFUSED,
)  # fmt: skip
OVER = (ModerationState.DONE, ModerationState.UNDONE, ModerationState.EXPIRED)
MOST_SHOWN = 20
# Where the words of answers would mislead: nothing is published here.
_WHY = {
    "no_key": _("У страницы нет ключа администратора, а ключом сообщества этого не сделать."),
    "access_denied": _("Ключ принадлежит не администратору страницы."),
    "exhausted": _("Все попытки исчерпаны: отправьте ещё раз или сделайте в сети вручную."),
    "timeout": _("Сеть не ответила вовремя: попробуем ещё раз сами."),
    "lost_response": _("Связь оборвалась до ответа сети: попробуем ещё раз сами."),
    "server_error": _("Сервер сети ответил ошибкой: попробуем ещё раз сами."),
    "broken_response": _("Ответ сети не удалось прочитать: попробуем ещё раз сами."),
    "our_mistake": _("Внутренняя ошибка: попробуем ещё раз сами."),
}


def waiting(desk: Desk) -> QuerySet[Incident]:
    """What triage took out of the queue as spam or abuse and nobody decided about yet, the latest first."""
    about = ModerationAction.objects.filter(message=OuterRef("message_id"))
    found = Incident.objects.filter(
        state=State.REJECTED,
        reason__in=[RejectReason.SPAM, RejectReason.ABUSE_ONLY],
        received_at__gte=desk.now - LOOKED_BACK,
        message__deleted_at=None,
    ).exclude(Exists(about))
    listed = found.select_related("message__author", "page").only(
        "question", "reason", "received_at", "message__text", "message__author__name", "page__title",
    )  # fmt: skip
    return listed.order_by("-received_at", "-pk")


def actions(desk: Desk, states: tuple[str, ...]) -> QuerySet[ModerationAction]:
    """Decisions in these states, the latest first; what was left alone is no work of anybody."""
    found = ModerationAction.objects.visible_to(desk.reach).filter(state__in=states)
    return found.select_related("evidence", "rule", "page", "decided_by").order_by("-decided_at", "-pk")


def appeals() -> QuerySet[ModerationAppeal]:
    """Appeals that wait, the longest first."""
    found = ModerationAppeal.objects.filter(verdict=AppealVerdict.WAITING)
    linked = found.select_related("action__evidence", "action__rule", "action__page", "action__decided_by")
    return linked.order_by("received_at", "pk")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as a row of a list or a page of its own."""

    action: ModerationAction

    @property
    def pill(self) -> str:
        """The colour of its state."""
        return PILLS[ModerationState(self.action.state)]

    @property
    def text(self) -> str:
        """The evidence, masked."""
        return masked(self.action.evidence.text)

    @property
    def why(self) -> str:
        """Why it stands where it stands, in words; what went well needs none."""
        code = self.action.reason
        if not code or self.action.state in {ModerationState.DONE, ModerationState.UNDONE}:
            return ""
        return str(_WHY.get(code) or reason_words(code))

    @property
    def lifts_by_hand(self) -> bool:
        """Whether an administrator is to take it back in the network."""
        return self.action.undoing and self.action.state == ModerationState.BY_HAND


@dataclass(frozen=True, slots=True)
class Powers:
    """What the person may do with a decision as it stands."""

    decides: bool
    confirm: bool
    again: bool
    undo: bool
    appeal: bool

    @classmethod
    def at(cls, desk: Desk, action: ModerationAction) -> "Powers":
        """By the right and by the state."""
        judge = decides(desk.reach)
        by_hand = action.state == ModerationState.BY_HAND
        is_left = action.measure == ModerationMeasure.LEAVE
        settled = action.state in SETTLED
        return cls(
            decides=judge,
            confirm=by_hand and may_finish(desk, action),
            again=judge and (by_hand or action.state == ModerationState.REFUSED),
            undo=judge and not settled and not action.undoing and action.state != ModerationState.DOING,
            appeal=judge and not is_left and action.state != ModerationState.UNDONE,
        )


def history(action: ModerationAction) -> list[tuple[AuditLine, str]]:
    """What was done with a decision, the first first, in words."""
    lines = AuditLine.objects.filter(subject_type="casework.moderationaction", subject_id=action.pk)
    return [(each, str(STEPS.get(each.verb, each.verb))) for each in lines.order_by("pk")[:100]]
