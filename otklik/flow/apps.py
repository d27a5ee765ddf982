from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "otklik.flow"
    label = "flow"

    def ready(self) -> None:
        # The queue finds modules called `tasks` by itself; the timetable has a name of its own.
        from otklik.flow import clock  # noqa: F401
