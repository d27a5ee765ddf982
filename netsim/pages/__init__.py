"""Web pages of the simulated network, on which a person is a resident or the administrator of a page.

They look at the world through its queries and change it through its deeds only, so that whatever a person
does here is told to receivers exactly as the network would tell it. `routes()` is mounted by
`netsim.app.create_app` last, because short addresses of communities catch every path of one word.
"""

from __future__ import annotations

from netsim.pages.urls import routes

__all__ = ["routes"]
