"""What the check of an answer is told and what it says: facts, findings, a report, and the table of rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

BLOCK, ADVISE, OFF = "block", "advise", "off"
LEVELS = (BLOCK, ADVISE, OFF)

EMPTY = "empty"
NOT_ON_SUBSTANCE = "not_on_substance"
BARE_REDIRECT = "bare_redirect"
NO_DATE = "no_date_or_stage"
PAST_DATE = "date_in_the_past"
PART = "part_unanswered"
OFFICIALESE = "officialese"
LONG = "long_sentences"
JARGON = "jargon_or_abbrev"
PERSONAL = "third_party_pii"
RUDE = "rude"
RATE_US = "rate_us_on_refusal"
NO_PROOF = "no_proof"
STOP_PHRASE = "stop_phrase"
HARD_TO_READ = "hard_to_read"

RULES: Mapping[str, str] = MappingProxyType(
    {
        EMPTY: BLOCK,
        NOT_ON_SUBSTANCE: BLOCK,
        BARE_REDIRECT: BLOCK,
        NO_DATE: BLOCK,
        PAST_DATE: BLOCK,
        PART: BLOCK,
        OFFICIALESE: BLOCK,
        LONG: BLOCK,
        JARGON: BLOCK,
        PERSONAL: BLOCK,
        RUDE: BLOCK,
        RATE_US: BLOCK,
        NO_PROOF: BLOCK,
        STOP_PHRASE: ADVISE,
        HARD_TO_READ: ADVISE,
    }
)
"""What each code does when a region has said nothing else; in the order in which findings are shown."""

SOLVED, EXPLAINED, PLANNED = "solved", "explained", "planned"
REFUSED, FORWARDED, INTERIM = "refused_with_reason", "forwarded", "interim"
_KINDS = {"interim": INTERIM, "deferred": PLANNED}


class UnknownRule(ValueError):
    """A rule of a region names a code or a level that there is not; the message says which."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an answer besides its words.

    `kind` is final, interim or deferred; `resolution` what a final answer claims: solved, explained, planned,
    refused_with_reason or forwarded. `author` is the resident's name as the network shows it, `bodies` the names
    of bodies that need no explanation, `today` the day on which the answer would be published.
    """

    kind: str = "final"
    resolution: str = EXPLAINED
    author: str = ""
    bodies: tuple[str, ...] = ()
    has_photo: bool = False
    today: date | None = None

    @property
    def outcome(self) -> str:
        """One word for both: an interim and a deferred answer are what they are, whatever they claim."""
        return _KINDS.get(self.kind, self.resolution)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at `start:end` of the answer; `words` are what spoke for it.

    `part` is the number of the question, from 0, that an unanswered part is about, and `words` are then its own.
    """

    code: str
    start: int
    end: int
    words: str
    level: str = BLOCK
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The findings in the order of the answer, and how easily it is read: 100 is plain speech."""

    findings: tuple[Finding, ...]
    score: int
    score_parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether the answer may not go out as it is."""
        return any(each.level == BLOCK for each in self.findings)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all findings."""
        return frozenset(each.code for each in self.findings)


def merged(rules: Mapping[str, str]) -> Mapping[str, str]:
    """The default rules with those of a region over them. Raises UnknownRule for a code or a level there is not."""
    for code, level in rules.items():
        if code not in RULES or level not in LEVELS:
            raise UnknownRule(f"{code}: {level}")
    return {**RULES, **rules}
