"""The pages where the rules of approval and the substitutes are kept, and what a rule changes on the card."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import ApprovalRule, Substitute
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry import operations as registry
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
LIST = reverse("desk:approvals")


@pytest.fixture
def head(world: World) -> Client:
    """The head of the centre, who keeps its settings."""
    account = Account.objects.create(username="head", full_name="Елена Орлова")
    registry.grant(account=account, role=Role.CENTER_HEAD, by=cast.SYSTEM, now=world.now)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def test_only_keepers_see_the_page(world: World, at: At) -> None:
    for username, status in (("curator", 200), ("dispatcher", 403), ("executor", 403), ("viewer", 403)):
        assert at(username).get(LIST).status_code == status
    assert "Правил нет" in page(at("curator"))
    assert LIST in page(at("curator"), reverse("desk:queue"))
    assert LIST not in page(at("executor"), reverse("desk:queue"))


def test_the_centre_makes_changes_and_takes_away_a_rule(world: World, head: Client) -> None:
    new = reverse("desk:approval_new")
    both = {"approver_role": "approver", "approver": world.people["curator"].pk}
    refused = head.post(new, both)
    assert (refused.status_code, "что-нибудь одно" in refused.content.decode()) == (422, True)
    assert (
        head.post(new, {"topic": "ROADS", "priority": "high", "approver_role": "approver"}).status_code == 302
    )
    rule = ApprovalRule.objects.get()
    assert (rule.group.code if rule.group else "", rule.topic, rule.organization) == ("ROADS", None, None)
    again = head.post(new, {"topic": "ROADS", "priority": "high", "approver_role": "curator"})
    assert (again.status_code, "Такое правило уже действует" in again.content.decode()) == (422, True)
    address = reverse("desk:approval", args=[rule.pk])
    assert 'value="ROADS" selected' in page(head, address)
    assert (
        head.post(address, {"topic": "ROADS.pothole", "approver": world.people["curator"].pk}).status_code
        == 302
    )
    rule.refresh_from_db()
    assert (rule.topic.code if rule.topic else "", rule.approver) == (
        "ROADS.pothole",
        world.people["curator"],
    )
    assert "Нина Лебедева" in page(head)
    done = head.post(reverse("desk:approval_retire", args=[rule.pk]), follow=True).content.decode()
    assert reverse("desk:approval_restore", args=[rule.pk]) in done
    head.post(reverse("desk:approval_restore", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.is_active
    assert head.post(new, {"topic": "НЕТ.такой"}).status_code == 422


def test_a_body_keeps_its_own_and_frees_itself_of_nothing(world: World, at: At, head: Client) -> None:
    new, curator = reverse("desk:approval_new"), at("curator")
    head.post(new, {"approver_role": "approver", "note": "общее"})
    shared = ApprovalRule.objects.get()
    assert "общее" in page(curator)
    assert curator.get(reverse("desk:approval", args=[shared.pk])).status_code == 404
    assert curator.post(new, {"approver_role": "curator"}).status_code == 422
    assert (
        curator.post(new, {"organization": world.ministry.pk, "approver_role": "curator"}).status_code == 422
    )
    free = curator.post(new, {"organization": world.city.pk})
    assert (free.status_code, "может только центр" in free.content.decode()) == (422, True)
    assert curator.post(new, {"organization": world.city.pk, "approver_role": "curator"}).status_code == 302


def test_who_is_away_is_written_down_and_comes_back(world: World, at: At) -> None:
    today = registry.local_date(world.now)
    given = {"person": world.people["curator"].pk, "deputy": world.people["executor"].pk, "since": f"{today}"}
    address = reverse("desk:approval_away")
    wrong = at("curator").post(address, given | {"until": "2020-01-01"})
    assert (wrong.status_code, "Замещение кончается" in wrong.content.decode()) == (422, True)
    stranger = given | {"deputy": world.people["stranger"].pk, "until": f"{today}"}
    assert at("curator").post(address, stranger).status_code == 422
    assert at("curator").post(address, given | {"until": f"{today}"}).status_code == 302
    row = Substitute.objects.get()
    assert "Олег Сергеев" in page(at("curator")).split('data-testid="away"')[1]
    assert at("curator").post(reverse("desk:approval_back", args=[row.pk])).status_code == 302
    assert 'data-testid="away"' not in page(at("curator"))


def test_a_rule_leaves_only_the_way_past_a_second_person(world: World, at: At, head: Client) -> None:
    head.post(reverse("desk:approval_new"), {"approver_role": "curator"})
    incident = casework.accept(
        incident=world.incident(action="open"), by=world.people["executor"], now=world.now
    )
    url = {
        name: reverse(f"desk:{name}", args=[incident.pk])
        for name in ("preview", "publish", "submit", "approve")
    }
    given = {"text": "Засыплем до пятницы.", "resolution": "solved"}
    seen = at("executor").post(url["preview"], given).content.decode()
    assert 'data-testid="needs-approval"' in seen
    assert 'data-testid="publish"' not in seen
    refused = at("executor").post(url["publish"], given)
    assert (refused.status_code, "должен согласовать второй" in refused.content.decode()) == (409, True)
    assert at("executor").post(url["submit"], given).status_code == 302
    card = reverse("desk:incident", args=[incident.pk])
    assert "Согласует: куратор органа" in page(at("executor"), card)
    # The dispatcher may agree elsewhere; here the word is the curator's.
    assert url["approve"].replace("/approve", "/panel/approve") not in page(at("dispatcher"), card)
    assert at("dispatcher").post(url["approve"]).status_code == 409
    casework.add_substitute(
        person=world.people["curator"],
        deputy=world.people["school"],
        since=world.now,
        until=world.now + timedelta(days=1),
        by=cast.SYSTEM,
        now=world.now,
    )
    assert at("curator").post(url["approve"]).status_code == 302


def test_a_deputy_without_the_right_agrees_for_who_is_away(world: World, at: At) -> None:
    incident = casework.accept(
        incident=world.incident(action="open"), by=world.people["executor"], now=world.now
    )
    casework.submit(
        incident=incident, text="Засыплем.", resolution="solved", by=world.people["curator"], now=world.now
    )
    approve = reverse("desk:approve", args=[incident.pk])
    assert at("executor").post(approve).status_code == 403
    casework.add_substitute(
        person=world.people["curator"],
        deputy=world.people["executor"],
        since=world.now,
        until=world.now + timedelta(days=1),
        by=cast.SYSTEM,
        now=world.now,
    )
    assert "panel/approve" in page(at("executor"), reverse("desk:incident", args=[incident.pk]))
    assert at("executor").post(approve).status_code == 302


def test_the_page_asks_as_much_for_many_rules(
    world: World, at: At, head: Client, django_assert_max_num_queries: object
) -> None:
    assert callable(django_assert_max_num_queries)
    for topic in ("ROADS.pothole", "ROADS.repair", "ROADS.lighting"):
        head.post(reverse("desk:approval_new"), {"topic": topic, "approver_role": "approver"})
    with django_assert_max_num_queries(14):
        head.get(LIST)
