"""The way of an organisation to a page of its own: stages, what is done at each, what is still missing. Pure.

Sources of the checklist: the attributes of an official page (domain.md §1: orders of St Petersburg of 2024 and of
Bashkortostan of 2025, the guide of Stavropol), the procedure of the badge (pilot of 2022), ПОС widgets by hand.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from otklik.common.text import gettext_noop

STAGES = ("requested", "created", "designed", "verified", "connected")
CANCELLED = "cancelled"
ENDS = frozenset({"connected", CANCELLED})
# Working days a stage may take before it is late. The product's own figures: no act names them.
STAGE_DAYS: Mapping[str, int] = {"requested": 5, "created": 10, "designed": 15, "verified": 5}
FINE = "fine"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done at a stage. `facts` are lines of the passport: all of them fine tick it by themselves.

    `by_fact` items are never ticked by hand: the register or the network has to say so.
    """

    code: str
    title: str
    help: str
    facts: tuple[str, ...] = ()
    by_fact: bool = False


class NotReady(Exception):
    """Ещё не всё сделано: список ниже говорит, чего не хватает."""

    def __init__(self, missing: Sequence[Item]) -> None:
        """`missing` are the items that stop the step."""
        super().__init__("; ".join(item.title for item in missing))
        self.missing = tuple(missing)


class LastStage(Exception):
    """Дальше этапов нет: страница подключена или подключение прекращено."""


class FirstStage(Exception):
    """Это первый этап, вернуться некуда."""


class UnknownItem(Exception):
    """Такого пункта в списке нет."""


class OnlyByFact(Exception):
    """Этот пункт отмечается сам, когда система увидит его выполненным."""


# What is done while a case stands at the stage, before it may go on to the next.
CHECKLIST: Mapping[str, tuple[Item, ...]] = {
    "requested": (
        Item(
            "contact",
            gettext_noop("Назначен ответственный в организации"),
            gettext_noop(
                "Попросите приказ о назначении, запишите имя и телефон: с этим человеком пойдёт всё дальше."
            ),
        ),
        Item(
            "page",
            gettext_noop("Страница создана и внесена в реестр"),
            gettext_noop(
                "Сообщество создаёт сотрудник организации со своей страницы: «Сообщества» → «Создать сообщество» → "
                "«Бизнес» или «Тематическое сообщество». Затем внесите адрес страницы в эту карточку."
            ),
            facts=("page",),
            by_fact=True,
        ),
    ),
    "created": (
        Item(
            "name",
            gettext_noop("Официальное название и короткий адрес"),
            gettext_noop(
                "Название сообщества должно узнаваться: так же, как в уставе, можно короче, без сокращений."
            ),
            facts=("name",),
        ),
        Item(
            "description",
            gettext_noop("Описание деятельности и тематика"),
            gettext_noop(
                "Управление → Основная информация: чем занимается организация, в двух-трёх предложениях."
            ),
            facts=("description", "category"),
        ),
        Item(
            "contacts",
            gettext_noop("Адрес с точкой на карте, телефон, почта, часы работы"),
            gettext_noop("Управление → Контакты и адреса. Телефон тот, по которому отвечают."),
            facts=("address", "phone", "email", "hours"),
        ),
        Item(
            "avatar",
            gettext_noop("Аватар и обложка"),
            gettext_noop(
                "Герб, логотип или здание. Обложка 1920×768 точек, текст на ней читается с телефона."
            ),
            facts=("avatar", "cover"),
        ),
        Item(
            "site",
            gettext_noop("Ссылки: со страницы на официальный сайт и с сайта на страницу"),
            gettext_noop(
                "На сайте ссылку ставят в подвале или в «Контактах»: по ней житель проверит страницу."
            ),
            facts=("site", "site_link"),
        ),
        Item(
            "comments",
            gettext_noop("Комментарии открыты"),
            gettext_noop(
                "Управление → Разделы → Стена: «открытая» или «ограниченная» с включёнными комментариями."
            ),
            facts=("comments",),
        ),
    ),
    "designed": (
        Item(
            "administrators",
            gettext_noop("Не меньше двух администраторов, оба — сотрудники"),
            gettext_noop("Владелец и администратор указаны на Госуслугах как сотрудники; посторонних нет."),
            facts=("administrators",),
        ),
        Item(
            "two_factor",
            gettext_noop("Двухфакторная защита у владельца и администраторов"),
            gettext_noop("Попросите снимок экрана настроек безопасности у каждого; в сети этого не видно."),
            facts=("two_factor",),
        ),
        Item(
            "badge",
            gettext_noop("Метка «Госорганизация» подтверждена"),
            gettext_noop(
                "Управление → Основная информация → «Подтвердить статус через Госуслуги», вход как организация. Делает "
                "администратор страницы, он же руководитель или администратор кабинета организации. Потом запишите "
                "метку в карточке страницы с датой и тем, чем она подтверждена."
            ),
            facts=("badge",),
            by_fact=True,
        ),
        Item(
            "widgets",
            gettext_noop("Виджеты «Сообщить о проблеме» и «Высказать мнение»"),
            gettext_noop(
                "Нужна роль «Администратор» и подключение организации к ПОС; если она не подключена, ставится форма "
                "вышестоящего органа."
            ),
            facts=("widgets",),
        ),
    ),
    "verified": (
        Item(
            "connection",
            gettext_noop("Страница подключена к «Отклику»"),
            gettext_noop(
                "Управление → Работа с API → «Создать ключ» с правами на сообщения, стену и управление; передайте ключ "
                "на странице «Подключения». Пункт отметится, когда придёт первое подтверждение от сети."
            ),
            facts=("token",),
            by_fact=True,
        ),
    ),
    "connected": (),
    CANCELLED: (),
}
ITEMS: Mapping[str, Item] = {item.code: item for items in CHECKLIST.values() for item in items}


def is_done(item: Item, ticked: Collection[str], checks: Mapping[str, str]) -> bool:
    """Whether somebody ticked the item or the passport shows all it asks: `checks` is code → state of PageCheck."""
    if item.code in ticked:
        return True
    return bool(item.facts) and all(checks.get(code) == FINE for code in item.facts)


def missing(stage: str, ticked: Collection[str], checks: Mapping[str, str]) -> list[Item]:
    """What has to be done before the case may leave the stage, in the order of work."""
    return [item for item in CHECKLIST[stage] if not is_done(item, ticked, checks)]


def stage_after(stage: str) -> str:
    """The next stage. Raises LastStage."""
    if stage in ENDS:
        raise LastStage
    return STAGES[STAGES.index(stage) + 1]


def stage_before(stage: str) -> str:
    """The stage before. Raises LastStage for an ended case, FirstStage for a fresh one."""
    if stage in ENDS:
        raise LastStage
    if stage == STAGES[0]:
        raise FirstStage
    return STAGES[STAGES.index(stage) - 1]


def check_tick(code: str) -> Item:
    """The item that a person may tick. Raises UnknownItem, OnlyByFact."""
    if code not in ITEMS:
        raise UnknownItem
    if ITEMS[code].by_fact:
        raise OnlyByFact
    return ITEMS[code]
