"""Codes and labels of the region's register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Network(models.TextChoices):
    VK = "vk", _("ВКонтакте")
    OK = "ok", _("Одноклассники")
    TELEGRAM = "telegram", _("Телеграм")
    MAX = "max", "MAX"


class OrgLevel(models.TextChoices):
    REGIONAL = "regional", _("регион")
    MUNICIPAL = "municipal", _("муниципалитет")
    INSTITUTION = "institution", _("учреждение")
    UTILITY = "utility", _("ресурсная или управляющая организация")
    CENTER = "center", _("центр управления регионом")


class PageKind(models.TextChoices):
    ORGANISATION = "organisation", _("страница организации")
    PERSONAL = "personal", _("личная страница")


class MunicipalityKind(models.TextChoices):
    CITY = "city", _("городской округ")
    DISTRICT = "district", _("муниципальный район")
    OKRUG = "okrug", _("муниципальный округ")


class ObligationStatus(models.TextChoices):
    REQUIRED = "required", _("обязана вести")
    EXEMPT = "exempt", _("освобождена")


class BadgeType(models.TextChoices):
    GOSORG = "gosorg", _("«Госорганизация»")
    BLUE_TICK = "blue_tick", _("синяя галочка")


class BadgeStatus(models.TextChoices):
    NONE = "none", _("нет метки")
    REQUESTED = "requested", _("запрошена")
    CONFIRMED = "confirmed", _("подтверждена")
    LOST = "lost", _("потеряна")


class PageTier(models.TextChoices):
    """How lively the page is meant to be (St Petersburg, 2024)."""

    FLAGSHIP = "flagship", _("флагман")
    ACTIVE = "active", _("активная")
    CARD = "card", _("визитка")


class OnboardingStage(models.TextChoices):
    REQUESTED = "requested", _("запрошена")
    CREATED = "created", _("создана")
    DESIGNED = "designed", _("оформлена")
    VERIFIED = "verified", _("подтверждена")
    CONNECTED = "connected", _("подключена")
    CANCELLED = "cancelled", _("прекращено")


class CheckState(models.TextChoices):
    FINE = "fine", _("в порядке")
    GAP = "gap", _("нарушение")
    UNKNOWN = "unknown", _("не известно")
    EXEMPT = "exempt", _("не требуется")


class TaskState(models.TextChoices):
    OPEN = "open", _("открыта")
    DONE = "done", _("исправлено")
    CANCELLED = "cancelled", _("снята")


class Zone(models.TextChoices):
    """The weekly light: green from 80 points, yellow from 50."""

    GREEN = "green", _("зелёная зона")
    YELLOW = "yellow", _("жёлтая зона")
    RED = "red", _("красная зона")


class LookalikeState(models.TextChoices):
    NEW = "new", _("ждёт решения")
    FAKE = "fake", _("выдаёт себя за официальную")
    REPORTED = "reported", _("отправлена жалоба")
    GONE = "gone", _("больше не существует")
    HARMLESS = "harmless", _("не выдаёт себя за официальную")
    OFFICIAL = "official", _("официальная, занесена в реестр")


class ImportKind(models.TextChoices):
    REGISTER = "register", _("реестр организаций и страниц")
    FEDERAL = "federal", _("таблица федерального мониторинга")
    OKTMO = "oktmo", _("справочник ОКТМО")


class ImportState(models.TextChoices):
    WAITING = "waiting", _("ждёт проверки")
    CHECKING = "checking", _("проверяется")
    CHECKED = "checked", _("проверен, не применён")
    APPLYING = "applying", _("применяется")
    APPLIED = "applied", _("применён")
    UNDOING = "undoing", _("отменяется")
    UNDONE = "undone", _("отменён")
    REFUSED = "refused", _("файл не прочитан")
    FAILED = "failed", _("не удалось")


class RowAction(models.TextChoices):
    ADD = "add", _("добавить")
    CHANGE = "change", _("изменить")
    LEAVE = "leave", _("без изменений")
    CONFLICT = "conflict", _("спорно")
    ERROR = "error", _("ошибка")


class CheckCode(models.TextChoices):
    """Lines of a passport. What each rests on, and the time to mend it, are rows of CheckNorm."""

    PAGE = "page", _("страница есть")
    NAME = "name", _("официальное название")
    DESCRIPTION = "description", _("описание деятельности")
    CATEGORY = "category", _("тематика")
    ADDRESS = "address", _("адрес с точкой на карте")
    PHONE = "phone", _("телефон")
    EMAIL = "email", _("электронная почта")
    HOURS = "hours", _("часы работы")
    SITE = "site", _("ссылка на официальный сайт")
    AVATAR = "avatar", _("аватар")
    COVER = "cover", _("обложка")
    BADGE = "badge", _("метка «Госорганизация»")
    COMPONENT = "component", _("подключение к компоненту «Госпаблики»")
    WIDGETS = "widgets", _("два виджета ПОС")
    SITE_LINK = "site_link", _("ссылка на страницу с официального сайта")
    COMMENTS = "comments", _("открытые комментарии")
    RHYTHM = "rhythm", _("посты по норме")
    SILENCE = "silence", _("нет долгого молчания")
    ANSWERS = "answers", _("ответы на вопросы")
    TOKEN = "token", _("ключ действует")
    ADMINISTRATORS = "administrators", _("не меньше двух администраторов")
    TWO_FACTOR = "two_factor", _("двухфакторная защита администраторов")
