"""What each error of VK means for us: a table, and the words staff read.

Codes and texts are those of the official schema (errors.json of VKCOM/vk-api-schema 5.199); 984 and 1021
stand in the documentation only.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from otklik.channels.base import NetworkFailure, Scope

HOUR = 3600.0


class Policy(NamedTuple):
    """Our reason for a code, what has to stop, whether another try is useless, and seconds before it."""

    reason: str
    scope: Scope = Scope.CALL
    permanent: bool = True
    wait: float = 0.0


_INTERNAL = Policy("internal", permanent=False)
_BUG = Policy("bad_request")
_KEY = Policy("key_dead", Scope.KEY, permanent=False, wait=HOUR)
_HUMAN = Policy("human_needed", Scope.PAUSE, permanent=False, wait=HOUR)
_NO_RIGHT = Policy("no_right", Scope.CAPABILITY)
_ACCESS = Policy("access_denied", Scope.CAPABILITY)
_CLOSED = Policy("comments_closed")
_MESSAGE = Policy("message_refused")

POLICIES: dict[int, Policy] = {
    1: _INTERNAL,
    10: _INTERNAL,
    **dict.fromkeys((2, 3, 8, 100, 101, 104, 113, 125), _BUG),
    **dict.fromkeys((5, 28, 1116, 1117), _KEY),
    6: Policy("too_fast", permanent=False, wait=1.0),
    7: _NO_RIGHT,
    27: Policy("wrong_key_kind", Scope.CAPABILITY),
    15: _ACCESS,
    203: _ACCESS,
    9: Policy("flood", permanent=False, wait=4 * HOUR),
    29: Policy("quota", Scope.METHOD, permanent=False, wait=HOUR),
    **dict.fromkeys((14, 17, 3300, 3301, 3302), _HUMAN),
    18: Policy("author_gone"),
    **dict.fromkeys((210, 211, 214), Policy("post_closed")),
    **dict.fromkeys((212, 213, 801), _CLOSED),
    219: Policy("too_many_ads"),
    222: Policy("links_forbidden"),
    223: Policy("too_many_replies"),
    **dict.fromkeys((250, 251, 252, 253), Policy("poll_refused")),
    **dict.fromkeys((701, 703, 711), Policy("community_settings")),
    800: Policy("already_added"),
    900: Policy("author_blocked"),
    901: Policy("no_permission_to_write"),
    902: Policy("author_privacy"),
    950: Policy("reply_window_closed"),
    914: Policy("text_too_long"),
    **dict.fromkeys((911, 912, 913, 917, 925, 927, 932, 936, 943, 944, 945, 946, 985, 1021), _MESSAGE),
    984: Policy("spam_limits"),
    2000: Policy("callback_servers_limit"),
}
_UNKNOWN = Policy("unknown_refusal")


def failure(code: int, message: str) -> NetworkFailure:
    """The failure that follows from an error of VK; a code nobody described is final and shown as it is."""
    policy = POLICIES.get(code, _UNKNOWN)
    return NetworkFailure(
        policy.reason,
        f"{code}: {message}"[:500],
        permanent=policy.permanent,
        wait=policy.wait,
        scope=policy.scope,
        code=code,
    )


def explain(reason: str) -> str:
    """The reason in the words of staff: what happened and what to do; an unknown code stays as it is."""
    return _words().get(reason, reason)


def _words() -> dict[str, str]:
    return {**_words_of_keys(), **_words_of_answers(), **_words_of_transport()}


def _words_of_keys() -> dict[str, str]:
    return {
        "key_dead": _("Ключ больше не действует: выпустите новый и введите его на странице подключения."),
        "human_needed": _("ВКонтакте просит подтвердить, что вы человек: войдите в сеть и снимите проверку."),
        "no_right": _("У ключа нет нужного права: выпустите ключ с этим правом."),
        "wrong_key_kind": _("Этот вид ключа не может выполнять такое действие: нужен другой ключ."),
        "access_denied": _("Нет доступа: запись закрыта, удалена или у ключа нет права на неё."),
        "quota": _("Исчерпан предел сети на такие действия: попробуем позже сами."),
        "too_fast": _("Слишком много запросов в секунду: попробуем через секунду сами."),
        "flood": _("Сеть приняла повторы за флуд: попробуем через несколько часов сами."),
        "no_key": _("Ни у одного ключа страницы нет такого права: опубликуйте готовый текст вручную."),
        "no_reading_key": _(
            "Нет ключа, которым можно прочитать комментарии: проверьте сами, вышел ли ответ."
        ),
        "callback_servers_limit": _("У сообщества уже десять серверов Callback API: удалите лишний."),
        "foreign_key": _("Ключ выпущен для другого сообщества."),
        "community_settings": _("Сообщество не настроено для этого действия."),
        "spam_limits": _("Сеть ограничила сообщество из-за жалоб на спам."),
    }


def _words_of_answers() -> dict[str, str]:
    return {
        "post_closed": _("Запись недоступна: удалена или стена закрыта."),
        "comments_closed": _("Комментарии закрыты: ответить под этой записью нельзя."),
        "comment_deleted": _("Комментарий удалён: отвечать больше некому."),
        "links_forbidden": _("Сеть не пропускает ссылки в этом комментарии: уберите ссылку."),
        "too_many_replies": _("В ветке слишком много ответов сообщества."),
        "too_many_ads": _("Слишком частые рекламные записи."),
        "author_gone": _("Страница автора удалена или заблокирована."),
        "author_blocked": _("Автор добавил страницу в чёрный список: ответьте другим способом."),
        "no_permission_to_write": _("Автор не разрешил сообщения от страницы: ответьте другим способом."),
        "author_privacy": _(
            "Настройки приватности автора не пропускают сообщение: ответьте другим способом."
        ),
        "reply_window_closed": _("Время для ответа в этом диалоге истекло."),
        "text_too_long": _("Текст слишком длинный для сообщения: сократите его."),
        "message_refused": _("Сеть не приняла сообщение."),
        "bad_request": _("Сеть не поняла запрос: сообщите администратору системы."),
        "poll_refused": _("Опрос недоступен."),
        "already_added": _("Уже добавлено."),
        "unknown_refusal": _("Сеть отказала."),
    }


def _words_of_transport() -> dict[str, str]:
    return {
        "internal": _("Внутренняя ошибка сети: попробуем ещё."),
        "no_connection": _("Нет связи с сетью: попробуем ещё."),
        "bad_address": _("Адрес сети в настройках неверен."),
        "timeout": _("Сеть не ответила вовремя: проверяем, вышел ли ответ."),
        "lost_response": _("Связь оборвалась до ответа сети: проверяем, вышел ли ответ."),
        "server_error": _("Сервер сети ответил ошибкой: проверяем, вышел ли ответ."),
        "broken_response": _("Ответ сети не удалось прочитать: проверяем, вышел ли ответ."),
        "abandoned": _("Отправка прервалась на полпути: проверяем, вышел ли ответ."),
        "thread_unknown": _("Не нашли ветку комментария: проверьте сами, вышел ли ответ."),
        "too_much_to_read": _("Слишком много комментариев: проверьте сами, вышел ли ответ."),
        "not_found": _("Ответа в сети нет: отправляем ещё раз."),
        "exhausted": _("Все попытки исчерпаны: отправьте ещё раз или опубликуйте вручную."),
        "key_paused": _("Ключ на паузе: отправим, когда её снимут."),
        "by_person": _("Решил сотрудник."),
    }
