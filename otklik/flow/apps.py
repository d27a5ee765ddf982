from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "otklik.flow"
    label = "flow"
