"""Signs of a look-alike in words for a person, and the complaint to the network that is made of them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from otklik.registry.enums import Network
from otklik.registry.models import LookalikePage, OfficialPage


def sign_words(sign: Mapping[str, Any]) -> str:
    """One sign of likeness, as staff read it; an unknown code stays as it is."""
    said = str(sign.get("said", ""))
    words = {
        "name_same": _("Название такое же: «%(said)s»"),
        "name_near": _("Название почти такое же: «%(said)s»"),
        "name_inside": _("Официальное название стоит внутри: «%(said)s»"),
        "name_part": _("Официальное название без указания места: «%(said)s»"),
        "office_and_place": _("Слова ведомства и места: %(said)s"),
        "letters": _("Буквы подменены похожими знаками: %(said)s"),
        "address": _("Короткий адрес почти как у официальной: %(said)s"),
        "avatar_same": _("Аватар скопирован: отличается %(said)s из 64 точек сравнения"),
        "avatar_near": _("Аватар похож: отличается %(said)s из 64 точек сравнения"),
        "description": _("Описание переписано: совпадает на %(said)s"),
        "claims": _("Называет себя официальной: «%(said)s»"),
        "no_badge": _("Метки «Госорганизация» нет"),
        "disclaims": _("Пишет, что не официальная: «%(said)s»"),
        "harmless": _("Похоже на группу жителей: «%(said)s»"),
        "badge": _("У страницы есть подтверждение сети"),
    }
    pattern = words.get(str(sign.get("code", "")))
    return pattern % {"said": " ".join(said) if sign.get("code") == "letters" else said} if pattern else said


def report_text(lookalike: LookalikePage) -> str:
    """A complaint to the network's support, ready to be copied: what the page is, how one sees it, what is asked.

    It is in the language of the networks, whatever language the desk is read in.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _complaint(lookalike)


def _complaint(lookalike: LookalikePage) -> str:
    official = official_page_of(lookalike)
    lines = [
        _("Просим проверить страницу, которая выдаёт себя за официальную страницу организации."),
        "",
        _("Страница: «%(title)s», %(url)s") % {"title": lookalike.title, "url": lookalike.url},
    ]
    if lookalike.resembles is not None:
        lines.append(_("За кого выдаёт себя: %(name)s") % {"name": lookalike.resembles.name})
    if official is not None:
        lines.append(_("Настоящая официальная страница: %(url)s") % {"url": official.url})
    against = [sign for sign in lookalike.signs if int(sign.get("weight", 0)) > 0]
    if against:
        lines += ["", _("Признаки:"), *(f"— {sign_words(sign)}" for sign in against)]
    if lookalike.evidence:
        lines += ["", _("Подтверждения:"), *(f"— {each}" for each in lookalike.evidence)]
    lines += [
        "",
        _law(),
        _("Просим заблокировать страницу или обязать её владельцев изменить название и оформление."),
    ]
    return "\n".join(lines)


def _law() -> str:
    return _(
        "Официальные страницы государственных органов, органов местного самоуправления и подведомственных организаций "
        "создаются по статье 10 Федерального закона от 09.02.2009 № 8-ФЗ; эта страница организацией не создавалась."
    )


def official_page_of(lookalike: LookalikePage) -> OfficialPage | None:
    """The official page beside which the look-alike is compared: of the same network if there is one."""
    if lookalike.resembles is None:
        return None
    pages = list(lookalike.resembles.pages.filter(is_active=True).select_related("passport").order_by("pk"))
    same = [page for page in pages if page.network == lookalike.network]
    return next(iter([*same, *pages]), None)


def complaint_address(network: str) -> str:
    """Where the support of the network takes complaints, or an empty text."""
    return {Network.VK: "https://vk.com/support?act=new", Network.OK: "https://ok.ru/help/ask"}.get(
        Network(network), ""
    )
