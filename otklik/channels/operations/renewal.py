"""Verbs of keys: the region's own, a new one in place of a dead one, one that a person brought back to life."""

from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.channels import rules
from otklik.channels.base import NetworkFailure
from otklik.channels.enums import (
    CapabilityState,
    ConnectionState,
    DeliveryState,
    Intake,
    TokenKind,
    TokenState,
)
from otklik.channels.models import Capability, Connection, Delivery, Receipt, Token
from otklik.channels.operations import keys
from otklik.channels.operations.connecting import connect_page, keep_tokens, token_of
from otklik.channels.vk import connect as vk
from otklik.common.actor import Actor
from otklik.common.jobs import DELIVER, DRAIN_RECEIPTS
from otklik.common.wakeup import wake_up

SEARCHES_A_SECOND = 2
# Why answers sleep that a mended key wakes: a new one has quotas of its own.
WOKEN = rules.BY_KEY | {"quota"}


@transaction.atomic
def set_service_token(
    *, value: str, by: Actor, now: datetime, network: str = "vk", rate: int | None = None
) -> Token:
    """The region's own key, with which walls are read; `rate` when the application may call more often."""
    given = token_of(None, TokenKind.SERVICE, value, now=now)
    given.rate = rate or given.rate
    keep_tokens([given])
    token = Token.objects.get(connection=None, network=network, kind=TokenKind.SERVICE)
    Capability.objects.filter(connection__network=network, code="read_wall").update(
        state=CapabilityState.ON, token_kind=TokenKind.SERVICE, reason="", checked_at=now
    )
    audit.record(by=by, verb="set_service_token", subject=token, now=now, network=network)
    return token


@transaction.atomic
def set_user_token(*, value: str, by: Actor, now: datetime, network: str = "vk") -> Token:
    """The region's own key of a person: searching communities is allowed to no other kind."""
    given = token_of(None, TokenKind.USER, value, now=now)
    # The network allows 3 a second; the person may be using it too, and nobody waits for a search.
    given.rate = min(given.rate, SEARCHES_A_SECOND)
    keep_tokens([given])
    token = Token.objects.get(connection=None, network=network, kind=TokenKind.USER)
    audit.record(by=by, verb="set_user_token", subject=token, now=now, network=network)
    return token


def renew_token(
    *, connection: Connection, kind: TokenKind, value: str, by: Actor, now: datetime
) -> Connection:
    """A new key in place of a dead or paused one: rights are asked again, waiting answers go out at once."""
    tokens = {token.kind: token.value for token in Token.objects.filter(connection=connection)}
    tokens[kind] = value
    renewed = connect_page(
        page=connection.page,
        community_token=tokens.get(TokenKind.COMMUNITY, ""),
        user_token=tokens.get(TokenKind.USER),
        intake=Intake(connection.intake),
        by=by,
        now=now,
    )
    wake_waiting(connection=renewed, now=now)
    return renewed


@transaction.atomic
def resume_token(*, connection: Connection, kind: TokenKind, by: Actor, now: datetime) -> Token:
    """A person passed the network's check (a captcha, a validation): the paused key works again."""
    token = Token.objects.select_for_update(of=("self",)).get(connection=connection, kind=kind)
    if token.state == TokenState.PAUSED:
        token.state, token.paused_until, token.problem = TokenState.OK, None, ""
        token.save(update_fields=["state", "paused_until", "problem"])
        broken = Connection.objects.filter(pk=connection.pk, state=ConnectionState.BROKEN)
        broken.update(state=ConnectionState.CONNECTED, problem="")
        audit.record(by=by, verb="resume_token", subject=token, now=now)
        wake_waiting(connection=connection, now=now)
    return token


@transaction.atomic
def wake_waiting(*, connection: Connection, now: datetime) -> int:
    """Answers that slept because of a key have their turn now, to be sent or to be looked for; returns how many."""
    looked_for = Delivery.objects.filter(
        connection=connection, state=DeliveryState.CHECKING, reason__in=WOKEN, lease_until=None
    ).update(next_attempt_at=now)
    asleep = Delivery.objects.filter(connection=connection, state=DeliveryState.WAITING, reason__in=WOKEN)
    woken = list(asleep.select_for_update(of=("self",)).order_by("pk"))
    Delivery.objects.filter(pk__in=[each.pk for each in woken]).update(next_attempt_at=now, reason="")
    # Their owners have told people that a key is missing.
    Receipt.objects.bulk_create(Receipt(delivery=each, state=DeliveryState.WAITING, at=now) for each in woken)
    if woken or looked_for:
        wake_up(DELIVER)
    if woken:
        wake_up(DRAIN_RECEIPTS)
    return len(woken) + looked_for


def refresh_confirmation(*, connection: Connection, now: datetime) -> str:
    """The confirmation string, asked anew and stored; the stored one when the network does not answer."""
    api = keys.community_key(connection, now=now)
    if api is None:
        return connection.confirmation_code
    try:
        code = vk.confirmation_code(api, int(connection.external_id))
    except NetworkFailure:
        return connection.confirmation_code
    Connection.objects.filter(pk=connection.pk).update(confirmation_code=code)
    return code
