"""`/sim`: the control addresses for scripts, loaders and tests (this machine only, unless a setting opens
them).

They make communities, people and tokens, let somebody act as a resident or as an administrator in the
network's own
interface, switch faults, and tell what the network knows. The full list is in docs/netsim.md.
"""

from __future__ import annotations

from starlette.routing import BaseRoute

from netsim.control.addresses import ROUTES


def routes() -> list[BaseRoute]:
    """Addresses below `/sim`."""
    return list(ROUTES)
