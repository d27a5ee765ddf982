from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "otklik.casework"
    label = "casework"
