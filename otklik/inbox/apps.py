from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "otklik.inbox"
    label = "inbox"
