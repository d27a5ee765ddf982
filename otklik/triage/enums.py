"""Codes and labels of verdicts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IncidentKind(models.TextChoices):
    COMPLAINT = "complaint", _("жалоба")
    QUESTION = "question", _("вопрос")
    PROPOSAL = "proposal", _("предложение")
    THANKS = "thanks", _("благодарность")
    OTHER = "other", _("другое")


class Priority(models.TextChoices):
    CRITICAL = "critical", _("критическая")
    HIGH = "high", _("высокая")
    NORMAL = "normal", _("обычная")


class ExecutorLevel(models.TextChoices):
    MUNICIPALITY = "M", _("муниципалитет")
    REGION = "R", _("регион")
    UTILITY = "U", _("ресурсная или управляющая организация")
    INSTITUTION = "S", _("само учреждение")


class PlaceStatus(models.TextChoices):
    UNKNOWN = "unknown", _("место не названо")
    FOUND = "found", _("найдено в тексте")
    FROM_PAGE = "from_page", _("по странице")
    AMBIGUOUS = "ambiguous", _("подходит несколько мест")


class RouteTarget(models.TextChoices):
    """Where a rule sends: a body by name, or one that follows from the question."""

    FIXED = "fixed", _("определённый орган")
    PAGE = "page", _("организация, на чьей странице спросили")
    ADMINISTRATION = "administration", _("администрация муниципалитета, о котором речь")
    TYPE = "type", _("организация нужного типа в этом муниципалитете")
    SPHERE = "sphere", _("орган региона в этой сфере")


class ProposalState(models.TextChoices):
    OPEN = "open", _("ждёт решения")
    ACCEPTED = "accepted", _("принято")
    DISMISSED = "dismissed", _("отклонено")
    OUTDATED = "outdated", _("больше не нужно")


class DuplicateState(models.TextChoices):
    """What became of a pair of messages that look like one: the system suggests, people decide."""

    SUGGESTED = "suggested", _("предложено")
    ATTACHED = "attached", _("присоединено")
    DISMISSED = "dismissed", _("не повтор")


class SurgeState(models.TextChoices):
    OPEN = "open", _("новый")
    ACKNOWLEDGED = "acknowledged", _("принят")
    CLOSED = "closed", _("завершён")


class ModelState(models.TextChoices):
    WAITING = "waiting", _("ждёт очереди")
    TRAINING = "training", _("учится")
    READY = "ready", _("готова")
    ACTIVE = "active", _("работает")
    RETIRED = "retired", _("снята")
    FAILED = "failed", _("не вышло")


class ExampleSource(models.TextChoices):
    TABLE = "table", _("из таблицы")
    PERSON = "person", _("решение диспетчера")


class TableState(models.TextChoices):
    """How far a table of examples is: it is read beside the pages, and the road goes on."""

    WAITING = "waiting", _("читается")
    READ = "read", _("прочитана")
    REFUSED = "refused", _("не подошла")
