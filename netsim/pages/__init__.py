"""Web pages of the simulated network. `routes()` is mounted by `netsim.app.create_app` after the machine addresses."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """The pages a person can open."""
    return []
