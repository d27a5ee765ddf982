"""Addresses of «Модерация» at the desk."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.moderation import browsing, deciding, keeping, reporting

_ACTION = "desk/moderation/actions/<int:pk>"
_RULE = "desk/moderation/rules/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("desk/moderation/", browsing.waiting, name="moderation"),
    path("desk/moderation/way", browsing.way, name="moderation_way"),
    path("desk/moderation/done", browsing.done, name="moderation_done"),
    path("desk/moderation/appeals", browsing.appeals, name="moderation_appeals"),
    path("desk/moderation/appeals/<int:pk>", deciding.verdict, name="moderation_verdict"),
    path("desk/moderation/messages/<int:pk>", deciding.message, name="moderation_message"),
    path("desk/moderation/messages/<int:pk>/leave", deciding.leave, name="moderation_leave"),
    path(_ACTION, browsing.action, name="moderation_action"),
    path(f"{_ACTION}/confirm", deciding.confirm, name="moderation_confirm"),
    path(f"{_ACTION}/again", deciding.again, name="moderation_again"),
    path(f"{_ACTION}/undo", deciding.undo, name="moderation_undo"),
    path("desk/moderation/rules/", keeping.rules, name="moderation_rules"),
    path("desk/moderation/rules/new", keeping.new, name="moderation_rule_new"),
    path(_RULE, keeping.edit, name="moderation_rule"),
    path(f"{_RULE}/retire", keeping.retire, name="moderation_rule_retire"),
    path(f"{_RULE}/restore", keeping.restore, name="moderation_rule_restore"),
    path("desk/moderation/report", reporting.report, name="moderation_report"),
    path("desk/moderation/report/file", reporting.report_file, name="moderation_report_file"),
]
