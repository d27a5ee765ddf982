"""The one address that live updates come from."""

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from otklik.desk.access import desk_of
from otklik.desk.live import events
from otklik.people.access import staff
from otklik.registry.rules import Reach


@staff
@require_safe
async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events: `changed` and `here` with ids, `many` when the queue must be read again.

    The person is asked for once, at the beginning; a stream ends after a quarter of an hour and the browser comes
    back by itself, so a closed account hears numbers of incidents, never texts, for that long at most.
    """
    reach = await sync_to_async(_reach)(request)
    missed = "Last-Event-ID" in request.headers
    response = StreamingHttpResponse(events(reach, missed=missed), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _reach(request: HttpRequest) -> Reach:
    """Who asks and how far they reach; the connection goes back at once, for the stream lives for hours."""
    try:
        return desk_of(request).reach
    finally:
        connections.close_all()
