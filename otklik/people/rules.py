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
    # Agree, as a second person, with what another has written.
    APPROVE = "approve"
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
    # Keep templates and guides of answers, the region's at the centre, its own at a body; at the centre, the rules
    # by which answers are checked.
    MANAGE_ANSWERS = "manage_answers"
    # Open what is masked: the whole name of an author, phones, flats. Each opening is in the journal with its reason.
    OPEN_PERSONAL = "open_personal"
    # Keep the requests of residents to erase what is known of them, forbid and permit erasure, and carry it out.
    ERASE_PERSONAL = "erase_personal"
    # Decide, by a rule, about comments under the posts of official pages: of the centre only, so that no body judges
    # what is said of itself.
    MODERATE = "moderate"
    # Keep the records of what the centre brought about: systemic decisions and refuted fakes; of the centre only.
    KEEP_DECISIONS = "keep_decisions"


_BODY = frozenset({Right.SEE_INCIDENTS, Right.WORK, Right.PUBLISH, Right.SEE_REGISTRY, Right.OPEN_PERSONAL})
_LEADS = frozenset({Right.APPROVE, Right.ASSIGN, Right.RUN_PAGE, Right.EXCHANGE, Right.MANAGE_ANSWERS})
_REGISTER = frozenset({Right.SEE_REGISTRY, Right.MANAGE_REGISTRY, Right.RUN_PAGE})
RIGHTS: dict[str, frozenset[Right]] = {
    "page_admin": _BODY | {Right.RUN_PAGE},
    "executor": _BODY,
    "approver": _BODY | {Right.APPROVE},
    "curator": _BODY | _LEADS,
    "body_head": _BODY | _LEADS,
    "dispatcher": _BODY
    | {Right.APPROVE, Right.TRIAGE, Right.ASSIGN, Right.CLOSE, Right.MODERATE, Right.KEEP_DECISIONS},
    "analyst": frozenset({Right.SEE_INCIDENTS, Right.SEE_REGISTRY, Right.EXCHANGE, Right.KEEP_DECISIONS}),
    "methodist": frozenset({Right.SEE_INCIDENTS, Right.MANAGE_CHANNELS, Right.MANAGE_ANSWERS}) | _REGISTER,
    "center_head": _BODY
    | _REGISTER
    | {Right.APPROVE, Right.TRIAGE, Right.ASSIGN, Right.CLOSE, Right.MODERATE, Right.KEEP_DECISIONS}
    | {Right.READ_AUDIT, Right.MANAGE_TRIAGE, Right.EXCHANGE, Right.MANAGE_ANSWERS, Right.ERASE_PERSONAL},
    "live_editor": frozenset({Right.SEE_INCIDENTS}),
    "live_host": frozenset(),
    "viewer": frozenset({Right.SEE_INCIDENTS, Right.SEE_REGISTRY}),
    "federal_viewer": frozenset(),
    "system_admin": _REGISTER
    | {
        Right.MANAGE_CHANNELS,
        Right.MANAGE_PEOPLE,
        Right.READ_AUDIT,
        Right.MANAGE_TRIAGE,
        Right.MANAGE_ANSWERS,
    },
    "security_officer": frozenset({Right.READ_AUDIT, Right.ERASE_PERSONAL}),
}


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """All rights that any of the roles gives; an unknown role gives none."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
