"""Codes and labels of the desk: its views of the queue, and what a person may do with a card."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class View(models.TextChoices):
    """One place of the queue, as the left column lists them."""

    TRIAGE = "triage", _("Разбор")
    ASKED = "asked", _("Ждём автора")
    MINE = "mine", _("Мои")
    ROUTED = "routed", _("В органе")
    WORK = "work", _("В работе")
    APPROVAL = "approval", _("На согласовании")
    RETURNED = "returned", _("Возвращено")
    PROMISED = "promised", _("Обещано")
    PUBLISHING = "publishing", _("Публикуется")
    TROUBLE = "trouble", _("Не доставлено")
    OVERDUE = "overdue", _("Просрочено")
    ANSWERED = "answered", _("Дан ответ")
    CLOSED = "closed", _("Закрыто")
    REJECTED = "rejected", _("Отклонено")
    TRANSFERRED = "transferred", _("Передано")
    ATTACHED = "attached", _("Присоединено")
    ARCHIVED = "archived", _("Архив")
    ALL = "all", _("Все")


class Sort(models.TextChoices):
    DEADLINE = "deadline", _("по сроку")
    NEWEST = "newest", _("сначала новые")


class Power(models.TextChoices):
    """One thing a person may do with the card that is open; the labels are those of the buttons."""

    CONFIRM = "confirm", _("Верно")
    CORRECT = "correct", _("Изменить")
    REJECT = "reject", _("Отклонить")
    RESTORE = "restore", _("Вернуть в разбор")
    ATTACH = "attach", _("Присоединить")
    DETACH = "detach", _("Отсоединить")
    SPLIT = "split", _("Разделить")
    JOIN = "join", _("Соединить")
    MOVE_SPAN = "move_span", _("Перенести кусок")
    ASK = "ask", _("Уточнить у автора")
    GO_ON = "go_on", _("Продолжить без ответа")
    ACCEPT = "accept", _("Принять в работу")
    TAKE_UP = "take_up", _("Взять в работу")
    DECLINE = "decline", _("Отказаться")
    ROUTE = "route", _("Передать")
    ASSIGN = "assign", _("Назначить")
    DRAFT = "draft", _("Ответить")
    PUBLISH = "publish", _("Опубликовать")
    TAKE_BACK = "take_back", _("Отозвать")
    SETTLE = "settle", _("Проверить вручную")
    CLOSE = "close", _("Закрыть")
    REOPEN = "reopen", _("Возобновить")


class Doing(models.TextChoices):
    READING = "reading", _("читает")
    WRITING = "writing", _("пишет ответ")
