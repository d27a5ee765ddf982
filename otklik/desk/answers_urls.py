"""Addresses of «Ответы» at the desk: what helps to write an answer and what it is checked by."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views import contests, ratings, repeats
from otklik.desk.views.answers import checks, samples, templates

_SAMPLE = "desk/answers/samples/<int:pk>"
_TEXT = "desk/answers/texts/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("desk/answers/", templates.templates, {"kind": "template"}, name="answer_templates"),
    path("desk/answers/new", templates.new, {"kind": "template"}, name="answer_template_new"),
    path("desk/answers/guides/", templates.templates, {"kind": "guide"}, name="answer_guides"),
    path("desk/answers/guides/new", templates.new, {"kind": "guide"}, name="answer_guide_new"),
    path("desk/answers/texts/preview", templates.preview, name="answer_text_preview"),
    path(_TEXT, templates.edit, name="answer_text"),
    path(f"{_TEXT}/retire", templates.turn, {"what": "retire"}, name="answer_text_retire"),
    path(f"{_TEXT}/restore", templates.turn, {"what": "restore"}, name="answer_text_restore"),
    path("desk/answers/rules/", checks.rules, name="answer_rules"),
    path("desk/answers/rules/<slug:code>", checks.rule, name="answer_rule"),
    path("desk/answers/samples/", samples.samples, name="answer_samples"),
    path("desk/answers/samples/new", samples.order, name="answer_sample_new"),
    path(_SAMPLE, samples.sample, name="answer_sample"),
    path(f"{_SAMPLE}/cancel", samples.cancel, name="answer_sample_cancel"),
    path(f"{_SAMPLE}/next", samples.following, name="answer_sample_next"),
    path(f"{_SAMPLE}/<int:position>", samples.look, name="answer_sample_look"),
    path("desk/answers/objections/", contests.objections, name="answer_contests"),
    path("desk/answers/objections/<int:pk>", contests.objection, name="answer_contest"),
    path("desk/answers/ratings/", ratings.ratings, name="answer_ratings"),
    path("desk/incidents/<int:pk>/satisfaction", ratings.correct, name="satisfaction"),
    path("desk/answers/repeats/", repeats.repeats, name="answer_repeats"),
    path("desk/incidents/<int:pk>/repeat", repeats.mark, name="repeat"),
    path("desk/incidents/<int:pk>/not_repeat", repeats.deny, name="not_repeat"),
    path("desk/incidents/<int:pk>/contest", contests.contest, name="contest"),
]
