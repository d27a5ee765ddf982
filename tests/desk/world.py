"""A small region with staff and messages for the tests of the desk: every row is made the way the product makes it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.core.cache import cache

from otklik.casework.models import Incident
from otklik.casework.operations import Opening, open_many
from otklik.channels.models import Connection
from otklik.common.actor import SYSTEM
from otklik.inbox.models import Attachment, Author, SourceMessage, Thread
from otklik.news.models import Post
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import Municipality, OfficialPage, Organization, Region, WorkCalendar
from otklik.triage.models import Topic, Verdict
from otklik.triage.operations import load_topics

_numbers = count(1)
PASSWORD = "долгий-пароль-стола"


@dataclass
class World:
    """What a test works with."""

    now: datetime
    region: Region
    municipality: Municipality
    ministry: Organization
    city: Organization
    school: Organization
    pages: dict[str, OfficialPage] = field(default_factory=dict)
    people: dict[str, Account] = field(default_factory=dict)

    def message(
        self, text: str, *, page: str = "city", author: str = "Анна Петрова", **fields: Any
    ) -> SourceMessage:
        """A resident's comment under a post, or a private message with place="direct"."""
        number = next(_numbers)
        place, at = fields.pop("place", "wall"), fields.pop("at", self.now)
        official = self.pages[page]
        post = None
        if place == "wall":
            post, _made = Post.objects.get_or_create(
                page=official,
                place="wall",
                external_id="7",
                defaults={
                    "text": "План ремонта дорог на 2027 год",
                    "url": "https://vk.com/wall-1_7",
                    "published_at": at - timedelta(days=1),
                },
            )
        writer, _made = Author.objects.get_or_create(
            network="vk", external_id=str(1000 + abs(hash(author)) % 100000), defaults={"name": author}
        )
        root = fields.pop("root", None)
        thread, _made = Thread.objects.get_or_create(
            page=official, place=place, object_id="7", root_id=root or str(number), defaults={"post": post}
        )
        return SourceMessage.objects.create(
            connection=official.connection,
            page=official,
            thread=thread,
            post=post,
            author=fields.pop("by", writer),
            kind="direct" if place == "direct" else "comment",
            place=place,
            object_id="7",
            external_id=str(number),
            text=text,
            sent_at=at,
            received_at=at,
            triaged_at=at,
            **fields,
        )

    def incident(
        self,
        text: str = "Яма у дома 12 по Тельмана",
        *,
        topic: str = "ROADS.pothole",
        action: str = "ask",
        words: tuple[str, ...] = ("яма",),
        confidence: float = 0.61,
        priority: str = "normal",
        kind: str = "complaint",
        body: str = "city",
        reason: str = "low_confidence",
        **fields: Any,
    ) -> Incident:
        """An incident as triage opens it."""
        message = self.message(text, **fields)
        spots = [(word, text.lower().find(word)) for word in words]
        verdict = Verdict.objects.create(
            message=message,
            kind=kind,
            topic=Topic.objects.get(code=topic),
            confidence=confidence,
            alternatives=[["ROADS.repair", 0.27]],
            words=[[text[at : at + len(word)], at, at + len(word)] for word, at in spots if at >= 0],
            priority=priority,
            model_version="lexicon-1",
            decided_at=message.received_at,
        )
        opening = Opening(
            verdict=verdict,
            question=text,
            action=action,
            reason=reason,
            suggested_id=getattr(self, body).pk if body else None,
            municipality_id=self.municipality.pk,
        )
        return open_many(openings=[opening], now=message.received_at)[0]

    def photo(self, message: SourceMessage, **fields: Any) -> Attachment:
        """An attachment of the message."""
        return Attachment.objects.create(
            message=message, **{"kind": "photo", "url": "https://sun1.userapi.com/a.jpg"} | fields
        )


def build(now: datetime) -> World:
    """The region with three bodies, their pages and a person for each role that the tests need."""
    cache.clear()
    load_topics()
    calendar = WorkCalendar.objects.create(name="Новосибирск", timezone="Asia/Novosibirsk")
    region = Region.objects.create(name="Новосибирская область", code="54", calendar=calendar, is_demo=True)
    municipality = Municipality.objects.create(
        oktmo="50640000", name="Новосибирский район", short_name="Новосибирский район", kind="district"
    )
    made: dict[str, Organization] = {}
    for code, name, short, level, kind in (
        ("ministry", "Министерство транспорта Новосибирской области", "Минтранс НСО", "regional", "ministry"),
        (
            "city",
            "Администрация Новосибирского района",
            "Администрация Новосибирского района",
            "municipal",
            "administration",
        ),
        ("school", "Школа № 2 посёлка Барышево", "Школа № 2, Барышево", "institution", "school"),
    ):
        parent = made.get("city") if code == "school" else None
        made[code] = registry.add_organization(
            by=SYSTEM,
            now=now,
            parent=parent,
            code=code,
            name=name,
            short_name=short,
            level=level,
            type=kind,
            municipality=municipality,
        )
    world = World(now, region, municipality, made["ministry"], made["city"], made["school"])
    for number, (code, organization) in enumerate(made.items(), 1):
        page = registry.add_page(
            organization=organization,
            by=SYSTEM,
            now=now,
            network="vk",
            external_id=str(number),
            title=organization.short_name,
            url=f"https://vk.com/club{number}",
        )
        Connection.objects.create(page=page, network="vk", external_id=str(number))
        world.pages[code] = page
    for username, name, role, scope in (
        ("dispatcher", "Мария Климова", "dispatcher", None),
        ("second", "Иван Попов", "dispatcher", None),
        ("executor", "Олег Сергеев", "executor", "city"),
        ("curator", "Нина Лебедева", "curator", "city"),
        ("stranger", "Пётр Чужой", "executor", "ministry"),
        ("viewer", "Зоя Смотрова", "viewer", None),
        ("admin", "Семён Админов", "system_admin", None),
        ("methodist", "Юлия Методова", "methodist", None),
    ):
        account = Account.objects.create(
            username=username, full_name=name, position=role, email=f"{username}@example.org"
        )
        registry.grant(
            account=account, role=role, by=SYSTEM, now=now, organization=made[scope] if scope else None
        )
        world.people[username] = account
    secretary = Account.objects.create(
        username="school", full_name="Ольга Секретарёва", position="секретарь", email="school@example.org"
    )
    registry.grant(account=secretary, role="page_admin", by=SYSTEM, now=now, page=world.pages["school"])
    world.people["school"] = secretary
    cache.clear()
    return world
