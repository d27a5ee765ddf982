"""Codes and labels of incidents. States and codes are those of the specification of the incident's machine."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    NEW = "new", _("Новое")
    TRIAGE = "triage", _("Разбор")
    CLARIFICATION = "clarification", _("Запрос уточнения")
    ROUTED = "routed", _("Направлено в орган")
    IN_PROGRESS = "in_progress", _("В работе")
    PUBLISHING = "publishing", _("Публикуется")
    UNCERTAIN = "uncertain", _("Доставка не подтверждена")
    ANSWERED = "answered", _("Дан ответ")
    CLOSED = "closed", _("Закрыто")
    REJECTED = "rejected", _("Отклонено")
    ATTACHED = "attached", _("Присоединено")


class RejectReason(models.TextChoices):
    SPAM = "spam", _("спам")
    NOT_A_REQUEST = "not_a_request", _("не просьба и не вопрос")
    ABUSE_ONLY = "abuse_only", _("только оскорбления")
    DUPLICATE = "duplicate", _("повтор")
    NO_DETAILS = "no_details", _("автор не уточнил")
    OUT_OF_REGION = "out_of_region", _("не наш регион")


class AttachReason(models.TextChoices):
    FOLLOW_UP = "follow_up", _("продолжение разговора")
    DUPLICATE = "duplicate", _("о том же")
    JOINED = "joined", _("вопросы одного сообщения соединены")


class DeclineReason(models.TextChoices):
    NOT_OURS = "not_ours", _("не наша компетенция")
    NOT_OUR_TERRITORY = "not_our_territory", _("не наша территория")
    OTHER_OWNER = "other_owner", _("объект другого владельца")


class Resolution(models.TextChoices):
    SOLVED = "solved", _("решено")
    EXPLAINED = "explained", _("разъяснено")
    REFUSED = "refused_with_reason", _("мотивированный отказ")


class AnswerKind(models.TextChoices):
    FINAL = "final", _("ответ")
    QUESTION = "question", _("уточняющий вопрос")


class AnswerStatus(models.TextChoices):
    DRAFT = "draft", _("черновик")
    PUBLISHING = "publishing", _("публикуется")
    PUBLISHED = "published", _("опубликован")
    UNDELIVERABLE = "undeliverable", _("не доставлен")
    UNCERTAIN = "uncertain", _("доставка не подтверждена")


class DeliveryNote(models.TextChoices):
    """What the desk must see of a delivery beside the incident's state."""

    NONE = "", ""
    MANUAL = "manual", _("ждёт администратора страницы")
    UNDELIVERABLE = "undeliverable", _("ответ не доставлен")
    UNCERTAIN = "uncertain", _("неизвестно, вышел ли ответ")
    NOT_ASKED = "not_asked", _("уточняющий вопрос не доставлен")


class Addressee(models.TextChoices):
    """Who is told that an answer runs late."""

    ASSIGNEE = "assignee", _("исполнитель")
    CURATOR = "curator", _("куратор органа")
    BODY_HEAD = "body_head", _("руководитель органа")
    DISPATCHER = "dispatcher", _("диспетчер")
    CENTER_HEAD = "center_head", _("руководитель центра")
    VICE_GOVERNOR = "vice_governor", _("вице-губернатор")
