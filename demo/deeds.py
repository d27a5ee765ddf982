"""What people of the demonstration do at their desks, by the verbs of the product and nothing else."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import dateformat, timezone, translation

from demo.data import shift
from demo.data.shift import Scene
from demo.messages.photos import photo
from otklik.casework import operations as casework
from otklik.casework.enums import AnswerKind, FakeState, State, TemplateKind
from otklik.casework.models import Incident
from otklik.casework.operations import fakes, mass_answering, mass_opening, systemic, systemic_basis
from otklik.casework.operations.answer_quality import Checked
from otklik.casework.operations.photos import add_photos
from otklik.casework.rules.fakes import Finding
from otklik.people.models import Account
from otklik.registry.models import Municipality, Organization
from otklik.triage.enums import IncidentKind
from otklik.triage.models import SurgeAlert, Topic, TopicGroup

CENTRE, HEAD = "dispatcher", "head"


def bring(scene: Scene, incident: Incident) -> None:
    """The centre hands the incident over, the body takes it into work and does the deed."""
    body, topic = _body(scene.body), Topic.objects.get(code=scene.topic)
    centre, executor = _person(CENTRE), _person(shift.EXECUTORS[scene.body])
    if incident.state == State.TRIAGE:
        incident = casework.confirm(
            incident=incident, topic=topic, kind=IncidentKind.COMPLAINT, priority=topic.priority, executor=body,
            by=centre, now=timezone.now(),
        )  # fmt: skip
    elif incident.executor_id != body.pk:
        incident = casework.route(
            incident=incident, executor=body, reason="Это в ведении другого органа", by=centre.actor,
            now=timezone.now(), as_center=True,
        )  # fmt: skip
    _do(scene, casework.accept(incident=incident, by=executor, now=timezone.now()), executor)


def _do(scene: Scene, incident: Incident, by: Account) -> None:
    promised, day = _in_days(scene.days)
    text, now = scene.words.replace("{срок}", day), timezone.now()
    if scene.proof:
        add_photos(incident=incident, photos=[photo(scene.proof)], by=by, now=now)
    if scene.deed == "draft":
        casework.save_draft(incident=incident, text=text, by=by, now=now, draft_version=0)
    elif scene.deed == "submit":
        casework.submit(
            incident=incident, text=text, resolution=scene.resolution, by=by, now=now, checked=Checked()
        )
    elif scene.deed == "publish":
        casework.publish(
            incident=incident, text=text, resolution=scene.resolution, by=by, now=now, checked=Checked()
        )
    elif scene.deed == "interim":
        casework.publish(
            incident=incident, text=text, resolution="", by=by, now=now, kind=AnswerKind.INTERIM,
            promised_for=promised, checked=Checked(),
        )  # fmt: skip
    elif scene.deed == "ask":
        casework.ask(incident=incident, text=text, by=by, now=now)


def surge_of_mass() -> SurgeAlert | None:
    """The burst that those who ask of one thing have made, once it is announced."""
    return (
        SurgeAlert.objects.live()
        .filter(topic__code=shift.MASS_TOPIC, municipality=_berdsk(), street=None)
        .first()
    )


def open_mass_problem(members: Sequence[Incident], surge: SurgeAlert | None) -> None:
    """One problem for all of them, and a first word to each."""
    by, now = _person(CENTRE), timezone.now()
    scope = mass_opening.Scope(Topic.objects.get(code=shift.MASS_TOPIC), _berdsk())
    problem = mass_opening.open_problem(
        cause=shift.MASS_CAUSE, scope=scope, executor=_body(shift.BERDSK),
        incidents=[each.pk for each in members], since=now - timedelta(hours=1), by=by, now=now,
        surge=surge,
    )  # fmt: skip
    promised, _day = _in_days(shift.MASS_DAYS)
    said = mass_answering.MassWords(shift.MASS_WORDS, AnswerKind.INTERIM, promised_for=promised)
    mass_answering.write_answer(problem=problem, said=said, by=by, now=now, draft_version=0)
    mass_answering.start_round(problem=problem, by=by, now=now, checked=Checked())


def decide(basis: Sequence[Incident]) -> None:
    """One managerial act for what many have asked of, agreed and begun."""
    if not basis:
        return
    by, now = _person(HEAD), timezone.now()
    said = systemic.Decided(
        cause=shift.SYSTEMIC_CAUSE, measure=shift.SYSTEMIC_MEASURE, expected=shift.SYSTEMIC_EXPECTED,
        topics=[Topic.objects.get(code=shift.SYSTEMIC_TOPIC)], executor=_body(shift.ROADS),
        planned_for=timezone.localdate(now) + timedelta(days=shift.SYSTEMIC_DAYS),
    )  # fmt: skip
    decision = systemic.propose_decision(said=said, by=by, now=now)
    systemic_basis.add_to_basis(decision=decision, by=by, now=now, incidents=[each.pk for each in basis])
    systemic.agree_decision(decision=decision, by=by, now=now)
    systemic.begin_decision(decision=decision, by=by, now=now)


def refute() -> None:
    """A rumour that one person wrote down and another has refuted."""
    reporter, checker, now = _person(CENTRE), _person(HEAD), timezone.now()
    said = fakes.Stated(
        statement=shift.FAKE_STATEMENT, first_seen=timezone.localdate(now), spread=shift.FAKE_SPREAD,
        municipality=_berdsk(), executor=_body(shift.BERDSK),
    )  # fmt: skip
    report = fakes.report_fake(said=said, by=reporter, now=now)
    fakes.take_fake(report=report, by=checker, now=now)
    finding = Finding(FakeState.REFUTED, shift.FAKE_TRUTH, shift.FAKE_SOURCE)
    fakes.judge_fake(report=report, finding=finding, by=checker, now=now)
    fakes.write_rebuttal(report=report, text=shift.FAKE_REBUTTAL, by=checker, now=now)


def write_texts() -> None:
    """Templates of answers and guides for those who write them."""
    by, now = _person(HEAD).actor, timezone.now()
    for each in shift.TEXTS:
        values = casework.TemplateValues(
            title=each.title, text=each.text, kind=TemplateKind.GUIDE if each.is_guide else TemplateKind.TEMPLATE,
            topic=Topic.objects.get(code=each.topic) if each.topic else None,
            group=TopicGroup.objects.get(code=each.group) if each.group else None,
        )  # fmt: skip
        casework.add_template(values=values, by=by, now=now, as_center=True)


def _person(username: str) -> Account:
    return Account.objects.get(username=username)


def _body(code: str) -> Organization:
    return Organization.objects.get(code=code)


def _berdsk() -> Municipality:
    return Municipality.objects.get(oktmo=shift.BERDSK_OKTMO)


def _in_days(days: int) -> tuple[datetime, str]:
    """The moment so many days from now, and its day in words."""
    moment = timezone.now() + timedelta(days=days)
    with translation.override("ru"):
        return moment, dateformat.format(timezone.localtime(moment), "j E")
