"""How organisations of the region are present in the networks: pages, badges, design, contacts, and what is missing.

Everything is invented and seeded by the code of the organisation, so a change in one recipe moves nothing else.
Sites stand under `.example` and telephones begin with 555, so that nothing leads to a real body.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from demo.data.pages import (
    ABOUT,
    ABOUT_DEFAULT,
    MARK,
    Body,
    Page,
    all_bodies,
    further_bodies,
    pages,
    screen_name,
    transliterate,
)

# Communities of further organisations get numbers of a block of their own, in the order of the organisations.
FIRST_FURTHER_ID = 954_010_001
FIRST_OK_ID = 70_000_054_000_001
LAW = date(2022, 12, 1)
"""Since this day bodies and their institutions must keep official pages (270-ФЗ)."""

MODEL = "school-50708000-2"
VK_SHARE, OK_SHARE = 0.705, 0.47
# How pages came: few before the law, a wave in its first year, then a thin stream; (first day, days, weight).
WAVES = ((date(2019, 3, 1), 1370, 14), (date(2022, 12, 1), 210, 38), (date(2023, 7, 1), 180, 20),
         (date(2024, 1, 1), 360, 14), (date(2025, 1, 1), 400, 9), (date(2026, 2, 5), 270, 5))  # fmt: skip
CATEGORIES = {"education": "Образовательное учреждение", "health": "Медицинское учреждение",
              "culture": "Учреждение культуры", "sport": "Спортивная организация", "social": "Социальная служба",
              "governance": "Государственная организация"}  # fmt: skip
STREETS = ("Ленина", "Советская", "Мира", "Школьная", "Центральная", "Садовая", "Победы", "Кирова")


@dataclass(frozen=True, slots=True)
class Contacts:
    """What the register knows of an organisation besides its name."""

    ogrn: str
    phone: str
    email: str
    site: str
    address: str
    hours: str
    served: int | None


@dataclass(frozen=True, slots=True)
class Presence:
    """An official page as it is: in the register, in the simulated network, and in its passport."""

    body: Body
    network: str
    number: str
    screen_name: str
    title: str
    description: str
    members: int
    opened_on: date
    tier: str
    badge: str
    badge_on: date | None
    component: bool
    widgets: int | None
    has_avatar: bool
    has_cover: bool
    has_contacts: bool
    has_hours: bool
    has_category: bool
    comments_open: bool
    # Posts of its own in an ordinary week, and days since the last one.
    posts_a_week: int
    silent_days: int
    connected: bool = False
    # Well kept but for what its secretary is asked to mend: an example of three tasks and no more.
    is_model: bool = False


def contacts_of(body: Body) -> Contacts:
    """The contacts of an organisation, made of its code."""
    random = Random(f"contacts {body.code}")
    name = transliterate(body.code).replace("_", "-")[:40]
    base = f"10200{random.randint(0, 9_999_999):07d}"
    hours = "Пн–пт 9:00–18:00, перерыв 13:00–14:00" if body.level != "institution" else "Пн–пт 8:00–17:00"
    return Contacts(
        ogrn=f"{base}{int(base) % 11 % 10}",
        phone=f"+7 (383) 555-{random.randint(0, 99):02d}-{random.randint(0, 99):02d}",
        email=f"{name}@nso.example" if random.random() < 0.94 or body.code == MODEL else "",
        site=f"https://{name}.nso.example" if random.random() < 0.9 or body.code == MODEL else "",
        address=f"{body.place}, улица {random.choice(STREETS)}, {random.randint(1, 140)}",
        hours=hours if random.random() < 0.9 else "",
        served=_served(body, random),
    )


def _served(body: Body, random: Random) -> int | None:
    usual = {"school": 600, "gymnasium": 800, "kindergarten": 190, "library": 1100, "culture_house": 900, "sport": 700,
             "clinic": 21_000, "polyclinic": 24_000, "hospital": 15_000, "college": 900, "art_school": 350,
             "extra_education": 1200, "social": 1500}.get(body.type)  # fmt: skip
    return int(usual * random.uniform(0.4, 1.7)) if usual else None


@cache
def presences(today: date) -> tuple[Presence, ...]:
    """All official pages of organisations: the connected ones first, then the others in VK, then those in OK."""
    connected = [_connected(page, today) for page in pages()]
    further = [
        _vk(body, FIRST_FURTHER_ID + index, today)
        for index, body in enumerate(further_bodies())
        if body.has_page and Random(f"vk {body.code}").random() < VK_SHARE
    ]
    in_ok = [
        _ok(body, FIRST_OK_ID + index * 17, today)
        for index, body in enumerate(all_bodies())
        if body.has_page and Random(f"ok {body.code}").random() < OK_SHARE
    ]
    return (*connected, *further, *in_ok)


@cache
def connected_presences(today: date) -> dict[int, Presence]:
    """The connected pages by the number of their community."""
    return {int(each.number): each for each in presences(today) if each.connected}


def _connected(page: Page, today: date) -> Presence:
    # A connected page is a good one: its administrators are on the phone with the centre.
    number, address = str(page.group_id), page.screen_name
    found = _page(
        page.body, today, number=number, address=address, members=page.members, care=0.9, connected=True
    )
    return _model(found) if page.body.code == MODEL else found


def _model(page: Presence) -> Presence:
    """The page of the school whose secretary logs in: no cover, no hours, no widgets; the rest is in order."""
    return replace(
        page, description=_description(page.body), tier="active", badge="confirmed", badge_on=page.opened_on,
        component=True, widgets=0, has_avatar=True, has_cover=False, has_contacts=True, has_hours=False,
        has_category=True, posts_a_week=4, silent_days=1, is_model=True,
    )  # fmt: skip


def _vk(body: Body, number: int, today: date) -> Presence:
    random = Random(f"members {body.code}")
    usual = {"village_administration": 420, "school": 760, "kindergarten": 380, "library": 260}.get(
        body.type, 520
    )
    members = int(usual * random.lognormvariate(0, 0.7))
    return _page(body, today, number=str(number), address=screen_name(body), members=members, care=0.68)


def _ok(body: Body, number: int, today: date) -> Presence:
    random = Random(f"ok members {body.code}")
    members = int(340 * random.lognormvariate(0, 0.8))
    return _page(body, today, number=str(number), address="", members=members, care=0.6, network="ok")


def _page(
    body: Body,
    today: date,
    *,
    number: str,
    address: str,
    members: int,
    care: float,
    network: str = "vk",
    connected: bool = False,
) -> Presence:
    """`care` is how likely each thing is in order, 0–1: authorities are better kept than village libraries."""
    random = Random(f"{network} page {body.code}")
    care = min(0.97, care + (0.12 if body.level in {"regional", "center"} else 0))
    opened = opened_day(random, today)
    badge, badge_on = _badge(random, care, opened, today)
    posts, silent = _rhythm(random, care)
    return Presence(
        *(body, network, number, address, body.short_name),
        description=_description(body) if random.random() < care + 0.05 else "",
        members=members,
        opened_on=opened,
        tier=_tier(body, random),
        badge=badge,
        badge_on=badge_on,
        component=random.random() < care - 0.05,
        widgets=random.choices((2, 1, 0), (care, 0.2, 1 - care))[0],
        has_avatar=random.random() < care + 0.2,
        has_cover=random.random() < care,
        has_contacts=random.random() < care + 0.1,
        has_hours=random.random() < care - 0.1,
        has_category=random.random() < care + 0.1,
        # Residents of the demonstration write under posts of connected pages.
        comments_open=random.random() < 0.93 or connected,
        posts_a_week=posts,
        silent_days=silent,
        connected=connected,
    )


def _rhythm(random: Random, care: float) -> tuple[int, int]:
    """Posts a week, and days of silence."""
    if random.random() < care:
        return random.choice((3, 3, 4, 5, 6, 8)), random.randint(0, 3)
    return random.choice((0, 1, 1, 2)), random.choice((5, 9, 16, 30, 70, 140))


def opened_day(random: Random, today: date) -> date:
    """When a page began: few before the law, most in its first year."""
    first, days, _weight = random.choices(WAVES, [weight for *_rest, weight in WAVES])[0]
    return min(first + timedelta(days=random.randint(0, days)), today - timedelta(days=3))


def _badge(random: Random, care: float, opened: date, today: date) -> tuple[str, date | None]:
    since = max(opened, LAW) + timedelta(days=random.randint(10, 300))
    if since >= today:
        return random.choice(("none", "requested")), None
    state = random.choices(
        ("confirmed", "none", "requested", "lost"), (care, 0.9 - care + 0.08, 0.05, 0.035)
    )[0]
    if state == "lost":
        return state, today - timedelta(days=random.randint(2, 120))
    return (state, since) if state == "confirmed" else (state, None)


def _tier(body: Body, random: Random) -> str:
    if body.level in {"regional", "center"} or body.type == "administration":
        return "flagship"
    if body.type in {"village_administration", "library", "archive", "culture_house", "utility"}:
        return "card" if random.random() < 0.6 else "active"
    return "active" if random.random() < 0.85 else "card"


def _description(body: Body) -> str:
    return f"{body.name}. {ABOUT.get(body.sphere, ABOUT_DEFAULT)} {MARK}"


def category_of(body: Body) -> str:
    """What the page chose as its theme."""
    return CATEGORIES.get(body.sphere, CATEGORIES["governance"])
