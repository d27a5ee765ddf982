"""Shares, states and wrong lines of learnt models in words."""

from collections.abc import Mapping

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from otklik.triage.enums import ModelState, TableState

register = template.Library()
_PILLS = {
    ModelState.WAITING: "info",
    ModelState.TRAINING: "info",
    ModelState.READY: "warn",
    ModelState.ACTIVE: "ok",
    ModelState.RETIRED: "muted",
    ModelState.FAILED: "late",
    TableState.READ: "ok",
    TableState.REFUSED: "late",
}
WRONG = {
    "empty": _("нет текста или темы"),
    "unknown_topic": _("такой темы в списке нет"),
    "broken": _("строка не читается: столбцов меньше, чем в заголовке"),
}


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """0.9512 → «95,1 %»; a dash where nothing was measured."""
    if not isinstance(share, int | float):
        return "—"
    return f"{number_format(round(100 * share, digits), digits)}\N{NO-BREAK SPACE}%"


@register.filter
def tens(share: float) -> str:
    """0.3 → «30», where a range ends in a percent sign."""
    return number_format(round(100 * share), 0)


@register.filter
def precision_passing(report: Mapping[str, float]) -> str:
    """How often a model is right where it acts alone; a dash for one that never does."""
    return percent(report.get("precision_passing") if report.get("share_passing") else None)


@register.filter
def share_of(part: int, whole: int) -> str:
    """«95,1 %» of the whole; a dash when there is nothing to share."""
    return percent(part / whole) if whole else "—"


@register.filter
def model_pill(state: str) -> str:
    """The colour of a state."""
    return _PILLS.get(state, "info")  # type: ignore[call-overload,no-any-return]


@register.filter
def wrong_words(code: str) -> str:
    """Why a line of a table was not taken."""
    return str(WRONG.get(code, code))
