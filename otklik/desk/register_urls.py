"""Addresses of the register at the desk, gathered here so that the queue's own stay readable."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.register import organizations

urlpatterns: list[URLPattern] = [
    path("desk/register/", organizations.organizations, name="register_organizations"),
]
