from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "otklik.desk"
    label = "desk"
