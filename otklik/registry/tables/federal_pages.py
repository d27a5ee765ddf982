"""The page that a line of the federal table names: by its number, or by a link that the register knows."""

from typing import Any

from otklik.common.text import gettext_noop
from otklik.registry.rules.pages import parse_page_address
from otklik.registry.tables.known import PAGE
from otklik.registry.tables.wishes import Context, Told, Wish, Wrong

_FIGURES = ("status", "address", "design", "activity", "reach_week", "reach_post")


def page_of(told: Told, context: Context) -> tuple[str, Wish | None]:
    """The network that the line is about, and its page when it names one."""
    link, number = told.values.get("url", ""), told.values.get("external_id", "")
    address = parse_page_address(link) if link else None
    if link and address is None:
        raise Wrong("url", link, gettext_noop("По этой ссылке нет страницы в известной сети."))
    network = address.network if address else "vk"
    in_link = address.name if address and address.name.isdecimal() else ""
    if in_link and number and in_link != number:
        raise Wrong("url", link, gettext_noop("Ссылка и ID указывают на разные страницы."))
    number = number or in_link
    known = context.known
    if not number and address:
        ref = known.screen_names.get((network, address.name.lower()))
        if ref is None:
            raise Wrong("external_id", "", gettext_noop("Нет ID страницы, а ссылка не цифровая: впишите ID."))
        number = known.rows[PAGE][ref]["external_id"]
    if not number:
        return network, None
    return network, _values(told, network, number, context)


def _values(told: Told, network: str, number: str, context: Context) -> Wish:
    known, told_values = context.known, told.values
    ref = known.page(network, number)
    row = known.rows[PAGE].get(ref)
    values: dict[str, Any] = {"organization": told.organization, "network": network, "external_id": number}
    values |= _address(told_values.get("url", ""), network, number, row)
    if row is None:
        values["title"] = told_values["name"][:200]
    names = {"component": "component_connected", "widgets": "widgets", "followers": "followers"}
    values |= {name: told_values[code] for code, name in names.items() if code in told_values}
    if "badge" in told_values:
        values |= _badge(told_values["badge"], row, context)
    figures = {code: told_values[code] for code in _FIGURES if code in told_values}
    if figures:
        values["monitoring"] = (row.get("monitoring", {}) if row else {}) | figures
    return Wish(PAGE, ref, values)


def _address(link: str, network: str, number: str, row: dict[str, Any] | None) -> dict[str, Any]:
    address = parse_page_address(link) if link else None
    if row is not None:
        before = parse_page_address(row["url"])
        if address is None or address == before:
            return {}
    values: dict[str, Any] = {"url": link or f"https://vk.com/club{number}"}
    if address and not address.name.isdecimal():
        values["screen_name"] = address.name[:80]
    return values


def _badge(has: bool, row: dict[str, Any] | None, context: Context) -> dict[str, Any]:
    """The table only says that the badge is there or not: what is known better stays."""
    before, today = (row.get("badge_status", "none") if row else "none"), context.today.isoformat()
    if has and before != "confirmed":
        return {
            "badge_type": "gosorg", "badge_status": "confirmed", "badge_confirmed_at": today,
            "badge_lost_at": None, "badge_evidence": context.source,
        }  # fmt: skip
    if not has and before == "confirmed":
        return {"badge_status": "lost", "badge_lost_at": today}
    return {}
