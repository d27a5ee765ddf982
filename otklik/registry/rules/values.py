"""Values that people and files bring: put in order, or refused with the reason. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from otklik.common.text import clean, gettext_noop

_SPACES = re.compile(r"\s+")
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>.]+(\.[^\s@,;<>.]+)+")
_HOST = r"(?:[\w-]+\.)+[^\W\d_]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3}"
_URL = re.compile(rf"https?://(?:{_HOST})(?::\d{{1,5}})?(?:[/?#]\S*)?", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class BadValue(Exception):
    """Значение не подходит."""

    def __init__(self, field: str, message: str, **params: Any) -> None:
        """`field` is the model's; `message` is Russian and marked for the catalogue, `params` stand in it."""
        super().__init__(message % params if params else message)
        self.field, self.message, self.params = field, message, params


def line(field: str, value: Any, limit: int) -> str:
    """The value as one line without stray spaces. Raises BadValue when it is no text or too long."""
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise BadValue(field, gettext_noop("Здесь нужен текст."))
    found = _SPACES.sub(" ", clean(str(value))).strip()
    if len(found) > limit:
        raise BadValue(field, gettext_noop("Слишком длинно: не больше %(limit)s знаков."), limit=limit)
    return found


def required_line(field: str, value: Any, limit: int) -> str:
    """As `line`, and not empty. Raises BadValue."""
    found = line(field, value, limit)
    if not found:
        raise BadValue(field, gettext_noop("Заполните это поле."))
    return found


def ogrn(value: Any) -> str:
    """A registration number of 13 digits (15 of an entrepreneur) whose last digit is right, or nothing.

    The number without its last digit modulo 11 (13 for an entrepreneur), and of that the last digit (order of the
    Ministry of Finance of 30.10.2017 № 165н, on the registers of legal entities). Raises BadValue.
    """
    found = re.sub(r"\s", "", line("ogrn", value, 40))
    if not found:
        return ""
    if not re.fullmatch(r"[0-9]{13}|[0-9]{15}", found):
        raise BadValue("ogrn", gettext_noop("В ОГРН 13 цифр, в ОГРНИП 15."))
    if int(found[:-1]) % (len(found) - 2) % 10 != int(found[-1]):
        raise BadValue("ogrn", gettext_noop("Контрольная цифра ОГРН не сходится: проверьте номер."))
    return found


def email(field: str, value: Any, limit: int) -> str:
    """An address of e-mail by its shape, or nothing. Raises BadValue."""
    found = line(field, value, limit)
    if found and not _EMAIL.fullmatch(found):
        raise BadValue(field, gettext_noop("Это не похоже на адрес электронной почты."))
    return found


def url(field: str, value: Any, limit: int) -> str:
    """An address of a page or a site by its shape, https:// put before a bare name; or nothing. Raises BadValue."""
    found = line(field, value, limit)
    if found and not _SCHEME.match(found):
        found = f"https://{found.removeprefix('//')}"
    if found and not _URL.fullmatch(found):
        raise BadValue(field, gettext_noop("Это не похоже на адрес страницы или сайта."))
    if len(found) > limit:
        raise BadValue(field, gettext_noop("Слишком длинно: не больше %(limit)s знаков."), limit=limit)
    return found


def one_of(field: str, value: Any, known: frozenset[str]) -> str:
    """A code out of the known ones. Raises BadValue."""
    found = line(field, value, 80)
    if found not in known:
        raise BadValue(field, gettext_noop("Такого значения в справочнике нет: «%(value)s»."), value=found)
    return found


def count(field: str, value: Any, most: int) -> int | None:
    """A whole number from 0 to `most`, or nothing. Raises BadValue."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not str(value).strip().isdecimal() or int(value) > most:
        raise BadValue(field, gettext_noop("Здесь нужно целое число от 0 до %(most)s."), most=most)
    return int(value)


def degrees(field: str, value: Any, most: int) -> float | None:
    """A coordinate between −`most` and `most`, or nothing. Raises BadValue."""
    if value is None or value == "":
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if not -most <= found <= most:
        raise BadValue(
            field, gettext_noop("Координата — число градусов от −%(most)s до %(most)s."), most=most
        )
    return found


def flag(field: str, value: Any) -> bool:
    """Yes or no. Raises BadValue."""
    if not isinstance(value, bool):
        raise BadValue(field, gettext_noop("Здесь нужно «да» или «нет»."))
    return value


def day(field: str, value: Any) -> date | None:
    """A day, also in ISO form, or nothing. Raises BadValue."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadValue(field, gettext_noop("Это не дата.")) from error


def table(field: str, value: Any) -> dict[str, Any]:
    """Figures by name. Raises BadValue."""
    if not isinstance(value, Mapping):
        raise BadValue(field, gettext_noop("Здесь нужны показатели с названиями."))
    return dict(value)
