"""Verbs of connections: connect one page or hundreds, set the region's key, renew a dead one."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction

from otklik.audit import operations as audit
from otklik.audit.operations import Entry
from otklik.channels.base import NetworkFailure
from otklik.channels.enums import CapabilityState, ConnectionState, Intake, TokenKind
from otklik.channels.models import Capability, Connection, Token
from otklik.channels.operations import keys
from otklik.channels.vk import connect as vk
from otklik.channels.vk.api import Api
from otklik.common.actor import Actor
from otklik.registry.enums import Network
from otklik.registry.models import OfficialPage

CALLS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class PageKeys:
    """A page with the keys its administrator gave."""

    page: OfficialPage
    community_token: str = field(repr=False)
    user_token: str = field(default="", repr=False)


@dataclass(slots=True)
class _Case:
    """One page on its way through connecting."""

    given: PageKeys
    connection: Connection
    api: Api
    prepared: vk.Prepared | None = None
    server_id: str = ""
    failure: NetworkFailure | None = None


def connect_page(
    *,
    page: OfficialPage,
    community_token: str,
    by: Actor,
    now: datetime,
    user_token: str | None = None,
    intake: Intake = Intake.CALLBACK,
) -> Connection:
    """Connect one page of VK. What went wrong stands in `state` and `problem` of the connection."""
    given = PageKeys(page, community_token, user_token or "")
    return connect_pages(pages=[given], by=by, now=now, intake=intake)[0]


def connect_pages(
    *,
    pages: Sequence[PageKeys],
    by: Actor,
    now: datetime,
    intake: Intake = Intake.CALLBACK,
    progress: Callable[[int, int], None] | None = None,
) -> list[Connection]:
    """Connect many pages at once, several calls in the air; nothing is written from the threads.

    Secrets and confirmation codes are committed before the network is told our address, since it asks for
    them at once. Call it outside a transaction.
    """
    known = {row.page_id: row for row in Connection.objects.filter(page__in=[given.page for given in pages])}
    cases = [_open(given, known.get(given.page.pk), intake) for given in pages]
    service = keys.service_key("vk", now=now) is not None
    _at_once(cases, lambda case: _prepare(case, service=service))
    with transaction.atomic():
        _keep(cases, intake, now)
    if progress:
        progress(len(cases), 2 * len(cases))
    ready = [case for case in cases if case.prepared and not case.failure]
    _at_once(ready, lambda case: _register(case, intake))
    with transaction.atomic():
        _conclude(cases, by, now)
    if progress:
        progress(2 * len(cases), 2 * len(cases))
    return [case.connection for case in cases]


def _open(given: PageKeys, known: Connection | None, intake: Intake) -> _Case:
    page = given.page
    connection = known or Connection(page=page, network=page.network, external_id=page.external_id)
    connection.page = page
    connection.intake = intake
    connection.secret = connection.secret or secrets.token_hex(vk.SECRET_LENGTH // 2)
    api = Api(keys.base_url(page.network), given.community_token, kind=TokenKind.COMMUNITY)
    return _Case(given, connection, api)


def _at_once(cases: Sequence[_Case], step: Callable[[_Case], None]) -> None:
    with ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="connect") as pool:
        list(pool.map(step, cases))


def _prepare(case: _Case, *, service: bool) -> None:
    try:
        case.prepared = vk.prepare(
            case.api,
            int(case.connection.external_id),
            user_key=bool(case.given.user_token),
            service_key=service,
        )
    except NetworkFailure as failure:
        case.failure = failure


def _register(case: _Case, intake: Intake) -> None:
    group_id = int(case.connection.external_id)
    servers = case.prepared.servers if case.prepared else ()
    try:
        if intake == Intake.CALLBACK:
            url = f"{settings.BASE_URL}/hooks/vk/{group_id}"
            case.server_id = vk.register(
                case.api, group_id, url=url, secret=case.connection.secret, servers=servers
            )
        elif intake == Intake.LONG_POLL:
            vk.switch_to_long_poll(case.api, group_id)
    except NetworkFailure as failure:
        case.failure = failure


def _keep(cases: Sequence[_Case], intake: Intake, now: datetime) -> None:
    for case in cases:
        if case.prepared:
            case.connection.confirmation_code = case.prepared.code
            if intake != Intake.OFF and "manage" not in case.prepared.permissions:
                case.failure = NetworkFailure("no_right", "manage", permanent=True)
    rows = [case.connection for case in cases]
    Connection.objects.bulk_create(row for row in rows if row.pk is None)
    Connection.objects.bulk_update(rows, ["intake", "secret", "confirmation_code"], batch_size=200)
    keep_tokens([token for case in cases for token in _tokens(case, now)])


def _tokens(case: _Case, now: datetime) -> Iterator[Token]:
    held = list(case.prepared.permissions) if case.prepared else []
    given: tuple[tuple[TokenKind, str, list[str]], ...] = (
        (TokenKind.COMMUNITY, case.given.community_token, held),
        (TokenKind.USER, case.given.user_token, []),
    )
    for kind, value, permissions in given:
        if value:
            yield token_of(case.connection, kind, value, now=now, permissions=permissions)


def token_of(
    connection: Connection | None,
    kind: TokenKind,
    value: str,
    *,
    now: datetime,
    permissions: Sequence[str] = (),
) -> Token:
    """A key as it is stored when it is given; not saved yet."""
    return Token(
        connection=connection,
        network=connection.network if connection else Network.VK,
        kind=kind,
        value=value,
        permissions=list(permissions),
        rate=keys.RATES[kind],
        checked_at=now,
    )


def keep_tokens(tokens: Sequence[Token]) -> None:
    """Store keys as new: whatever stopped the former one of its kind is forgotten."""
    fields = [
        "value",
        "state",
        "paused_until",
        "problem",
        "permissions",
        "rate",
        "paused_methods",
        "checked_at",
    ]
    unique = ["connection", "network", "kind"]
    Token.objects.bulk_create(tokens, update_conflicts=True, unique_fields=unique, update_fields=fields)


def _conclude(cases: Sequence[_Case], by: Actor, now: datetime) -> None:
    rows, entries = [], []
    for case in cases:
        connection, failure = case.connection, case.failure
        connection.server_id = case.server_id or connection.server_id
        connection.state = ConnectionState.FAILED if failure else ConnectionState.CONNECTED
        connection.problem = failure.reason if failure else ""
        rows += [_row(connection, right, now) for right in (case.prepared.rights if case.prepared else ())]
        details = {"state": connection.state, "intake": connection.intake}
        entries.append(Entry(connection, connection.problem, details))
    changed = [case.connection for case in cases]
    Connection.objects.bulk_update(changed, ["server_id", "state", "problem"], batch_size=200)
    Capability.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["connection", "code"],
        update_fields=["state", "token_kind", "reason", "checked_at"],
    )
    audit.record_many(by=by, verb="connect_page", entries=entries, now=now)


def _row(connection: Connection, right: vk.Right, now: datetime) -> Capability:
    return Capability(
        connection=connection,
        code=right.code,
        state=CapabilityState.OFF if right.reason else CapabilityState.ON,
        token_kind=right.key_kind,
        reason=right.reason,
        checked_at=now,
    )
