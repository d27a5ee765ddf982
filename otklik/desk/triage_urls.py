"""Addresses of «Разбор» at the desk: what verdicts and routes go by, and what they noticed."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.triage import routes, topics

urlpatterns: list[URLPattern] = [
    path("desk/triage/", routes.routes, name="triage_routes"),
    path("desk/triage/topics/", topics.topics, name="triage_topics"),
]
