"""The words of passports: lights, checks, parts of the score, events of a task, days that passed."""

from datetime import datetime

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.registry.enums import CheckCode, CheckState, Zone
from otklik.registry.models import CheckNorm

CACHE_SECONDS = 60
# A term this near is shown as near.
SOON_DAYS = 2

ZONES = {
    Zone.GREEN: gettext_lazy("зелёная"),
    Zone.YELLOW: gettext_lazy("жёлтая"),
    Zone.RED: gettext_lazy("красная"),
}
ZONE_TONES = {"green": "ok", "yellow": "warn", "red": "late"}
STATE_TONES = {
    CheckState.FINE: "ok",
    CheckState.GAP: "late",
    CheckState.UNKNOWN: "muted",
    CheckState.EXEMPT: "muted",
}
# The lines of a passport in the order a person works through them.
GROUPS = (
    (gettext_lazy("Страница и статус"), ("page", "badge", "component", "widgets", "site_link")),
    (
        gettext_lazy("Название и контакты"),
        ("name", "description", "category", "address", "phone", "email", "hours", "site"),
    ),
    (gettext_lazy("Оформление"), ("avatar", "cover")),
    (gettext_lazy("Жизнь страницы"), ("rhythm", "silence", "comments", "answers")),
    (gettext_lazy("Доступ и безопасность"), ("token", "administrators", "two_factor")),
)  # fmt: skip
OTHERS = gettext_lazy("Прочее")
EVENTS = {
    "opened": gettext_lazy("Нарушение найдено"),
    "postponed": gettext_lazy("Срок перенесён"),
    "attested": gettext_lazy("Исполнение подтверждено"),
    "withdrawn": gettext_lazy("Подтверждение отозвано"),
    "said_done": gettext_lazy("Сообщили, что сделано"),
    "closed": gettext_lazy("Проверка увидела: исправлено"),
    "cancelled": gettext_lazy("Снята"),
}


def zone(code: str) -> str:
    """The light in one word: colour alone says nothing in print or to the colour-blind."""
    return str(ZONES.get(Zone(code), "")) if code in Zone.values else _("нет данных")


def check(code: str) -> str:
    """What a check looks at."""
    return str(CheckCode(code).label) if code in CheckCode.values else code


def event(verb: str) -> str:
    """What happened to a task."""
    return str(EVENTS.get(verb, verb))


def days(number: int) -> str:
    """«1 день», «3 дня», «12 дней»."""
    return ngettext("%(n)d день", "%(n)d дней", number) % {"n": number}


def days_since(at: datetime, now: datetime) -> int:
    """Whole local days that passed: yesterday evening is one day ago in the morning."""
    return max(0, (timezone.localtime(now).date() - timezone.localtime(at).date()).days)


def ago(at: datetime | None, now: datetime) -> str:
    """«сегодня», «вчера», «12 дней назад»; empty when nothing is known."""
    if at is None:
        return ""
    passed = days_since(at, now)
    if passed < 2:
        return (_("сегодня"), _("вчера"))[passed]
    return ngettext("%(n)d день назад", "%(n)d дней назад", passed) % {"n": passed}


def deadline(due: datetime, now: datetime) -> tuple[str, str]:
    """(words, tone): how many calendar days are left to the term, or by how many it is missed."""
    left = (timezone.localtime(due).date() - timezone.localtime(now).date()).days
    if due < now:
        late = _("просрочено на %(days)s") % {"days": days(-left)} if left else _("срок истёк сегодня")
        return late, "late"
    if left == 0:
        return _("срок сегодня"), "warn"
    words = ngettext("остался %(n)d день", "осталось %(n)d дней", left) % {"n": left}
    return words, "warn" if left <= SOON_DAYS else "ok"


def norms() -> dict[str, CheckNorm]:
    """The norms of the region by the code of the check, kept for a minute."""
    found: dict[str, CheckNorm] | None = cache.get("desk:check_norms")
    if found is None:
        found = {norm.code: norm for norm in CheckNorm.objects.order_by("position", "pk")}
        cache.set("desk:check_norms", found, CACHE_SECONDS)
    return found
