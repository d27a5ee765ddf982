"""What columns a table may have: the field, the header of our own export, other headers met, how a cell is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from otklik.common.text import gettext_noop
from otklik.registry.enums import (
    BadgeStatus,
    BadgeType,
    ImportKind,
    Network,
    ObligationStatus,
    OrgLevel,
    PageKind,
    PageTier,
)
from otklik.registry.tables import cells
from otklik.registry.tables.cells import Read, header_key


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `empty` is what an empty cell means where the layout lets a cell empty a field."""

    code: str
    title: str
    read: Read
    synonyms: tuple[str, ...] = ()
    required: bool = False
    empty: Any = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of table. In a table of ours an empty cell is an empty value, in others it is silence."""

    kind: str
    columns: tuple[Column, ...]
    erases: bool = False

    def column(self, code: str) -> Column:
        return next(each for each in self.columns if each.code == code)

    def guess(self, headers: Iterable[str]) -> dict[str, str]:
        """Field → header, for the headers that are known; case, ё, spaces and signs do not matter."""
        known: dict[str, str] = {}
        for header in headers:
            known.setdefault(header_key(header), header)
        found: dict[str, str] = {}
        for column in self.columns:
            for name in (column.title, column.code, *column.synonyms):
                header = known.get(header_key(name), "")
                if header and header not in found.values():
                    found[column.code] = header
                    break
        return found

    def missing(self, mapping: Mapping[str, str]) -> list[Column]:
        """Required columns that no header stands for."""
        return [each for each in self.columns if each.required and not mapping.get(each.code)]


_LEVELS = {
    "региональный": "regional", "региональный уровень": "regional", "РОИВ": "regional", "ИОГВ": "regional",
    "региональный орган": "regional", "орган исполнительной власти": "regional", "субъект РФ": "regional",
    "муниципальный": "municipal", "муниципальный уровень": "municipal", "ОМСУ": "municipal", "МО": "municipal",
    "орган местного самоуправления": "municipal", "муниципальное образование": "municipal",
    "подведомственная организация": "institution", "подведомственное учреждение": "institution",
    "подведомственный": "institution", "организация": "institution", "подвед": "institution",
    "ресурсная организация": "utility", "управляющая организация": "utility", "ЦУР": "center",
}  # fmt: skip
_NETWORKS = {"ВК": "vk", "ОК": "ok", "ТГ": "telegram", "Telegram": "telegram", "VK": "vk"}
MOST_FOLLOWERS = 2_000_000_000

_OKTMO = (
    Column("code", gettext_noop("Код"), cells.text(11), ("oktmo", "ОКТМО", "код ОКТМО"), required=True),
    Column("check_digit", gettext_noop("Контрольное число"), cells.text(1), ("check digit", "КЧ")),
    Column("region_code", gettext_noop("Код субъекта"), cells.text(2), ("region code", "регион")),
    Column("level", gettext_noop("Уровень"), cells.text(40), ("level", "раздел")),
    Column("name", gettext_noop("Название"), cells.text(300), ("наименование", "name"), required=True),
)

_FEDERAL = (
    Column("level", gettext_noop("Уровень"), cells.one_of(OrgLevel, _LEVELS), required=True),
    Column("founder", gettext_noop("Учредитель"), cells.text(300), ("Наименование учредителя",)),
    Column(
        "name",
        gettext_noop("Наименование"),
        cells.text(300),
        ("Наименование подведомственной организации", "Наименование организации", "Полное наименование",
         "Полное наименование объекта", "Название"),
        required=True,
    ),
    Column(
        "basis", gettext_noop("Официальная страница не ведется на основании"), cells.lines(2000),
        ("Не ведётся на основании",),
    ),
    Column("ogrn", gettext_noop("ОГРН"), cells.ogrn, ("ОГРН организации", "ОГРН/ОГРНИП")),
    Column("sphere1", gettext_noop("Сфера 1"), cells.sphere, ("Сфера",)),
    Column("sphere2", gettext_noop("Сфера 2"), cells.sphere),
    Column("sphere3", gettext_noop("Сфера 3"), cells.sphere),
    Column("status", gettext_noop("Статус"), cells.text(200)),
    Column("external_id", gettext_noop("ID госпаблика"), cells.page_id, ("ID страницы", "ID", "ID сообщества")),
    Column(
        "url",
        gettext_noop("Ссылка"),
        cells.url(300),
        ("Ссылка на госпаблик", "Ссылка на госпаблик ВК", "Ссылка на официальную страницу ВКонтакте",
         "Ссылка на страницу"),
    ),
    Column(
        "address",
        gettext_noop("Адрес в настройках"),
        cells.text(300),
        ("Адрес, указанный в настройках страницы", "Адрес в настройках страницы"),
    ),
    Column(
        "component",
        gettext_noop("Подключение"),
        cells.yes_no,
        ("Подключение (да/нет)", "Подключение к компоненту «Госпаблики» (да/нет)",
         "Подключение к компоненту Госпаблики"),
    ),
    Column("badge", gettext_noop("Госметка"), cells.yes_no, ("Госметка (да/нет)", "Метка «Госорганизация»")),
    Column("design", gettext_noop("Оформление (%)"), cells.percent, ("Оформление",)),
    Column("widgets", gettext_noop("Виджеты"), cells.whole(9), ("Виджеты (0/1/2)",)),
    Column("activity", gettext_noop("Активность (%)"), cells.percent, ("Активность",)),
    Column("followers", gettext_noop("Количество подписчиков"), cells.whole(MOST_FOLLOWERS),
           ("Подписчиков", "Подписчики")),
    Column(
        "reach_week",
        gettext_noop("Общий охват за неделю"),
        cells.whole(MOST_FOLLOWERS),
        ("Общий охват аудитории за неделю", "Охват за неделю"),
    ),
    Column(
        "reach_post",
        gettext_noop("Средний охват публикации"),
        cells.whole(MOST_FOLLOWERS),
        ("Средний охват одной публикации", "Средний охват"),
    ),
)  # fmt: skip

_ORGANIZATION = (
    Column("organization.code", gettext_noop("Код организации"), cells.code, ("Код",), required=True),
    Column("organization.name", gettext_noop("Название"), cells.text(300), ("Наименование", "Полное название")),
    Column("organization.short_name", gettext_noop("Короткое название"), cells.text(120)),
    Column("organization.level", gettext_noop("Уровень"), cells.one_of(OrgLevel, _LEVELS)),
    Column("organization.type", gettext_noop("Тип организации"), cells.type_of, ("Тип",)),
    Column("parent", gettext_noop("Код вышестоящей"), cells.code, ("Вышестоящая",)),
    Column("founder", gettext_noop("Код учредителя"), cells.code),
    Column("sphere1", gettext_noop("Сфера 1"), cells.sphere, ("Сфера",)),
    Column("sphere2", gettext_noop("Сфера 2"), cells.sphere),
    Column("sphere3", gettext_noop("Сфера 3"), cells.sphere),
    Column("organization.municipality", gettext_noop("ОКТМО муниципалитета"), cells.municipality,
           ("Муниципалитет", "ОКТМО"), empty=None),
    Column("organization.settlement", gettext_noop("Населённый пункт"), cells.text(100)),
    Column("organization.ogrn", gettext_noop("ОГРН"), cells.ogrn),
    Column("organization.address", gettext_noop("Адрес"), cells.text(300)),
    Column("organization.phone", gettext_noop("Телефон"), cells.text(100)),
    Column("organization.email", gettext_noop("Электронная почта"), cells.email(150), ("E-mail", "Почта")),
    Column("organization.site_url", gettext_noop("Официальный сайт"), cells.url(300), ("Сайт",)),
    Column("organization.hours", gettext_noop("Часы работы"), cells.text(200)),
    Column("organization.latitude", gettext_noop("Широта"), cells.degrees(90), empty=None),
    Column("organization.longitude", gettext_noop("Долгота"), cells.degrees(180), empty=None),
    Column("organization.served", gettext_noop("Обслуживает человек"), cells.whole(20_000_000), empty=None),
    Column("organization.aliases", gettext_noop("Как ещё называют"), cells.lines(2000)),
    Column("organization.is_active", gettext_noop("Организация действует"), cells.yes_no, empty=True),
)  # fmt: skip


def _obligation(network: str, name: str) -> tuple[Column, ...]:
    of = f"obligation.{network}."
    return (
        Column(f"{of}status", f"{name}: обязанность", cells.one_of(ObligationStatus), empty=None),
        Column(f"{of}exemption_basis", f"{name}: основание не вести", cells.lines(2000)),
        Column(f"{of}document_ref", f"{name}: документ", cells.text(300)),
        Column(f"{of}since", f"{name}: с какого дня", cells.day, empty=None),
    )


_PAGE = (
    Column("page.network", gettext_noop("Сеть"), cells.one_of(Network, _NETWORKS)),
    Column("page.external_id", gettext_noop("ID страницы"), cells.text(40), ("Номер страницы", "ID")),
    Column("page.kind", gettext_noop("Вид страницы"), cells.one_of(PageKind), empty="organisation"),
    Column("page.person_name", gettext_noop("Чья личная страница"), cells.text(150)),
    Column("page.person_position", gettext_noop("Должность"), cells.text(200)),
    Column("page.tier", gettext_noop("Тип ведения"), cells.one_of(PageTier), empty="active"),
    Column("page.screen_name", gettext_noop("Короткий адрес"), cells.text(80)),
    Column("page.title", gettext_noop("Название страницы"), cells.text(200)),
    Column("page.url", gettext_noop("Ссылка"), cells.url(300), ("Адрес страницы",)),
    Column("page.badge_type", gettext_noop("Вид метки"), cells.one_of(BadgeType)),
    Column("page.badge_status", gettext_noop("Метка"), cells.one_of(BadgeStatus), ("Госметка",), empty="none"),
    Column("page.badge_confirmed_at", gettext_noop("Метка подтверждена"), cells.day, empty=None),
    Column("page.badge_lost_at", gettext_noop("Метка потеряна"), cells.day, empty=None),
    Column("page.badge_evidence", gettext_noop("Чем подтверждена метка"), cells.lines(5000)),
    Column("page.component_connected", gettext_noop("Подключена к компоненту"), cells.yes_no,
           ("Подключение",), empty=False),
    Column("page.widgets", gettext_noop("Виджетов"), cells.whole(9), ("Виджеты",), empty=None),
    Column("page.followers", gettext_noop("Подписчиков"), cells.whole(MOST_FOLLOWERS),
           ("Количество подписчиков",), empty=None),
    Column("page.opened_on", gettext_noop("Ведётся с"), cells.day, empty=None),
    Column("page.closed_on", gettext_noop("Закрыта"), cells.day, empty=None),
    Column("page.is_active", gettext_noop("Страница действует"), cells.yes_no, empty=True),
)  # fmt: skip
NETWORK_NAMES = {"vk": "ВКонтакте", "ok": "Одноклассники", "telegram": "Телеграм", "max": "MAX"}
_OBLIGATIONS = tuple(column for code, name in NETWORK_NAMES.items() for column in _obligation(code, name))

LAYOUTS: Mapping[str, Layout] = {
    ImportKind.REGISTER: Layout(ImportKind.REGISTER, (*_ORGANIZATION, *_OBLIGATIONS, *_PAGE), erases=True),
    ImportKind.FEDERAL: Layout(ImportKind.FEDERAL, _FEDERAL),
    ImportKind.OKTMO: Layout(ImportKind.OKTMO, _OKTMO, erases=True),
}
