"""Where networks send their events, and where a supervisor asks after our health."""

from django.urls import path

from otklik.flow import views

app_name = "flow"
urlpatterns = [
    path("hooks/vk/<int:group_id>", views.vk_hook, name="vk_hook"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
