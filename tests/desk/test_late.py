"""«Сроки»: the forecast by body, and warnings said to whom they concern."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from otklik.casework import operations as casework
from otklik.casework.models import Incident, LateWarning
from otklik.casework.operations.warnings import write_warnings
from otklik.common.actor import SYSTEM
from otklik.people.models import Account
from otklik.registry import operations as registry
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
PAGE, MINE, ALL = "/desk/late/", "/desk/late/?show=mine", "/desk/late/?show=all"
PHONE = "+7 913 912-34-56"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.delete("desk:forecast")


def said(client: Client, address: str = PAGE) -> str:
    found: str = client.get(address).content.decode()
    return found


def running(world: World, text: str, *, late: bool = True, taken: bool = True) -> Incident:
    """Taken on by the official of the city; its clock has run out, or has half of its way behind it."""
    incident = world.incident(text, action="open")
    if taken:
        incident = casework.accept(incident=incident, by=world.people["executor"], now=world.now)
    day = timedelta(days=1)
    began, due = (world.now - 9 * day, world.now - 4 * day) if late else (world.now - day, world.now)
    Incident.objects.filter(pk=incident.pk).update(received_at=began, due_at=due, entered_at=began)
    return Incident.objects.get(pk=incident.pk)


def test_everybody_sees_the_bodies_within_reach(world: World, at: At) -> None:
    incident = running(world, "Нет света")
    world.incident("Нет воды")
    body = said(at("dispatcher")).split('data-testid="forecast"')[1].split("</table>")[0]
    assert "Разбор в центре" in body
    assert str(incident.executor) in body
    assert f"view=overdue&amp;body={incident.executor_id}" in body
    assert "темп неизвестен" in body
    own = said(at("executor")).split('data-testid="forecast"')[1].split("</table>")[0]
    assert str(incident.executor) in own
    assert "Разбор в центре" not in own
    assert str(incident.executor) not in said(at("stranger"))


def test_a_warning_is_shown_to_whom_it_is_said(world: World, at: At) -> None:
    incident = running(world, f"Нет света, звоните {PHONE}")
    write_warnings(now=world.now)
    told = {each.addressee: each for each in LateWarning.objects.filter(incident=incident)}
    assert {"assignee", "curator", "body_head"} <= told.keys()
    link = f"/desk/incidents/{incident.pk}"
    for name in ("executor", "curator"):
        html = said(at(name), MINE)
        assert link in html
        assert "Предупреждения мне <small" in html
        assert PHONE not in html
    assert link not in said(at("dispatcher"), MINE)
    everything = said(at("dispatcher"), ALL)
    assert everything.count(link) == 1, "the highest of one incident, once"
    assert link not in said(at("stranger"), ALL)
    assert "80 %" in said(at("curator"), MINE).split('data-testid="warnings"')[1]


def test_what_nobody_took_on_by_name_is_said_to_all_who_work_there(world: World, at: At) -> None:
    incident = running(world, "Яма", taken=False)
    LateWarning.objects.create(
        incident=incident, percent=50, at=world.now, written_at=world.now, addressee="assignee",
        organization=incident.executor,
    )  # fmt: skip
    assert f"/desk/incidents/{incident.pk}" in said(at("executor"), MINE)


def test_the_head_of_the_centre_reads_what_goes_to_the_vice_governor(world: World, at: At) -> None:
    incident = running(world, "Яма")
    for percent, addressee in ((150, "center_head"), (300, "vice_governor")):
        LateWarning.objects.create(
            incident=incident, percent=percent, at=world.now, written_at=world.now, addressee=addressee,
            organization=incident.executor,
        )  # fmt: skip
    registry.grant(account=world.people["second"], role="center_head", by=SYSTEM, now=world.now)
    shown = said(at("second"), MINE).split('data-testid="warnings"')[1]
    assert "300 %" in shown
    assert "150 %" not in shown


def test_an_answer_ends_its_warnings_and_an_empty_page_says_who_is_warned_when(world: World, at: At) -> None:
    incident = running(world, "Нет света")
    write_warnings(now=world.now)
    who = world.people["executor"]
    answer = casework.publish(
        incident=incident, text="Свет дали.", resolution="solved", by=who, now=world.now
    )
    cast.settle(answer, "delivered")
    html = said(at("curator"), MINE)
    assert "Предупреждений нет" in html
    assert "половина срока" in html
    assert "Никто не ждёт первого ответа" in said(at("curator"))


def test_a_role_for_one_page_is_no_role_of_the_centre(world: World, at: At) -> None:
    incident = running(world, "Яма")
    LateWarning.objects.create(
        incident=incident, percent=150, at=world.now, written_at=world.now, addressee="center_head",
        organization=incident.executor,
    )  # fmt: skip
    registry.grant(
        account=world.people["curator"],
        role="center_head",
        by=SYSTEM,
        now=world.now,
        page=world.pages["city"],
    )
    assert "150 %" not in said(at("curator"), MINE)


def test_the_list_is_paged_and_asks_as_little(
    world: World, at: At, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(52):
        incident = running(world, f"Яма {number}", taken=False)
        LateWarning.objects.create(
            incident=incident, percent=80, at=world.now, written_at=world.now, addressee="curator",
            organization=incident.executor,
        )  # fmt: skip
    client = at("curator")
    said(client)
    with django_assert_max_num_queries(14):
        html = said(client, ALL)
    assert "1–50 из 52" in html
    assert "show=all&amp;page=2" in html


def test_whoever_sees_no_incidents_has_no_terms(world: World, client: Client) -> None:
    client.force_login(
        Account.objects.create(username="nobody"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(PAGE).status_code == 403
