"""What may be the same matter as an incident, with reasons; a person joins them by one key and may undo it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.casework.models import Incident
from otklik.desk.access import Desk
from otklik.triage.operations.duplicates import candidates_for

MOST_SHOWN = 4
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another incident that may be about the same, and why."""

    incident: Incident
    key: str
    reasons: list[str]


def candidates(incident: Incident, desk: Desk) -> list[Candidate]:
    """The likeliest first, within the person's reach; what is already joined or put aside is no candidate."""
    likely = candidates_for(question=incident, now=desk.now)
    if not likely:
        return []
    wanted = Q()
    for each in likely:
        wanted |= Q(message_id=each.message_id, part=each.part)
    rows = (
        Incident.objects.visible_to(desk.reach)
        .filter(wanted)
        .exclude(state__in=["attached", "rejected"])
        .exclude(pk=incident.pk)
        .only("message", "part", "question", "received_at")
    )
    known = {(row.message_id, row.part): row for row in rows}
    found = [
        (known[each.message_id, each.part], each.reasons)
        for each in likely
        if (each.message_id, each.part) in known
    ]
    return [
        Candidate(row, str(key), [words for reason in reasons if (words := reason_words(reason))])
        for key, (row, reasons) in enumerate(found[:MOST_SHOWN], 1)
    ]


def reason_words(reason: Sequence[object]) -> str:
    """One reason in words; a code that is not known says nothing."""
    code, *figures = reason
    if code == "near_text" and figures and isinstance(figures[0], int | float):
        return _("текст совпадает на %(share)d %%") % {"share": round(100 * figures[0])}
    if code == "minutes" and figures and isinstance(figures[0], int):
        return _apart(figures[0])
    known = {
        "same_text": _("тот же текст"),
        "same_topic": _("та же тема"),
        "same_house": _("тот же дом"),
        "same_street": _("та же улица"),
        "same_object": _("тот же объект"),
        "same_settlement": _("тот же населённый пункт"),
        "other_page": _("с другой страницы"),
        "same_author": _("тот же автор"),
    }
    return known.get(str(code), "")


def _apart(minutes: int) -> str:
    if minutes < 60:
        return ngettext("через %(n)d минуту", "через %(n)d минут", minutes) % {"n": minutes}
    hours = minutes // 60
    if minutes < _MINUTES_OF_A_DAY:
        return ngettext("через %(n)d час", "через %(n)d часов", hours) % {"n": hours}
    days = minutes // _MINUTES_OF_A_DAY
    return ngettext("через %(n)d день", "через %(n)d дней", days) % {"n": days}
