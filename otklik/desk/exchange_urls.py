"""Addresses of «Обмен» at the desk: incidents as tables, out and in."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.exchange import exports, history, tables

_TABLES = "desk/exchange/tables"

urlpatterns: list[URLPattern] = [
    path("desk/exchange/", exports.exports, name="exchange"),
    path("desk/exchange/<int:pk>/state", exports.state, name="exchange_state"),
    path("desk/exchange/<int:pk>.xlsx", exports.file, name="exchange_file"),
    path(f"{_TABLES}/", tables.tables, name="exchange_tables"),
    path(f"{_TABLES}/receive", tables.receive, name="exchange_table_receive"),
    path(f"{_TABLES}/<int:pk>", tables.table, name="exchange_table"),
    path(f"{_TABLES}/<int:pk>.csv", tables.wrong_csv, name="exchange_table_csv"),
    path(f"{_TABLES}/<int:pk>/state", tables.state, name="exchange_table_state"),
    path(f"{_TABLES}/<int:pk>/<slug:what>", tables.step, name="exchange_table_step"),
    path("desk/exchange/history/", history.history, name="exchange_history"),
    path("desk/exchange/history/<int:pk>", history.line, name="exchange_line"),
]
