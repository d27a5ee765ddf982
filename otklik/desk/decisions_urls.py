"""Addresses of «Решения» at the desk: systemic decisions, refuted fakes."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.decisions import acting, browsing, checking, fakes, resting

_ONE = "desk/systemic/<int:pk>"
_FAKE = "desk/fakes/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("desk/systemic/", browsing.decisions, name="systemic"),
    path("desk/systemic/file", browsing.file, name="systemic_file"),
    path("desk/systemic/new", acting.new, name="systemic_new"),
    path(_ONE, browsing.decision, name="systemic_decision"),
    path(f"{_ONE}/edit", acting.edit, name="systemic_edit"),
    path(f"{_ONE}/finish", acting.finish, name="systemic_finish"),
    path(f"{_ONE}/check", acting.check, name="systemic_check"),
    path(f"{_ONE}/add", resting.add, name="systemic_add"),
    path(f"{_ONE}/add-matching", resting.add_matching, name="systemic_add_matching"),
    path(f"{_ONE}/step/<slug:verb>", acting.step, name="systemic_step"),
    path(f"{_ONE}/take/<int:incident>", resting.take, name="systemic_take"),
    path("desk/fakes/", fakes.fakes, name="fakes"),
    path("desk/fakes/file", fakes.file, name="fake_file"),
    path("desk/fakes/new", fakes.new, name="fake_new"),
    path(_FAKE, fakes.fake, name="fake_report"),
    path(f"{_FAKE}/edit", checking.edit, name="fake_edit"),
    path(f"{_FAKE}/take", checking.take, name="fake_take"),
    path(f"{_FAKE}/judge", checking.judge, name="fake_judge"),
    path(f"{_FAKE}/rebut", checking.rebut, name="fake_rebut"),
    path(f"{_FAKE}/publish", checking.publish, name="fake_publish"),
    path(f"{_FAKE}/link", checking.link, name="fake_link"),
    path(f"{_FAKE}/step/<slug:verb>", checking.step, name="fake_step"),
    path(f"{_FAKE}/remove/<slug:what>/<int:number>", checking.remove, name="fake_remove"),
]
