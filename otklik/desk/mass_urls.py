"""Addresses of «Массовые» at the desk: problems of many residents with one cause."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.mass import acting, answering, browsing

_ONE = "desk/mass/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("desk/mass/", browsing.problems, name="mass"),
    path("desk/mass/new", acting.new, name="mass_new"),
    path(_ONE, browsing.problem, name="mass_problem"),
    path(f"{_ONE}/progress", browsing.progress, name="mass_progress"),
    path(f"{_ONE}/answer", answering.write, name="mass_answer"),
    path(f"{_ONE}/check", answering.check, name="mass_check"),
    path(f"{_ONE}/start", answering.start, name="mass_start"),
    path(f"{_ONE}/step/<slug:verb>", acting.step, name="mass_step"),
    path(f"{_ONE}/members/<int:incident>/<slug:verb>", acting.member, name="mass_member"),
]
