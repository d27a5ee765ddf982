"""A statement is checked, refuted, rebutted; or it is an opinion."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from otklik.casework.models import FakeReport
from otklik.casework.operations import fake_links
from otklik.casework.operations import fakes as verbs
from otklik.desk.access import Desk, at_desk
from otklik.desk.decisions import within
from otklik.desk.decisions.fake_forms import FakeForm, JudgeForm, LinksForm, PublishedForm, RebuttalForm
from otklik.desk.decisions.fake_said import accepted, done
from otklik.desk.register.said import posted
from otklik.desk.register_forms.base import ReasonForm
from otklik.desk.views.decisions.fakes import show, there
from otklik.people.access import staff
from otklik.registry.operations import local_date


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """It is told better."""
    found = within.kept_fake_of(desk, pk)
    form = FakeForm(posted(request), report=found)

    def change() -> None:
        verbs.change_fake(
            report=found, said=form.said, by=desk.account, now=desk.now, version=form.cleaned_data["version"]
        )

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("Запись сохранена."))
        return there(pk)
    context = {"desk": desk, "section": "decisions", "form": form, "report": found}
    return render(request, "desk/decisions/fake_edit.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def take(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The person begins to check it."""
    found = within.kept_fake_of(desk, pk)
    if done(request, lambda: verbs.take_fake(report=found, by=desk.account, now=desk.now)):
        messages.success(request, _("Проверяете вы. Спросите орган и запишите, что выяснили."))
    return there(pk)


@staff
@require_POST
@at_desk
def judge(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What the check came to."""
    found = within.kept_fake_of(desk, pk)
    form = JudgeForm(request.POST)

    def verb() -> None:
        verbs.judge_fake(report=found, finding=form.finding, by=desk.account, now=desk.now)

    if not accepted(form, verb):
        return show(request, desk, found, judge_form=form)
    messages.success(request, _("Результат проверки записан."))
    return there(pk)


Reasoned = Callable[..., FakeReport]
REASONED: dict[str, Reasoned] = {"opinion": verbs.close_as_opinion, "reopen": verbs.reopen_fake}


@staff
@require_POST
@at_desk
def step(request: HttpRequest, desk: Desk, pk: int, verb: str) -> HttpResponse:
    """A step that owes a reason."""
    found = within.kept_fake_of(desk, pk)
    if verb not in REASONED:
        raise Http404
    form = ReasonForm(request.POST)

    def act() -> None:
        REASONED[verb](report=found, reason=form.cleaned_data["reason"], by=desk.account, now=desk.now)

    if not accepted(form, act):
        return show(request, desk, found, reason_form=form)
    said = {"opinion": _("Закрыто без действий: это мнение."), "reopen": _("Проверка начнётся заново.")}
    messages.success(request, said[verb])
    return there(pk)


@staff
@require_POST
@at_desk
def rebut(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The words that are published."""
    found = within.kept_fake_of(desk, pk)
    form = RebuttalForm(request.POST, report=found)

    def verb() -> None:
        verbs.write_rebuttal(report=found, by=desk.account, now=desk.now, **form.cleaned_data)

    if not accepted(form, verb):
        return show(request, desk, found, rebuttal_form=form)
    messages.success(request, _("Опровержение сохранено. Отметьте, где оно опубликовано."))
    return there(pk)


@staff
@require_POST
@at_desk
def publish(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Where it stands."""
    found = within.kept_fake_of(desk, pk)
    form = PublishedForm(request.POST, today=local_date(desk.now))

    def verb() -> None:
        given: dict[str, Any] = form.cleaned_data
        fake_links.publish_rebuttal(report=found, by=desk.account, now=desk.now, **given)

    if not accepted(form, verb):
        return show(request, desk, found, published_form=form)
    messages.success(request, _("Публикация записана."))
    return there(pk)


@staff
@require_POST
@at_desk
def link(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """More places where it was met."""
    found = within.kept_fake_of(desk, pk)
    form = LinksForm(request.POST)
    came: list[int] = []

    def verb() -> None:
        addresses, incidents = form.cleaned_data["links"]
        came.append(
            fake_links.add_fake_links(
                report=found, addresses=addresses, incidents=incidents, by=desk.account, now=desk.now
            )
        )

    if not accepted(form, verb):
        return show(request, desk, found, links_form=form)
    number = sum(came)
    said = ngettext("Добавлена %(n)s ссылка.", "Добавлено %(n)s ссылок.", number)
    messages.success(request, said % {"n": number})
    return there(pk)


@staff
@require_POST
@at_desk
def remove(request: HttpRequest, desk: Desk, pk: int, what: str, number: int) -> HttpResponse:
    """A link or a publication was a mistake."""
    found = within.kept_fake_of(desk, pk)
    number = min(number, 2**62)
    gone: dict[str, Callable[[], None]] = {
        "link": lambda: fake_links.remove_fake_link(report=found, link=number, by=desk.account, now=desk.now),
        "publication": lambda: fake_links.withdraw_publication(
            report=found, publication=number, by=desk.account, now=desk.now
        ),
    }
    if what not in gone:
        raise Http404
    if done(request, gone[what]):
        messages.success(request, _("Убрано."))
    return there(pk)
