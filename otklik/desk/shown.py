"""The words of the desk: networks, places, moves and reasons as staff read them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.enums import (
    AnswerKind,
    AttachReason,
    DeclineReason,
    RejectReason,
    Resolution,
    ReworkCode,
    SatisfactionVerdict,
    TransferTarget,
)
from otklik.channels.vk.errors import explain

NETWORKS = {
    "vk": gettext_lazy("ВК"),
    "ok": gettext_lazy("ОК"),
    "telegram": gettext_lazy("Телеграм"),
    "max": "MAX",
}

PLACES = {
    "wall": gettext_lazy("комментарий под постом"),
    "photo": gettext_lazy("комментарий под фотографией"),
    "video": gettext_lazy("комментарий под видео"),
    "topic": gettext_lazy("комментарий в обсуждении"),
    "direct": gettext_lazy("личное сообщение"),
}

MOVES = {
    "open": gettext_lazy("Принято и разобрано"),
    "confirm": gettext_lazy("Разбор подтверждён"),
    "route": gettext_lazy("Передано"),
    "accept": gettext_lazy("Принято в работу"),
    "assign": gettext_lazy("Назначен ответственный"),
    "decline": gettext_lazy("Орган отказался"),
    "reject": gettext_lazy("Отклонено"),
    "restore": gettext_lazy("Возвращено в разбор"),
    "attach": gettext_lazy("Присоединено"),
    "detach": gettext_lazy("Отсоединено"),
    "take_on": gettext_lazy("Центр отвечает сам"),
    "take_up": gettext_lazy("Снова в работе"),
    "submit": gettext_lazy("Отдано на согласование"),
    "postpone": gettext_lazy("Просят перенести срок"),
    "approve": gettext_lazy("Согласовано, ответ отправлен в сеть"),
    "send_back": gettext_lazy("Не согласовано"),
    "answered_interim": gettext_lazy("Промежуточный ответ опубликован"),
    "answered_plan": gettext_lazy("План со сроком опубликован"),
    "dispute": gettext_lazy("Автор не согласен"),
    "not_done": gettext_lazy("Обещанное не сделано"),
    "review": gettext_lazy("Ответ проверен: хороший"),
    "return_for_rework": gettext_lazy("Ответ возвращён на доработку"),
    "author_thanks": gettext_lazy("Автор доволен ответом"),
    "correct_satisfaction": gettext_lazy("Слова автора об ответе прочитаны человеком"),
    "deny_repeat": gettext_lazy("Это не повтор"),
    "mark_repeat": gettext_lazy("Отмечено повтором"),
    "found_bad": gettext_lazy("Ответ не прошёл выборочную проверку"),
    "contest_return": gettext_lazy("Орган возразил на возврат"),
    "uphold_return": gettext_lazy("Возражение отклонено, возврат остался в силе"),
    "lift_return": gettext_lazy("Возражение принято, возврат не учитывается"),
    "pause": gettext_lazy("Часы остановлены"),
    "resume": gettext_lazy("Часы идут снова"),
    "extend": gettext_lazy("Срок окончательного ответа продлён"),
    "allow_interim": gettext_lazy("Разрешён ещё один промежуточный ответ"),
    "transfer": gettext_lazy("Передано в другой порядок"),
    "tell_again": gettext_lazy("Автору отправлено новое извещение"),
    "noted": gettext_lazy("Автор извещён о передаче"),
    "not_noted": gettext_lazy("Извещение автору не вышло"),
    "take_result": gettext_lazy("Получен результат, закрыто"),
    "archive": gettext_lazy("Убрано в архив"),
    "close": gettext_lazy("Закрыто"),
    "reopen": gettext_lazy("Возобновлено"),
    "split": gettext_lazy("Отделён вопрос"),
    "take_in": gettext_lazy("Присоединён другой вопрос сообщения"),
    "join": gettext_lazy("Соединено с другим вопросом сообщения"),
    "move_span": gettext_lazy("Кусок сообщения перешёл в другой вопрос"),
    "ask": gettext_lazy("Спросили автора"),
    "asked": gettext_lazy("Вопрос автору стоит в сети"),
    "replied": gettext_lazy("Автор ответил"),
    "replied_late": gettext_lazy("Автор ответил, вопрос снова в разборе"),
    "unasked": gettext_lazy("Вопрос автору не вышел"),
    "go_on": gettext_lazy("Продолжаем без ответа автора"),
    "no_reply": gettext_lazy("Автор не ответил"),
    "publish": gettext_lazy("Ответ отправлен в сеть"),
    "answered": gettext_lazy("Ответ опубликован"),
    "delivery_uncertain": gettext_lazy("Неизвестно, вышел ли ответ"),
    "delivery_manual": gettext_lazy("Ответ ждёт администратора страницы"),
    "answer_edited": gettext_lazy("Опубликованный ответ изменили в сети"),
    "answer_removed": gettext_lazy("Опубликованный ответ удалили в сети: на доработку"),
    "promise_removed": gettext_lazy("Опубликованный ответ удалили в сети: снова в работе"),
    "answer_gone": gettext_lazy("Опубликованный ответ удалили в сети"),
    "answer_restored": gettext_lazy("Удалённый ответ вернули в сети"),
    "take_note": gettext_lazy("Изменение ответа в сети принято к сведению"),
    "delivery_held": gettext_lazy("Ответ не уходит: странице нужен ключ"),
    "delivery_again": gettext_lazy("Отправляем ещё раз"),
    "undeliverable": gettext_lazy("Ответ не доставлен"),
    "author_replied": gettext_lazy("Автор написал ещё"),
    "message_changed": gettext_lazy("Сообщение изменилось в сети"),
}

_REASONS: dict[str, Any] = {
    **dict(RejectReason.choices),
    **dict(AttachReason.choices),
    **dict(DeclineReason.choices),
    **dict(ReworkCode.choices),
    **dict(TransferTarget.choices),
    **dict(Resolution.choices),
    **dict(AnswerKind.choices),
    **dict(SatisfactionVerdict.choices),
    "author_objects": gettext_lazy("автор пишет, что не решено"),
    "settled": gettext_lazy("возражений не было"),
    "confident": gettext_lazy("система уверена"),
    "low_confidence": gettext_lazy("система не уверена"),
    "no_topic": gettext_lazy("тема не распознана"),
    "taken_back": gettext_lazy("отозвано до отправки"),
    "cut_out": gettext_lazy("вопрос отделил диспетчер"),
}


def reason(code: str) -> str:
    """A reason in words: one of our codes, one of a network's, or what a person wrote."""
    known = _REASONS.get(code)
    return str(known) if known is not None else explain(code)


def move(verb: str) -> str:
    """What happened, without saying it of a man or a woman."""
    return str(MOVES.get(verb, verb))


def place(code: str) -> str:
    """Where a message stands, as a person would say it."""
    return str(PLACES.get(code, code))


def network(code: str) -> str:
    """The short name of a network."""
    return str(NETWORKS.get(code, code))


def hours(minutes: int) -> str:
    """Minutes as «3 ч 10 мин», for titles and screen readers."""
    whole, rest = divmod(abs(minutes), 60)
    if not whole:
        return _("%(minutes)d мин") % {"minutes": rest}
    return _("%(hours)d ч %(minutes)d мин") % {"hours": whole, "minutes": rest}
