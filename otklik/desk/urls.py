"""The staff workplace: looking, acting on a card, drafts, saved views, the live stream."""

from django.urls import path

from otklik.desk.answers_urls import urlpatterns as answers_urlpatterns
from otklik.desk.decisions_urls import urlpatterns as decisions_urlpatterns
from otklik.desk.exchange_urls import urlpatterns as exchange_urlpatterns
from otklik.desk.mass_urls import urlpatterns as mass_urlpatterns
from otklik.desk.moderation_urls import urlpatterns as moderation_urlpatterns
from otklik.desk.notes_urls import urlpatterns as notes_urlpatterns
from otklik.desk.photos_urls import urlpatterns as photos_urlpatterns
from otklik.desk.register_urls import urlpatterns as register_urlpatterns
from otklik.desk.security_urls import urlpatterns as security_urlpatterns
from otklik.desk.triage_urls import urlpatterns as triage_urlpatterns
from otklik.desk.views import (
    acting,
    aiding,
    answering,
    approvals,
    browsing,
    checking,
    late,
    outside,
    saving,
    streaming,
)

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
    path("desk/incidents/<int:pk>/aids", aiding.aids, name="aids"),
    path("desk/incidents/<int:pk>/insert", aiding.insert, name="insert"),
    path("desk/incidents/<int:pk>/check", checking.check, name="check"),
    path("desk/incidents/<int:pk>/outside/", outside.outside, name="outside"),
    path("desk/incidents/<int:pk>/outside/<int:number>/revoke", outside.revoke, name="outside_revoke"),
    path("desk/incidents/<int:pk>/outside/<int:number>/use", outside.use, name="outside_use"),
    path("desk/incidents/<int:pk>/outside/<int:number>/attach", outside.attach, name="outside_attach"),
    path("desk/incidents/<int:pk>/outside/photos/<int:number>.jpg", outside.photo, name="outside_photo"),
    path("desk/incidents/<int:pk>/preview", answering.preview, name="preview"),
    path("desk/incidents/<int:pk>/presence", answering.presence, name="presence"),
    *(path(f"desk/incidents/<int:pk>/{name}", view, name=name) for name, view in acting.VIEWS.items()),
    *notes_urlpatterns,
    *photos_urlpatterns,
    *register_urlpatterns,
    *triage_urlpatterns,
    *answers_urlpatterns,
    *exchange_urlpatterns,
    *security_urlpatterns,
    path("desk/late/", late.late, name="late"),
    path("desk/approvals/", approvals.rules, name="approvals"),
    path("desk/approvals/new", approvals.new, name="approval_new"),
    path("desk/approvals/<int:pk>", approvals.edit, name="approval"),
    path("desk/approvals/<int:pk>/retire", approvals.retire, name="approval_retire"),
    path("desk/approvals/<int:pk>/restore", approvals.restore, name="approval_restore"),
    path("desk/approvals/away", approvals.away, name="approval_away"),
    path("desk/approvals/away/<int:pk>/back", approvals.back, name="approval_back"),
    *mass_urlpatterns,
    *moderation_urlpatterns,
    *decisions_urlpatterns,
    path("desk/views/", saving.save, name="view_save"),
    path("desk/views/<int:pk>/rename", saving.rename, name="view_rename"),
    path("desk/views/<int:pk>/remove", saving.remove, name="view_remove"),
    path("desk/views/<int:pk>/back", saving.bring_back, name="view_bring_back"),
]
