"""The card of a page: what is known of it, its connection, its badge."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from otklik.channels.enums import ConnectionState
from otklik.channels.models import Connection
from otklik.channels.vk.errors import explain
from otklik.desk.register.card import Fact
from otklik.registry.enums import PageKind
from otklik.registry.models import OfficialPage


def facts_of(page: OfficialPage) -> list[Fact]:
    """What is known of the page, for the list of facts."""
    found = [
        Fact(_("Сеть"), str(page.get_network_display())),
        Fact(_("Адрес"), page.url, page.url),
        Fact(_("Номер в сети"), page.external_id),
        Fact(_("Вид"), str(page.get_kind_display())),
    ]
    if page.kind == PageKind.PERSONAL:
        who = ", ".join(each for each in (page.person_name, page.person_position) if each)
        found.append(Fact(_("Чья"), who))
    found += [
        Fact(_("Тип ведения"), str(page.get_tier_display())),
        Fact(_("Ведётся с"), date_format(page.opened_on, "j E Y") if page.opened_on else ""),
        Fact(
            _("Компонент «Госпаблики»"), _("подключена") if page.component_connected else _("не подключена")
        ),
        Fact(_("Виджетов ПОС"), "" if page.widgets is None else str(page.widgets)),
    ]
    if page.closed_on:
        found.append(Fact(_("Закрыта"), date_format(page.closed_on, "j E Y")))
    return found


def connection_of(page: OfficialPage) -> tuple[str, str, str]:
    """(state in words, its tone, what is wrong) of Otklik's own connection to the page."""
    found = Connection.objects.filter(page=page).only("state", "problem").first()
    if found is None:
        return _("не подключена"), "muted", ""
    tone = "ok" if found.state == ConnectionState.CONNECTED else "late"
    return str(found.get_state_display()), tone, explain(found.problem) if found.problem else ""
