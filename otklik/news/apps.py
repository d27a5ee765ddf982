from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "otklik.news"
    label = "news"
