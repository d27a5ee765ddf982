"""Addresses of the photos of an answer."""

from django.urls import path

from otklik.desk.views import photos

urlpatterns = [
    path("desk/incidents/<int:pk>/photos/", photos.photos, name="photos"),
    path("desk/incidents/<int:pk>/photos/<slug:digest>/remove", photos.remove, name="photo_remove"),
    path("desk/incidents/<int:pk>/answers/<int:answer>/photos/<int:number>.jpg", photos.photo, name="photo"),
]
