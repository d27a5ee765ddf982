"""One onboarding case: its stages with dates and people, its checklist, what may be done now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from otklik.desk.register.board import COLUMNS
from otklik.registry.enums import Network, OnboardingStage, PageKind
from otklik.registry.models import OfficialPage, OnboardingCase, OnboardingCheck, OnboardingStep
from otklik.registry.operations.onboarding import facts_of
from otklik.registry.rules.onboarding import CHECKLIST, ENDS, Item, is_done


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way; `step` is the move that brought the case here the last time."""

    code: str
    label: str
    step: OnboardingStep | None
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the checklist: what, how, whether it is done and by whom it was said."""

    code: str
    title: str
    help: str
    is_done: bool
    by_fact: bool
    check: OnboardingCheck | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items of one stage."""

    label: str
    lines: list[Line]
    done: int
    is_current: bool


def stages_of(case: OnboardingCase, steps: list[OnboardingStep]) -> list[Stage]:
    """The five stages in their order."""
    last = {step.stage: step for step in steps}
    at = _place(case, steps)
    return [
        Stage(
            stage,
            str(stage.label),
            last.get(stage) if number <= at else None,
            number < at,
            stage == case.stage,
        )
        for number, stage in enumerate(COLUMNS)
    ]


def _place(case: OnboardingCase, steps: list[OnboardingStep]) -> int:
    """How far the case came; one that was stopped, to where it stood before."""
    known = [step.stage for step in steps if step.stage != OnboardingStage.CANCELLED]
    stage = known[-1] if case.stage == OnboardingStage.CANCELLED and known else case.stage
    return next((number for number, each in enumerate(COLUMNS) if each == stage), 0)


def checklists_of(case: OnboardingCase) -> list[Checklist]:
    """The checklists of every stage that has one, with what the network and people said."""
    checks = {check.code: check for check in OnboardingCheck.objects.filter(case=case)}
    facts = facts_of(case)
    return [
        _checklist(stage, [_line(item, checks, facts) for item in CHECKLIST[stage]], stage == case.stage)
        for stage in COLUMNS
        if CHECKLIST[stage]
    ]


def _checklist(stage: OnboardingStage, lines: list[Line], is_current: bool) -> Checklist:
    return Checklist(str(stage.label), lines, sum(line.is_done for line in lines), is_current)


def _line(item: Item, checks: Mapping[str, OnboardingCheck], facts: Mapping[str, str]) -> Line:
    return Line(
        item.code,
        gettext(item.title),
        gettext(item.help),
        is_done(item, set(checks), facts),
        item.by_fact,
        checks.get(item.code),
    )


def is_open(case: OnboardingCase) -> bool:
    """Whether the way still goes on."""
    return case.stage not in ENDS


def candidates_of(case: OnboardingCase) -> list[OfficialPage]:
    """Pages of the organisation in this network that the case may be about."""
    found = OfficialPage.objects.filter(
        organization_id=case.organization_id,
        network=case.network,
        kind=PageKind.ORGANISATION,
        is_active=True,
    )
    return list(found.exclude(pk=case.page_id or 0).order_by("title", "pk"))


def takes_key(case: OnboardingCase) -> bool:
    """Whether a key of the community may be given now: VK only, and the page is known by its number."""
    return (
        is_open(case)
        and case.network == Network.VK
        and case.page is not None
        and case.page.external_id.isdecimal()
    )
