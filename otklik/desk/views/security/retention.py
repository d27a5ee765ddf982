"""The terms for which personal data is kept: the list with what would go today, one term, what has gone."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from otklik.casework.enums import RetentionKind, RetentionSince
from otklik.casework.models import RetentionRule, RetentionRun
from otklik.casework.operations import retention as verbs
from otklik.casework.operations import retention_rules
from otklik.casework.rules import retention as rules
from otklik.desk.access import Desk, at_desk
from otklik.desk.register.said import posted
from otklik.desk.security.erasure_forms import accepted
from otklik.desk.security.retention_forms import RetentionForm
from otklik.desk.security.within import require_erase
from otklik.people.access import staff

RUNS_SHOWN = 30
COUNTED: Mapping[str, Any] = {
    "messages": gettext_lazy("сообщений"),
    "incidents": gettext_lazy("инцидентов"),
    "answers": gettext_lazy("ответов"),
    "authors": gettext_lazy("авторов"),
    "events": gettext_lazy("событий"),
    "requests": gettext_lazy("запросов"),
    "files": gettext_lazy("файлов"),
    "photos": gettext_lazy("фотографий"),
    "addresses": gettext_lazy("адресов"),
    "brought": gettext_lazy("строк истории"),
    "reads": gettext_lazy("пояснений"),
}
"""What a run tells of; the rest of its counts follows from these."""


@staff
@require_safe
@at_desk
def rules_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All terms; asked to count, what each would take today, also those that do not hold."""
    require_erase(desk)
    kept = {each.kind: each for each in RetentionRule.objects.order_by("pk")}
    counting = bool(request.GET.get("count"))
    rows = [_row(kept[kind], desk, counting=counting) for kind in RetentionKind.values if kind in kept]
    runs = RetentionRun.objects.select_related("rule").order_by(F("ended_at").desc(nulls_first=True), "-pk")
    context = {
        "desk": desk,
        "rows": rows,
        "counting": counting,
        "runs": [(each, _told(each.counts)) for each in runs[:RUNS_SHOWN]],
        "asleep": [rule for rule, _since, _found in rows if not rule.is_active],
    }
    return render(request, "desk/security/retention.html", context)


def _row(
    rule: RetentionRule, desk: Desk, *, counting: bool
) -> tuple[RetentionRule, str, verbs.Preview | None]:
    found = verbs.preview(kind=rule.kind, days=rule.days, now=desk.now) if counting else None
    return rule, _since(rule), found


def _since(rule: RetentionRule) -> str:
    return str(RetentionSince(rules.SINCE[rule.kind]).label)


def _told(counts: Mapping[str, int]) -> str:
    """«4 сообщений, 2 ответов» would be wrong Russian for any number: the word goes first."""
    return ", ".join(f"{label}: {counts[name]}" for name, label in COUNTED.items() if counts.get(name))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def rule(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """One term: what it would take today, and its change; one that takes more is asked about once more."""
    require_erase(desk)
    found = RetentionRule.objects.filter(kind=kind).first()
    if found is None:
        raise Http404
    fields = {name: getattr(found, name) for name in ("days", "ground", "is_active", "version")}
    form = RetentionForm(posted(request), rule=found, initial=fields)
    asks = bool(
        request.method == "POST" and form.is_valid() and form.takes_more and not request.POST.get("sure")
    )
    if request.method == "POST" and not asks and _saved(form, desk):
        messages.success(request, _("Срок сохранён."))
        return HttpResponseRedirect(reverse("desk:security_retention"))
    days = form.cleaned_data["days"] if asks else found.days
    context = {
        "desk": desk,
        "rule": found,
        "since": _since(found),
        "form": form,
        "asks": asks,
        "days": days,
        "preview": verbs.preview(kind=kind, days=days, now=desk.now),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/security/retention_rule.html", context, status=status)


def _saved(form: RetentionForm, desk: Desk) -> bool:
    def save() -> None:
        retention_rules.save_retention_rule(
            rule=form.rule, by=desk.account, now=desk.now, **form.cleaned_data
        )

    return accepted(form, save)
