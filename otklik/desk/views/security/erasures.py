"""Requests of residents for erasure: the list, a new one, one with what it would erase, its steps."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework.enums import ErasureState
from otklik.casework.models import ErasureRequest
from otklik.casework.operations import erasing, erasure, holds, masked_name
from otklik.desk.access import Desk, at_desk
from otklik.desk.facts import message
from otklik.desk.register.said import posted
from otklik.desk.register_forms.base import RegisterForm
from otklik.desk.security.erasure_forms import FACTS, ProofForm, RefusalForm, RequestForm, accepted
from otklik.desk.security.within import require_erase
from otklik.people.access import staff
from otklik.registry.operations import local_date

PAGE_SIZE = 50
LARGEST_KEY = 2**63 - 1
TONES = {
    ErasureState.RECEIVED: "info", ErasureState.CHECKED: "warn", ErasureState.HELD: "warn",
    ErasureState.REFUSED: "muted", ErasureState.DONE: "ok",
}  # fmt: skip


def _request(pk: int) -> ErasureRequest:
    found = (
        ErasureRequest.objects.filter(pk=min(pk, LARGEST_KEY))
        .select_related("author", "taken_by", "checked_by", "ended_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _page_of(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:security_erasure", args=[pk]))


@staff
@require_safe
@at_desk
def erasures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All requests: those that wait first, by their term, then the ended ones, the newest first."""
    require_erase(desk)
    found = ErasureRequest.objects.select_related("taken_by").order_by("-ended_at", "due_at", "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(each, TONES[ErasureState(each.state)], _is_late(each, desk)) for each in page.object_list]
    return render(request, "desk/security/erasures.html", {"desk": desk, "page": page, "rows": rows})


def _is_late(each: ErasureRequest, desk: Desk) -> bool:
    return each.is_open and each.due_at < desk.now


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write a request down."""
    require_erase(desk)
    form = RequestForm(posted(request), initial={"day": local_date(desk.now)})
    made: list[ErasureRequest] = []

    def take() -> None:
        made.append(erasure.receive_erasure(by=desk.account, now=desk.now, **form.given(desk)))

    if request.method == "POST" and accepted(form, take):
        return _page_of(made[0].pk)
    status = 422 if form.errors else 200
    return render(request, "desk/security/erasure_new.html", {"desk": desk, "form": form}, status=status)


@staff
@require_safe
@at_desk
def one(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One request: who keeps it, until when, what it would erase or has erased, and what comes next."""
    require_erase(desk)
    return _shown(request, desk, _request(pk))


def _shown(
    request: HttpRequest, desk: Desk, found: ErasureRequest, form: RegisterForm | None = None
) -> HttpResponse:
    forms = {"proof": ProofForm(), "refusal": RefusalForm()}
    if isinstance(form, ProofForm):
        forms["proof"] = form
    elif form is not None:
        forms["refusal"] = form
    context = {
        "desk": desk,
        "found": found,
        "name": masked_name(found.author.name),
        "tone": TONES[ErasureState(found.state)],
        "late": _is_late(found, desk),
        "goes": erasing.what_goes(found.author) if found.is_open else {},
        "in_work": found.is_open and erasing.is_in_work(found.author),
        "holds": holds.holds_of(author=found.author, now=desk.now) if found.is_open else [],
        "own": found.checked_by_id == desk.account.pk,
        **forms,
    }
    return render(request, "desk/security/erasure.html", context, status=422 if form else 200)


@staff
@require_POST
@at_desk
def check(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Say how it was made sure who asks."""
    require_erase(desk)
    found, form = _request(pk), ProofForm(request.POST)
    proof = str(form["proof"].value() or "")
    done = accepted(
        form, lambda: erasure.check_erasure(request=found, proof=proof, by=desk.account, now=desk.now)
    )
    return _page_of(pk) if done else _shown(request, desk, found, form)


@staff
@require_POST
@at_desk
def refuse(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """End a request without erasing."""
    require_erase(desk)
    found, form = _request(pk), RefusalForm(request.POST)
    reason = str(form["reason"].value() or "")
    done = accepted(
        form, lambda: erasure.refuse_erasure(request=found, reason=reason, by=desk.account, now=desk.now)
    )
    return _page_of(pk) if done else _shown(request, desk, found, form)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def erase(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What would be erased, once more, and the act that cannot be undone."""
    require_erase(desk)
    found = _request(pk)
    if request.method == "POST":
        carried = _done(
            request, lambda: erasure.carry_out_erasure(request=found, by=desk.account, now=desk.now)
        )
        if carried:
            messages.success(request, _("Данные автора стёрты. Сообщите ему об этом до конца срока."))
        return _page_of(pk)
    if found.state not in {ErasureState.CHECKED, ErasureState.HELD}:
        return _page_of(pk)
    context = {"desk": desk, "found": found, "goes": erasing.what_goes(found.author)}
    return render(request, "desk/security/erasure_confirm.html", context)


def _done(request: HttpRequest, verb: Callable[[], object]) -> bool:
    try:
        verb()
    except FACTS as fact:
        messages.error(request, message(fact))
        return False
    return True
