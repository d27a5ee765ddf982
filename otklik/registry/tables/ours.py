"""The two layouts with codes: the register as we export it, and the classifier of territories."""

from dataclasses import dataclass
from typing import Any

from otklik.common.text import gettext_noop
from otklik.registry.rules.codes import oktmo_check_digit
from otklik.registry.tables.known import OBLIGATION, OKTMO, ORGANIZATION, PAGE, Ref
from otklik.registry.tables.layouts import NETWORK_NAMES
from otklik.registry.tables.lines import Trouble
from otklik.registry.tables.wishes import Context, Told, Wish, Wrong

_PAGE_ADDRESSES = {"vk": "https://vk.com/club{}", "ok": "https://ok.ru/group/{}"}


@dataclass(slots=True)
class Ours:
    """Our own export, changed by hand or not. Organisations are found by code, pages by network and number."""

    context: Context

    def claim(self, told: Told) -> None:
        known = self.context.known
        code = told.values.get("organization.code")
        if not code:
            raise Wrong("organization.code", "", gettext_noop("Нет кода организации."))
        told.organization = known.by_code.setdefault(code, f"{ORGANIZATION}:{told.line}")

    def wishes(self, told: Told) -> list[Wish]:
        page = self._page(told)
        found = [self._organization(told), *self._obligations(told)]
        return [*found, page] if page else found

    def _organization(self, told: Told) -> Wish:
        values = _of(told, "organization")
        spheres = [told.values[code] for code in ("sphere1", "sphere2", "sphere3") if code in told.values]
        if spheres:
            values["spheres"] = list(dict.fromkeys(code for code in spheres if code))
        for name in ("parent", "founder"):
            if name in told.values:
                values[name] = self._by_code(name, told.values[name])
        is_new = told.organization not in self.context.known.rows[ORGANIZATION]
        for name in ("name", "level"):
            if not values.get(name) and (is_new or name in values):
                raise Wrong(
                    f"organization.{name}", "", gettext_noop("У организации должны быть название и уровень.")
                )
        if is_new:
            values["short_name"] = values.get("short_name") or values["name"][:120]
        return Wish(ORGANIZATION, told.organization, values)

    def _by_code(self, column: str, code: str) -> Ref | None:
        if not code:
            return None
        ref = self.context.known.by_code.get(code)
        if ref is None:
            raise Wrong(column, code, gettext_noop("Организации с таким кодом нет ни в реестре, ни в файле."))
        return ref

    def _obligations(self, told: Told) -> list[Wish]:
        known, found = self.context.known, []
        for network in NETWORK_NAMES:
            values = _of(told, f"obligation.{network}")
            if not values.get("status"):
                # An import never takes an obligation away: that is done on the card, with its reason.
                continue
            if values["status"] == "exempt" and not values.get("exemption_basis"):
                raise Wrong(
                    f"obligation.{network}.exemption_basis",
                    "",
                    gettext_noop("Освобождённой организации нужно основание не вести страницу."),
                )
            if not values.get("since"):
                values.pop("since", None)
            ref = known.obligation(told.organization, network)
            if ref not in known.rows[OBLIGATION]:
                values = {"since": self.context.today.isoformat()} | values
            values |= {"organization": told.organization, "network": network}
            found.append(Wish(OBLIGATION, ref, values))
        return found

    def _page(self, told: Told) -> Wish | None:
        values = _of(told, "page")
        network, number = values.get("network"), values.get("external_id")
        if not network and not number:
            return None
        if not network or not number:
            missing = "page.external_id" if network else "page.network"
            raise Wrong(missing, "", gettext_noop("Странице нужны и сеть, и ID."))
        ref = self.context.known.page(network, number)
        row = self.context.known.rows[PAGE].get(ref)
        if row is None:
            address = _PAGE_ADDRESSES.get(network, "").format(number)
            values["title"] = values.get("title") or str(told.values.get("organization.name") or number)[:200]
            values["url"] = values.get("url") or address
        _check_page({**(row or {}), **values})
        return Wish(PAGE, ref, values | {"organization": told.organization})


def _check_page(values: dict[str, Any]) -> None:
    if not values.get("url") or not values.get("title"):
        raise Wrong("page.url", "", gettext_noop("Странице нужны название и ссылка."))
    if values.get("kind") == "personal" and not values.get("person_name"):
        raise Wrong("page.person_name", "", gettext_noop("Укажите, чья это личная страница."))
    if values.get("badge_status") == "confirmed" and not values.get("badge_confirmed_at"):
        raise Wrong("page.badge_confirmed_at", "", gettext_noop("У подтверждённой метки должна быть дата."))


def _of(told: Told, subject: str) -> dict[str, Any]:
    """The values of columns «subject.field», by field."""
    start = f"{subject}."
    return {code.removeprefix(start): value for code, value in told.values.items() if code.startswith(start)}


@dataclass(slots=True)
class Classifier:
    """ОКТМО as published. A check digit that does not agree is said, and kept as it is: so is the source."""

    context: Context

    def claim(self, told: Told) -> None:
        code = told.values.get("code", "")
        if not (code.isascii() and code.isdecimal()) or len(code) not in {8, 11}:
            raise Wrong("code", code, gettext_noop("В коде ОКТМО 8 или 11 цифр."))

    def wishes(self, told: Told) -> list[Wish]:
        values = dict(told.values)
        code, digit = values["code"], values.get("check_digit", "")
        if not values.get("name"):
            raise Wrong("name", "", gettext_noop("У территории должно быть название."))
        if not values.get("region_code"):
            values["region_code"] = code[:2]
        if digit and digit != oktmo_check_digit(code):
            told.troubles.append(
                Trouble(
                    "check_digit",
                    digit,
                    gettext_noop("По коду контрольное число %(digit)s; занесено как в файле."),
                    {"digit": oktmo_check_digit(code)},
                    is_remark=True,
                )
            )
        return [Wish(OKTMO, self.context.known.units.get(code, f"{OKTMO}:{code}"), values)]
