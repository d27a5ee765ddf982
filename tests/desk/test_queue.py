"""The queue: every incident once however it is paged, filters that add up, counts that are true, few queries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.desk import queue
from otklik.desk.access import Desk
from otklik.desk.counts import counts, forget
from otklik.desk.models import SavedView
from otklik.desk.ordering import order_key
from otklik.desk.queue import Cursor, QueueQuery, page_of
from otklik.registry import operations as registry
from tests.desk.world import World

At = Callable[..., Client]


def desk(world: World, username: str = "dispatcher") -> Desk:
    account = world.people[username]
    return Desk(account, registry.reach_of(account), world.now, registry.working_calendar())


@pytest.mark.parametrize("order", ["deadline", "newest"])
def test_pages_give_every_incident_once_in_order(
    world: World, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 3)
    # Several share a moment, as messages of one batch do.
    made = [world.incident(at=world.now - timedelta(minutes=number // 3)) for number in range(11)]
    query, after, seen = QueueQuery(view="triage", sort=order), None, []
    while True:
        found, after = page_of(query, desk(world), after)
        seen += found
        if after is None:
            break
        after = Cursor.of(str(after))
    assert sorted(each.pk for each in seen) == sorted(each.pk for each in made)
    keys = [order_key(each, query.column) for each in seen]
    assert keys == sorted(keys)


def test_a_row_that_leaves_between_two_pages_takes_no_other_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 2)
    made = [world.incident(at=world.now - timedelta(minutes=10 - number)) for number in range(6)]
    query = QueueQuery(view="triage")
    first, after = page_of(query, desk(world))
    casework.reject(incident=made[0], reason="spam", by=world.people["second"].actor, now=world.now)
    second, _after = page_of(query, desk(world), after)
    assert [each.pk for each in first + second] == [each.pk for each in made[:4]]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.dictionaries(
        st.sampled_from(
            ["view", "group", "priority", "kind", "municipality", "body", "page", "place", "q", "sort"]
        ),
        st.text(max_size=30),
    )
)
def test_any_address_is_a_query_that_survives_its_own_address(raw: dict[str, str]) -> None:
    from django.http import QueryDict

    query = QueueQuery.of(raw)
    assert QueueQuery.of(QueryDict(query.string)) == query


@pytest.mark.parametrize(
    "after", ["", "x", "2026-13-45T00:00,1", "2026-01-01T00:00:00,1", "2026-01-01T00:00:00+00:00,²"]
)
def test_an_odd_cursor_is_the_beginning(world: World, at: At, after: str) -> None:
    world.incident()
    assert at("dispatcher").get("/desk/", {"after": after}).status_code == 200


def test_views_hold_what_their_names_say(world: World, at: At) -> None:
    made = {
        "triage": world.incident(),
        "routed": world.incident(action="open"),
        "rejected": world.incident(action="reject", reason="spam"),
        "overdue": world.incident(at=world.now - timedelta(days=9)),
    }
    work = casework.accept(incident=world.incident(action="open"), by=world.people["executor"], now=world.now)
    shown = {view: at("dispatcher").get(f"/desk/?view={view}").content.decode() for view in made}
    for view, incident in made.items():
        assert f'id="row-{incident.pk}"' in shown[view]
    assert f'id="row-{made["routed"].pk}"' not in shown["triage"]
    assert f'id="row-{work.pk}"' in at("executor").get("/desk/?view=mine").content.decode()
    assert f'id="row-{work.pk}"' not in at("dispatcher").get("/desk/?view=mine").content.decode()


def test_filters_narrow(world: World, at: At) -> None:
    photo = world.incident("Яма с фотографией")
    world.photo(photo.message)
    secret = world.incident("Личное о прописке", place="direct", words=())
    sure = world.incident(
        "Фонарь не горит", topic="ROADS.lighting", confidence=0.9, priority="high", words=()
    )
    cases = {
        "files=1": {photo},
        "place=direct": {secret},
        "place=comment&priority=high": {sure},
        "unsure=1": {photo, secret},
        "group=ROADS&topic=ROADS.lighting": {sure},
        "q=фонарь": {sure},
        "q=фотография": {photo},
        f"q={photo.number}": {photo},
        "kind=thanks": set(),
    }
    for string, wanted in cases.items():
        page = at("dispatcher").get(f"/desk/?view=triage&{string}").content.decode()
        shown = {each for each in (photo, secret, sure) if f'id="row-{each.pk}"' in page}
        assert shown == wanted, string
    assert "Ничего не найдено" in at("dispatcher").get("/desk/?view=triage&kind=thanks").content.decode()


def test_counts_are_what_the_lists_hold(world: World) -> None:
    for number in range(3):
        world.incident(at=world.now - timedelta(days=5 * number))
    world.incident(action="open", topic="ROADS.repair")
    casework.accept(incident=world.incident(action="open"), by=world.people["executor"], now=world.now)
    for username in ("dispatcher", "executor", "stranger"):
        at_desk = desk(world, username)
        forget(at_desk)
        found = counts(at_desk)
        for view in ("triage", "routed", "work", "overdue", "trouble", "answered"):
            assert found.views.get(view, 0) == queue.incidents(QueueQuery(view=view), at_desk).count(), view
        assert (
            found.mine.get(at_desk.account.pk, 0) == queue.incidents(QueueQuery(view="mine"), at_desk).count()
        )


def test_the_number_of_queries_does_not_grow_with_the_queue(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(25):
        incident = world.incident(
            f"Яма {number}", author=f"Житель {number}", page=["city", "school"][number % 2]
        )
        world.photo(incident.message)
    client = at("dispatcher")
    client.get("/desk/")
    with django_assert_max_num_queries(
        11
    ):  # session, person, saved views, rows with five relations, counts kept
        client.get("/desk/")


def test_the_number_of_queries_of_a_card_is_fixed(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    first = world.incident(root="1")
    for number in range(12):
        message = world.message(f"И ещё {number}", root=first.message.external_id, author=f"Сосед {number}")
        world.photo(message)
        world.incident(f"Яма {number}")
    client = at("dispatcher", htmx=True)
    client.get(f"/desk/incidents/{first.pk}")
    with django_assert_max_num_queries(26):
        client.get(f"/desk/incidents/{first.pk}")


def test_saved_views_are_a_persons_own(world: World, at: At) -> None:
    client = at("dispatcher")
    client.post("/desk/views/?view=triage&priority=high", {"name": "Срочное"})
    view = SavedView.objects.get()
    assert view.query == "view=triage&priority=high"
    taken = client.post("/desk/views/?view=all", {"name": "Срочное"}, follow=True).content.decode()
    assert "Вид с таким названием у вас уже есть" in taken
    assert at("second").post(f"/desk/views/{view.pk}/remove").status_code == 404
    client.post(f"/desk/views/{view.pk}/rename", {"name": "Самое срочное"})
    page = client.post(f"/desk/views/{view.pk}/remove", follow=True).content.decode()
    assert f'action="/desk/views/{view.pk}/back?' in page
    assert 'data-testid="saved-views"' not in page
    client.post(f"/desk/views/{view.pk}/back")
    assert "Самое срочное" in client.get("/desk/").content.decode()


def test_the_search_vector_never_travels(world: World, at: At) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    incident = world.incident()
    with CaptureQueriesContext(connection) as captured:
        at("dispatcher").get(f"/desk/incidents/{incident.pk}")
    assert not [each for each in captured.captured_queries if '"casework_incident"."search",' in each["sql"]]
    assert Incident.objects.count() == 1
