"""Profiles of deadlines as data: shipped with their sources, loaded, chosen; nothing promised moves by that."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Incident, SlaProfile
from otklik.casework.operations import profiles
from otklik.common.actor import SYSTEM
from otklik.common.worktime import WorkCalendar
from tests import cast

pytestmark = pytest.mark.django_db
OFFICE = WorkCalendar(tz=cast.ZONE)
CODES = {
    "default",
    "sevastopol_2020",
    "surgut_2025",
    "krasnodar",
    "ulyanovsk",
    "yaroslavl",
    "sakhalin",
    "live_14cd",
}


def chosen(code: str) -> rules.Limits:
    profiles.choose_profile(profile=SlaProfile.objects.get(code=code), by=SYSTEM, now=cast.NOW)
    return casework.sla_limits()


def test_the_shipped_profiles_are_there_with_their_sources() -> None:
    rows = {each.code: each for each in SlaProfile.objects.all()}
    assert rows.keys() == CODES == profiles.shipped().keys()
    for each in rows.values():
        assert rules.limits_of(each.limits)
        assert each.source
        assert len(each.name) <= 150
        assert not each.is_default
    assert profiles.load_profiles() == 0


def test_the_default_profile_is_the_norms() -> None:
    assert casework.sla_limits() == rules.DEFAULT_LIMITS
    assert chosen("default") == rules.DEFAULT_LIMITS


@pytest.mark.parametrize(
    ("code", "priority", "due"),
    [
        # From Wednesday 11:00; lunch is at 13:00, work ends at 18:00.
        ("default", "normal", "2026-11-19T11:00"),
        ("sevastopol_2020", "normal", "2026-11-19T12:00"),
        ("sevastopol_2020", "high", "2026-11-18T16:00"),
        ("surgut_2025", "normal", "2026-11-19T10:00"),
        ("surgut_2025", "high", "2026-11-19T10:00"),
        ("krasnodar", "normal", "2026-11-19T11:00"),
        ("ulyanovsk", "normal", "2026-11-19T11:00"),
        ("yaroslavl", "normal", "2026-11-19T18:00"),
        ("sakhalin", "normal", "2026-11-19T11:00"),
        ("live_14cd", "high", "2026-12-02T11:00"),
        ("live_14cd", "critical", "2026-11-18T12:00"),
    ],
)
def test_the_published_terms_of_each_profile(code: str, priority: str, due: str) -> None:
    received = datetime.fromisoformat("2026-11-18T11:00").replace(tzinfo=cast.ZONE)
    found = rules.primary_due(received, priority, OFFICE, chosen(code))
    assert found == datetime.fromisoformat(due).replace(tzinfo=cast.ZONE)


def test_drafts_and_steps_of_the_published_profiles() -> None:
    surgut = chosen("surgut_2025")
    assert [str(surgut.stages["in_progress"][each]) for each in ("normal", "high")] == ["180 wm", "60 wm"]
    yaroslavl = chosen("yaroslavl")
    assert str(yaroslavl.stages["triage"]["normal"]) == str(yaroslavl.center["normal"]) == "60 wm"
    assert str(chosen("sevastopol_2020").interim) == "7 wd"
    assert str(chosen("live_14cd").final) == "14 cd"


def test_a_new_choice_holds_for_what_comes_and_moves_nothing_promised() -> None:
    cast.region()
    before = cast.incident("triage")
    promised = before.due_at
    chosen("sevastopol_2020")
    after = cast.incident("triage")
    assert Incident.objects.get(pk=before.pk).due_at == promised
    assert after.due_at == promised + timedelta(hours=1)
    chosen("sevastopol_2020")
    line = AuditLine.objects.get(verb="choose_profile")
    assert line.details == {"code": "sevastopol_2020", "was": ""}
    chosen("default")
    assert SlaProfile.objects.get(is_default=True).code == "default"


def save(limits: Any, code: str = "ours") -> SlaProfile:
    return profiles.save_profile(
        code=code, name="Наш", source="приказ № 5", limits=limits, by=SYSTEM, now=cast.NOW
    )


def test_a_profile_of_ones_own_is_checked_before_it_is_kept() -> None:
    made = save({"primary": {"normal": "6 wh"}})
    assert save({"primary": {"normal": "6 wh"}}) == made
    assert AuditLine.objects.filter(verb="save_profile").count() == 1
    profiles.choose_profile(profile=made, by=SYSTEM, now=cast.NOW)
    assert casework.sla_limits().primary["normal"] == rules.Term(360, "wm")
    save({"primary": {"normal": "5 wh"}})
    assert casework.sla_limits().primary["normal"] == rules.Term(300, "wm")
    with pytest.raises(rules.BadLimits, match=r"^primary\.normal: "):
        save({"primary": {"normal": "скоро"}})
    assert SlaProfile.objects.get(code="ours").limits == {"primary": {"normal": "5 wh"}}


def test_a_spoilt_row_is_named_and_not_chosen() -> None:
    spoilt = SlaProfile.objects.create(code="spoilt", name="Испорченный", limits={"interim": "7"})
    with pytest.raises(rules.BadLimits, match=r"^interim: "):
        profiles.choose_profile(profile=spoilt, by=SYSTEM, now=cast.NOW)
    SlaProfile.objects.filter(pk=spoilt.pk).update(is_default=True)
    with pytest.raises(rules.BadLimits, match=r"^interim: "):
        casework.sla_limits()


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("sla_profile", *words, stdout=out)
    return out.getvalue()


def test_profiles_are_chosen_and_loaded_from_the_command_line(tmp_path: Path) -> None:
    assert "→" not in run()
    assert "→ surgut_2025: Сургут, 2025 (Российская газета, 27.11.2025)" in run("--choose", "surgut_2025")
    path = tmp_path / "ours.json"
    path.write_text(json.dumps({"ours": {"name": "Наш", "limits": {"interim": "5 wd"}}}), encoding="utf-8")
    assert "ours" not in run("--load", str(path), "--dry-run")
    assert "→ ours: Наш" in run("--load", str(path), "--choose", "ours")
    with pytest.raises(CommandError, match="Нет профиля «нет»"):
        run("--choose", "нет")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Это не JSON: строка 1"),
        ("[]", "должны быть профили"),
        ('{"ours": {"name": "Наш"}}', "ours: у профиля есть"),
        ('{"наш": {"name": "Наш", "limits": {}}}', "латиницей"),
        ('{"ours": {"name": "Наш", "limits": {"interim": "завтра"}}}', "ours: interim: "),
    ],
)
def test_a_file_that_is_wrong_says_where(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=why):
        run("--load", str(path))
    path.write_bytes(b"\xff")
    with pytest.raises(CommandError, match="UTF-8"):
        run("--load", str(path))
    with pytest.raises(CommandError, match="не открывается"):
        run("--load", str(tmp_path / "no.json"))
