"""Translates requests of networks and supervisors into one call and back."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from otklik.common import jobs
from otklik.common.logs import masked
from otklik.common.wakeup import ring
from otklik.flow import health, intake
from otklik.inbox import operations as inbox
from otklik.inbox.enums import Refusal
from otklik.people.access import public

log = logging.getLogger(__name__)


@public("the secret of the connection, compared in constant time")
@csrf_exempt
@require_POST
def vk_hook(request: HttpRequest, group_id: int) -> HttpResponse:
    """VK Callback API: `ok` only when the event is durable, so that the network repeats whatever was not kept."""
    now, body = timezone.now(), b""
    try:
        body = request.body
        known, event = intake.read(group_id, body)
    except RequestDataTooBig:
        return _refuse(request, Refusal.TOO_LARGE, 413, body)
    except UnreadablePostError:
        return HttpResponse(status=400)
    except intake.Refused as refused:
        return _refuse(request, refused.reason, refused.status, body)
    if event is None:
        return HttpResponse(known.confirmation_code, content_type="text/plain")
    inbox.accept_event(event=event, now=now)
    ring(jobs.READ_EVENTS)
    return HttpResponse("ok", content_type="text/plain")


def _refuse(request: HttpRequest, reason: Refusal, status: int, body: bytes) -> HttpResponse:
    length = request.headers.get("Content-Length", "")
    inbox.refuse_request(
        reason=reason,
        address=request.META.get("REMOTE_ADDR") or "",
        path=request.path,
        body=intake_head(body),
        size=min(int(length), 2**31 - 1) if length.isdecimal() else len(body),
        now=timezone.now(),
    )
    log.warning("refused a request to the intake: %s", reason)
    return HttpResponse(status=status)


def intake_head(body: bytes) -> bytes:
    """The beginning of a refused body for the security officer, without secrets: a true one may be among them."""
    return masked(body[: inbox.HEAD_BYTES].decode("utf-8", "replace")).encode()[: inbox.HEAD_BYTES]


@public("says only that the process is alive")
@require_GET
def healthz(_request: HttpRequest) -> JsonResponse:
    """Alive: the process answers, nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public("counts and ages only, no content")
@require_GET
def readyz(_request: HttpRequest) -> JsonResponse:
    """Ready: the database answers, is migrated, and the queue does not lag."""
    report = health.report(timezone.now())
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)
