"""Samples of post-control: all of them, ordering one, what one came to, looking at its answers."""

import secrets
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework import operations as casework
from otklik.casework.models import ReviewSample
from otklik.casework.operations.sampling import LARGEST_SEED
from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.answers import sample_pages as pages
from otklik.desk.answers.said import accepted
from otklik.desk.answers.sample_forms import SampleForm
from otklik.desk.counts import forget
from otklik.desk.register.said import posted
from otklik.desk.review_forms import ReviewForm
from otklik.people.access import staff

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def samples(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every sample with how far it is."""
    pages.require_see(desk)
    page = Paginator(pages.samples(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"desk": desk, "page": page, "may_review": pages.may_review(desk)}
    return render(request, "desk/answers/samples.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def order(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new sample: the last seven whole days and a tenth of them, until somebody says otherwise."""
    pages.require_review(desk)
    yesterday = desk.now.astimezone(desk.calendar.tz).date() - timedelta(days=1)
    initial = {
        "first_day": yesterday - timedelta(days=6),
        "last_day": yesterday,
        "share": 10,
        "seed": secrets.randbelow(LARGEST_SEED),
    }
    form = SampleForm(posted(request), initial=initial)
    made: list[ReviewSample] = []

    def draw() -> None:
        made.append(casework.order_sample(draw=form.draw, by=desk.account, now=desk.now))

    if request.method == "POST" and accepted(form, draw):
        messages.success(request, _("Выборка готова: жребий вынул ответов: %(n)d.") % {"n": made[0].drawn})
        return HttpResponseRedirect(reverse("desk:answer_sample", args=[made[0].pk]))
    context = {"desk": desk, "form": form}
    return render(request, "desk/answers/sample_new.html", context, status=422 if form.errors else 200)


@staff
@require_safe
@at_desk
def sample(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One sample: how it was drawn, how far it is, what it came to."""
    pages.require_see(desk)
    found = pages.sample_by(pk)
    page = Paginator(pages.answers_of(found), PAGE_SIZE).get_page(request.GET.get("page"))
    mine = casework.next_of(found, desk.account) if pages.may_review(desk) else None
    context = {
        "desk": desk,
        "sample": found,
        "page": page,
        "lines": pages.lines(page),
        "next": mine,
        "may_review": pages.may_review(desk),
        **pages.summary(found),
    }
    return render(request, "desk/answers/sample.html", context)


@staff
@require_POST
@at_desk
def cancel(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Stop asking people about the sample."""
    pages.require_review(desk)
    found = pages.sample_by(pk)
    try:
        casework.cancel_sample(sample=found, by=desk.account.actor, now=desk.now)
        messages.success(request, _("Выборка отменена. Всё, что уже оценили, осталось."))
    except casework.SampleIsOver as fact:
        messages.error(request, facts.message(fact))
    return HttpResponseRedirect(reverse("desk:answer_sample", args=[pk]))


@staff
@require_safe
@at_desk
def following(_request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The next answer of the sample that waits for this person, or the sample when none does."""
    pages.require_review(desk)
    return _onward(pages.sample_by(pk), desk)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def look(request: HttpRequest, desk: Desk, pk: int, position: int) -> HttpResponse:
    """A drawn answer with its question and the ten points; what others said of it is not shown."""
    pages.require_review(desk)
    found = pages.sample_by(pk)
    drawn = pages.drawn_by(found, position)
    incident, answer = drawn.answer.incident, drawn.answer
    initial = {"answer": answer}
    form = ReviewForm(posted(request), incident=incident, desk=desk, initial=initial)
    problem, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            casework.review(incident=incident, answer=answer, by=desk.account, now=desk.now, **form.given)
        except facts.FACTS as fact:
            problem, status = facts.message(fact), facts.status(fact)
        else:
            forget(desk)
            messages.success(request, _("№ %(number)s: оценка записана") % {"number": incident.number})
            return _onward(found, desk)
    elif request.method == "POST":
        problem, status = _("Проверьте выделенное."), 422
    context = {
        "desk": desk,
        "sample": found,
        "drawn": drawn,
        "incident": incident,
        "form": form,
        "waits": casework.waiting_for(found, desk.account).filter(pk=drawn.pk).exists(),
        "problem": problem,
    }
    return render(request, "desk/answers/sample_look.html", context, status=status)


def _onward(sample: ReviewSample, desk: Desk) -> HttpResponse:
    mine = casework.next_of(sample, desk.account)
    if mine is None:
        return HttpResponseRedirect(reverse("desk:answer_sample", args=[sample.pk]))
    return HttpResponseRedirect(reverse("desk:answer_sample_look", args=[sample.pk, mine.position]))
