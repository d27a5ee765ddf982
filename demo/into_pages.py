"""Official pages of the region, who must keep them, and the cases of those who are on their way to one."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from demo.data.officials import Official, officials
from demo.data.pages import Body, all_bodies
from demo.data.presence import LAW, Presence, presences
from otklik.common.actor import Actor
from otklik.registry import operations as registry
from otklik.registry.enums import Network, OnboardingStage
from otklik.registry.models import (
    OfficialPage,
    OnboardingCase,
    OnboardingStep,
    Organization,
    PageObligation,
)

BY = Actor(None, "Загрузчик демонстрации")
DOCUMENT = "Приказ учредителя (демонстрация)"
OK_SITE = "https://ok.ru"
# So many cases stand at each stage when the demonstration begins.
CASES = {"requested": 26, "created": 18, "designed": 14, "verified": 9, "connected": 40, "cancelled": 6}
STAGES = ("requested", "created", "designed", "verified", "connected")
HELPERS = ("Юлия Захарова", "Светлана Мельникова")
CONTACTS = (
    "секретарь Инна Ветрова",
    "завуч Лидия Морозова",
    "библиотекарь Зоя Ильина",
    "методист Олег Котов",
)


def add_pages(*, now: datetime, site_url: str) -> int:
    """Pages the register does not know yet; returns how many."""
    known = set(OfficialPage.objects.values_list("network", "external_id"))
    owners = {row.code: row for row in Organization.objects.all()}
    today = now.date()
    fresh = [
        (owners[each.body.code], _fields(each, site_url))
        for each in presences(today)
        if (each.network, each.number) not in known
    ]
    fresh += [
        (owners[each.body.code], _fields_of_person(each, site_url))
        for each in officials(today)
        if (Network.VK, each.number) not in known
    ]
    return len(registry.add_pages(rows=fresh, by=BY, now=now))


def _fields(each: Presence, site_url: str) -> dict[str, Any]:
    address = (
        f"{site_url}/{each.screen_name}" if each.network == Network.VK else f"{OK_SITE}/group/{each.number}"
    )
    return {
        "network": each.network,
        "external_id": each.number,
        "screen_name": each.screen_name,
        "title": each.title,
        "url": address,
        "tier": each.tier,
        "followers": each.members,
        "opened_on": each.opened_on,
        "component_connected": each.component,
        "widgets": each.widgets,
        **_badge(each),
    }


def _badge(each: Presence) -> dict[str, Any]:
    if each.badge == "none":
        return {}
    found: dict[str, Any] = {"badge_type": "gosorg", "badge_status": each.badge}
    if each.badge == "confirmed":
        found |= {
            "badge_confirmed_at": each.badge_on,
            "badge_evidence": "Сверка с сетью при заведении реестра",
        }
    elif each.badge == "lost":
        found |= {"badge_lost_at": each.badge_on, "badge_evidence": "После смены названия метка пропала"}
    return found


def _fields_of_person(each: Official, site_url: str) -> dict[str, Any]:
    return {
        "network": Network.VK,
        "kind": "personal",
        "external_id": each.number,
        "screen_name": each.screen_name,
        "title": each.name,
        "person_name": each.name,
        "person_position": each.position,
        "url": f"{site_url}/{each.screen_name}",
        "tier": "active",
        "followers": each.members,
        "opened_on": each.opened_on,
    }


def set_duties(*, now: datetime) -> int:
    """Who must keep a page in VK and OK, and who is freed of it; returns how many were written."""
    known = set(PageObligation.objects.values_list("organization__code", "network"))
    owners = {row.code: row for row in Organization.objects.all()}
    duties = [
        registry.Duty(
            owners[body.code],
            network,
            "exempt" if body.exempt_because else "required",
            _since(body),
            basis=body.exempt_because,
            document=DOCUMENT if body.exempt_because else "",
        )
        for body in all_bodies()
        for network in (Network.VK, Network.OK)
        if (body.code, network) not in known
    ]
    return len(registry.set_obligations(rows=duties, by=BY, now=now))


def _since(body: Body) -> date:
    """Most since the law; some were founded later."""
    random = Random(f"since {body.code}")
    return LAW if random.random() < 0.93 else LAW + timedelta(days=random.randint(60, 1200))


def add_cases(*, now: datetime) -> int:
    """Organisations on their way to a page, at every stage, with what was done so far; returns how many."""
    if OnboardingCase.objects.exists():
        return 0
    random = Random(31)
    cases, steps = [], []
    for stage, organization, page in _cast(random):
        path = STAGES[: STAGES.index(stage) + 1] if stage in STAGES else ("requested",)
        started = now - timedelta(
            days=random.randint(len(path) * 9, len(path) * 16), hours=random.randint(0, 9)
        )
        days = [started + (now - started) * index / (len(path) + 0.4) for index in range(len(path))]
        case = OnboardingCase(
            organization=organization,
            network=Network.VK,
            page=page,
            stage=stage,
            contact=random.choice(CONTACTS),
            started_at=started,
            stage_at=days[-1],
            due_on=None if stage in {"connected", "cancelled"} else _due(stage, days[-1]),
        )
        cases.append(case)
        steps += [(case, each, at) for each, at in zip(path, days, strict=True)]
        if stage == OnboardingStage.CANCELLED:
            steps.append((case, stage, now - timedelta(days=3)))
    OnboardingCase.objects.bulk_create(cases)
    OnboardingStep.objects.bulk_create(
        OnboardingStep(case=case, stage=stage, at=at, actor_name=random.choice(HELPERS), note=_note(stage))
        for case, stage, at in steps
    )
    return len(cases)


def _due(stage: str, since: datetime) -> date:
    return since.date() + timedelta(
        days={"requested": 7, "created": 14, "designed": 21, "verified": 7}[stage]
    )


def _note(stage: str) -> str:
    return {
        "requested": "Письмо учредителю отправлено",
        "created": "Сообщество создано, адрес внесён",
        "cancelled": "Учреждение присоединяют к соседнему",
    }.get(stage, "")


def _cast(random: Random) -> Iterator[tuple[str, Organization, OfficialPage | None]]:
    """Who stands at which stage: without a page those who asked, with an unconnected one those who have it."""
    without = Organization.objects.filter(obligations__network=Network.VK, obligations__status="required")
    without = without.exclude(pages__network=Network.VK).order_by("code")
    pages = OfficialPage.objects.filter(network=Network.VK, kind="organisation").select_related(
        "organization"
    )
    connected = [each.number for each in presences(date(2026, 1, 1)) if each.connected]
    unverified = (
        pages.exclude(badge_status="confirmed").exclude(external_id__in=connected).order_by("external_id")
    )
    ready = pages.filter(external_id__in=connected, badge_status="confirmed").order_by(
        "-opened_on", "external_id"
    )
    pools: dict[str, list[Any]] = {
        "requested": _some(list(without), CASES["requested"] + CASES["cancelled"], random),
        "created": _some(list(unverified), CASES["created"] + CASES["designed"] + CASES["verified"], random),
        "connected": list(ready[: CASES["connected"]]),
    }
    for organization in pools["requested"][: CASES["requested"]]:
        yield "requested", organization, None
    for organization in pools["requested"][CASES["requested"] :]:
        yield "cancelled", organization, None
    stages = [stage for stage in ("created", "designed", "verified") for _each in range(CASES[stage])]
    for stage, page in zip(stages, pools["created"], strict=False):
        yield stage, page.organization, page
    for page in pools["connected"]:
        yield "connected", page.organization, page


def _some(rows: Sequence[Any], count: int, random: Random) -> list[Any]:
    return random.sample(rows, min(count, len(rows)))
