"""Addresses of «Безопасность» at the desk."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.security import erasures, holds, reads, retention

_ERASURE = "desk/security/erasures/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("desk/security/reads/", reads.reads, name="security_reads"),
    path("desk/security/erasures/", erasures.erasures, name="security_erasures"),
    path("desk/security/erasures/new", erasures.new, name="security_erasure_new"),
    path(_ERASURE, erasures.one, name="security_erasure"),
    path(f"{_ERASURE}/check", erasures.check, name="security_erasure_check"),
    path(f"{_ERASURE}/refuse", erasures.refuse, name="security_erasure_refuse"),
    path(f"{_ERASURE}/erase", erasures.erase, name="security_erasure_erase"),
    path("desk/security/holds/", holds.holds, name="security_holds"),
    path("desk/security/holds/<int:pk>/lift", holds.lift, name="security_hold_lift"),
    path("desk/security/retention/", retention.rules_list, name="security_retention"),
    path("desk/security/retention/<slug:kind>", retention.rule, name="security_retention_rule"),
]
