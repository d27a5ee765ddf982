"""Which keys a connection can call with now, and what a failure does to them."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from otklik.channels import limits
from otklik.channels.base import Keys, NetworkFailure, Scope
from otklik.channels.enums import CapabilityState, ConnectionState, TokenKind, TokenState
from otklik.channels.models import Capability, Connection, Token
from otklik.channels.vk.api import Api
from otklik.registry.enums import Network

# Calls a second by kind: dev.vk.com/ru/api/api-requests; a service key of a small application has 5.
RATES = {TokenKind.COMMUNITY: 20, TokenKind.USER: 3, TokenKind.SERVICE: 5}
# A call waits this long for its slot; farther ones are put off, so a worker is not held.
PATIENCE_SECONDS = 2.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(hours=24)
# Rights that no other try of the same key can change; `access_denied` may be about one post only.
LASTING = frozenset({"no_right", "wrong_key_kind"})


def keys_of(connection: Connection, *, now: datetime, patience: float = PATIENCE_SECONDS) -> Keys:
    """The connection's own keys and the region's service key of its network, each behind its limiter."""
    usable, stopped = {}, {}
    for token in _tokens_for(connection):
        if token.state == TokenState.NEEDS_RENEWAL:
            stopped[token.kind] = "key_dead"
        elif token.is_paused(now):
            stopped[token.kind] = "key_paused"
        else:
            usable[token.kind] = api_of(token, now=now, patience=patience)
    return Keys(usable, stopped)


def is_stopped(connection: Connection, *, now: datetime) -> bool:
    """Whether a key by which the connection works stands still. Whoever is mending one at this moment is waited for."""
    locked = list(_tokens_for(connection).select_for_update(of=("self",)).order_by("pk"))
    return any(token.state == TokenState.NEEDS_RENEWAL or token.is_paused(now) for token in locked)


def _tokens_for(connection: Connection) -> QuerySet[Token]:
    """The connection's own keys, and the region's service key of its network."""
    shared = Q(connection=None, network=connection.network, kind=TokenKind.SERVICE)
    return Token.objects.filter(Q(connection=connection) | shared)


def service_key(network: str, *, now: datetime, patience: float = PATIENCE_SECONDS) -> Api | None:
    """The region's service key behind its limiter, or None when there is none that works."""
    return _key_of_region(network, TokenKind.SERVICE, now, patience)


def user_key(network: str, *, now: datetime, patience: float = PATIENCE_SECONDS) -> Api | None:
    """The region's key of a person, for what a service key may not do, as searching; None without one that works."""
    return _key_of_region(network, TokenKind.USER, now, patience)


def _key_of_region(network: str, kind: TokenKind, now: datetime, patience: float) -> Api | None:
    token = Token.objects.usable(now).filter(connection=None, network=network, kind=kind).first()
    return _alone(token, now, patience) if token else None


def community_key(connection: Connection, *, now: datetime, patience: float = PATIENCE_SECONDS) -> Api | None:
    """The page's own key behind its limiter, or None when there is none that works."""
    token = Token.objects.usable(now).filter(connection=connection, kind=TokenKind.COMMUNITY).first()
    return _alone(token, now, patience) if token else None


def api_of(token: Token, *, now: datetime, patience: float = PATIENCE_SECONDS) -> Api:
    """A caller with this key that keeps to its rate and to the pauses of its methods."""
    return Api(base_url(token.network), token.value, kind=token.kind, gate=_gate(token, now, patience))


def base_url(network: str) -> str:
    """Where the methods of the network are called."""
    return {Network.VK: str(settings.VK_API_URL)}[Network(network)]


def _gate(token: Token, now: datetime, patience: float) -> Callable[[str], None]:
    pace = limits.Pace(token.rate)

    def wait_for_slot(method: str) -> None:
        pace.asked()
        until = _paused_until(token, method)
        if until and until > now:
            raise NetworkFailure("quota", method, permanent=False, wait=(until - now).total_seconds())
        seconds = limits.take(token.pk, patience=patience)
        if seconds:
            time.sleep(seconds)
        pace.wait()

    return wait_for_slot


