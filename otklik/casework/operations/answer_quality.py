"""The check of an answer with all that is known of its incident: asked while it is written, and before it goes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from otklik.casework.enums import AnswerKind, Resolution
from otklik.casework.models import Incident
from otklik.casework.operations.answer_rules import check_rules
from otklik.casework.operations.answer_words import DEFECTS
from otklik.casework.rules import answer_check
from otklik.registry import operations as registry

_KINDS = {AnswerKind.INTERIM: "interim", AnswerKind.PLAN: "deferred"}
# What a proposal came to is planned for the check: both speak of what will be.
_OUTCOMES = {Resolution.ACCEPTED_TO_PLAN: "planned", Resolution.POLL_CREATED: "planned"}


@dataclass(frozen=True, slots=True)
class Checked:
    """That an answer is to be checked before it goes, and what is known besides it.

    `overruled`: the person has read the advice and publishes as it is; what blocks is never overruled. `parts` are the
    other incidents that this text answers together with its own.
    """

    overruled: bool = False
    has_photo: bool = False
    parts: tuple[Incident, ...] = ()


class AnswerBlocked(Exception):
    """Так ответ не уйдёт, сначала исправьте:"""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(*codes)
        self.codes = tuple(codes)

    def told(self) -> str:
        """The fact with the names of what blocks."""
        return told(self, self.codes)


class AnswerAdvised(Exception):
    """Проверка советует поправить ответ. Поправьте или отметьте, что публикуете как есть:"""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(*codes)
        self.codes = tuple(codes)

    def told(self) -> str:
        """The fact with the names of what is advised."""
        return told(self, self.codes)


def told(fact: Exception, codes: Iterable[str]) -> str:
    """A fact followed by the names of codes."""
    names = ", ".join(str(DEFECTS[code].name)[:1].lower() + str(DEFECTS[code].name)[1:] for code in codes)
    return f"{gettext(type(fact).__doc__ or '')} {names}."


def review_answer(
    *,
    incident: Incident,
    text: str,
    now: datetime,
    kind: str = AnswerKind.FINAL,
    resolution: str = Resolution.EXPLAINED,
    checked: Checked = Checked(),
) -> answer_check.Review:
    """What the check of the region says of this text as the answer to the incident. Changes nothing."""
    rules = check_rules()
    questions = [each.question for each in (incident, *checked.parts)]
    facts = facts_of(incident, now=now, kind=kind, resolution=resolution, has_photo=checked.has_photo)
    return answer_check.review(text, questions, facts, rules=rules.levels, own=rules.own)


def facts_of(
    incident: Incident, *, now: datetime, kind: str, resolution: str, has_photo: bool = False
) -> answer_check.Facts:
    """What is known of an answer besides its words."""
    author = incident.message.author
    bodies = [each for each in (incident.executor, incident.page.organization) if each]
    return answer_check.Facts(
        kind=_KINDS.get(AnswerKind(kind), "final"),
        resolution=_OUTCOMES.get(resolution, resolution or Resolution.EXPLAINED),  # type: ignore[call-overload]
        author=author.name if author else "",
        bodies=tuple(name for each in bodies for name in (each.name, each.short_name)),
        has_photo=has_photo,
        today=now.astimezone(registry.working_calendar().tz).date(),
    )


def fit_to_publish(
    incident: Incident, text: str, *, kind: str, resolution: str, now: datetime, checked: Checked, final: bool
) -> tuple[str, ...]:
    """The codes of the advice that the person has overruled; `final` when the text goes out by this act.

    Raises AnswerBlocked, and AnswerAdvised when there is advice that was not overruled: whoever only lays the answer
    before a second person leaves the advice to that one.
    """
    report = review_answer(
        incident=incident, text=text, now=now, kind=kind, resolution=resolution, checked=checked
    ).report
    return insisted(answer_check.hints(report), checked, final=final)


def insisted(
    found: Sequence[answer_check.Finding], checked: Checked, *, final: bool = True
) -> tuple[str, ...]:
    """The codes of the advice among the findings, overruled by the person. Raises AnswerBlocked, AnswerAdvised."""
    blocking = tuple(dict.fromkeys(each.code for each in found if each.level == answer_check.BLOCK))
    if blocking:
        raise AnswerBlocked(blocking)
    advised = tuple(dict.fromkeys(each.code for each in found))
    if advised and final and not checked.overruled:
        raise AnswerAdvised(advised)
    return advised
