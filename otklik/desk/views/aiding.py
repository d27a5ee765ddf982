"""What helps to write: looked at beside the editor, put into it by a press, with or without a script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.desk.access import Desk, at_desk
from otklik.desk.aids import aids_for
from otklik.desk.pages import Extra, query_of, show
from otklik.people.access import staff


@staff
@require_safe
@at_desk
def aids(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Guides, templates and similar answers: a piece for the editor, a page of its own without a script."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    context = {
        "desk": desk,
        "incident": incident,
        "aids": aids_for(incident, desk),
        "query": query_of(request, desk),
        "is_begun": bool(_draft(incident).strip()),
    }
    is_piece = request.headers.get("HX-Request") == "true"
    return render(request, "desk/aids/list.html" if is_piece else "desk/aids/page.html", context)


@staff
@require_POST
@at_desk
def insert(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The card with the text put after what is in the draft; nothing is kept until the person keeps it."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    aid = aids_for(incident, desk).of(request.POST.get("pick", ""))
    typed = request.POST.get("text", _draft(incident)).replace("\r\n", "\n").strip()
    if aid is None:
        problem = _("Этого текста больше не предлагают. Выберите другой.")
        return show(
            request, desk, query_of(request, desk), pk, Extra(problem=problem, typed=typed, status=409)
        )
    text = f"{typed}\n\n{aid.text}" if typed else aid.text
    return show(request, desk, query_of(request, desk), pk, Extra(typed=text))


def _draft(incident: Incident) -> str:
    found = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).values_list("text", flat=True)
    return found.first() or ""
