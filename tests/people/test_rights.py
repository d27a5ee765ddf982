"""What roles may do: a complete table, read by people as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.people.enums import Role
from otklik.people.rules import RIGHTS, Right, rights_of

# S see · T triage · A assign · W work · P publish · C close · N connections (channels) · M people · J journal
# R see the register · E manage (edit) it · G run pages (mend gaps) · V manage what verdicts and routes go by
# X take incidents out as tables, bring those of other systems · O agree (okay) with what another has written
# Q keep the quality of answers: templates, guides, rules of the check · D open the personal data of a card
# K keep order in comments: decide about them by the rules of moderation · Y keep systemic decisions and fakes
TABLE = {
    Role.PAGE_ADMIN: "S--WP----R-G----D---",
    Role.EXECUTOR: "S--WP----R------D---",
    Role.APPROVER: "S--WP----R----O-D---",
    Role.CURATOR: "S-AWP----R-G-XOQD---",
    Role.BODY_HEAD: "S-AWP----R-G-XOQD---",
    Role.DISPATCHER: "STAWPC---R----O-D-KY",
    Role.ANALYST: "S--------R---X-----Y",
    Role.METHODIST: "S-----N--REG---Q----",
    Role.CENTER_HEAD: "STAWPC--JREGVXOQDZKY",
    Role.LIVE_EDITOR: "S-------------------",
    Role.LIVE_HOST: "--------------------",
    Role.VIEWER: "S--------R----------",
    Role.FEDERAL_VIEWER: "--------------------",
    Role.SYSTEM_ADMIN: "------NMJREGV--Q----",
    Role.SECURITY_OFFICER: "--------J--------Z--",
}
LETTERS = "STAWPCNMJREGVXOQDZKY"
ORDER = [
    Right.SEE_INCIDENTS, Right.TRIAGE, Right.ASSIGN, Right.WORK, Right.PUBLISH, Right.CLOSE, Right.MANAGE_CHANNELS,
    Right.MANAGE_PEOPLE, Right.READ_AUDIT, Right.SEE_REGISTRY, Right.MANAGE_REGISTRY, Right.RUN_PAGE,
    Right.MANAGE_TRIAGE, Right.EXCHANGE, Right.APPROVE,
    Right.MANAGE_ANSWERS, Right.OPEN_PERSONAL, Right.ERASE_PERSONAL,
    Right.MODERATE, Right.KEEP_DECISIONS,
]  # fmt: skip


def test_the_table_knows_every_role_and_every_right() -> None:
    assert set(TABLE) == set(Role) == {Role(role) for role in RIGHTS}
    assert set(ORDER) == set(Right)
    assert set().union(*RIGHTS.values()) == set(Right)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_exactly_this(role: Role) -> None:
    expected = {right for letter, right in zip(TABLE[role], ORDER, strict=True) if letter != "-"}
    assert rights_of([role]) == expected
    assert all(letter in {"-", LETTERS[place]} for place, letter in enumerate(TABLE[role]))


@given(st.sets(st.sampled_from([*Role.values, "nobody-knows-this-role"])))
def test_rights_add_up_and_an_unknown_role_gives_none(roles: set[str]) -> None:
    assert rights_of(roles) == frozenset().union(*(rights_of([role]) for role in roles))
    assert rights_of(["nobody-knows-this-role"]) == frozenset()


def test_whoever_works_sees() -> None:
    for rights in RIGHTS.values():
        if rights & {Right.WORK, Right.PUBLISH, Right.TRIAGE, Right.ASSIGN, Right.CLOSE}:
            assert Right.SEE_INCIDENTS in rights


def test_who_gives_out_access_does_not_read_what_residents_write() -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_OFFICER):
        assert Right.SEE_INCIDENTS not in RIGHTS[role]
