"""Builds the page of the desk: what the templates show for a query, a card and what a person has just typed."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from otklik.casework.operations import masked_line
from otklik.casework.operations.answering import LONGEST_ANSWER
from otklik.casework.rules.addressing import first_name
from otklik.channels.rules import CANCELLABLE, SETTLEABLE
from otklik.common.text import excerpt, strip_mentions
from otklik.desk import choices, filters
from otklik.desk.access import Desk
from otklik.desk.card import Card, card_of
from otklik.desk.counts import Counts, counts
from otklik.desk.enums import View
from otklik.desk.models import SavedView
from otklik.desk.operations import others_at
from otklik.desk.ordering import Cursor
from otklik.desk.panels import Panel
from otklik.desk.queue import OPEN_VIEWS, SELDOM_VIEWS, QueueQuery, page_of
from otklik.desk.rows import rows
from otklik.desk.rules import without_greeting, working_stretches
from otklik.people.rules import Right


@dataclass(frozen=True, slots=True)
class Extra:
    """What one answer adds to a card: a problem to read, an open panel, a text that was typed and not kept."""

    problem: str = ""
    panel: Panel | None = None
    typed: str | None = None
    theirs: str = ""
    status: int = 200


NOTHING = Extra()


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One line of the left column."""

    code: str
    label: str
    number: int | None
    current: bool
    late: bool
    query: str


def query_of(request: HttpRequest, desk: Desk) -> QueueQuery:
    """The query in the address; without a view, the one the person works in."""
    query = QueueQuery.of(request.GET)
    if query.view:
        return query
    if query.q:
        return query.with_(view=View.ALL)
    home = View.TRIAGE if desk.reach.may_somewhere(Right.TRIAGE) else View.ROUTED
    return query.with_(view=home)


def show(
    request: HttpRequest, desk: Desk, query: QueueQuery, pk: int | None, extra: Extra = NOTHING
) -> HttpResponse:
    """The whole page, or only the card when htmx asks for it."""
    card = card_of(pk, desk) if pk is not None else None
    context = {"query": query, "desk": desk, **card_context(card, desk, extra)}
    if request.htmx and request.htmx.target == "card":  # type: ignore[attr-defined]
        return render(request, "desk/card.html", context, status=extra.status)
    context |= queue_context(request, query, desk)
    return render(request, "desk/page.html", context, status=extra.status)


def card_context(card: Card | None, desk: Desk, extra: Extra) -> dict[str, Any]:
    """Everything that the card's templates need."""
    if card is None:
        return {"card": None}
    incident = card.incident
    draft = card.draft
    return {
        "card": card,
        "incident": incident,
        "others": others_at(incident=incident, account=desk.account, now=desk.now),
        "problem": extra.problem,
        "panel": extra.panel,
        "theirs": extra.theirs,
        "text": extra.typed if extra.typed is not None else (draft.text if draft else ""),
        "unsaved": extra.typed is not None,
        "draft_version": draft.version if draft else 0,
        "longest": LONGEST_ANSWER,
        "title": _title(card),
        "author_first": first_name(incident.message.author.name) if incident.message.author else "",
        "publish_later": _publish_later(card),
        "settleable": SETTLEABLE,
        "cancellable": CANCELLABLE,
        "body": incident.executor or incident.suggested,
    }


def _title(card: Card) -> str:
    question = card.incident.question if card.opened else masked_line(card.incident.question)
    return excerpt(without_greeting(strip_mentions(question)), 90) or _("Сообщение без текста")


def _publish_later(card: Card) -> str:
    """Why the answer cannot go out yet, though it may be written."""
    if card.incident.state == "triage":
        return _("Опубликовать можно после разбора")
    if "accept" in card.powers:
        return _("Опубликовать можно, когда вопрос принят в работу")
    return ""


def queue_context(request: HttpRequest, query: QueueQuery, desk: Desk) -> dict[str, Any]:
    """The queue with its views, filters and counts."""
    found, after = page_of(query, desk, Cursor.of(request.GET.get("after", "")))
    return {
        "rows": rows(found, desk, query.column),
        "after": after,
        "continued": "after" in request.GET,
        "working": json.dumps(working_stretches(desk.calendar, desk.now)),
        **views_context(query, desk),
        **filters.context(query),
    }


