"""Loads the demonstration region into Otklik and into the simulated network; a second load changes nothing.

The site and the workers must already run: the network asks every page's address for confirmation while it is connected,
and what residents write is read and answered before the first person logs in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from django.conf import settings

from demo import first_shift, into_communities, into_network, into_registry
from demo.data.lookalikes import SEARCHED_AT_ONCE
from demo.data.pages import all_bodies, pages
from demo.data.staff import PASSWORD, staff
from demo.messages.generator import resident_messages
from demo.network import SimulatedNetwork
from demo.orders import order_of
from otklik.channels import operations as channels
from otklik.channels.enums import ConnectionState, TokenKind
from otklik.channels.models import Connection, Token
from otklik.flow import lookalikes
from otklik.people.enums import Role
from otklik.registry.enums import Network
from otklik.registry.models import OfficialPage, Organization

CONFIRMATION_PATIENCE = 60.0  # seconds; a busy machine confirms five hundred addresses slowly
# Messages that wait in the queue when the first person logs in.
FIRST_MESSAGES = 60
FIRST_SEED = 54


class AddressMismatchError(Exception):
    """Отклик настроен на другой адрес сети или сайта, чем передан загрузчику."""


@dataclass(slots=True)
class Summary:
    """What a load added, by kind; all zeros when there was nothing to do.

    `silent` are pages whose address the network could not confirm yet: it was told, the site did not answer.
    """

    added: dict[str, int] = field(default_factory=dict)
    silent: int = 0

    @property
    def changed(self) -> bool:
        """Whether the load added anything."""
        return any(self.added.values())


def load(
    *, sim_url: str, base_url: str, say: Callable[[str], None] | None = None, works: bool = True
) -> Summary:
    """Bring the demonstration into Otklik and the simulator; `say` hears of each step.

    `works` says that workers are running: then the staff of the first shift answer what residents have asked.

    Raises AddressMismatchError, RegionTakenError, NetworkAwayError.
    """
    if (sim_url.rstrip("/"), base_url.rstrip("/")) != (settings.VK_API_URL, settings.BASE_URL):
        raise AddressMismatchError
    now = datetime.now(UTC)
    tell = say or (lambda _line: None)
    summary = Summary()
    with SimulatedNetwork(sim_url) as network:
        summary.added = into_registry.fill(now=now, site_url=settings.VK_SITE_URL, say=tell)
        tell(f"регион заведён: {len(all_bodies())} организаций, подключаются {len(pages())} страниц")
        summary.added["communities"] = into_network.make_communities(network, now=now)
        summary.added["connections"], summary.silent = _connect(network, base_url.rstrip("/"), now)
        tell(f"подключено страниц: {summary.added['connections']}")
        # After connecting, so that Otklik hears of the posts as of any other.
        summary.added["posts"] = into_network.publish_posts(network, now=now)
        summary.added["messages"] = _first_messages(network, now)
        summary.added["further"] = into_communities.make_further(network, now=now)
        summary.added["further_posts"] = into_communities.publish_further(network, now=now)
        tell(f"сообществ без подключения: {summary.added['further']}")
        summary.added["lookalikes"] = _lookalikes(now)
        if works:
            summary.added["worked"] = first_shift.work(network)
            tell(f"инцидентов в работе: {summary.added['worked']}")
    return summary


def _lookalikes(now: datetime) -> int:
    """The key of a person, and a search for the look-alikes of a few bodies; the rest wait for their turn."""
    token = into_network.user_token()
    held = Token.objects.filter(connection=None, network=Network.VK, kind=TokenKind.USER).first()
    if held is not None and held.value == token:
        return 0
    channels.set_user_token(value=token, by=into_registry.BY, now=now)
    # Nobody waits behind these few: they may stand in line for the key as long as it takes.
    api = channels.user_key(Network.VK, now=now, patience=60)
    bodies = Organization.objects.filter(code__in=SEARCHED_AT_ONCE).order_by("code")
    return sum(len(lookalikes.search_for(api, body, now=now)) for body in bodies) if api else 0


def _connect(network: SimulatedNetwork, base_url: str, now: datetime) -> tuple[int, int]:
    service = into_network.service_token()
    held = Token.objects.filter(connection=None, network=Network.VK, kind=TokenKind.SERVICE).first()
    if held is None or held.value != service:
        channels.set_service_token(value=service, by=into_registry.BY, now=now)
    deaf = into_network.unconnected(network, base_url=base_url)
    well = set(
        Connection.objects.filter(network=Network.VK, state=ConnectionState.CONNECTED).values_list(
            "external_id", flat=True
        )
    )
    wanted = [page for page in pages() if page.group_id in deaf or str(page.group_id) not in well]
    rows = {row.external_id: row for row in OfficialPage.objects.filter(network=Network.VK)}
    keys = [
        channels.PageKeys(rows[str(page.group_id)], into_network.community_token(page)) for page in wanted
    ]
    if not keys:
        return 0, 0
    connected = channels.connect_pages(pages=keys, by=into_registry.BY, now=now)
    groups = [int(each.external_id) for each in connected if each.state == ConnectionState.CONNECTED]
    silent = into_network.await_confirmations(
        network, groups, base_url=base_url, seconds=CONFIRMATION_PATIENCE
    )
    return len(groups), silent


def _first_messages(network: SimulatedNetwork, now: datetime) -> int:
    counts = network.state()
    if counts["comments"] or counts["messages"]["in"]:
        return 0
    posts: dict[int, list[int]] = {}
    for post in network.all("posts"):
        posts.setdefault(-post["owner_id"], []).append(post["id"])
    first = islice(resident_messages(FIRST_SEED, today=now.date()), FIRST_MESSAGES)
    for message in first:
        deed, order = order_of(message, posts.get(message.page.group_id, []), stamp="first")
        network.act(deed, **order)
    return FIRST_MESSAGES


def logins() -> str:
    """The table of demonstration logins, in Russian, for a terminal."""
    roles = dict(Role.choices)
    lines = ["ДЕМОНСТРАЦИЯ: учётные записи вымышленных сотрудников, пароль у всех один.", ""]
    wide = max(len(person.username) for person in staff())
    for person in staff():
        where = f", {person.position}" if person.position else ""
        lines.append(f"{person.username:<{wide}}  {roles[person.role]}: {person.full_name}{where}")
    return "\n".join([*lines, "", f"Пароль: {PASSWORD}"])
