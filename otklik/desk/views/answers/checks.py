"""The rules of the check: all of them, and one with its words and its history."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.casework import operations as casework
from otklik.desk.access import Desk, at_desk
from otklik.desk.answers.forms import CheckRuleForm
from otklik.desk.answers.rules_list import history_of, rule_shown, rules_shown
from otklik.desk.answers.said import accepted
from otklik.desk.answers.within import may_rule, require_rule, require_view
from otklik.desk.register.said import posted
from otklik.people.access import staff


@staff
@require_safe
@at_desk
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every rule by which answers are checked, and what it does."""
    require_view(desk)
    context = {"desk": desk, "rules": rules_shown(), "may_rule": may_rule(desk)}
    return render(request, "desk/answers/rules.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def rule(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One rule with its history; the centre changes it."""
    require_view(desk)
    shown = rule_shown(code)
    if shown is None:
        raise Http404
    if request.method == "POST":
        require_rule(desk)
    initial = {"mode": shown.mode, "words": "\n".join(shown.words), "allowed": "\n".join(shown.allowed)}
    form = CheckRuleForm(posted(request), code=code, initial=initial)

    def change() -> None:
        casework.set_answer_rule(code=code, by=desk.account.actor, now=desk.now, **form.values)

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("Правило «%(name)s» сохранено.") % {"name": shown.name})
        return HttpResponseRedirect(reverse("desk:answer_rules"))
    context = {
        "desk": desk,
        "rule": shown,
        "form": form if may_rule(desk) else None,
        "history": history_of(shown),
    }
    return render(request, "desk/answers/rule.html", context, status=422 if form.errors else 200)
