"""The stream of residents' messages: which page, who, what, with a photo or not, and what they do later."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random

from demo.data.pages import Page, pages
from demo.data.region import municipalities, settlements
from demo.messages.noise import humanise
from demo.messages.people import Resident, residents
from demo.messages.templates import Template, fill, load
from demo.messages.words import pick_place, slots_for

# Shares of subjects, per mille, after the published figures of regional centres: roads and housing first.
SHARES = {
    "roads": 125, "housing": 115, "urban": 80, "waste": 50, "transit": 70, "health": 80, "edu": 70,
    "social": 40, "safety": 38, "energy": 38, "eco": 20, "build": 20, "land": 15, "telecom": 20,
    "culture": 20, "sport": 20, "labour": 10, "econ": 15, "animal": 30, "gov": 40, "mixed": 50,
    "stories": 12, "personal": 22, "thanks": 45, "chatter": 85, "spam": 30,
}  # fmt: skip
WRONG_PAGE = 0.06
DIRECT = 0.1
PHOTO = 0.7
CITIES = frozenset(each.oktmo for each in municipalities() if each.kind == "city")


@dataclass(frozen=True, slots=True)
class Later:
    """What happens after a message: `kind` is edit, delete, reminder or neighbour; `after` counts messages.

    For an edit `text` is the whole new text; for a neighbour `author` is somebody else.
    """

    kind: str
    after: int
    author: Resident
    text: str


@dataclass(frozen=True, slots=True)
class ResidentMessage:
    """One message as a resident sends it; `topics` are what the author meant, empty for chatter and spam.

    `post` picks the post to comment: 0 is the newest. A direct message has no post.
    """

    number: int
    page: Page
    post: int | None
    author: Resident
    text: str
    photo: str
    topics: tuple[str, ...]
    kind: str
    later: tuple[Later, ...]

    @property
    def is_direct(self) -> bool:
        """Whether it goes to the private messages of the page."""
        return self.post is None


@cache
def _pages_for(tokens: tuple[str, ...]) -> tuple[tuple[Page, ...], tuple[float, ...]]:
    everywhere = tokens == ("any",)
    found = tuple(page for page in pages() if everywhere or page.kind in tokens or page.body.code in tokens)
    # The first pages named are the likeliest; a large audience writes more, though not in proportion.
    weights = (page.members**0.6 * (1 if everywhere else _nearness(page, tokens)) for page in found)
    return found, tuple(accumulate(weights))


def _nearness(page: Page, tokens: tuple[str, ...]) -> float:
    token = page.body.code if page.body.code in tokens else page.kind
    same = sum(1 for other in pages() if other.kind == token) or 1
    return 1 / (1 + tokens.index(token)) / same


def _pick_page(template: Template, random: Random) -> Page:
    tokens = ("any",) if random.random() < WRONG_PAGE else template.pages
    found, heaped = _pages_for(tokens)
    for _attempt in range(40):
        page = found[bisect_right(heaped, random.random() * heaped[-1])]
        if _suits(template, page.body.municipality):
            break
    return page


def _suits(template: Template, municipality: str) -> bool:
    """Whether village or city matters belong to this municipality; a regional body hears of everything."""
    if not municipality:
        return True
    city = municipality in CITIES
    return not ("village" in template.tags and city) and not ("city" in template.tags and not city)


def _pick_template(random: Random, month: int) -> Template:
    while True:
        name = random.choices(list(SHARES), list(SHARES.values()))[0]
        template = random.choice(load("residents", name))
        if template.fits(month):
            return template


def _text(template: Template, page: Page, author: Resident, today: date, random: Random) -> str:
    municipality = page.body.municipality
    if not municipality:
        every = [each for each in municipalities() if _suits(template, each.oktmo)]
        municipality = random.choices(every, [each.population for each in every])[0].oktmo
    near = [s for s in settlements() if s.municipality == municipality and s.name == page.body.place]
    institution = page.body.level in {"institution", "utility"} and near
    place = near[0] if institution else pick_place(municipality, random, village="village" in template.tags)
    slots = slots_for(municipality=municipality, place=place, author=author, today=today, random=random)
    return fill(template.text, slots, female=author.female, random=random)


def _later(
    *, template: Template, page: Page, author: Resident, text: str, today: date, random: Random
) -> tuple[Later, ...]:
    if not template.topics or template.kind == "thanks":
        return (Later("delete", random.randint(2, 12), author, ""),) if random.random() < 0.02 else ()
    kind = random.choices(("", "edit", "delete", "reminder", "neighbour"), (80, 5, 3, 6, 6))[0]
    if not kind or (kind == "neighbour" and "direct" in template.tags):
        return ()
    who = random.choice(residents()) if kind == "neighbour" else author
    words = ""
    if kind != "delete":
        choices = [each for each in load("residents", "followups") if each.kind == kind]
        words = _text(random.choice(choices), page, who, today, random)
    new = f"{text}\n{words}" if kind == "edit" else words
    return (Later(kind, random.randint(2, 20), who, new),)


def resident_messages(seed: int, *, today: date = date(2026, 11, 16)) -> Iterator[ResidentMessage]:
    """An endless stream, the same for the same seed and day; `today` decides the season and dates."""
    random = Random(seed)
    number = 0
    while True:
        template = _pick_template(random, today.month)
        page, author = _pick_page(template, random), random.choice(residents())
        plain = _text(template, page, author, today, random)
        text = plain if template.kind == "chatter" else humanise(plain, random)
        direct = "direct" in template.tags or (bool(template.topics) and random.random() < DIRECT)
        photo = template.photo if template.photo and random.random() < PHOTO else ""
        yield ResidentMessage(
            number=number,
            page=page,
            post=None if direct else min(int(random.expovariate(0.9)), 3),
            author=author,
            text=text,
            photo=photo,
            topics=template.topics,
            kind=template.kind,
            later=_later(template=template, page=page, author=author, text=text, today=today, random=random),
        )
        number += 1
