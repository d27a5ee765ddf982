"""Who must keep an official page, and where, before anybody decided otherwise. Pure.

Source: 8-ФЗ in the wording of 270-ФЗ of 14.07.2022 (state and local bodies, their subordinate organisations, courts),
order of the Government 2523-р of 02.09.2022 (VK and OK). Exemptions are rows with a basis, never rules.
"""

from otklik.common.text import gettext_noop

NETWORKS_BY_LAW = frozenset({"vk", "ok"})
LEVELS_BY_LAW = frozenset({"regional", "municipal", "institution"})
# They serve people under a contract or a tariff, and no body founded them to do what the law gives it to do.
NOT_OBLIGED_TYPES = frozenset(
    {"management_company", "utility", "waste_operator", "carrier", "capital_repair", "rmc"}
)


class ExemptionNeedsBasis(Exception):
    """Освобождение без основания не записывается: назовите решение учредителя, сферу или закрытие."""


def default_obligation(level: str, type: str, network: str) -> str:
    """ "required" when the law names such an organisation and such a network, "" when nothing is to be entered."""
    if network not in NETWORKS_BY_LAW or level not in LEVELS_BY_LAW or type in NOT_OBLIGED_TYPES:
        return ""
    return "required"


def check_obligation(status: str, basis: str) -> None:
    """Raise ExemptionNeedsBasis when an exemption names no basis."""
    if status == "exempt" and not basis.strip():
        raise ExemptionNeedsBasis


COMMON_BASES = (
    gettext_noop("Сфера деятельности: обороны, безопасности, правопорядка"),
    gettext_noop("Решение учредителя"),
    gettext_noop("Организация закрыта или реорганизуется"),
    gettext_noop("Капитальный ремонт, работа приостановлена"),
    gettext_noop("Не оказывает услуг населению"),
)
