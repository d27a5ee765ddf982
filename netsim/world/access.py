"""Tokens and the addresses that receive events."""

from __future__ import annotations

from netsim.world.events import BLANK_EVENTS
from netsim.world.polls import Polls
from netsim.world.records import CallbackServer, Token

# Bits of groups.getTokenPermissions; `stories` and `app_widget` from the documentation, unverified.
SCOPES = {
    "stories": 1,
    "photos": 4,
    "app_widget": 64,
    "messages": 4096,
    "wall": 8192,
    "docs": 131_072,
    "manage": 262_144,
}
DEFAULT_SCOPES = ["photos", "messages", "wall", "docs", "manage"]
SERVERS_LIMIT = 10


class TooManyServersError(Exception):
    """A community may have ten callback servers."""


class Access(Polls):
    """Who may call the network, and whom the network calls."""

    def issue_token(
        self,
        *,
        kind: str,
        group_id: int = 0,
        user_id: int = 0,
        scopes: list[str] | None = None,
        quirks: list[str] | None = None,
        value: str = "",
    ) -> Token:
        """A token of kind `user`, `community` or `service`; a known value is replaced, and so un-revoked."""
        token = Token(
            value=value or f"vk1.a.{self.secret(64)}",
            kind=kind,
            group_id=group_id,
            user_id=user_id,
            scopes=DEFAULT_SCOPES if scopes is None else scopes,
            quirks=quirks or [],
        )
        self.add(token)
        return token

    def revoke_token(self, value: str) -> bool:
        """Make a token useless; False when there is none."""
        token = self.tokens.get(value)
        if token is None:
            return False
        token.revoked = True
        self.save(token)
        return True

    def add_server(
        self, group_id: int, *, url: str, title: str, secret_key: str, creator_id: int
    ) -> CallbackServer:
        """A callback server, waiting for its confirmation. Raises `TooManyServersError` at the eleventh."""
        if len(self.servers[group_id]) >= SERVERS_LIMIT:
            raise TooManyServersError
        server = CallbackServer(
            group_id=group_id,
            id=self.following("server"),
            title=title,
            url=url,
            secret_key=secret_key,
            creator_id=creator_id,
            events=dict(BLANK_EVENTS),
        )
        self.add(server)
        return server

    def set_server(self, server: CallbackServer, **changes: object) -> None:
        """Change a callback server."""
        for name, value in changes.items():
            setattr(server, name, value)
        self.save(server)

    def remove_server(self, server: CallbackServer) -> None:
        """Forget a callback server; what was on its way to it is dropped."""
        server.removed = True
        self.servers[server.group_id].pop(server.id, None)
        # The record stays in the journal: the number must not be given to another server.
        self.save(server)
