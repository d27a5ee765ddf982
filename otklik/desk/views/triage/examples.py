"""Examples that models learn from: those by topic, tables brought with their wrong lines, taking a wrong one out."""

import csv
from typing import BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.common.sheets import guarded
from otklik.desk.access import Desk, at_desk
from otklik.desk.templatetags.model_words import wrong_words
from otklik.desk.triage import learning as shown
from otklik.desk.triage.forms import topics_offered
from otklik.desk.triage.said import done, words
from otklik.desk.triage.within import may_manage, require_manage
from otklik.people.access import staff
from otklik.triage import operations as verbs
from otklik.triage.enums import ExampleSource, TableState
from otklik.triage.models import Example, ExampleTable
from otklik.triage.operations.example_tables import LARGEST_FILE

PAGE_SIZE = 50
MOST_SHOWN = 200


@staff
@require_safe
@at_desk
def examples(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Examples by topic, source and words."""
    shown.require_sight(desk)
    asked = {
        name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in ("q", "topic", "source")
    }
    page = Paginator(_found(**asked), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "page": page,
        "asked": asked,
        "is_asked": any(asked.values()),
        "topics": topics_offered(),
        "sources": ExampleSource.choices,
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/triage/examples.html", context)


def _found(q: str, topic: str, source: str) -> QuerySet[Example]:
    rows = Example.objects.select_related("topic").order_by("-at", "-pk")
    if topic.isascii() and topic.isdigit() and len(topic) <= 18:
        rows = rows.filter(topic=int(topic))
    if source in ExampleSource.values:
        rows = rows.filter(source=source)
    for word in q.split()[:6]:
        rows = rows.filter(text__icontains=word)
    return rows


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def forget(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Show the example whole, then take it out."""
    require_manage(desk)
    example = Example.objects.select_related("topic").filter(pk=min(pk, 2**62)).first()
    if example is None:
        raise Http404
    if request.method == "POST":
        verbs.forget_example(example=example, by=desk.account.actor, now=desk.now)
        messages.success(request, _("Пример убран: следующая модель учиться на нём не будет."))
        return HttpResponseRedirect(f"{reverse('desk:triage_examples')}?topic={example.topic_id}")
    return render(request, "desk/triage/example_forget.html", {"desk": desk, "example": example})


@staff
@require_safe
@at_desk
def tables(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Tables that were brought, the newest first, and the form for another."""
    shown.require_sight(desk)
    rows = ExampleTable.objects.defer("wrong").order_by("-pk")
    context = {
        "desk": desk,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "reading": verbs.tables_wait(),
        "largest": LARGEST_FILE // 1_000_000,
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/triage/example_tables.html", context)


@staff
@require_safe
@at_desk
def state(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whether a table is still being read, for a page that waits."""
    shown.require_sight(desk)
    reading = verbs.tables_wait()
    response = render(request, "desk/triage/example_state.html", {"reading": reading})
    if not reading:
        response["HX-Refresh"] = "true"
    return response


@staff
@require_POST
@at_desk
def receive(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a table; a larger one than is taken was cut on its way, and the page says how large it may be."""
    require_manage(desk)
    back = HttpResponseRedirect(reverse("desk:triage_example_tables"))
    if getattr(request, "body_was_cut", False):
        messages.error(request, words(verbs.TableTooLarge()))
        return back
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Выберите файл."))
        return back

    def verb() -> None:
        verbs.receive_examples(
            file=cast("BinaryIO", file), name=file.name or "", by=desk.account.actor, now=desk.now
        )

    if done(request, verb):
        messages.success(request, _("Таблица принята и читается. Страница сама покажет, что из неё вышло."))
    return back


def _table(desk: Desk, pk: int) -> ExampleTable:
    shown.require_sight(desk)
    found = ExampleTable.objects.filter(pk=min(pk, 2**62)).first()
    if found is None:
        raise Http404
    return found


@staff
@require_safe
@at_desk
def table(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One table: what it came to, and the lines that were not taken."""
    found = _table(desk, pk)
    context = {
        "desk": desk,
        "table": found,
        "wrong": found.wrong[:MOST_SHOWN],
        "more": max(0, found.wrong_count - MOST_SHOWN),
        "kept": len(found.wrong),
        "is_waiting": found.state == TableState.WAITING,
        "is_refused": found.state == TableState.REFUSED,
    }
    return render(request, "desk/triage/example_table.html", context)


@staff
@require_safe
@at_desk
def table_csv(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The lines that were not taken, as a file to mend the table by."""
    found = _table(desk, pk)
    headers = {"Content-Disposition": f'attachment; filename="ne-prinyato-{found.pk}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("строка"), _("почему не принята"), _("что стояло")])
    for line, why, said in found.wrong:
        writer.writerow([line, wrong_words(why), guarded(str(said))])
    return response
