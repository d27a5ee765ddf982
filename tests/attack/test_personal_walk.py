"""Every address of the desk is looked at: what a resident wrote of oneself stands on none until it is opened."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from otklik.casework import operations as casework
from otklik.casework.enums import RetentionKind
from otklik.casework.exchange.layout import AT
from otklik.casework.models import (
    FakeReport,
    Incident,
    MassProblem,
    ModerationAction,
    ModerationRule,
    ReturnAppeal,
    SystemicDecision,
)
from otklik.casework.operations import (
    appealing,
    erasure,
    exchange_export,
    external,
    fake_links,
    fakes,
    mass_answering,
    mass_opening,
    moderating,
    repeats,
    return_appeals,
    satisfied,
    systemic,
    systemic_basis,
)
from otklik.casework.operations.exchange_export import Filters
from otklik.casework.rules.fakes import Finding
from otklik.common.actor import SYSTEM
from otklik.desk.panels import FORMS
from otklik.inbox.models import Author, MessageVersion
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.operations import local_date
from otklik.triage.models import SurgeAlert, Topic
from tests import cast
from tests.casework.test_exchange_models import row, table
from tests.desk.world import build

BACKEND = "django.contrib.auth.backends.ModelBackend"
NAME, PROFILE = "Мария Сидоренко", "https://vk.com/id770077"
OWN = "Звоните +7 913 912-34-56, Сидоренко Мария Петровна, mp@example.org, кв. 45"
TEXT = f"Яма у дома 12 по Тельмана. {OWN}"
SECRETS = ("912-34-56", "Сидоренко", "mp@example.org", "кв. 45", "id770077")
# Of the register of bodies and pages, and of what triage goes by: no row of theirs is about a resident.
APART = (
    "register_", "triage_route", "triage_topic", "triage_case", "triage_proposal", "triage_model",
    "triage_example", "answer_text", "answer_rule", "approval", "moderation_rule",
)  # fmt: skip
# Streams have no end; the page for people from outside is not of the desk.
PASSED_OVER = {"stream"}


class Scene:
    """A region in which something of everything has happened to one resident's words."""

    def __init__(self) -> None:
        self.world = build(timezone.now())
        self.now = self.world.now
        self.boss = self._boss()
        self.world.people["officer"] = cast.account("security_officer")
        self.fresh = self._asked("ask")
        MessageVersion.objects.create(message=self.fresh.message, text=TEXT, replaced_at=self.now)
        self.worked = self._asked("open")
        self.worked = casework.accept(incident=self.worked, by=self.world.people["executor"], now=self.now)
        self.link = external.make_link(
            incident=self.worked, addressee="МУП", question="Когда засыплют яму?",
            answer_by=self.now + timedelta(days=1), by=self.boss, now=self.now,
        )  # fmt: skip
        self.answered = self._answered()
        yesterday = self.now - timedelta(days=1)
        self.answered.answers.update(published_at=yesterday)
        day = local_date(yesterday)
        self.sample = casework.order_sample(
            draw=casework.Draw(first_day=day, last_day=day, seed=1, size=5),
            by=self.world.people["second"], now=self.now,
        )  # fmt: skip
        self.problem = self._mass()
        self.surge = SurgeAlert.objects.create(
            topic=self.fresh.topic, municipality=self.world.municipality, started_at=self.now, last_at=self.now,
            count=3, threshold=3, reason="least", found_at=self.now,
        )  # fmt: skip
        values = [""] * 47
        for code in ("text", "answer_1", "note"):
            values[AT[code]] = TEXT
        values[AT["id"]], values[AT["author_url"]] = "5", PROFILE
        self.table = table(
            wrong=[[2, "Дата создания", OWN, "Не дата."]], state="refused", checked_at=self.now
        )
        self.brought = row(self.table, question=TEXT, values=values, received_at=self.now)
        self.request = erasure.receive_erasure(
            author=self.fresh.message.author, channel="letter", received_at=self.now, by=self.boss, now=self.now
        )  # fmt: skip
        self.request = erasure.check_erasure(
            request=self.request, proof="паспорт", by=self.world.people["officer"], now=self.now
        )
        self.action = self._moderated()
        self.appeal = self._contested()
        self._spoke_again()
        self.decision = self._decided()
        self.fake = self._told_of()
        self.export = exchange_export.ask_export(
            source="brought", filters=Filters(), by=self.boss, now=self.now
        )

    def _boss(self) -> Account:
        """Everything that roles of the centre give, together."""
        account = Account.objects.create(username="boss", full_name="Проверяющий", email="b@x.example")
        for role in ("center_head", "system_admin", "methodist", "dispatcher", "security_officer", "analyst"):
            registry.grant(account=account, role=role, by=SYSTEM, now=self.now)
        return account

    def _asked(self, action: str) -> Incident:
        made = self.world.incident(TEXT, action=action, author=NAME)
        Author.objects.filter(pk=made.message.author_id).update(url=PROFILE)
        return made

    def _answered(self) -> Incident:
        by = self.world.people["executor"]
        made = casework.accept(incident=self._asked("open"), by=by, now=self.now)
        answer = casework.publish(
            incident=made, text="Яму засыпали вчера.", resolution="solved", by=by, now=self.now
        )
        cast.settle(answer, "delivered")
        return Incident.objects.get(pk=made.pk)

    def _spoke_again(self) -> None:
        """Thanked with everything about oneself, and asked again what was answered."""
        of = self.answered.message
        words = self.world.message(f"Спасибо! {OWN}", by=of.author, at=self.now)
        satisfied.hear(said=[(words, self.answered)], now=self.now)
        self.fresh = repeats.mark_repeat(
            incident=self.fresh, earlier=self.answered, by=self.boss.actor, now=self.now
        )

    def _contested(self) -> ReturnAppeal:
        """A return with the author's own words in its reason, and in the objection to it."""
        returned = casework.return_for_rework(
            incident=self._answered(), code="no_proof", comment=TEXT, by=self.world.people["second"].actor,
            now=self.now,
        )  # fmt: skip
        return return_appeals.contest_return(
            incident=returned, reason=TEXT, by=self.world.people["executor"], now=self.now
        )

    def _moderated(self) -> ModerationAction:
        """A decision with the author's own words everywhere, contested."""
        by = self.world.people["dispatcher"]
        self.world.incident(TEXT, action="reject", reason="spam", author=NAME)
        made = moderating.decide(
            message=self._asked("reject").message, measure="ban", rule=ModerationRule.objects.get(code="insult"),
            days=3, comment=TEXT, by=by, now=self.now,
        )  # fmt: skip
        appealing.record_appeal(action=made, text=TEXT, received_at=self.now, by=by, now=self.now)
        return made

    def _mass(self) -> MassProblem:
        members = [self._asked("ask") for _ in range(3)]
        problem = mass_opening.open_problem(
            cause="Провалы", scope=mass_opening.Scope(Topic.objects.get(code="ROADS.pothole"), self.world.municipality),
            executor=self.world.city, incidents=[each.pk for each in members[:2]], since=self.now - timedelta(days=1),
            by=self.boss, now=self.now,
        )  # fmt: skip
        words = mass_answering.MassWords(
            "{имя}, здравствуйте! Засыплют к {срок}.", "interim", "", self.now + timedelta(days=3)
        )
        mass_answering.write_answer(problem=problem, said=words, by=self.boss, now=self.now, draft_version=0)
        return problem

    def _told_of(self) -> FakeReport:
        """A false statement in a resident's own words, met where the resident wrote it."""
        said = fakes.Stated(statement=TEXT, spread=TEXT, first_seen=local_date(self.now))
        made = fakes.report_fake(said=said, by=self.world.people["dispatcher"], now=self.now)
        made = fakes.take_fake(report=made, by=self.boss, now=self.now)
        finding = Finding("uncheckable", TEXT)
        made = fakes.judge_fake(report=made, finding=finding, by=self.boss, now=self.now)
        ids = [each.pk for each in self.incidents]
        fake_links.add_fake_links(report=made, incidents=ids, by=self.boss, now=self.now)
        return fakes.reopen_fake(report=made, reason=TEXT, by=self.boss, now=self.now)

    def _decided(self) -> SystemicDecision:
        """A systemic decision whose words were copied from a resident's, begun on those."""
        said = systemic.Decided(
            cause=TEXT, measure=TEXT, expected=TEXT, topics=[self.fresh.topic], executor=self.world.city
        )
        made = systemic.propose_decision(said=said, by=self.boss, now=self.now)
        systemic_basis.add_to_basis(
            decision=made, incidents=[each.pk for each in self.incidents], problems=[self.problem], by=self.boss,
            now=self.now,
        )  # fmt: skip
        systemic.decline_decision(decision=made, reason=TEXT, by=self.boss, now=self.now)
        return systemic.restore_decision(decision=made, by=self.boss, now=self.now)

    @property
    def incidents(self) -> list[Incident]:
        return [self.fresh, self.worked, self.answered, self.appeal.incident]

    def filled(self, name: str) -> list[dict[str, Any]]:
        """With what an address is asked; [] when this scene holds nothing for it."""
        of_one = {"incident", "news", "here", "panel", "aids", "outside", "notes", "colleagues", "photos",
                  "contest"}  # fmt: skip
        if name == "panel":
            return [{"pk": each.pk, "name": panel} for each in self.incidents for panel in FORMS]
        if name in of_one:
            return [{"pk": each.pk} for each in self.incidents]
        if name == "security_retention_rule":
            return [{"kind": kind} for kind in RetentionKind.values]
        known = {
            "exchange_state": self.export.pk, "exchange_file": self.export.pk, "exchange_table": self.table.pk,
            "exchange_table_csv": self.table.pk, "exchange_table_state": self.table.pk,
            "exchange_line": self.brought.pk, "answer_sample": self.sample.pk, "answer_sample_next": self.sample.pk,
            "mass_problem": self.problem.pk, "mass_progress": self.problem.pk, "mass_answer": self.problem.pk,
            "security_erasure": self.request.pk, "security_erasure_erase": self.request.pk,
            "mass_check": self.problem.pk, "moderation_message": self.fresh.message_id,
            "moderation_action": self.action.pk, "answer_contest": self.appeal.pk, "triage_surge": self.surge.pk,
            "systemic_decision": self.decision.pk, "systemic_edit": self.decision.pk,
            "fake_report": self.fake.pk, "fake_edit": self.fake.pk,
        }  # fmt: skip
        if name == "answer_sample_look":
            return [{"pk": self.sample.pk, "position": 1}]
        return [{"pk": known[name]}] if name in known else []


