"""«Это официальная страница?»: the answer to a link or a name out of the register, and nothing but the register."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from otklik.portal.finding import LONGEST_QUERY, Row, Wish, find
from otklik.registry.enums import LookalikeState
from otklik.registry.models import LookalikePage, OfficialPage
from otklik.registry.rules.pages import PageAddress, parse_page_address

SIMILAR = 5
KNOWN_AS_FAKE = (LookalikeState.FAKE, LookalikeState.REPORTED, LookalikeState.GONE)
_PERSON = re.compile(r"id(\d+)")
_ADDRESS = re.compile(r"https?://|^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-zа-я]{2,6}(?:/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register says. `kind` is one of official, closed, fake, harmless, unknown, names, nothing, elsewhere."""

    kind: str
    asked: str
    page: OfficialPage | None = None
    fake: LookalikePage | None = None
    similar: list[Row] = field(default_factory=list)


def answer(asked: str) -> Answer:
    """The answer to a link of a page in a network, or to a name."""
    address = address_of(asked)
    if address is not None:
        return _of_address(asked, address)
    if _ADDRESS.search(asked):
        return Answer("elsewhere", asked)
    similar = _similar(asked)
    return Answer("names" if similar else "nothing", asked, similar=similar)


def address_of(asked: str) -> PageAddress | None:
    """The page that a pasted link leads to."""
    return parse_page_address(plain(asked))


def plain(asked: str) -> str:
    """The link as the network itself writes it: here the network may stand at an address of the installation's own."""
    home = urlsplit(settings.VK_SITE_URL).netloc
    return re.sub(rf"^(?:https?://)?{re.escape(home)}/", "https://vk.com/", asked.strip())


def _of_address(asked: str, address: PageAddress) -> Answer:
    page = official(address)
    if page is not None:
        at_work = page.is_active and page.closed_on is None and page.organization.is_active
        return Answer("official" if at_work else "closed", asked, page)
    similar = _similar(re.sub(r"[_.\-\d]+", " ", address.name))
    fake = _lookalike(address)
    # A suspicion nobody has looked at yet is not told: it may be wrong.
    if fake is not None and fake.state in KNOWN_AS_FAKE:
        body = fake.resembles
        own = Wish(words=str(body)) if body else None
        return Answer("fake", asked, fake=fake, similar=find(own).rows[:1] if own else similar)
    kind = "harmless" if fake is not None and fake.state == LookalikeState.HARMLESS else "unknown"
    return Answer(kind, asked, similar=similar)


def official(address: PageAddress) -> OfficialPage | None:
    """The page of the register with this number or short name, in whatever state."""
    name, person = address.name, _PERSON.fullmatch(address.name)
    numbers = [name.lstrip("-"), *([person[1]] if person else [])]
    found = OfficialPage.objects.filter(network=address.network).filter(
        Q(external_id__in=[name, *numbers]) | Q(screen_name__in=[name, name.lower()])
    )
    for page in found.select_related("organization__municipality").order_by("-is_active", "pk"):
        own = parse_page_address(page.url)
        # `id5` is a person and `club5` a community: the same number, never the same page.
        if own is None or bool(_PERSON.fullmatch(own.name)) == bool(person):
            return page
    return None


def _lookalike(address: PageAddress) -> LookalikePage | None:
    name = address.name
    return (
        LookalikePage.objects.filter(network=address.network)
        .filter(Q(external_id=name.lstrip("-")) | Q(screen_name__iexact=name))
        .select_related("resembles")
        .first()
    )


def _similar(words: str) -> list[Row]:
    words = " ".join(words.split())[:LONGEST_QUERY]
    return find(Wish(words=words)).rows[:SIMILAR] if len(words) > 1 else []
