"""Codes and labels of incidents. States and codes are those of the specification of the incident's machine."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    NEW = "new", _("Новое")
    TRIAGE = "triage", _("Разбор")
    CLARIFICATION = "clarification", _("Запрос уточнения")
    ROUTED = "routed", _("Направлено в орган")
    IN_PROGRESS = "in_progress", _("В работе")
    APPROVAL = "approval", _("На согласовании")
    PUBLISHING = "publishing", _("Публикуется")
    UNCERTAIN = "uncertain", _("Доставка не подтверждена")
    INTERIM_ANSWERED = "interim_answered", _("Дан промежуточный ответ")
    ANSWERED = "answered", _("Дан окончательный ответ")
    DEFERRED = "deferred", _("Запланировано")
    CLOSED = "closed", _("Закрыто")
    REWORK = "rework", _("Возврат на доработку")
    REOPENED = "reopened", _("Возобновлено")
    REJECTED = "rejected", _("Отклонено")
    TRANSFERRED = "transferred", _("Передано в другой порядок")
    ATTACHED = "attached", _("Присоединено")
    ARCHIVED = "archived", _("Архив")


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


class ReworkCode(models.TextChoices):
    """Why an answer does not pass; the first four come from Yakutia's act."""

    NOT_ON_SUBSTANCE = "not_on_substance", _("ответ не по существу")
    NO_PROOF = "no_proof", _("нет подтверждения")
    THIRD_PARTY_PII = "third_party_pii", _("персональные данные третьих лиц")
    JARGON = "jargon_or_abbrev", _("термины или сокращения без пояснения")
    NO_DATE_OR_STAGE = "no_date_or_stage", _("нет срока или этапа")
    BARE_REDIRECT = "bare_redirect", _("переадресация без передачи")
    RUDE = "rude", _("невежливо")
    WRONG_PLACE = "wrong_thread_or_page", _("не та ветка или страница")
    UNVERIFIED_PAGE = "unverified_page", _("страница без отметки")
    # Of a plan, not of an answer.
    PLAN_NOT_DONE = "plan_not_done", _("запланированное не сделано")
    THIRD_POSTPONEMENT = "third_postponement", _("третий перенос срока")


class TransferTarget(models.TextChoices):
    POS = "pos", _("платформа обратной связи")
    APPEAL = "59fz", _("обращение по 59-ФЗ")
    FEDERAL = "federal", _("федеральный орган")


class Resolution(models.TextChoices):
    SOLVED = "solved", _("решено")
    EXPLAINED = "explained", _("разъяснено")
    REFUSED = "refused_with_reason", _("мотивированный отказ")
    PLANNED = "planned", _("выполнено по плану")
    FORWARDED = "forwarded", _("передано, результат получен")
    ACCEPTED_TO_PLAN = "accepted_to_plan", _("предложение принято в план")
    POLL_CREATED = "poll_created", _("по предложению открыто голосование")


class AnswerKind(models.TextChoices):
    FINAL = "final", _("ответ")
    INTERIM = "interim", _("промежуточный ответ")
    PLAN = "plan", _("план со сроком")
    QUESTION = "question", _("уточняющий вопрос")
    NOTE = "note", _("извещение о передаче")


class AnswerStatus(models.TextChoices):
    DRAFT = "draft", _("черновик")
    APPROVAL = "approval", _("на согласовании")
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
    NOT_NOTED = "not_noted", _("автор не извещён о передаче")


class Addressee(models.TextChoices):
    """Who is told that an answer runs late."""

    ASSIGNEE = "assignee", _("исполнитель")
    CURATOR = "curator", _("куратор органа")
    BODY_HEAD = "body_head", _("руководитель органа")
    DISPATCHER = "dispatcher", _("диспетчер")
    CENTER_HEAD = "center_head", _("руководитель центра")
    VICE_GOVERNOR = "vice_governor", _("вице-губернатор")
