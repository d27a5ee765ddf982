"""What a systemic decision rests on: incidents come and go."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from otklik.casework.models import Incident, SystemicDecision
from otklik.casework.operations import systemic_basis as verbs
from otklik.desk.access import Desk, at_desk
from otklik.desk.decisions import within
from otklik.desk.decisions.forms import MatchForm, NumbersForm
from otklik.desk.decisions.said import accepted, done
from otklik.desk.views.decisions.acting import there
from otklik.desk.views.decisions.browsing import show
from otklik.people.access import staff


@staff
@require_POST
@at_desk
def add(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """By numbers: of incidents, of mass problems."""
    found = within.kept_decision_of(desk, pk)
    form = NumbersForm(request.POST)
    came: list[int] = []

    def verb() -> None:
        incidents, problems = form.cleaned_data["numbers"]
        came.append(
            verbs.add_to_basis(
                decision=found, incidents=incidents, problems=problems, by=desk.account, now=desk.now
            )
        )

    if not accepted(form, verb):
        return show(request, desk, found, numbers_form=form)
    _tell(request, sum(came))
    return there(pk)


@staff
@require_POST
@at_desk
def add_matching(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """All that match; how many was shown before."""
    found = within.kept_decision_of(desk, pk)
    form = MatchForm(request.POST, decision=found)
    if not form.is_valid():
        return show(request, desk, found, match_form=form)
    came: list[int] = []

    def verb() -> None:
        came.append(
            verbs.add_matching_to_basis(decision=found, wanted=form.wanted, by=desk.account, now=desk.now)
        )

    if done(request, verb):
        _tell(request, sum(came))
    return there(pk)


def _tell(request: HttpRequest, number: int) -> None:
    said = ngettext("Добавлен %(n)s инцидент.", "Добавлено %(n)s инцидентов.", number)
    messages.success(request, said % {"n": number})


@staff
@require_POST
@at_desk
def take(request: HttpRequest, desk: Desk, pk: int, incident: int) -> HttpResponse:
    """One incident is about something else."""
    found = within.kept_decision_of(desk, pk)
    one = _incident(found, incident)
    if done(
        request, lambda: verbs.take_from_basis(decision=found, incident=one, by=desk.account, now=desk.now)
    ):
        messages.success(request, _("№ %(number)s убран из основания.") % {"number": one.number})
    return there(pk)


def _incident(found: SystemicDecision, pk: int) -> Incident:
    one = Incident.objects.defer("search").filter(pk=min(pk, 2**62)).first()
    if one is None:
        raise Http404
    return one
