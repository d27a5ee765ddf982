"""The duty of an organisation to keep a page in a network: required, or exempt with a basis."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.desk.access import Desk, at_desk
from otklik.desk.register.said import accepted, posted
from otklik.desk.register_forms.organizations import ObligationForm
from otklik.desk.views.register.organization import card_of, managed
from otklik.people.access import staff
from otklik.registry.enums import Network
from otklik.registry.models import PageObligation
from otklik.registry.operations.obligations import set_obligation
from otklik.registry.operations.places import local_date
from otklik.registry.rules.obligations import COMMON_BASES


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def obligation(request: HttpRequest, desk: Desk, pk: int, network: str) -> HttpResponse:
    """Say that the page is required since a day, or not, and on what basis."""
    found = managed(desk, pk)
    if network not in Network.values:
        raise Http404
    duty = PageObligation.objects.filter(organization=found, network=network).first()
    form = ObligationForm(posted(request), duty=duty, today=local_date(desk.now))

    def verb() -> None:
        given = form.cleaned_data
        set_obligation(
            organization=found,
            network=network,
            status=given["status"],
            since=given["since"],
            basis=given["exemption_basis"],
            document=given["document_ref"],
            reason=given["reason"],
            by=desk.account.actor,
            now=desk.now,
        )

    label = str(Network(network).label)
    if request.method == "POST" and accepted(form, verb):
        messages.success(request, _("Обязанность в сети «%(network)s» записана.") % {"network": label})
        return card_of(found)
    bases = [_(each) for each in COMMON_BASES]
    context = {"desk": desk, "form": form, "organization": found, "network": label, "bases": bases}
    return render(request, "desk/register/obligation_form.html", context, status=422 if form.errors else 200)
