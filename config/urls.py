"""Every address of the project. Each view states who may open it (people.access); a test walks this tree."""

from django.urls import include, path

urlpatterns = [
    path("", include("otklik.flow.urls")),
    path("", include("otklik.desk.urls")),
    path("accounts/", include("otklik.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("otklik.portal.urls")),
]
