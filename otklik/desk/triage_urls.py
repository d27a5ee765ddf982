"""Addresses of «Разбор» at the desk: what verdicts and routes go by, and what they noticed."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.triage import (
    cases,
    examples,
    learning,
    proposals,
    routes,
    surges,
    tables,
    topics,
    versions,
)

_ROUTES = "desk/triage/routes"
_TOPICS = "desk/triage/topics"
_MODELS = "desk/triage/models"
_EXAMPLES = "desk/triage/examples"

urlpatterns: list[URLPattern] = [
    path("desk/triage/", routes.routes, name="triage_routes"),
    path(f"{_ROUTES}/new", routes.new, name="triage_route_new"),
    path(f"{_ROUTES}/preview", routes.preview, name="triage_route_preview"),
    path(f"{_ROUTES}/settlements", routes.settlements, name="triage_route_settlements"),
    path(f"{_ROUTES}/pages", routes.pages, name="triage_route_pages"),
    path(f"{_ROUTES}/<int:pk>", routes.edit, name="triage_route"),
    path(f"{_ROUTES}/<int:pk>/retire", routes.retire, name="triage_route_retire"),
    path(f"{_ROUTES}/<int:pk>/restore", routes.restore, name="triage_route_restore"),
    path("desk/triage/surges/", surges.surges, name="triage_surges"),
    path("desk/triage/surges/notice", surges.notice, name="triage_surges_notice"),
    path("desk/triage/surges/<int:pk>", surges.surge, name="triage_surge"),
    path("desk/triage/surges/<int:pk>/acknowledge", surges.acknowledge, name="triage_surge_acknowledge"),
    path("desk/triage/surges/<int:pk>/close", surges.close, name="triage_surge_close"),
    path("desk/triage/cases/", cases.cases, name="triage_cases"),
    path("desk/triage/cases/new", cases.new, name="triage_case_new"),
    path("desk/triage/cases/<int:pk>", cases.edit, name="triage_case"),
    path("desk/triage/cases/<int:pk>/remove", cases.remove, name="triage_case_remove"),
    path("desk/triage/proposals/", proposals.proposals, name="triage_proposals"),
    path("desk/triage/proposals/norm", proposals.norm, name="triage_proposal_norm"),
    path("desk/triage/proposals/<int:pk>/accept", proposals.accept, name="triage_proposal_accept"),
    path("desk/triage/proposals/<int:pk>/dismiss", proposals.dismiss, name="triage_proposal_dismiss"),
    path("desk/triage/tables/<slug:what>", tables.bring, name="triage_route_table"),
    path("desk/triage/tables/<slug:what>.csv", tables.take, name="triage_route_table_csv"),
    path(f"{_TOPICS}/", topics.topics, name="triage_topics"),
    path(f"{_TOPICS}/<int:pk>", topics.edit, name="triage_topic"),
    path(f"{_TOPICS}/<int:pk>/retire", topics.retire, name="triage_topic_retire"),
    path(f"{_TOPICS}/<int:pk>/restore", topics.restore, name="triage_topic_restore"),
    path(f"{_TOPICS}/groups/new", topics.group_new, name="triage_topic_group_new"),
    path(f"{_TOPICS}/groups/<int:pk>", topics.group_edit, name="triage_topic_group"),
    path(f"{_TOPICS}/groups/<int:pk>/new", topics.new, name="triage_topic_new"),
    path(f"{_TOPICS}/versions/", versions.versions, name="triage_topic_versions"),
    path(f"{_TOPICS}/versions/<int:number>", versions.version, name="triage_topic_version"),
    path(f"{_TOPICS}/versions/<int:number>.csv", versions.version_csv, name="triage_topic_version_csv"),
    path(f"{_MODELS}/", learning.models, name="triage_models"),
    path(f"{_MODELS}/train", learning.train, name="triage_model_train"),
    path(f"{_MODELS}/<int:pk>", learning.model, name="triage_model"),
    path(f"{_MODELS}/<int:pk>/state", learning.state, name="triage_model_state"),
    path(f"{_MODELS}/<int:pk>/compare", learning.compare, name="triage_model_compare"),
    path(f"{_MODELS}/<int:pk>/<slug:what>", learning.step, name="triage_model_step"),
    path(f"{_EXAMPLES}/", examples.examples, name="triage_examples"),
    path(f"{_EXAMPLES}/receive", examples.receive, name="triage_example_receive"),
    path(f"{_EXAMPLES}/<int:pk>/forget", examples.forget, name="triage_example_forget"),
    path(f"{_EXAMPLES}/tables/", examples.tables, name="triage_example_tables"),
    path(f"{_EXAMPLES}/tables/state", examples.state, name="triage_example_state"),
    path(f"{_EXAMPLES}/tables/<int:pk>", examples.table, name="triage_example_table"),
    path(f"{_EXAMPLES}/tables/<int:pk>.csv", examples.table_csv, name="triage_example_table_csv"),
]
