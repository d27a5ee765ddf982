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
    SEE_REGISTRY = "see_registry"
    MANAGE_REGISTRY = "manage_registry"
    # Mend the gaps of a page and attest what no interface shows.
    RUN_PAGE = "run_page"
    # Change what triage goes by for the whole region: routes, topics, models.
    MANAGE_TRIAGE = "manage_triage"
    # Take incidents out as a table, with all that people wrote; at the centre, bring the history of other systems.
    EXCHANGE = "exchange"


_BODY = frozenset({Right.SEE_INCIDENTS, Right.WORK, Right.PUBLISH, Right.SEE_REGISTRY})
_REGISTER = frozenset({Right.SEE_REGISTRY, Right.MANAGE_REGISTRY, Right.RUN_PAGE})
RIGHTS: dict[str, frozenset[Right]] = {
    "page_admin": _BODY | {Right.RUN_PAGE},
    "executor": _BODY,
    "approver": _BODY,
    "curator": _BODY | {Right.ASSIGN, Right.RUN_PAGE, Right.EXCHANGE},
    "body_head": _BODY | {Right.ASSIGN, Right.RUN_PAGE, Right.EXCHANGE},
    "dispatcher": _BODY | {Right.TRIAGE, Right.ASSIGN, Right.CLOSE},
    "analyst": frozenset({Right.SEE_INCIDENTS, Right.SEE_REGISTRY, Right.EXCHANGE}),
    "methodist": frozenset({Right.SEE_INCIDENTS, Right.MANAGE_CHANNELS}) | _REGISTER,
    "center_head": _BODY
    | _REGISTER
    | {Right.TRIAGE, Right.ASSIGN, Right.CLOSE, Right.READ_AUDIT, Right.MANAGE_TRIAGE, Right.EXCHANGE},
    "live_editor": frozenset({Right.SEE_INCIDENTS}),
    "live_host": frozenset(),
    "viewer": frozenset({Right.SEE_INCIDENTS, Right.SEE_REGISTRY}),
    "federal_viewer": frozenset(),
    "system_admin": _REGISTER
    | {Right.MANAGE_CHANNELS, Right.MANAGE_PEOPLE, Right.READ_AUDIT, Right.MANAGE_TRIAGE},
    "security_officer": frozenset({Right.READ_AUDIT}),
}


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """All rights that any of the roles gives; an unknown role gives none."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
