"""Puts the communities, their keys, their posts and the residents into the simulated network."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from datetime import datetime

from demo.data.pages import Page, pages
from demo.data.presence import connected_presences
from demo.into_communities import administrators, crew, looks
from demo.messages.people import residents
from demo.messages.photos import photo
from demo.messages.posts import page_posts
from demo.network import SimulatedNetwork
from demo.orders import base64_of

SCOPES = ["messages", "wall", "manage", "photos", "docs"]


def community_token(page: Page) -> str:
    """The key of a community: the same at every load, so a second load changes nothing."""
    return f"vk1.a.demo-{page.group_id}-{_digest(page.screen_name)}"


def service_token() -> str:
    """The region's service key in the simulated network."""
    return f"demo-service-{_digest('service')}"


def user_token() -> str:
    """The key of a person of the centre, by whom the simulated network is searched."""
    return f"demo-user-{_digest('user')}"


def _digest(text: str) -> str:
    # Not a secret: it opens nothing but a simulator that hands its keys out to anybody on this machine.
    return hashlib.sha256(f"otklik demo {text}".encode()).hexdigest()[:24]


def make_communities(network: SimulatedNetwork, *, now: datetime) -> int:
    """Communities, people and keys that the network does not know yet; returns how many communities."""
    known = {each["id"] for each in network.all("communities")}
    fresh = [page for page in pages() if page.group_id not in known]
    network.make("communities", [_community(page, now) for page in fresh])
    people = {each["id"] for each in network.all("users")}
    newcomers = [*(_person(each.id) for each in residents()), *crew()]
    network.make("users", [person for person in newcomers if person["id"] not in people])
    held = {each["value"] for each in network.all("tokens") if not each.get("revoked")}
    network.make("tokens", [token for token in _tokens() if token["value"] not in held])
    return len(fresh)


def _community(page: Page, now: datetime) -> dict[str, object]:
    presence = connected_presences(now.date())[page.group_id]
    return {
        "id": page.group_id,
        "name": page.title,
        "screen_name": page.screen_name,
        "members_count": page.members,
        "admins": administrators(presence),
        **looks(presence),
        "verified": int(page.body.level != "institution"),
    }


def _person(number: int) -> dict[str, object]:
    person = residents()[number - residents()[0].id]
    names = {"first_name": person.first_name, "last_name": person.last_name}
    return {"id": person.id, **names, "sex": 1 if person.female else 2}


def _tokens() -> Iterable[dict[str, object]]:
    for page in pages():
        yield {
            "kind": "community",
            "group_id": page.group_id,
            "scopes": SCOPES,
            "value": community_token(page),
        }
    yield {"kind": "service", "value": service_token()}
    yield {"kind": "user", "user_id": residents()[0].id, "scopes": ["groups"], "value": user_token()}


def publish_posts(network: SimulatedNetwork, *, now: datetime) -> int:
    """Posts of communities that have none; returns how many. Connected pages hear of them as of any post."""
    with_posts = {-each["owner_id"] for each in network.all("posts")}
    orders = [
        {
            "group_id": page.group_id,
            "text": post.text,
            "date": int(now.timestamp()) - post.age_hours * 3600,
            "photos": [base64_of(photo(post.photo))] if post.photo else [],
        }
        for page in pages()
        if page.group_id not in with_posts
        for post in page_posts(page, today=now.date())
    ]
    network.make("posts", orders)
    return len(orders)


def unconnected(network: SimulatedNetwork, *, base_url: str) -> set[int]:
    """Communities whose events do not reach this Otklik yet: no confirmed server at its address."""
    reached = {
        server["group_id"]
        for server in network.all("servers")
        if server["url"].startswith(f"{base_url}/") and server["status"] == "ok"
    }
    return {page.group_id for page in pages()} - reached


def await_confirmations(
    network: SimulatedNetwork, groups: Sequence[int], *, base_url: str, seconds: float
) -> int:
    """Wait until the network has confirmed our address for these communities; returns how many are silent."""
    until = time.monotonic() + seconds
    while True:
        silent = unconnected(network, base_url=base_url) & set(groups)
        if not silent or time.monotonic() > until:
            return len(silent)
        time.sleep(0.3)
