"""Addresses of notes and of calls by name."""

from django.urls import path

from otklik.desk.views import notes

urlpatterns = [
    path("desk/incidents/<int:pk>/notes/", notes.notes, name="notes"),
    path("desk/incidents/<int:pk>/notes/<int:number>", notes.edit, name="note_edit"),
    path("desk/incidents/<int:pk>/notes/<int:number>/withdraw", notes.withdraw, name="note_withdraw"),
    path("desk/incidents/<int:pk>/notes_read", notes.read, name="notes_read"),
    path("desk/incidents/<int:pk>/colleagues", notes.colleagues, name="colleagues"),
    path("desk/mentions/", notes.mentions, name="mentions"),
    path("desk/mentions/count", notes.mentions_count, name="mentions_count"),
    path("desk/mentions/<int:pk>/open", notes.mention_open, name="mention_open"),
]
