"""The one address that live updates come from."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from otklik.desk.access import desk_of
from otklik.desk.live import events
from otklik.people.access import staff


@staff
@require_safe
def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events: `changed` and `here` with ids, `many` when the queue must be read again.

    The person is asked for once, at the beginning, in a thread of the pages: hundreds of desks that come back at
    once after a restart wait their turn instead of taking a database connection each. A stream ends after a quarter
    of an hour and the browser comes back by itself, so a closed account hears numbers of incidents, never texts,
    for that long at most.
    """
    missed = "Last-Event-ID" in request.headers
    response = StreamingHttpResponse(
        events(desk_of(request).reach, missed=missed), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
