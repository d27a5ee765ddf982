"""The closed list of topics: by groups, one of them, a new one, taking one out with what replaces it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework.models import Incident
from otklik.desk.access import Desk, at_desk
from otklik.desk.register.said import posted
from otklik.desk.triage.said import accepted, done
from otklik.desk.triage.topic_forms import GroupForm, RetireTopicForm, TopicForm
from otklik.desk.triage.topic_list import groups_of
from otklik.desk.triage.within import may_manage, require_manage, require_view
from otklik.people.access import staff
from otklik.triage.models import RoutingRule, Topic, TopicGroup
from otklik.triage.operations import NOWHERE, topics_version
from otklik.triage.operations import topic_edits as verbs

STATES = ("active", "retired", "all")


def _topic(pk: int) -> Topic:
    found = Topic.objects.select_related("group", "replaced_by").filter(pk=pk if pk < 2**63 else 0).first()
    if found is None:
        raise Http404
    return found


def _group(pk: int) -> TopicGroup:
    found = TopicGroup.objects.filter(pk=pk if pk < 2**63 else 0).first()
    if found is None:
        raise Http404
    return found


def _list(group: TopicGroup) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('desk:triage_topics')}#{group.code}")


def _doing(desk: Desk, form: Any) -> dict[str, Any]:
    return {"by": desk.account.actor, "now": desk.now, "note": form.cleaned_data["note"]}


@staff
@require_safe
@at_desk
def topics(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The closed list by groups."""
    require_view(desk)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    state = request.GET.get("state", "")
    state = state if state in STATES else "active"
    found = groups_of(words, state)
    context = {
        "desk": desk,
        "groups": found,
        "count": sum(len(each.rows) for each in found),
        "q": words,
        "state": state,
        "states": [("active", _("действующие")), ("retired", _("снятые")), ("all", _("все"))],
        "version": topics_version(),
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/triage/topics.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A new topic of the group."""
    require_manage(desk)
    group, form = _group(pk), TopicForm(posted(request))

    def add() -> None:
        verbs.add_topic(group=group, code=form.cleaned_data["code"], values=form.values, **_doing(desk, form))

    if request.method == "POST" and accepted(form, add):
        messages.success(
            request, _("Тема «%(name)s» добавлена в список.") % {"name": form.cleaned_data["name"]}
        )
        return _list(group)
    context = {"desk": desk, "form": form, "group": group, "topic": None}
    return render(request, "desk/triage/topic_form.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Other values for a topic; a retired one is only read."""
    require_manage(desk)
    topic = _topic(pk)
    form = TopicForm(posted(request), topic=topic)

    def change() -> None:
        verbs.change_topic(topic=topic, changes=form.values, **_doing(desk, form))

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("Тема «%(name)s» сохранена.") % {"name": form.cleaned_data["name"]})
        return _list(topic.group)
    context = {
        "desk": desk,
        "form": form,
        "group": topic.group,
        "topic": topic,
        "open": Incident.objects.open().filter(topic=topic).count(),
        "rules": RoutingRule.objects.active().filter(topic=topic).count(),
        "may_retire": topic.code != NOWHERE,
    }
    return render(request, "desk/triage/topic_form.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def retire(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask what replaces the topic and why, say whom it concerns, then take it out."""
    require_manage(desk)
    topic = _topic(pk)
    form = RetireTopicForm(posted(request), topic=topic)

    def verb() -> None:
        verbs.retire_topic(topic=topic, replaced_by=form.cleaned_data["replaced_by"], **_doing(desk, form))

    if request.method == "POST" and accepted(form, verb):
        undo = reverse("desk:triage_topic_restore", args=[topic.pk])
        messages.success(request, _("Тема «%(name)s» снята.") % {"name": topic.name}, undo)
        return _list(topic.group)
    context = {
        "desk": desk,
        "form": form,
        "topic": topic,
        "open": Incident.objects.open().filter(topic=topic).count(),
        "rules": RoutingRule.objects.active().filter(topic=topic).count(),
    }
    return render(request, "desk/triage/topic_retire.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def restore(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The topic is in the list again."""
    require_manage(desk)
    topic = _topic(pk)
    if done(request, lambda: verbs.restore_topic(topic=topic, by=desk.account.actor, now=desk.now)):
        messages.success(request, _("Тема «%(name)s» снова в списке.") % {"name": topic.name})
    return _list(topic.group)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def group_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new group."""
    require_manage(desk)
    form = GroupForm(posted(request))
    made: list[TopicGroup] = []

    def add() -> None:
        given = form.cleaned_data
        made.append(verbs.add_group(code=given["code"], name=given["name"], **_doing(desk, form)))

    if request.method == "POST" and accepted(form, add):
        messages.success(request, _("Группа «%(name)s» добавлена.") % {"name": made[0].name})
        return _list(made[0])
    context = {"desk": desk, "form": form, "group": None}
    return render(request, "desk/triage/topic_group_form.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def group_edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Another name for a group."""
    require_manage(desk)
    group = _group(pk)
    form = GroupForm(posted(request), group=group)

    def rename() -> None:
        verbs.rename_group(group=group, name=form.cleaned_data["name"], **_doing(desk, form))

    if request.method == "POST" and accepted(form, rename):
        messages.success(request, _("Группа сохранена."))
        return _list(group)
    context = {"desk": desk, "form": form, "group": group}
    return render(request, "desk/triage/topic_group_form.html", context, status=422 if form.errors else 200)
