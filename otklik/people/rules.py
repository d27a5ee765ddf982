"""What a role may do. Pure: a table and predicates over it."""

from collections.abc import Iterable
from enum import StrEnum


class Right(StrEnum):
    """One thing a person may be allowed to do; views and verbs ask for rights, never for roles."""

    SEE_INCIDENTS = "see_incidents"
    TRIAGE = "triage"
    ASSIGN = "assign"
    WORK = "work"
    PUBLISH = "publish"
    CLOSE = "close"
    MANAGE_CHANNELS = "manage_channels"
    MANAGE_PEOPLE = "manage_people"
    READ_AUDIT = "read_audit"


_BODY = frozenset({Right.SEE_INCIDENTS, Right.WORK, Right.PUBLISH})
RIGHTS: dict[str, frozenset[Right]] = {
    "page_admin": _BODY,
    "executor": _BODY,
    "approver": _BODY,
    "curator": _BODY | {Right.ASSIGN},
    "body_head": _BODY | {Right.ASSIGN},
    "dispatcher": _BODY | {Right.TRIAGE, Right.ASSIGN, Right.CLOSE},
    "analyst": frozenset({Right.SEE_INCIDENTS}),
    "methodist": frozenset({Right.SEE_INCIDENTS, Right.MANAGE_CHANNELS}),
    "center_head": _BODY | {Right.TRIAGE, Right.ASSIGN, Right.CLOSE, Right.READ_AUDIT},
    "live_editor": frozenset({Right.SEE_INCIDENTS}),
    "live_host": frozenset(),
    "viewer": frozenset({Right.SEE_INCIDENTS}),
    "federal_viewer": frozenset(),
    "system_admin": frozenset({Right.MANAGE_CHANNELS, Right.MANAGE_PEOPLE, Right.READ_AUDIT}),
    "security_officer": frozenset({Right.READ_AUDIT}),
}


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """All rights that any of the roles gives; an unknown role gives none."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
