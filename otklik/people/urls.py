"""A person's own settings, and the doors of allauth that stay shut."""

from django.urls import path

from otklik.people import views

app_name = "people"
# Accounts are made and their passwords reset by an administrator; an address is changed by one too.
_SHUT = ("signup/", "email/", "password/set/", "password/reset/", "3rdparty/signup/", "login/code/confirm/")
urlpatterns = [
    path("language", views.choose_language, name="language"),
    *(path(address, views.shut) for address in _SHUT),
    path("confirm-email/<path:key>", views.shut),
    path("password/reset/<path:key>", views.shut),
]
