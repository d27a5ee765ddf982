"""What the queue needs to know before it starts: the timetable stands outside the modules it finds by itself."""

from procrastinate import App


def prepare(app: App) -> None:
    """Called by procrastinate when Django is ready; importing the timetable registers its tasks."""
    from otklik.flow import clock  # noqa: F401
