"""The last step of onboarding: the key of the community, and what the network said to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.channels import operations as channels
from otklik.channels.enums import ConnectionState, Intake
from otklik.channels.vk.errors import explain
from otklik.desk.access import Desk, at_desk
from otklik.desk.register.case import takes_key
from otklik.desk.register.within import case_within
from otklik.desk.register_forms.onboarding import KeyForm
from otklik.desk.views.register.onboarding import case_page, show
from otklik.people.access import staff
from otklik.people.rules import Right
from otklik.registry.enums import OnboardingStage
from otklik.registry.operations.onboarding import mark_connected


@staff
@require_POST
@at_desk
def key(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Try the key in the network; when it works, the case remembers it. No transaction is open meanwhile."""
    found = case_within(desk, pk)
    if not desk.reach.may(Right.MANAGE_CHANNELS, organization=found.organization_id, page=found.page_id):
        raise PermissionDenied
    if not takes_key(found) or found.page is None:
        messages.error(request, _("Сначала внесите страницу: ключ проверяется по её номеру."))
        return case_page(found)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return show(request, desk, found, {"key_form": form})
    by = desk.account.actor
    connection = channels.connect_page(
        page=found.page,
        community_token=form.cleaned_data["key"],
        intake=Intake.LONG_POLL if form.cleaned_data["long_poll"] else Intake.CALLBACK,
        by=by,
        now=desk.now,
    )
    if connection.state != ConnectionState.CONNECTED:
        form.add_error("key", explain(connection.problem) or connection.get_state_display())
        return show(request, desk, found, {"key_form": form})
    case = mark_connected(page=found.page, by=by, now=desk.now)
    if case is not None and case.stage == OnboardingStage.CONNECTED:
        messages.success(request, _("Страница подключена: новые сообщения уже приходят в очередь."))
    else:
        messages.success(request, _("Ключ принят, страница на связи. Осталось пройти этапы по списку."))
    return case_page(found)
