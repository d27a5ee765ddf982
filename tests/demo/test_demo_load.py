"""The loader against a real simulator and database: everything stands, and a second load changes nothing."""

from typing import Any

import httpx
import pytest
from django.contrib.auth import authenticate

from bench import stage
from demo.data import shift
from demo.data.lookalikes import fakes
from demo.data.pages import all_bodies, pages
from demo.data.presence import MODEL
from demo.data.region import municipalities, settlements, streets_of
from demo.data.staff import PASSWORD, staff
from demo.into_registry import RegionTakenError
from demo.load import AddressMismatchError, Summary, load, logins
from otklik.audit.models import AuditLine
from otklik.casework.models import (
    Answer,
    AnswerTemplate,
    ApprovalRule,
    FakeReport,
    Incident,
    MassProblem,
    Satisfaction,
    SystemicDecision,
)
from otklik.channels.enums import TokenKind
from otklik.channels.models import Connection, Token
from otklik.channels.operations import keys
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.enums import OnboardingStage
from otklik.registry.models import (
    CalendarDay,
    LookalikePage,
    Membership,
    Municipality,
    OfficialPage,
    OnboardingCase,
    Organization,
    PageObligation,
    PageTask,
    PageWeek,
    Passport,
    Region,
    Settlement,
    Street,
    WorkCalendar,
)
from tests.database import database_address
from tests.demo.test_demo_residents import wait_until

pytestmark = [pytest.mark.django_db(transaction=True)]
TABLES = (
    AuditLine,
    CalendarDay,
    Connection,
    LookalikePage,
    Membership,
    Municipality,
    OfficialPage,
    OnboardingCase,
    Organization,
    PageObligation,
    PageTask,
    PageWeek,
    Settlement,
    Token,
)


