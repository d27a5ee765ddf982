"""The rules of moderation: read by those whom they concern, kept by the head."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework.models import ModerationRule
from otklik.casework.operations import moderation_rules as verbs
from otklik.desk.access import Desk, at_desk
from otklik.desk.moderation import within
from otklik.desk.moderation.forms import RuleForm, limit_words
from otklik.desk.moderation.said import accepted
from otklik.desk.register.said import posted
from otklik.people.access import staff


def _list() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:moderation_rules"))


@staff
@require_safe
@at_desk
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is forbidden, and how far one may go for it: to be read by everybody whom it concerns."""
    within.require_sight(desk)
    found = ModerationRule.objects.order_by("-is_active", "title", "pk")
    context = {
        "desk": desk,
        "rules": [(each, limit_words(each)) for each in found],
        "may_keep": within.keeps_rules(desk.reach),
    }
    return render(request, "desk/moderation/rules.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another rule."""
    within.require_rules(desk)
    form = RuleForm(posted(request))

    def add() -> None:
        verbs.save_moderation_rule(
            code=form.cleaned_data["code"], values=form.values, by=desk.account.actor, now=desk.now
        )

    if request.method == "POST" and accepted(form, add):
        messages.success(request, _("Правило добавлено и уже действует."))
        return _list()
    return _form(request, desk, form, None)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Another wording, or another measure."""
    rule = within.rule_of(desk, pk)
    form = RuleForm(posted(request), rule=rule)

    def change() -> None:
        verbs.save_moderation_rule(
            code=rule.code, values=form.values, by=desk.account.actor, now=desk.now, rule=rule,
            version=form.cleaned_data["version"],
        )  # fmt: skip

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("Правило «%(title)s» сохранено.") % {"title": form.values["title"]})
        return _list()
    return _form(request, desk, form, rule)


def _form(request: HttpRequest, desk: Desk, form: RuleForm, rule: ModerationRule | None) -> HttpResponse:
    context = {"desk": desk, "form": form, "rule": rule}
    return render(request, "desk/moderation/rule.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def retire(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Nothing more is decided by the rule."""
    rule = within.rule_of(desk, pk)
    verbs.retire_moderation_rule(rule=rule, by=desk.account.actor, now=desk.now)
    messages.success(
        request,
        _("Правило «%(title)s» снято.") % {"title": rule.title},
        extra_tags=reverse("desk:moderation_rule_restore", args=[rule.pk]),
    )
    return _list()


@staff
@require_POST
@at_desk
def restore(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The rule holds again."""
    rule = within.rule_of(desk, pk)
    verbs.restore_moderation_rule(rule=rule, by=desk.account.actor, now=desk.now)
    messages.success(request, _("Правило «%(title)s» снова действует.") % {"title": rule.title})
    return _list()
