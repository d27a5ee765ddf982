"""Pages that look official are found in the simulated network: a few bodies a turn, in fair turns, within a budget."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from netsim.server import Running
from otklik.channels import http
from otklik.channels import operations as channels
from otklik.channels.base import NetworkFailure
from otklik.channels.models import Token
from otklik.channels.pictures import average_hash
from otklik.channels.vk import search as vk
from otklik.common.actor import SYSTEM
from otklik.flow import clock, lookalikes
from otklik.registry.models import LookalikePage, LookalikeSearch, Organization, Passport
from tests import cast
from tests.channels import conftest as channel
from tests.channels.town import Town, numbers

build, sim, town = channel.build, channel.sim, channel.town  # fixtures of the channel's tests
pytestmark = pytest.mark.django_db
NAME = "Минздрав Щуровской области"


def emblem(turn: int = 0) -> bytes:
    picture = Image.new("L", (8, 8), 255)
    for at in range(20):
        picture.putpixel(((at * 5 + turn) % 8, (at * 3) % 8), 0)
    file = io.BytesIO()
    picture.resize((64, 64), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def community(sim: Running, name: str, **more: Any) -> str:
    """A community of the simulated network; returns its number."""
    number = next(numbers)

    def make(world: Any) -> None:
        picture = more.pop("picture", None)
        made = world.create_community(id=number, name=name, **more)
        if picture:
            made.photo = world.keep_file(picture, "png")

    sim.call(make)
    return str(number)


@pytest.fixture
def person(town: Town) -> None:
    """The region's key of a person."""
    channels.set_user_token(value=town.keys["user"], by=SYSTEM, now=town.clock())


@pytest.fixture
def ministry(sim: Running) -> Organization:
    cast.region()
    made = cast.body(NAME)
    number = community(sim, NAME, screen_name=f"minz{next(numbers)}", picture=emblem())
    page = cast.page(made, external_id=number, title=NAME)
    Passport.objects.create(page=page, facts={"avatar_hash": average_hash(emblem())})
    return made


def turn(town: Town, minutes: float = 0) -> int:
    town.clock.move(minutes * 60)
    return lookalikes.search(now=town.clock())


@pytest.mark.usefixtures("person")
def test_a_disguised_name_and_a_copied_picture_are_found(
    town: Town,
    sim: Running,
    ministry: Organization,
) -> None:
    fake = community(
        sim,
        "Mинздpaв Щypoвcкoй oблacти",
        members_count=77,
        picture=emblem(),
        description="Официальная страница",
    )
    heard = community(sim, "Подслушано Минздрав Щуровской области")
    gone = community(sim, "Бывший Минздрав Щуровской области", deactivated="banned")
    assert turn(town) == Organization.objects.count()
    # The simulator also keeps communities of the other tests of this module.
    row = LookalikePage.objects.get(external_id=fake)
    assert not LookalikePage.objects.filter(external_id__in=[heard, gone]).exists()
    assert (row.resembles, row.followers) == (ministry, 77)
    assert {sign["code"] for sign in row.signs} == {
        "name_same",
        "letters",
        "avatar_same",
        "claims",
        "no_badge",
    }
    assert row.score == 100
    assert row.avatar_hash == average_hash(emblem())


@pytest.mark.usefixtures("person")
def test_turns_are_fair_and_a_day_has_a_budget(
    town: Town,
    ministry: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = [cast.body(f"Школа № {number} Ъ") for number in range(901, 904)]
    monkeypatch.setattr(lookalikes, "ORGANISATIONS_A_TURN", 2)
    monkeypatch.setattr(lookalikes, "ORGANISATIONS_A_DAY", 3)
    assert [turn(town), turn(town, minutes=1), turn(town, minutes=1)] == [2, 1, 0]
    asked = LookalikeSearch.objects.exclude(searched_at=None).order_by("searched_at", "organization_id")
    assert list(asked.values_list("organization_id", flat=True)) == [
        ministry.pk,
        *(each.pk for each in others[:2]),
    ]
    assert turn(town, minutes=24 * 60) == 1
    assert LookalikeSearch.objects.get(organization=others[2]).searched_at is not None
    assert turn(town, minutes=1) == 0
    assert turn(town, minutes=6 * 24 * 60) == 2


@pytest.mark.usefixtures("person")
def test_a_search_that_fails_gives_its_turn_away(town: Town, ministry: Organization) -> None:
    town.sim.hub.faults.add(method="groups.search", what="error", code=10, count=1)
    assert turn(town) == 0
    assert LookalikeSearch.objects.exclude(searched_at=None).count() == 1


def test_without_a_key_of_a_person_nothing_is_searched(town: Town, ministry: Organization) -> None:
    assert turn(town) == 0
    assert not LookalikeSearch.objects.exists()
    clock.find_lookalikes(timestamp=0)
    assert not LookalikePage.objects.exists()


@pytest.mark.usefixtures("person")
def test_the_key_of_a_person_is_slower_than_the_network_allows(town: Town) -> None:
    token = Token.objects.get(connection=None, kind="user")
    assert token.rate == 2
    assert channels.user_key("vk", now=town.clock()) is not None
    assert channels.user_key("vk", now=town.clock() + timedelta(days=1)) is not None
    Token.objects.filter(pk=token.pk).update(state="needs_renewal")
    assert channels.user_key("vk", now=town.clock()) is None


def test_strange_answers_of_the_network_are_passed_by() -> None:
    class Strange:
        def call(self, method: str, **_params: Any) -> Any:
            return {
                "items": [{"id": "x"}, None, {"id": -3}, {"id": 7}],
                "groups": [{"id": 7, "name": None}, 5],
            }

    api: Any = Strange()
    assert vk.find(api, "слова", count=3) == ["7"]
    assert vk.look(api, ["7"]) == [vk.Community("7", "")]


def test_a_picture_that_cannot_be_had_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_more: Any) -> Any:
        raise NetworkFailure("body_too_large", permanent=False)

    known = vk.Community("7", "x", avatar_url="https://example.org/a.png")
    assert vk.avatar_hash(vk.Community("7", "x", avatar_url="file:///etc/passwd")) == ""
    monkeypatch.setattr(http, "call", broken)
    assert vk.avatar_hash(known) == ""
    monkeypatch.setattr(http, "call", lambda *_a, **_m: (200, b"<html>"))
    assert vk.avatar_hash(known) == ""
    monkeypatch.setattr(http, "call", lambda *_a, **_m: (200, emblem()))
    assert vk.avatar_hash(known) == average_hash(emblem())
