"""A profile as a typed value: what it may say, and the name of the field when it says it wrongly."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework import rules
from otklik.casework.rules import Stretch, Term
from otklik.casework.rules.terms import term_of, working
from otklik.common.worktime import WorkCalendar

ZONE = ZoneInfo("Asia/Novosibirsk")
OFFICE = WorkCalendar(tz=ZONE)
ANY = frozenset({"wm", "wd", "cd"})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("raw", "term"),
    [
        ("8 wh", Term(480, "wm")),
        ("30 wm", Term(30, "wm")),
        (90, Term(90, "wm")),
        ("7 wd", Term(7, "wd")),
        ("3 cd", Term(3, "cd")),
    ],
)
def test_a_term_is_read_with_its_unit(raw: Any, term: Term) -> None:
    assert term_of(raw, "any", ANY) == term
    assert term_of(str(term), "any", ANY) == term


@pytest.mark.parametrize(
    "raw", ["", "8", "8wh", "8 hours", "-1 wd", "0 wm", 0, -5, True, 1.5, None, [], "٣ cd", "99999 cd"]
)
def test_what_is_no_term_is_refused_by_the_name_of_its_field(raw: Any) -> None:
    with pytest.raises(rules.BadLimits, match=r"stages\.triage\.high"):
        term_of(raw, "stages.triage.high", ANY)


def test_units_are_counted_each_in_its_way() -> None:
    friday = at("2026-11-20T16:00")
    due = [
        rules.due_of(term, friday, "normal", OFFICE)
        for term in (Term(180, "wm"), Term(1, "wd"), Term(3, "cd"))
    ]
    assert due == [at("2026-11-23T10:00"), at("2026-11-23T18:00"), at("2026-11-23T16:00")]
    # Hours of what is critical pass at night too, days are the same for everybody.
    assert rules.due_of(Term(180, "wm"), friday, "critical", OFFICE) == at("2026-11-20T19:00")
    assert rules.due_of(Term(1, "wd"), friday, "critical", OFFICE) == at("2026-11-23T18:00")


def test_without_data_the_norms_hold() -> None:
    """Source: the states of an incident in the domain's specification."""
    norms = rules.limits_of({})
    assert norms == rules.DEFAULT_LIMITS
    assert (norms.silence, norms.interim, norms.control) == (timedelta(days=3), Term(7, "wd"), Term(1, "wd"))
    assert [str(term) for term in norms.planned_reminders] == ["10 wd", "3 wd", "1 wd"]
    assert (norms.objection, norms.extension, norms.transfer) == (
        Term(3, "cd"),
        Term(30, "cd"),
        Term(1, "wd"),
    )
    assert (norms.planned_check, norms.repeat, norms.restore) == (
        Term(1, "wd"),
        Term(30, "cd"),
        Term(30, "cd"),
    )
    assert (norms.archive, norms.declines, norms.planned_moves, norms.extensions) == (
        Term(365, "cd"),
        2,
        2,
        1,
    )
    assert norms.final is None
    assert norms.stages["rework"]["critical"] == working(hours=1)
    assert norms.stages["reopened"]["critical"] == working(minutes=30)


def test_the_body_has_what_the_centre_leaves() -> None:
    left = [rules.DEFAULT_LIMITS.body(priority) for priority in rules.PRIORITIES]
    assert left == [timedelta(hours=7), timedelta(hours=3, minutes=30), timedelta(minutes=50)]
    own = rules.limits_of({"center": {"normal": "2 wh"}, "primary": {"normal": "9 wh"}})
    assert own.body("normal") == timedelta(hours=7)
    assert own.stages["triage"]["normal"] == working(hours=1)


def test_a_profile_changes_only_what_it_names() -> None:
    raw = {
        "primary": {"normal": "9 wh"},
        "stages": {"in_progress": {"high": "45 wm"}, "approval": "20 wm"},
        "planned_reminders": ["2 wd", "14 wd", "2 wd"],
        "clarification": "5 cd",
        "declines": 1,
    }
    limits = rules.limits_of(raw)
    assert limits.primary == {**rules.PRIMARY_LIMIT, "normal": working(hours=9)}
    assert limits.stages["in_progress"]["high"] == working(minutes=45)
    assert set(limits.stages["approval"].values()) == {working(minutes=20)}
    assert limits.planned_reminders == (Term(14, "wd"), Term(2, "wd"))
    assert (limits.silence, limits.declines) == (timedelta(days=5), 1)
    assert limits.interim == rules.DEFAULT_LIMITS.interim


def test_rows_written_in_minutes_and_days_of_silence_are_still_read() -> None:
    limits = rules.limits_of({"primary": {"normal": 540}, "silence_days": 5})
    assert (limits.primary["normal"], limits.silence) == (working(hours=9), timedelta(days=5))


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ([], "limits"),
        ({"primery": {}}, "primery"),
        ({"primary": {"urgent": "1 wh"}}, "primary.urgent"),
        ({"primary": {"normal": "8 часов"}}, "primary.normal"),
        ({"primary": None}, "primary"),
        ({"stages": {"closed": "1 wh"}}, "stages.closed"),
        ({"stages": {"triage": {"high": "1 wd"}}}, "stages.triage.high"),
        ({"clarification": "3 wd"}, "clarification"),
        ({"silence_days": "много"}, "silence_days"),
        ({"interim": "8 wh"}, "interim"),
        ({"planned_reminders": "1 wd"}, "planned_reminders"),
        ({"planned_reminders": ["1 wd", "1 cd"]}, "planned_reminders.2"),
        ({"declines": -1}, "declines"),
        ({"": None}, '""'),
        ({"declines": True}, "declines"),
        ({"center": {"normal": "8 wh"}}, "center.normal"),
    ],
)
def test_a_wrong_field_is_named(raw: Any, field: str) -> None:
    with pytest.raises(rules.BadLimits) as caught:
        rules.limits_of(raw)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")


@given(JSON | st.dictionaries(st.sampled_from(["primary", "stages", "interim", "center", "declines"]), JSON))
def test_any_data_is_a_profile_or_a_reason(raw: Any) -> None:
    try:
        limits = rules.limits_of(raw)
    except rules.BadLimits as error:
        limits = None
        named = error.field
    assert (named if limits is None else str(limits.interim)) != ""


def test_whose_time_it_was() -> None:
    """New and triage are the centre's, a question to the author is nobody's, the rest is the body's."""
    stays = [
        Stretch("triage", at("2026-11-18T09:00"), at("2026-11-18T10:00")),
        Stretch("routed", at("2026-11-18T10:00"), at("2026-11-18T12:00")),
        Stretch("clarification", at("2026-11-18T12:00"), at("2026-11-19T12:00")),
        Stretch("in_progress", at("2026-11-19T12:00"), at("2026-11-19T15:00")),
        Stretch("uncertain", at("2026-11-19T15:00"), at("2026-11-19T15:20")),
    ]
    sides: dict[str, Any] = {"of_center": rules.CENTER_STATES, "paused": rules.PAUSED, "region": OFFICE}
    shares = rules.spent(stays, "normal", body=OFFICE, **sides)
    assert (shares.center, shares.body) == (timedelta(minutes=80), timedelta(hours=4))
    night = WorkCalendar(tz=ZONE, week={})
    assert rules.spent(stays, "normal", body=night, **sides).body == timedelta(0)
    assert rules.spent(stays, "critical", body=night, **sides).body == timedelta(hours=5)
    assert rules.spent([], "normal", body=OFFICE, **sides).center == timedelta(0)
    assert stays[0].since.astimezone(UTC) < stays[0].until