def _paused_until(token: Token, method: str) -> datetime | None:
    pause = token.paused_methods.get(method)
    return parse_datetime(pause["until"]) if pause else None


def _alone(token: Token, now: datetime, patience: float) -> Api:
    """A caller for work that nobody watches: what a failure means for the key is noted at once."""
    gate = _gate(token, now, patience)
    return Api(
        base_url(token.network),
        token.value,
        kind=token.kind,
        gate=gate,
        blame=lambda failure: _punish(token, failure, now),
    )


def blame(*, connection: Connection, failure: NetworkFailure, place: str, now: datetime) -> None:
    """What a failure does to the key it happened to: a dead key, a pause, a slower rate, a missing right."""
    token = _token_of(connection, failure.key_kind)
    if token is None:
        return
    _punish(token, failure, now)
    if failure.scope is Scope.CAPABILITY and place:
        note_capability(
            connection, f"reply_{place}", on=False, kind=failure.key_kind, reason=failure.reason, now=now
        )


def _punish(token: Token, failure: NetworkFailure, now: datetime) -> None:
    if failure.scope is Scope.KEY:
        _stop(token, TokenState.NEEDS_RENEWAL, failure)
    elif failure.scope is Scope.PAUSE:
        _stop(token, TokenState.PAUSED, failure)
    elif failure.scope is Scope.METHOD:
        pause_method(token=token, method=failure.method, now=now)
    elif failure.code == 6:
        limits.slow_down(token.pk, seconds=1.0, floor=max(1, RATES[TokenKind(token.kind)] // 2))


def _token_of(connection: Connection, kind: str) -> Token | None:
    tokens = Token.objects.filter(network=connection.network, kind=kind)
    return tokens.filter(Q(connection=connection) | Q(connection=None)).order_by("connection_id").first()


@transaction.atomic
def _stop(token: Token, state: TokenState, failure: NetworkFailure) -> None:
    # A pause has no end of its own: only a person in the network can lift a captcha.
    Token.objects.filter(pk=token.pk).update(state=state, paused_until=None, problem=failure.detail)
    # Without an administrator's key the page still hears and answers; without its own it does neither.
    if token.kind == TokenKind.COMMUNITY:
        broken = Connection.objects.filter(tokens=token)
        broken.update(state=ConnectionState.BROKEN, problem=failure.reason)


@transaction.atomic
def pause_method(*, token: Token, method: str, now: datetime) -> datetime:
    """Leave the method alone with this key: an hour, then twice as long each time, up to a day."""
    token = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
    former = token.paused_methods.get(method, {})
    since = parse_datetime(former["until"]) if former else None
    # A day after the last pause the network has forgotten, and so do we.
    times = int(former["times"]) + 1 if since and now - since < LONGEST_PAUSE else 1
    until: datetime = now + min(FIRST_PAUSE * (1 << min(times - 1, 5)), LONGEST_PAUSE)
    token.paused_methods[method] = {"until": until.isoformat(), "times": times}
    token.save(update_fields=["paused_methods"])
    return until


def note_capability(
    connection: Connection, code: str, *, on: bool, kind: str, reason: str, now: datetime
) -> None:
    """What a try showed about a right: on, or off with our reason code."""
    Capability.objects.update_or_create(
        connection=connection,
        code=code,
        defaults={
            "state": CapabilityState.ON if on else CapabilityState.OFF,
            "token_kind": kind,
            "reason": reason,
            "checked_at": now,
        },
    )


def is_barred(connection: Connection, place: str) -> str:
    """Why answers to the place need not even be tried, or an empty text."""
    row = Capability.objects.filter(
        connection=connection, code=f"reply_{place}", state=CapabilityState.OFF, reason__in=LASTING
    ).first()
    return row.reason if row else ""


def note_success(connection: Connection, place: str, *, now: datetime) -> None:
    """An answer went out: a right that was doubted is there after all."""
    Capability.objects.filter(connection=connection, code=f"reply_{place}", state=CapabilityState.OFF).update(
        state=CapabilityState.ON, reason="", checked_at=now
    )
