"""A person's own settings."""

from django.urls import path

from otklik.people import views

app_name = "people"
urlpatterns = [path("language", views.choose_language, name="language")]
