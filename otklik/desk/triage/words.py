"""Routes in words: what a rule asks, where it sends, and why a question came to its body."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.register.lists import sphere_name, type_name
from otklik.registry.enums import OrgLevel
from otklik.triage.enums import ExecutorLevel, RouteTarget
from otklik.triage.models import RoutingRule

# What stands before the value of a condition.
LABELS = {
    "topic": gettext_lazy("тема"),
    "group": gettext_lazy("группа"),
    "level": gettext_lazy("тему решает"),
    "settlement": gettext_lazy("место"),
    "municipality": gettext_lazy("место"),
    "municipality_of_page": gettext_lazy("место по странице"),
    "page": gettext_lazy("страница"),
    "sphere": gettext_lazy("сфера страницы"),
    "page_level": gettext_lazy("на странице уровня"),
}


class Bit(NamedTuple):
    """One condition: its label and its value."""

    label: str
    text: str


def conditions(rule: RoutingRule) -> list[Bit]:
    """What the rule asks, in the order people read; nothing for a rule about everything."""
    texts = {
        "topic": rule.topic and rule.topic.name,
        "group": rule.group and rule.group.name,
        "level": value_words("level", rule.level) if rule.level else "",
        "settlement": rule.settlement
        and f"{rule.settlement.name}, {rule.settlement.municipality.short_name}",
        "municipality": rule.municipality and rule.municipality.short_name,
        "page": rule.page and rule.page.title,
        "sphere": value_words("sphere", rule.sphere) if rule.sphere else "",
        "page_level": value_words("page_level", rule.page_level) if rule.page_level else "",
    }
    return [Bit(str(LABELS[name]), str(text)) for name, text in texts.items() if text]


def target_words(rule: RoutingRule) -> str:
    """Where the rule sends."""
    if rule.target == RouteTarget.FIXED:
        return str(rule.organization) if rule.organization else _("орган не выбран")
    if rule.target == RouteTarget.TYPE:
        name = type_name(rule.organization_type)
        return _("«%(type)s» в муниципалитете, о котором речь") % {"type": name}
    if rule.target == RouteTarget.SPHERE and rule.body_sphere:
        return _("орган региона в сфере «%(sphere)s»") % {"sphere": sphere_name(rule.body_sphere)}
    return str(RouteTarget(rule.target).label)


def value_words(code: str, text: str) -> str:
    """The value of a condition as people read it; a code that is not known stays as it is."""
    known: dict[str, Iterable[tuple[str, object]]] = {
        "level": ExecutorLevel.choices,
        "page_level": OrgLevel.choices,
    }
    if code == "sphere":
        return sphere_name(text)
    return str(dict(known.get(code, ())).get(text, text))


def because_words(because: Sequence[Sequence[str]]) -> str:
    """The reasons of a route as a sentence without its end: «потому что тема — «Ямы», место — Бердск, правило № 12».

    `because` is kept by a verdict as pairs (code, text); what a later version writes and this one does not know is
    passed over.
    """
    pairs = [(str(pair[0]), str(pair[1])) for pair in because if len(pair) == 2]
    told = [_reason(code, text) for code, text in pairs if code in LABELS]
    if not told and ("target", RouteTarget.PAGE) in pairs:
        told.append(_("спросили на странице этой организации"))
    told += [_passed(text) for code, text in pairs if code == "passed"]
    told += [
        _("правило № %(number)s") % {"number": text}
        for code, text in pairs
        if code == "rule" and _saved(text)
    ]
    told += [_("новое правило") for code, text in pairs if code == "rule" and not _saved(text)]
    if any(code == "no_rule" for code, _text in pairs):
        told.append(_("правила для такого вопроса нет: решает диспетчер"))
    return _("потому что %(reasons)s") % {"reasons": ", ".join(told)} if told else ""


def _reason(code: str, text: str) -> str:
    quoted = f"«{text}»" if code in {"topic", "group", "page", "sphere"} else text
    if code == "sphere":
        quoted = f"«{value_words(code, text)}»"
    return f"{LABELS[code]} — {value_words(code, quoted)}"


def _passed(text: str) -> str:
    if not _saved(text):
        return _("новому правилу не нашлось органа")
    return _("правилу № %(number)s не нашлось органа") % {"number": text}


def _saved(number: str) -> bool:
    return number.isdigit()
