"""The one address that live updates come from."""

import math

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from otklik.desk.access import desk_of
from otklik.desk.live import events
from otklik.people.access import staff


@staff
@require_safe
def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events: `changed`, `here`, `notes` with ids, `mentioned`, `many` when the queue must be read again.

    The person is asked for once, at the beginning, in a thread of the pages: hundreds of desks that come back at
    once after a restart wait their turn instead of taking a database connection each. A stream ends after a quarter
    of an hour and the browser comes back by itself, so a closed account hears numbers of incidents, never texts,
    for that long at most. `since` is the moment at which the page was drawn, as the page has it from us.
    """
    missed = "Last-Event-ID" in request.headers
    desk = desk_of(request)
    body = events(
        desk.reach, missed=missed, account=desk.account.pk, since=_moment(request.GET.get("since", ""))
    )
    response = StreamingHttpResponse(body, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _moment(text: str) -> float | None:
    """Seconds of the epoch; None when nothing sensible is said."""
    try:
        moment = float(text)
    except ValueError:
        return None
    return moment if math.isfinite(moment) else None
