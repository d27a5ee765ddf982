"""What the queue needs to know before it starts: the modules in which tasks stand."""

from procrastinate import App


def prepare(app: App) -> None:
    """Called by procrastinate when Django is ready."""
    import otklik.channels.tasks
    import otklik.flow.clock
    import otklik.flow.tasks  # noqa: F401
