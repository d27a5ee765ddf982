"""Codes and labels of raw events and messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    NEW = "new", _("не прочитано")
    READ = "read", _("прочитано")
    IGNORED = "ignored", _("не про сообщения")
    FAILED = "failed", _("не удалось прочитать")


class Via(models.TextChoices):
    CALLBACK = "callback", _("прислала сеть")
    LONG_POLL = "long_poll", _("спросили сами")
    SWEEP = "sweep", _("нашла сверка")


class MessageKind(models.TextChoices):
    COMMENT = "comment", _("комментарий")
    DIRECT = "direct", _("личное сообщение")


class Refusal(models.TextChoices):
    """Why a request to the intake was refused."""

    BAD_SECRET = "bad_secret", _("неверный секрет")
    UNKNOWN_PAGE = "unknown_page", _("неизвестная страница")
    BAD_JSON = "bad_json", _("это не JSON")
    TOO_LARGE = "too_large", _("слишком большое")
    TOO_DEEP = "too_deep", _("слишком вложенное")
    BAD_EVENT = "bad_event", _("не похоже на событие")
