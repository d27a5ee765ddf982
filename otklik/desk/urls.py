"""The staff workplace: looking, acting on a card, drafts, saved views, the live stream."""

from django.urls import path

from otklik.desk.exchange_urls import urlpatterns as exchange_urlpatterns
from otklik.desk.register_urls import urlpatterns as register_urlpatterns
from otklik.desk.triage_urls import urlpatterns as triage_urlpatterns
from otklik.desk.views import acting, answering, browsing, saving, streaming

app_name = "desk"
urlpatterns = [
    path("desk/", browsing.queue, name="queue"),
    path("desk/more", browsing.more, name="more"),
    path("desk/rows", browsing.rows, name="rows"),
    path("desk/bodies", browsing.bodies, name="bodies"),
    path("desk/settlements", browsing.settlements, name="settlements"),
    path("desk/stream", streaming.stream, name="stream"),
    path("desk/incidents/<int:pk>", browsing.incident, name="incident"),
    path("desk/incidents/<int:pk>/news", browsing.news, name="news"),
    path("desk/incidents/<int:pk>/here", browsing.here, name="here"),
    path("desk/incidents/<int:pk>/panel/<slug:name>", browsing.panel, name="panel"),
    path("desk/incidents/<int:pk>/draft", answering.draft, name="draft"),
    path("desk/incidents/<int:pk>/discard", answering.discard, name="discard"),
    path("desk/incidents/<int:pk>/preview", answering.preview, name="preview"),
    path("desk/incidents/<int:pk>/presence", answering.presence, name="presence"),
    *(path(f"desk/incidents/<int:pk>/{name}", view, name=name) for name, view in acting.VIEWS.items()),
    *register_urlpatterns,
    *triage_urlpatterns,
    *exchange_urlpatterns,
    path("desk/views/", saving.save, name="view_save"),
    path("desk/views/<int:pk>/rename", saving.rename, name="view_rename"),
    path("desk/views/<int:pk>/remove", saving.remove, name="view_remove"),
    path("desk/views/<int:pk>/back", saving.bring_back, name="view_bring_back"),
]
