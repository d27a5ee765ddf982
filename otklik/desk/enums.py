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
    APPROVAL = "approval", _("Согласовать")
    RETURNED = "returned", _("На доработке")
    PROMISED = "promised", _("Промежуточные и планы")
    CHECK = "check", _("Проверить ответ")
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
    # Of promises and of answers to be checked: by their own day, the first answer has been given.
    DAY = "day", _("по дню")


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
    SUBMIT = "submit", _("На согласование")
    APPROVE = "approve", _("Согласовать")
    SEND_BACK = "send_back", _("Вернуть с замечанием")
    TAKE_BACK = "take_back", _("Отозвать")
    SEND_TOGETHER = "send_together", _("Отправить, не дожидаясь остальных")
    SETTLE = "settle", _("Проверить вручную")
    TAKE_NOTE = "take_note", _("Принять изменение к сведению")
    CLOSE = "close", _("Закрыть")
    REVIEW = "review", _("Проверить ответ")
    RETURN_FOR_REWORK = "return_for_rework", _("На доработку")
    REOPEN = "reopen", _("Возобновить")
    DISPUTE = "dispute", _("Автор не согласен")
    NOT_DONE = "not_done", _("Не сделано")
    POSTPONE = "postpone", _("Перенести срок")
    PAUSE = "pause", _("Остановить часы")
    RESUME = "resume", _("Пустить часы")
    EXTEND = "extend", _("Продлить срок")
    ALLOW_INTERIM = "allow_interim", _("Разрешить ещё промежуточный")
    TAKE_ON = "take_on", _("Ответить самим")
    TRANSFER = "transfer", _("В другой порядок")
    TELL_AGAIN = "tell_again", _("Известить ещё раз")
    TAKE_RESULT = "take_result", _("Записать результат")
    OPEN_PERSONAL = "open_personal", _("Открыть данные")
    NOTE = "note", _("Заметка")


class Doing(models.TextChoices):
    READING = "reading", _("читает")
    WRITING = "writing", _("пишет ответ")
