"""The peer of the intake: a bare Django view that does one INSERT, same server and handler, no middleware."""

import os

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

import config.settings as ours


def hook(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("insert into bare_event (body) values (%s)", [request.body])
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("hook", hook)]

settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="bench.bare",
    MIDDLEWARE=[],
    DATABASES=ours.DATABASES,
    USE_TZ=True,
)
django.setup()

from otklik.common.asgi import ThreadedHandler  # noqa: E402

application = ThreadedHandler(threads=int(os.environ.get("OTKLIK_WEB_THREADS", "8")))