def views_context(query: QueueQuery, desk: Desk) -> dict[str, Any]:
    """The left column."""
    found = counts(desk)
    base = QueueQuery(sort=query.sort)
    saved = list(SavedView.objects.filter(account=desk.account, removed_at=None).order_by("pk"))
    here = query.string
    groups = choices.group_counts(found.groups.get(query.view, {}))
    return {
        "links": [
            _link(view, query, base, found, desk)
            for view in View
            if query.view == view
            or (_concerns(view, desk) and (view not in SELDOM_VIEWS or found.views.get(view)))
        ],
        "groups": [
            ViewLink(code, name, number, query.group == code, late=False, query=_toggled(query, code))
            for code, name, number in groups
        ],
        "saved": [(view, view.query == here) for view in saved],
        "shown_count": found.views.get(query.view) if not query.filters else None,
        "unsure_count": found.unsure.get(query.view, 0),
        "due_today": found.due_today,
        "view_label": _label(View(query.view), desk),
        "sees_something": desk.reach.may_somewhere(Right.SEE_INCIDENTS),
        "empty": _empty(query),
    }


def _concerns(view: View, desk: Desk) -> bool:
    """Whoever judges answers sees them as work to do; the others only that they were given."""
    checks = desk.reach.may_somewhere(Right.CLOSE)
    return checks if view == View.CHECK else not (checks and view == View.ANSWERED)


def _label(view: View, desk: Desk) -> str:
    if view == View.APPROVAL and not desk.reach.may_somewhere(Right.APPROVE):
        return _("На согласовании")
    return str(view.label)


def _toggled(query: QueueQuery, code: str) -> str:
    return query.with_(group="" if query.group == code else code, topic="").string


def _link(view: View, query: QueueQuery, base: QueueQuery, found: Counts, desk: Desk) -> ViewLink:
    number = found.views.get(view) if view in _COUNTED else None
    if view == View.MINE:
        number = found.mine.get(desk.account.pk, 0)
    late = view in {View.OVERDUE, View.TROUBLE} and bool(number)
    return ViewLink(
        view,
        _label(view, desk),
        number or 0 if view in _COUNTED else None,
        query.view == view,
        late,
        base.with_(view=view).string,
    )


_COUNTED = OPEN_VIEWS | {View.ANSWERED, View.CHECK}


def _empty(query: QueueQuery) -> tuple[str, str]:
    """What an empty list says, and what to do."""
    if query.filters:
        return _("Ничего не найдено"), _("Снимите фильтр или поищите другими словами.")
    words = {
        View.TRIAGE: (_("Всё разобрано"), _("Новые сообщения появятся здесь сами.")),
        View.ASKED: (_("Никого не ждём"), _("Здесь вопросы, на которые автор ещё не ответил.")),
        View.MINE: (_("У вас нет работы"), _("Возьмите инцидент из вида «В органе» или «В работе».")),
        View.ROUTED: (_("Ничего не ждёт принятия"), _("Направленные вам инциденты появятся здесь сами.")),
        View.WORK: (_("В работе ничего нет"), _("Примите инцидент из вида «В органе».")),
        View.APPROVAL: (
            _("Согласовывать нечего"),
            _("Ответы, которым нужен второй человек, появятся здесь."),
        ),
        View.RETURNED: (_("Ничего не вернули"), _("Здесь то, что вернул центр или автор.")),
        View.PROMISED: (_("Обещаний нет"), _("Здесь промежуточные ответы и планы, ближний день сверху.")),
        View.CHECK: (_("Все ответы проверены"), _("Новые окончательные ответы появятся здесь сами.")),
        View.PUBLISHING: (_("Все ответы вышли"), _("Здесь видно ответы на пути в сеть.")),
        View.TROUBLE: (_("Все ответы доставлены"), _("Если сеть откажет, ответ с причиной появится здесь.")),
        View.OVERDUE: (_("Просроченных нет"), _("Так держать.")),
    }
    return words.get(View(query.view), (_("Пока пусто"), _("Здесь появится то, что подойдёт под этот вид.")))
