"""Versions of the list of topics: who changed what, and the list as it stood, also as a file."""

import csv

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.common.sheets import guarded
from otklik.desk.access import Desk, at_desk
from otklik.desk.triage.topic_list import changes_of, version_verb
from otklik.desk.triage.within import require_view
from otklik.people.access import staff
from otklik.triage.models import TopicsVersion

PAGE_SIZE = 20
MOST_CHANGES = 8
COLUMNS = (
    "code", "name", "group", "group_name", "priority", "target_days", "level", "is_active", "hint", "synonyms",
    "cur26", "pos", "replaced_by",
)  # fmt: skip


def _version(number: int) -> TopicsVersion:
    found = TopicsVersion.objects.filter(number=min(number, 2**31 - 1)).first()
    if found is None:
        raise Http404
    return found


@staff
@require_safe
@at_desk
def versions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The versions, the newest first, each with what it changed."""
    require_view(desk)
    page = Paginator(TopicsVersion.objects.order_by("-number"), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    oldest = rows[-1].number if rows else 0
    before = TopicsVersion.objects.filter(number__lt=oldest).order_by("-number").first()
    earlier = [*rows[1:], before]
    lines = []
    for row, previous in zip(rows, earlier, strict=False):
        changed = changes_of(previous.snapshot, row.snapshot) if previous else []
        lines.append((row, version_verb(row), changed[:MOST_CHANGES], max(0, len(changed) - MOST_CHANGES)))
    context = {"desk": desk, "page": page, "lines": lines}
    return render(request, "desk/triage/topic_versions.html", context)


@staff
@require_safe
@at_desk
def version(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The list as it stood, with all that this version changed."""
    require_view(desk)
    found = _version(number)
    previous = TopicsVersion.objects.filter(number__lt=found.number).order_by("-number").first()
    context = {
        "desk": desk,
        "version": found,
        "verb": version_verb(found),
        "changes": changes_of(previous.snapshot, found.snapshot) if previous else [],
        "is_last": not TopicsVersion.objects.filter(number__gt=found.number).exists(),
    }
    return render(request, "desk/triage/topic_version.html", context)


@staff
@require_safe
@at_desk
def version_csv(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The list as a table for a spreadsheet."""
    require_view(desk)
    found = _version(number)
    headers = {"Content-Disposition": f'attachment; filename="temy-{found.number}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in found.snapshot:
        writer.writerow([guarded(str(row.get(name, ""))) for name in COLUMNS])
    return response
