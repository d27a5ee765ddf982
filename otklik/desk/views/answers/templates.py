"""Templates and guides: the list, one with a preview and its history, taking it out and bringing it back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework import operations as casework
from otklik.casework.enums import TemplateKind
from otklik.casework.models import AnswerTemplate
from otklik.casework.rules import templates as rules
from otklik.desk.access import Desk, at_desk
from otklik.desk.answers.said import FACTS, accepted, words
from otklik.desk.answers.template_forms import TemplateForm
from otklik.desk.answers.template_list import (
    STATES,
    TemplateQuery,
    found_by,
    history_of,
    preview_of,
    season_of,
)
from otklik.desk.answers.within import (
    may_add,
    may_keep,
    may_rule,
    require_keep,
    require_view,
    templates_seen,
)
from otklik.desk.register.said import posted
from otklik.people.access import staff
from otklik.triage.models import TopicGroup

PAGE_SIZE = 50
_LISTS = {TemplateKind.TEMPLATE: "desk:answer_templates", TemplateKind.GUIDE: "desk:answer_guides"}


def _list_of(kind: str) -> str:
    return reverse(_LISTS[TemplateKind(kind)])


def _template(desk: Desk, pk: int) -> AnswerTemplate:
    found = templates_seen(desk).filter(pk=pk if pk < 2**63 else 0).first()
    if found is None:
        raise Http404
    return found


@staff
@require_safe
@at_desk
def templates(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Templates, or guides, that concern the person."""
    require_view(desk)
    query = TemplateQuery.of(request.GET)
    today = desk.now.astimezone(desk.calendar.tz).date()
    found = found_by(query, templates_seen(desk).filter(kind=kind), today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "kind": kind,
        "query": query,
        "page": page,
        "rows": [(each, season_of(each), bool(each.expires_on and each.expires_on < today)) for each in page],
        "groups": [(str(pk), name) for pk, name in _groups()],
        "states": STATES.items(),
        "may_add": may_add(desk),
        "list": _list_of(kind),
    }
    return render(request, "desk/answers/templates.html", context)


def _groups() -> Any:
    return TopicGroup.objects.order_by("position").values_list("pk", "name")


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """A new template or guide."""
    require_keep(desk, None)
    form = TemplateForm(posted(request), desk=desk, kind=kind)

    def add() -> None:
        casework.add_template(
            values=form.values, by=desk.account.actor, now=desk.now, as_center=may_rule(desk)
        )

    if request.method == "POST" and accepted(form, add):
        messages.success(request, _("«%(name)s» добавлено.") % {"name": form.cleaned_data["title"]})
        return HttpResponseRedirect(_list_of(kind))
    return _page(request, desk, form, kind)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One of them with its history; whoever keeps it changes it."""
    require_view(desk)
    template = _template(desk, pk)
    if request.method == "POST":
        require_keep(desk, template)
    if not (may_keep(desk, template) and template.is_active):
        return _page(request, desk, None, template.kind, template)
    form = TemplateForm(posted(request), desk=desk, kind=template.kind, template=template)

    def change() -> None:
        casework.change_template(
            template=template,
            values=form.values,
            version=form.cleaned_data["version"] or 0,
            by=desk.account.actor,
            now=desk.now,
            as_center=may_rule(desk),
            reason=form.cleaned_data["reason"],
        )

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("«%(name)s» сохранено.") % {"name": form.cleaned_data["title"]})
        return HttpResponseRedirect(_list_of(template.kind))
    return _page(request, desk, form, template.kind, template)


def _page(
    request: HttpRequest,
    desk: Desk,
    form: TemplateForm | None,
    kind: str,
    template: AnswerTemplate | None = None,
) -> HttpResponse:
    text = str(form["text"].value() or "") if form else template.text if template else ""
    context = {
        "desk": desk,
        "section": "answers",
        "form": form,
        "kind": kind,
        "template": template,
        "season": season_of(template) if template else "",
        "may_keep": template is not None and may_keep(desk, template),
        "variables": rules.VARIABLES if kind == TemplateKind.TEMPLATE else (),
        "history": history_of(template) if template else [],
        "list": _list_of(kind),
        **_previewed(text, kind),
    }
    status = 422 if form and form.errors else 200
    return render(request, "desk/answers/template.html", context, status=status)


def _previewed(text: str, kind: str) -> dict[str, Any]:
    if kind == TemplateKind.GUIDE:
        return {"pieces": [(text, False)] if text else []}
    try:
        return {"pieces": preview_of(text)}
    except FACTS as fact:
        return {"refused": words(fact)}


@staff
@require_POST
@at_desk
def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The text as typed so far, with examples in the places of its variables."""
    require_keep(desk, None)
    text = request.POST.get("text", "").replace("\r\n", "\n")[: 2 * casework.LONGEST_ANSWER]
    kind = TemplateKind.GUIDE if request.GET.get("kind") == "guide" else TemplateKind.TEMPLATE
    return render(request, "desk/answers/template_preview.html", _previewed(text, kind))


@staff
@require_POST
@at_desk
def turn(request: HttpRequest, desk: Desk, pk: int, what: str) -> HttpResponse:
    """Offer it no more, or again."""
    template = _template(desk, pk)
    require_keep(desk, template)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else template.version
    verb = casework.retire_template if what == "retire" else casework.restore_template
    try:
        verb(template=template, version=version, by=desk.account.actor, now=desk.now)
    except FACTS as fact:
        messages.error(request, words(fact))
        return HttpResponseRedirect(reverse("desk:answer_text", args=[pk]))
    if what == "retire":
        undo = reverse("desk:answer_text_restore", args=[pk])
        messages.success(request, _("«%(name)s» снято.") % {"name": template.title}, undo)
        return HttpResponseRedirect(_list_of(template.kind))
    messages.success(request, _("«%(name)s» снова предлагается.") % {"name": template.title})
    return HttpResponseRedirect(reverse("desk:answer_text", args=[pk]))
