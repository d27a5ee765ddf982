"""Who reaches what: the centre, a body with its subtree, a single page."""

import pytest
from django.db import IntegrityError, transaction

from otklik.casework.models import Incident
from otklik.people.enums import Role
from otklik.people.rules import RIGHTS, Right
from otklik.registry import operations as registry
from otklik.registry.models import Membership
from otklik.registry.rules import Reach
from tests import cast

pytestmark = pytest.mark.django_db


def test_somebody_of_the_centre_reaches_everything() -> None:
    reach = registry.reach_of(cast.dispatcher())
    assert reach.may(Right.TRIAGE, organization=cast.body().pk)
    assert reach.may(Right.TRIAGE)
    assert reach.where(Right.SEE_INCIDENTS) == (True, [], [])


def test_somebody_of_a_body_reaches_its_subtree_and_nothing_beside() -> None:
    ministry = cast.body()
    school = cast.school(parent=cast.body(parent=ministry))
    other = cast.body()
    reach = registry.reach_of(cast.executor(ministry))
    assert reach.may(Right.WORK, organization=ministry.pk)
    assert reach.may(Right.WORK, organization=school.pk)
    assert not reach.may(Right.WORK, organization=other.pk)
    assert not reach.may(Right.WORK)
    assert not reach.may(Right.TRIAGE, organization=school.pk)


def test_the_administrator_of_a_page_reaches_that_page() -> None:
    page, other = cast.page(), cast.page()
    reach = registry.reach_of(cast.account(Role.PAGE_ADMIN, page=page))
    assert reach.may(Right.PUBLISH, page=page.pk, organization=page.organization_id)
    assert not reach.may(Right.PUBLISH, page=other.pk)
    assert reach.may_somewhere(Right.PUBLISH)
    assert not reach.may_somewhere(Right.TRIAGE)


def test_several_memberships_add_up() -> None:
    ministry, page = cast.body(), cast.page()
    someone = cast.executor(ministry)
    registry.grant(account=someone, role=Role.PAGE_ADMIN, page=page, by=someone.actor, now=cast.NOW)
    registry.grant(account=someone, role=Role.CURATOR, organization=ministry, by=someone.actor, now=cast.NOW)
    reach = registry.reach_of(someone)
    assert reach.may(Right.ASSIGN, organization=ministry.pk)
    assert reach.may(Right.PUBLISH, page=page.pk)
    assert reach.where(Right.SEE_INCIDENTS) == (False, [ministry.pk], [page.pk])


def test_without_a_membership_nothing_is_reached() -> None:
    reach = registry.reach_of(cast.account())
    assert reach == Reach()
    assert not any(reach.may_somewhere(right) for right in Right)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_of_the_centre_gives_exactly_its_rights(role: str) -> None:
    assert registry.reach_of(cast.account(role)).center == RIGHTS[role]


def test_incidents_are_visible_by_reach() -> None:
    body, page = cast.body(), cast.connection()
    by_body = cast.incident("routed", body=body)
    by_page = cast.incident("triage", message=cast.message(under=page))
    hidden = cast.incident("routed")
    seen = {
        who: set(Incident.objects.visible_to(registry.reach_of(account)))
        for who, account in {
            "executor": cast.executor(body),
            "page": cast.account(Role.PAGE_ADMIN, page=page.page),
            "centre": cast.account(Role.VIEWER),
            "nobody": cast.account(Role.SYSTEM_ADMIN),
        }.items()
    }
    assert seen == {
        "executor": {by_body}, "page": {by_page}, "centre": {by_body, by_page, hidden}, "nobody": set(),
    }  # fmt: skip


def test_a_grant_is_felt_at_once_in_this_process_and_given_once() -> None:
    body, someone = cast.body(), cast.account()
    assert not registry.reach_of(someone).may(Right.WORK, organization=body.pk)
    for _ in range(2):
        registry.grant(account=someone, role=Role.EXECUTOR, organization=body, by=someone.actor, now=cast.NOW)
    assert registry.reach_of(someone).may(Right.WORK, organization=body.pk)
    assert Membership.objects.count() == 1


def test_a_membership_has_one_scope() -> None:
    page = cast.page()
    with pytest.raises(IntegrityError, match="membership_one_scope"), transaction.atomic():
        Membership.objects.create(
            account=cast.account(), role="executor", page=page, organization=page.organization
        )


def test_the_same_membership_cannot_be_written_twice() -> None:
    someone = cast.dispatcher()
    with pytest.raises(IntegrityError, match="membership_unique"), transaction.atomic():
        Membership.objects.create(account=someone, role=Role.DISPATCHER)
