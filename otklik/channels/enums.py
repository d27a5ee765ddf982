"""Codes and labels of connections and deliveries."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Intake(models.TextChoices):
    CALLBACK = "callback", _("события присылает сеть")
    LONG_POLL = "long_poll", _("события спрашиваем сами")
    OFF = "off", _("не принимаем")


class ConnectionState(models.TextChoices):
    NEW = "new", _("не подключена")
    CONNECTED = "connected", _("подключена")
    FAILED = "failed", _("не удалось подключить")
    BROKEN = "broken", _("нужен новый ключ")


class TokenKind(models.TextChoices):
    COMMUNITY = "community", _("ключ сообщества")
    USER = "user", _("ключ администратора")
    SERVICE = "service", _("сервисный ключ")


class TokenState(models.TextChoices):
    OK = "ok", _("действует")
    PAUSED = "paused", _("на паузе")
    NEEDS_RENEWAL = "needs_renewal", _("нужен новый")


class CapabilityState(models.TextChoices):
    UNKNOWN = "unknown", _("не проверено")
    ON = "on", _("есть")
    OFF = "off", _("нет")


class Place(models.TextChoices):
    """Where in a network a message stands."""

    WALL = "wall", _("под постом")
    PHOTO = "photo", _("под фотографией")
    VIDEO = "video", _("под видео")
    TOPIC = "topic", _("в обсуждении")
    DIRECT = "direct", _("личное сообщение")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("ждёт отправки")
    SENDING = "sending", _("отправляется")
    CHECKING = "checking", _("проверяем, вышел ли ответ")
    DELIVERED = "delivered", _("опубликован")
    REFUSED = "refused", _("сеть отказала")
    MANUAL = "manual", _("ждёт администратора страницы")
    UNCERTAIN = "uncertain", _("неизвестно, вышел ли ответ")
    CANCELLED = "cancelled", _("отменён")