@pytest.fixture
def loaded(simulator: Any, live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    # Three calls a second of a person's key are kept by tests of the keys; here they would be seconds of waiting.
    monkeypatch.setitem(keys.RATES, TokenKind.USER, 100)
    httpx.put(f"{simulator.url}/sim/settings", json={"rps": {"user": 200}}).raise_for_status()
    settings.VK_API_URL = settings.VK_SITE_URL = simulator.url
    settings.BASE_URL = live_server.url

    def again(*, works: bool = False) -> Summary:
        return load(sim_url=simulator.url, base_url=live_server.url, works=works)

    return again


@pytest.fixture
def workers(simulator: Any, live_server: Any) -> Any:
    """Real workers for as long as the block lasts."""

    def begin() -> Any:
        return stage.worker(
            DATABASE_URL=database_address(),
            OTKLIK_VK_API_URL=simulator.url,
            OTKLIK_VK_SITE_URL=simulator.url,
            OTKLIK_BASE_URL=live_server.url,
            OTKLIK_LOG_LEVEL="ERROR",
        )

    return begin


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_everything_is_loaded_once(loaded: Any, workers: Any) -> None:
    first = loaded()
    assert first.silent == 0
    assert first.added["connections"] == len(pages())
    assert Region.objects.get().is_demo
    assert Municipality.objects.filter(shape_is_schematic=True).count() == len(municipalities()) == 35
    assert Settlement.objects.count() == len(settlements())
    assert Street.objects.count() == sum(len(streets_of(place)) for place in settlements()) > 4000
    assert Organization.objects.count() == len(all_bodies())
    assert Connection.objects.filter(state="connected").count() == len(pages())
    assert_register_is_believable()
    assert_look_alikes_are_found()
    assert_the_secretary_has_three_tasks()
    assert_tree_is_whole()
    assert_staff_can_work()
    assert first.added["approval_rules"] == 1
    assert ApprovalRule.objects.get().organization == Organization.objects.get(code="min-health")
    assert_calendar_counts()
    with workers():
        assert loaded(works=True).added["worked"] == len(shift.SCENES) + len(shift.MASS_ASKED)
        assert_the_first_shift_has_worked()
    before = {table: table.objects.count() for table in TABLES}
    assert not loaded(works=True).changed
    assert {table: table.objects.count() for table in TABLES} == before


def assert_register_is_believable() -> None:
    required = PageObligation.objects.filter(status="required")
    bodies_in = {net: required.filter(network=net).count() for net in ("vk", "ok")}
    assert bodies_in["vk"] >= 3200
    own = OfficialPage.objects.filter(kind="organisation")
    share = {net: own.filter(network=net).count() / bodies_in[net] for net in bodies_in}
    assert 0.72 <= share["vk"] <= 0.78
    assert 0.4 <= share["ok"] < share["vk"]
    exempt = PageObligation.objects.filter(network="vk", status="exempt")
    assert 0.02 <= exempt.count() / len(all_bodies()) <= 0.03
    assert {row.badge_status for row in own} == {"none", "requested", "confirmed", "lost"}
    assert {row.tier for row in own} == {"flagship", "active", "card"}
    assert OfficialPage.objects.filter(kind="personal").count() > 20
    assert set(OnboardingCase.objects.values_list("stage", flat=True)) == set(OnboardingStage.values)
    assert PageWeek.objects.values("monday").distinct().count() >= 25
    assert set(PageWeek.objects.exclude(zone="").values_list("zone", flat=True)) == {"green", "yellow", "red"}
    assert Passport.objects.count() > 2000
    assert PageTask.objects.filter(state="open").count() > 500


def assert_look_alikes_are_found() -> None:
    found = {row.external_id: row for row in LookalikePage.objects.all()}
    official = [each for each in fakes() if each.type == "page"]
    assert {str(each.number) for each in official} == set(found)
    assert all(row.resembles is not None and row.score >= 40 for row in found.values())
    assert max(row.score for row in found.values()) >= 90


def assert_the_first_shift_has_worked() -> None:
    reached = {"accept": "in_progress", "draft": "in_progress", "submit": "approval", "publish": "answered"}
    for scene in shift.SCENES:
        incident = Incident.objects.get(message__text=scene.text)
        assert incident.executor is not None
        assert incident.executor.code == scene.body
        if scene.deed in reached and not scene.reply:
            assert incident.state == reached[scene.deed], scene.text
    problem = MassProblem.objects.get()
    assert problem.surge is not None
    assert problem.members.count() == len(shift.MASS_ASKED)
    assert SystemicDecision.objects.get().basis.count() == 2
    assert FakeReport.objects.get().state == "refuted"
    assert AnswerTemplate.objects.count() == len(shift.TEXTS)
    said = [scene.reply for scene in shift.SCENES if scene.reply]
    wait_until(lambda: Satisfaction.objects.filter(message__text__in=said).count() == len(said))
    assert Incident.objects.filter(state="reopened").count() == 1
    assert Answer.objects.filter(kind="final", status="published").count() == len(said)


def assert_the_secretary_has_three_tasks() -> None:
    page = OfficialPage.objects.get(organization__code=MODEL, network="vk")
    assert set(page.tasks.filter(state="open").values_list("code", flat=True)) == {
        "cover",
        "hours",
        "widgets",
    }
    reach = registry.reach_of(Account.objects.get(username="secretary"))
    assert list(reach.pages) == [page.pk]


def assert_tree_is_whole() -> None:
    rows = {row.pk: row for row in Organization.objects.all()}
    root = Organization.objects.get(code="government")
    for row in rows.values():
        assert row.path[0] == root.pk
        assert row.path[-1] == row.pk
        assert row.path[:-1] == (rows[row.parent_id].path if row.parent_id else [])


def assert_staff_can_work() -> None:
    assert {membership.role for membership in Membership.objects.all()} == set(Role.values)
    for person in staff()[:3]:
        account = authenticate(username=person.username, password=PASSWORD)
        assert isinstance(account, Account)
        assert str(account) == person.full_name
    curator = Account.objects.get(username="curator-dtibk")
    reached = registry.reach_of(curator).organizations
    assert Organization.objects.get(code="city-roads").pk in reached
    assert Organization.objects.get(code="city-bus").pk in reached
    assert Organization.objects.get(code="min-health").pk not in reached


def assert_calendar_counts() -> None:
    calendar = registry.calendar_value(WorkCalendar.objects.get())
    days = {day.date.isoformat(): day.date for day in CalendarDay.objects.all()}
    assert calendar.spans_of(days["2026-11-04"]) == ()
    assert f"{calendar.spans_of(days['2026-11-03'])[-1].end:%H:%M}" == "17:00"


def test_a_real_region_is_left_alone(loaded: Any) -> None:
    calendar = WorkCalendar.objects.create(name="своё", timezone="Europe/Moscow")
    Region.objects.create(name="Настоящая область", code="99", calendar=calendar)
    with pytest.raises(RegionTakenError):
        loaded()
    assert not Organization.objects.exists()


def test_another_address_than_the_settings_is_refused(simulator: Any) -> None:
    with pytest.raises(AddressMismatchError):
        load(sim_url=simulator.url, base_url="http://elsewhere.example")


def test_the_table_of_logins_names_everybody_and_the_password() -> None:
    table = logins()
    assert "ДЕМОНСТРАЦИЯ" in table
    assert PASSWORD in table
    for person in staff():
        assert person.username in table
        assert person.full_name in table
    assert {person.role for person in staff()} == set(Role.values)
