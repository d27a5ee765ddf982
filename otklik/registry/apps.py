from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "otklik.registry"
    label = "registry"