def _desk(patterns: Any = None, at: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = at + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _desk(each.url_patterns, route)
        elif route.startswith("desk/") and each.name not in PASSED_OVER:
            yield route, each


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


@pytest.fixture
def client(scene: Scene) -> Client:
    client = Client()
    client.force_login(scene.boss, backend=BACKEND)
    return client


def _said(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    if answer.streaming:
        # A packed table: what it says is looked at in tests/casework/test_exchange_masks.py.
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
        return answer.status_code, ""
    return answer.status_code, answer.content.decode()


def _told(client: Client, address: str, seen: dict[str, list[str]]) -> int:
    status, said = _said(client, address)
    shown = [secret for secret in SECRETS if secret in said]
    if shown:
        seen[address] = shown
    return status


def test_no_address_of_the_desk_shows_what_was_not_opened(scene: Scene, client: Client) -> None:
    seen: dict[str, list[str]] = {}
    looked: set[str] = set()
    unknown: list[str] = []
    for route, each in _desk():
        name = str(each.name)
        asked = scene.filled(name) if "<" in route else [{}]
        statuses = [_told(client, reverse(f"desk:{name}", kwargs=kwargs), seen) for kwargs in asked]
        if 200 in statuses:
            looked.add(name)
        if not asked and not name.startswith(APART):
            address = "/" + route.replace("<int:pk>", str(scene.fresh.pk)).replace("<int:number>", "1")
            status = client.get(address.replace("<slug:what>", "apply").replace("<slug:verb>", "pause")
                                .replace("<int:incident>", "1")).status_code  # fmt: skip
            unknown += [name] if status not in {404, 405} else []
    for query in (
        f"queue?view=all&q={scene.fresh.number}", "queue?view=all", "queue?view=overdue", "queue?view=all&q=яма",
        f"rows?ids={scene.fresh.pk},{scene.worked.pk}&view=all", "more?view=all",
        "exchange_history?q=яма", f"mass_new?incident={scene.fresh.pk}", f"mass_new?surge={scene.surge.pk}",
        f"systemic_new?incident={scene.fresh.pk}", f"systemic_new?problem={scene.problem.pk}",
        "systemic_file?format=csv", "fake_file?format=csv", f"fake_new?incident={scene.fresh.pk}",
        "security_retention?count=1",
    ):  # fmt: skip
        name, _, rest = query.partition("?")
        assert _told(client, f"{reverse(f'desk:{name}')}?{rest}", seen) == 200, query
    assert seen == {}
    assert unknown == [], "an address that is neither filled nor known to be apart"
    assert looked >= {
        "queue", "incident", "panel", "answer_sample", "answer_sample_look", "mass_problem", "mass_check",
        "exchange_line", "exchange_history", "exchange_table", "triage_surge", "security_reads", "security_retention",
        "security_retention_rule",
        "moderation", "moderation_way", "moderation_appeals", "moderation_message", "moderation_action",
        "systemic", "systemic_decision", "systemic_edit", "fakes", "fake_report", "fake_edit",
        "answer_contests", "answer_contest",
        "answer_repeats", "answer_ratings", "late",
    }  # fmt: skip


def test_the_words_stand_where_they_should_once_opened(scene: Scene, client: Client) -> None:
    """The walk above would find them: after an opening they are on the card, and for this person only."""
    address = reverse("desk:incident", args=[scene.fresh.pk])
    assert "912-34-56" not in _said(client, address)[1]
    casework.open_personal(incident=scene.fresh, reason="check", by=scene.boss, now=timezone.now())
    assert all(secret in _said(client, address)[1] for secret in ("912-34-56", "Сидоренко"))


@pytest.mark.parametrize("make", [lambda scene: scene.fresh, lambda scene: scene.answered])
def test_news_for_open_pages_is_masked(
    scene: Scene, client: Client, make: Callable[[Scene], Incident]
) -> None:
    seen: dict[str, list[str]] = {}
    one = make(scene)
    _told(client, f"{reverse('desk:rows')}?ids={one.pk}&view=all", seen)
    _told(client, reverse("desk:news", args=[one.pk]), seen)
    assert seen == {}
