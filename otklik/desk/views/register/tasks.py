"""Work on passports: one task, the word of a person, "look again", and the pages of one's own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.passports import lines, mine
from otklik.desk.passports.forms import LONGEST, AttestForm, CancelForm, PostponeForm, WithdrawForm
from otklik.desk.register import said
from otklik.desk.views.register.passports import page_within
from otklik.people.access import staff
from otklik.people.rules import Right
from otklik.registry.models import OfficialPage, PageCheck, PageTask
from otklik.registry.operations import passports
from otklik.registry.rules.pages import EvidenceNeeded

FACTS = (
    *said.FACTS,
    passports.TaskClosed,
    passports.PastTerm,
    passports.UnknownCheck,
    passports.NetworkSpeaks,
    passports.NotAttested,
    EvidenceNeeded,
)


@staff
@require_safe
@at_desk
def my_pages(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The pages the person runs, each with what has to be done about it."""
    page, own = mine.own_pages(desk, request.GET.get("page", "1"))
    context = {
        "desk": desk,
        "page": page,
        "own": own,
        "todo": sum(len(each.works) for each in own),
        "late": sum(each.late for each in own),
        "sees_all": Right.SEE_REGISTRY in desk.reach.center,
    }
    return render(request, "desk/register/my_pages.html", context)


@staff
@require_safe
@at_desk
def task(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One task: what is wrong, what to do, its history, and its term."""
    return _show(request, desk, _task_within(desk, pk))


@staff
@require_POST
@at_desk
def done(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The person says it is mended: the page is looked at before all others."""
    found = _task_within(desk, pk, Right.RUN_PAGE)
    passports.check_soon(page=found.page, task=found, by=desk.account.actor, now=desk.now)
    messages.success(
        request, _("Спасибо! Проверим страницу вне очереди и закроем задачу, если всё исправлено.")
    )
    return _back(request, reverse("desk:register_task", args=[pk]))


@staff
@require_POST
@at_desk
def check_now(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Put the page first in the turn of checks."""
    page = page_within(desk, pk, Right.RUN_PAGE)
    passports.check_soon(page=page, by=desk.account.actor, now=desk.now)
    messages.success(request, _("Страница поставлена первой в очередь на проверку."))
    return _back(request, reverse("desk:register_passport", args=[pk]))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def attest(request: HttpRequest, desk: Desk, pk: int, code: str) -> HttpResponse:
    """A person's word with evidence for what no network shows."""
    page = page_within(desk, pk, Right.RUN_PAGE)
    line = _line(page, code, desk)
    form = AttestForm(request.POST or None)
    if form.is_valid():
        evidence, thanks = form.cleaned_data["evidence"], _("Подтверждение записано: «%(title)s».")
        _try(
            request,
            thanks % {"title": line.title},
            lambda: passports.attest(
                page=page, code=code, evidence=evidence, by=desk.account.actor, now=desk.now
            ),
        )
        return _back(request, reverse("desk:register_passport", args=[pk]) + f"#check-{code}")
    context = {
        "desk": desk,
        "page": page,
        "line": line,
        "form": form,
        "withdraw": WithdrawForm(auto_id="id_withdraw_%s"),
        "next": _next(request),
    }
    return render(request, "desk/register/attest.html", context, status=422 if form.is_bound else 200)


@staff
@require_POST
@at_desk
def withdraw(request: HttpRequest, desk: Desk, pk: int, code: str) -> HttpResponse:
    """Take a person's word back."""
    page = page_within(desk, pk, Right.RUN_PAGE)
    reason = request.POST.get("reason", "")[:LONGEST]
    _try(
        request,
        _("Подтверждение отозвано."),
        lambda: passports.withdraw_attestation(
            page=page, code=code, reason=reason, by=desk.account.actor, now=desk.now
        ),
    )
    return _back(request, reverse("desk:register_passport", args=[pk]) + f"#check-{code}")


@staff
@require_POST
@at_desk
def postpone(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Another term, with its reason."""
    found = _task_within(desk, pk, Right.MANAGE_REGISTRY)
    form = PostponeForm(request.POST, today=timezone.localdate(desk.now))
    if not form.is_valid():
        return _show(request, desk, found, postpone=form)
    _try(
        request,
        _("Срок перенесён."),
        lambda: passports.postpone_task(
            task=found,
            due_on=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            by=desk.account.actor,
            now=desk.now,
        ),
    )
    return HttpResponseRedirect(reverse("desk:register_task", args=[pk]))


@staff
@require_POST
@at_desk
def cancel(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take the task off without its being done."""
    found = _task_within(desk, pk, Right.MANAGE_REGISTRY)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _show(request, desk, found, cancel=form)
    reason = form.cleaned_data["reason"]
    _try(
        request,
        _("Задача снята."),
        lambda: passports.cancel_task(task=found, reason=reason, by=desk.account.actor, now=desk.now),
    )
    return HttpResponseRedirect(reverse("desk:register_task", args=[pk]))


def _try(request: HttpRequest, thanks: str, verb: Callable[[], object]) -> None:
    """Do it and say so; what the verb refuses is said in its words."""
    try:
        verb()
    except FACTS as fact:
        messages.error(request, said.words(fact))
    else:
        messages.success(request, thanks)


def _show(request: HttpRequest, desk: Desk, found: PageTask, **forms: Any) -> HttpResponse:
    rights = {"organization": found.page.organization_id, "page": found.page_id}
    today = timezone.localdate(desk.now)
    vouched = PageCheck.objects.filter(page=found.page_id, code=found.code).exclude(attested_at=None)
    context = {
        "desk": desk,
        "page": found.page,
        "work": mine.work_of(found, desk.now, by_word=vouched.exists()),
        "events": lines.events_of(found),
        "section": "passports",
        "may_run": desk.reach.may(Right.RUN_PAGE, **rights),
        "may_manage": desk.reach.may(Right.MANAGE_REGISTRY, **rights),
        "postpone": forms.get("postpone") or PostponeForm(today=today, auto_id="id_postpone_%s"),
        "cancel": forms.get("cancel") or CancelForm(auto_id="id_cancel_%s"),
    }
    return render(request, "desk/register/task.html", context, status=422 if forms else 200)


def _task_within(desk: Desk, pk: int, right: Right = Right.SEE_REGISTRY) -> PageTask:
    found = PageTask.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.page = page_within(desk, found.page_id, right)
    return found


def _line(page: OfficialPage, code: str, desk: Desk) -> lines.Line:
    """The requirement, or 404 when there is none by this code or the network speaks for it."""
    check = PageCheck.objects.filter(page=page, code=code).first()
    found = lines.line(code, check, timezone.localdate(desk.now))
    if found is None or not found.can_attest:
        raise Http404
    return found


def _next(request: HttpRequest) -> str:
    """The page to go back to, of this site only."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def _back(request: HttpRequest, default: str) -> HttpResponse:
    return HttpResponseRedirect(_next(request) or default)
