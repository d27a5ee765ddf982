"""Addresses of the register at the desk, gathered here so that the queue's own stay readable."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
