"""A school secretary's screen: one page, its tasks in plain words, and "done" that is believed only after a look."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from otklik.people.models import Account
from otklik.registry.models import CheckNorm, OfficialPage, PageCheck, PageTask, PageWeek, Passport, TaskEvent
from otklik.registry.operations.reference import load_reference
from tests import cast

pytestmark = pytest.mark.django_db
MINE = "/desk/register/mine"


@pytest.fixture(autouse=True)
def _set_up(db: None) -> Iterator[None]:
    cast.region()
    load_reference()
    with time_machine.travel(cast.NOW, tick=False):
        yield


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_with_work(
    title: str = "Школа № 2", codes: tuple[str, ...] = ("phone", "cover", "two_factor")
) -> OfficialPage:
    """A page with a task a code: the first is overdue, each next one is due three days later."""
    page = cast.page(cast.school(), title=title, followers=411)
    Passport.objects.create(page=page, checked_at=cast.NOW, taken_at=cast.NOW, gaps=len(codes))
    PageWeek.objects.create(page=page, monday="2026-11-09", score=64, zone="yellow")
    for number, code in enumerate(codes):
        at = cast.NOW - timedelta(days=9)
        PageCheck.objects.create(page=page, code=code, state="gap", since=at, checked_at=cast.NOW)
        PageTask.objects.create(
            page=page,
            code=code,
            found="Не заполнено",
            opened_at=at,
            due_at=cast.NOW + timedelta(days=3 * number - 1),
        )
    return page


def test_a_secretary_sees_one_page_and_its_three_tasks_the_overdue_first() -> None:
    page_with_work("Чужая школа")
    page = page_with_work()
    client = browser(cast.account("page_admin", page=page))
    response = client.get(MINE)
    (own,) = response.context["own"]
    assert own.title == "Школа № 2"
    assert [work.task.code for work in own.works] == ["phone", "cover", "two_factor"]
    assert [work.task.tone for work in own.works] == ["late", "warn", "ok"]
    assert (response.context["todo"], response.context["late"], own.light) == (3, 1, 64)
    text = response.content.decode()
    for code in ("phone", "cover", "two_factor"):
        norm = CheckNorm.objects.get(code=code)
        assert norm.title in text
        assert norm.advice in text
    assert "Чужая школа" not in text
    # What the network shows is looked at; what it does not is attested by a word.
    assert [work.by_word for work in own.works] == [False, False, True]


def test_every_line_of_the_advice_is_a_step() -> None:
    page = page_with_work(codes=("phone",))
    CheckNorm.objects.filter(code="phone").update(advice="Откройте настройки.\n\nВпишите телефон.\n")
    client = browser(cast.account("page_admin", page=page))
    (own,) = client.get(MINE).context["own"]
    assert own.works[0].advice == ("Откройте настройки.", "Впишите телефон.")


def test_done_is_noted_and_the_page_goes_first_but_the_task_waits_for_the_look() -> None:
    page = page_with_work(codes=("phone",))
    secretary = cast.account("page_admin", page=page)
    task = PageTask.objects.get(page=page)
    client = browser(secretary)
    response = client.post(reverse("desk:register_task_done", args=[task.pk]), {"next": MINE})
    assert response["Location"] == MINE
    task.refresh_from_db()
    assert task.state == "open"
    event = TaskEvent.objects.get(task=task)
    assert (event.verb, event.actor_id) == ("said_done", secretary.pk)
    assert Passport.objects.get(page=page).taken_at is None
    (own,) = client.get(MINE).context["own"]
    assert own.waits


def test_a_word_that_ran_out_is_mended_by_a_word() -> None:
    page = page_with_work(codes=("comments",))
    PageCheck.objects.filter(page=page).update(
        attested_by="Иван Попов", attested_at=cast.NOW - timedelta(days=400)
    )
    client = browser(cast.account("page_admin", page=page))
    (own,) = client.get(MINE).context["own"]
    assert own.works[0].by_word
    assert client.get(reverse("desk:register_passport_attest", args=[page.pk, "comments"])).status_code == 200


def test_a_page_without_work_says_so() -> None:
    page = cast.page(title="Образцовая")
    Passport.objects.create(page=page, checked_at=cast.NOW, taken_at=cast.NOW)
    PageCheck.objects.create(page=page, code="page", state="fine", since=cast.NOW, checked_at=cast.NOW)
    response = browser(cast.account("page_admin", page=page)).get(MINE)
    assert response.context["todo"] == 0
    assert "делать ничего не нужно" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "said"), [("methodist", "всего региона"), ("executor", "Попросите специалиста")]
)
def test_somebody_without_pages_is_told_where_to_go(role: str, said: str) -> None:
    page_with_work()
    of = {} if role == "methodist" else {"organization": cast.body()}
    response = browser(cast.account(role, **of)).get(MINE)
    assert response.context["own"] == []
    assert said in response.content.decode()


def test_an_executor_of_the_body_sees_a_passport_but_changes_nothing() -> None:
    page = page_with_work(codes=("phone",))
    client = browser(cast.account("executor", organization=page.organization))
    assert client.get(reverse("desk:register_passport", args=[page.pk])).status_code == 200
    task = PageTask.objects.get(page=page)
    assert client.post(reverse("desk:register_task_done", args=[task.pk])).status_code == 403
    assert not TaskEvent.objects.exists()


def test_twenty_pages_ask_the_database_as_often_as_one(django_assert_max_num_queries: Any) -> None:
    city = cast.administration()
    for number in range(25):
        page = page_with_work(f"Школа № {number}")
        page.organization.parent = city
        page.organization.path = [city.pk, page.organization_id]
        page.organization.save()
    client = browser(cast.account("curator", organization=city))
    client.get(MINE)
    with django_assert_max_num_queries(10):
        response = client.get(MINE)
    assert len(response.context["own"]) == 20
    assert len(client.get(MINE, {"page": "2"}).context["own"]) == 5
