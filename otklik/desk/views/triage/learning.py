"""Learnt models: what works now, versions, the report of one, putting one to work and taking it back."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.triage import learning as shown
from otklik.desk.triage.said import done, words
from otklik.desk.triage.within import may_manage, require_manage
from otklik.people.access import staff
from otklik.triage import operations as verbs
from otklik.triage.enums import ModelState
from otklik.triage.models import ExampleTable, Topic, TopicModel
from otklik.triage.operations.learning import BrokenModel, NotReady

PAGE_SIZE = 25


def _model(desk: Desk, pk: int) -> TopicModel:
    shown.require_sight(desk)
    found = TopicModel.objects.filter(pk=min(pk, 2**62)).first()
    if found is None:
        raise Http404
    return found


def _card(model: TopicModel) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:triage_model", args=[model.pk]))


@staff
@require_safe
@at_desk
def models(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What judges now, what the next model would learn from, and all versions."""
    shown.require_sight(desk)
    page = Paginator(shown.versions(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    newest = rows[0] if rows and page.number == 1 else None
    context = {
        "desk": desk,
        "page": page,
        "rows": rows,
        "working": shown.working(),
        "teaching": shown.teaching(),
        "busy": TopicModel.objects.filter(state__in=shown.BUSY).order_by("pk").first(),
        "failed": newest if newest and newest.state == ModelState.FAILED else None,
        "reading": verbs.tables_wait(),
        "tables": ExampleTable.objects.count(),
        "topics": Topic.objects.active().count(),
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/triage/models.html", context)


@staff
@require_safe
@at_desk
def state(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """How far a training is, for a page that waits; when it is over the page is asked to open itself anew."""
    model = _model(desk, pk)
    response = render(request, "desk/triage/model_state.html", {"model": model})
    if model.state not in shown.BUSY:
        response["HX-Refresh"] = "true"
    return response


@staff
@require_POST
@at_desk
def train(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask for a new version."""
    require_manage(desk)
    if done(request, lambda: verbs.ask_training(by=desk.account.actor, now=desk.now)):
        messages.success(
            request, _("Обучение поставлено в очередь. Страница сама покажет, когда модель готова.")
        )
    return HttpResponseRedirect(reverse("desk:triage_models"))


@staff
@require_safe
@at_desk
def model(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One version with its report."""
    found = _model(desk, pk)
    names, sort = shown.topic_names(), shown.sort_of(request.GET.get("sort", ""))
    labels = {each["label"] for each in found.report.get("labels", ())}
    context = {
        "desk": desk,
        "model": found,
        "is_taught": found.state in shown.TAUGHT,
        "is_busy": found.state in shown.BUSY,
        "lines": shown.topic_lines(found.report, names, sort),
        "heads": shown.heads(sort),
        "confusions": shown.confusions(found.report, names),
        "dots": shown.calibration_dots(found.report),
        "ticks": [(f"{100 - at}%", at) for at in shown.TICKS],
        "columns": [(f"{at}%", at) for at in shown.TICKS],
        "bins": [each | {"to": each["from"] + 0.1} for each in found.report.get("calibration", ())],
        "unknown": Topic.objects.active().exclude(code__in=labels).count(),
        "topics_version": verbs.topics_version(),
        "before": shown.before(found),
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/triage/model.html", context)


class _Step(NamedTuple):
    """A change of what judges: how it is asked, done and told."""

    title: Promise
    button: Promise
    told: Promise
    verb: Callable[..., TopicModel]
    states: tuple[ModelState, ...]


STEPS = {
    "activate": _Step(
        gettext_lazy("Поставить модель на работу?"),
        gettext_lazy("Поставить на работу"),
        gettext_lazy("Модель № %(n)s работает."),
        verbs.activate,
        (ModelState.READY, ModelState.RETIRED),
    ),
    "roll-back": _Step(
        gettext_lazy("Вернуть прежнюю модель?"),
        gettext_lazy("Вернуть прежнюю"),
        gettext_lazy("Прежняя модель № %(n)s снова работает."),
        verbs.roll_back,
        (ModelState.ACTIVE,),
    ),
    "retire": _Step(
        gettext_lazy("Снять модель?"),
        pgettext_lazy("model", "Снять"),
        gettext_lazy("Модель № %(n)s снята: работает начальная модель."),
        verbs.retire_model,
        (ModelState.ACTIVE,),
    ),
}


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def step(request: HttpRequest, desk: Desk, pk: int, what: str) -> HttpResponse:
    """Say what changes, then change it."""
    require_manage(desk)
    found, asked = _model(desk, pk), STEPS.get(what)
    if asked is None:
        raise Http404
    after: list[TopicModel] = []

    def verb() -> None:
        after.append(asked.verb(model=found, by=desk.account.actor, now=desk.now))

    if request.method == "POST":
        if done(request, verb):
            messages.success(request, asked.told % {"n": after[0].pk})
            return _card(after[0])
        return _card(found)
    before = shown.before(found)
    if found.state not in asked.states or (what == "roll-back" and before is None):
        lonely = what == "roll-back" and found.state == ModelState.ACTIVE
        messages.error(request, words(verbs.NothingToRollBackTo() if lonely else NotReady()))
        return _card(found)
    now = shown.working()
    then = {"activate": found, "roll-back": before, "retire": None}[what]
    context = {"desk": desk, "model": found, "what": what, "step": asked, "now": now, "then": then}
    return render(request, "desk/triage/model_step.html", context)


@staff
@require_safe
@at_desk
def compare(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A version beside another, or the starter, on the same messages."""
    one = _model(desk, pk)
    taught = list(TopicModel.objects.filter(state__in=shown.TAUGHT).exclude(pk=one.pk).order_by("-pk"))
    other = _other(request.GET.get("with", ""), taught)
    context: dict[str, Any] = {"desk": desk, "model": one, "other": other, "taught": taught}
    try:
        found = verbs.compare(one=one, other=other, now=desk.now)
    except (NotReady, BrokenModel) as fact:
        return render(
            request, "desk/triage/model_compare.html", context | {"refused": words(fact)}, status=409
        )
    context |= {"found": found, "apart": shown.apart_lines(found.recent.apart, shown.topic_names())}
    return render(request, "desk/triage/model_compare.html", context)


def _other(asked: str, taught: list[TopicModel]) -> TopicModel | None:
    """The model that is asked for; the one that works when none is, else the starter."""
    if not asked:
        return next((each for each in taught if each.state == ModelState.ACTIVE), None)
    return next((each for each in taught if str(each.pk) == asked), None)
