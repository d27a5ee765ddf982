"""Communities of the simulated network without a connection: other official pages, officials, look-alikes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from demo.data.lookalikes import Fake, fakes
from demo.data.officials import Official, officials
from demo.data.presence import Presence, category_of, contacts_of, presences
from demo.emblems import cover, emblem
from demo.messages.posts import templates
from demo.network import SimulatedNetwork
from demo.orders import base64_of

# Posts of the last days are enough for the rhythm of a page: a fortnight, and the last one before it.
DAYS = 14
FIRST_ADMINISTRATOR, ADMINISTRATORS = 954_800_001, 60


def looks(each: Presence) -> dict[str, Any]:
    """How a community is designed: the orders that make it look as its passport says."""
    contacts = contacts_of(each.body)
    found: dict[str, Any] = {
        "description": each.description,
        "city": each.body.place,
        "activity": category_of(each.body) if each.has_category else "",
        "verified": 0,
        "is_government": each.badge == "confirmed",
        "wall": 1 if each.comments_open else 3,
        "photo": base64_of(emblem(each.body.code)) if each.has_avatar else "",
        "cover": base64_of(cover(each.body.sphere)) if each.has_cover else "",
    }
    if each.has_contacts:
        reception = {"desc": "Приёмная", "phone": contacts.phone, "email": contacts.email}
        found |= {"site": contacts.site, "phone": contacts.phone, "contacts": [reception]}
        found["addresses"] = [_address(each)]
    return found


def administrators(each: Presence) -> list[int]:
    """Who runs a connected page: two people most often, some pages hang on one."""
    random = Random(f"administrators {each.number}")
    crew = range(FIRST_ADMINISTRATOR, FIRST_ADMINISTRATOR + ADMINISTRATORS)
    return random.sample(crew, 2 if each.is_model or random.random() < 0.85 else 1)


def crew() -> list[dict[str, Any]]:
    """The people who run connected pages, as the network knows them."""
    names = ("Анна", "Ольга", "Инна", "Вера", "Нина", "Лидия")
    return [
        {
            "id": FIRST_ADMINISTRATOR + at,
            "first_name": names[at % len(names)],
            "last_name": f"Страницына-{at + 1}",
            "sex": 1,
        }
        for at in range(ADMINISTRATORS)
    ]


def _address(each: Presence) -> dict[str, Any]:
    contacts = contacts_of(each.body)
    found: dict[str, Any] = {
        "title": each.body.short_name, "address": contacts.address, "phone": contacts.phone,
        "latitude": 55.0, "longitude": 82.9,
    }  # fmt: skip
    if each.has_hours:
        day = {"open_time": 540, "close_time": 1080, "break_open_time": 780, "break_close_time": 840}
        week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), day)
        found |= {"work_info_status": "timetable", "timetable": week}
    else:
        found["work_info_status"] = "no_information"
    return found


def make_further(network: SimulatedNetwork, *, now: datetime) -> int:
    """Communities that the network does not know yet; returns how many."""
    known = {each["id"] for each in network.all("communities")}
    orders = [
        {
            "id": int(each.number), "name": each.title, "screen_name": each.screen_name,
            "members_count": each.members, "admins": [], **looks(each),
        }
        for each in presences(now.date())
        if each.network == "vk" and not each.connected and int(each.number) not in known
    ]  # fmt: skip
    orders += [_person(each) for each in officials(now.date()) if int(each.number) not in known]
    orders += [_fake(each) for each in fakes() if each.number not in known]
    network.make("communities", orders)
    return len(orders)


def _person(each: Official) -> dict[str, Any]:
    return {
        "id": int(each.number), "name": each.name, "screen_name": each.screen_name, "members_count": each.members,
        "description": f"{each.position}. Учебная страница демонстрации «Отклика».", "is_government": True,
        "photo": base64_of(emblem(each.name)), "activity": "Государственный деятель",
    }  # fmt: skip


def _fake(each: Fake) -> dict[str, Any]:
    return {
        "id": each.number, "name": each.title, "screen_name": each.screen_name, "members_count": each.members,
        "description": f"{each.description} (выдумано для демонстрации)", "type": each.type, "is_government": False,
        "photo": base64_of(emblem(each.copies or each.screen_name)),
    }  # fmt: skip


def publish_further(network: SimulatedNetwork, *, now: datetime) -> int:
    """Posts of unconnected communities that have none; returns how many."""
    with_posts = {-each["owner_id"] for each in network.all("posts")}
    orders = [
        order
        for each in presences(now.date())
        if each.network == "vk" and not each.connected and int(each.number) not in with_posts
        for order in _posts(each, now)
    ]
    network.make("posts", orders)
    return len(orders)


def _posts(each: Presence, now: datetime) -> Iterator[dict[str, Any]]:
    random = Random(f"posts {each.number}")
    texts = _texts(each)
    step = 7 / each.posts_a_week if each.posts_a_week else DAYS
    days = float(each.silent_days) + 0.2
    count = 0
    while not count or days < DAYS:
        at = now - timedelta(days=days, minutes=random.randint(0, 300))
        yield {"group_id": int(each.number), "text": random.choice(texts), "date": int(at.timestamp())}
        days += step
        count += 1


def _texts(each: Presence) -> list[str]:
    """Posts that name nothing: they fit any institution."""
    plain = [each.text for each in templates() if "{" not in each.text and "<" not in each.text]
    name = each.body.short_name
    return [
        *plain[:6],
        f"{name}: ждём вас в часы работы.",
        f"{name}: отчёт о неделе, фотографии в альбоме.",
        f"{name}: объявлен набор, подробности по телефону.",
        f"{name}: изменения в расписании с понедельника.",
    ]
