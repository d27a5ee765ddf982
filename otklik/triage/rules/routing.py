"""Which body a question goes to. Pure.

Of the rules that fit a question the most specific one decides. Rules are compared by the first thing, in this order,
that one asks and the other does not: page, settlement, municipality, topic, group of topics, level of the topic,
sphere of the page's organisation, its level. Two rules that fit one question and ask the same things ask them of the
same values, so only rules with the same conditions can be equal: the greater precedence goes first, then the older.
A rule that finds no body (its municipality has no administration on record, its body is closed) gives way to the next.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

ORDER: Final = ("page", "settlement", "municipality", "topic", "group", "level", "sphere", "page_level")
"""What a rule may ask, the most specific first."""

_WEIGHT = {name: 1 << place for place, name in enumerate(reversed(ORDER))}
# The order in which a person reads the reasons: what about, where, on whose page.
_TOLD = ("topic", "group", "level", "settlement", "municipality", "page", "sphere", "page_level")

Value = int | str
Because = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a value. `asks` holds what it asks of a question; `organization` is None also for a closed body."""

    id: int
    asks: Mapping[str, Value]
    target: str
    organization: int | None = None
    organization_type: str = ""
    body_sphere: str = ""
    precedence: int = 0

    @property
    def weight(self) -> int:
        """How specific the rule is: greater decides before smaller."""
        return sum(_WEIGHT[name] for name in self.asks)

    @property
    def place(self) -> tuple[int, int, int]:
        """The place of the rule among all: smaller is tried first. Different for any two rules."""
        return -self.weight, -self.precedence, self.id

    @property
    def sends(self) -> tuple[str, int | None, str, str]:
        """Where it sends, to be compared with another rule."""
        return self.target, self.organization, self.organization_type, self.body_sphere


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a question. `municipality` is of the place, or of the page when `from_page`.

    `names` are what people read for the values: {"topic": "Ямы и выбоины", "municipality": "Бердск", …}.
    """

    topic: int
    group: int
    level: str
    page: int | None = None
    page_body: int | None = None
    page_level: str = ""
    sphere: str = ""
    municipality: int | None = None
    settlement: int | None = None
    from_page: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Directory:
    """The bodies that follow from a question, by what they follow from."""

    administrations: Mapping[int, int] = field(default_factory=dict)
    # (type, municipality) → (body, its settlement as written).
    of_type: Mapping[tuple[str, int], Sequence[tuple[int, str]]] = field(default_factory=dict)
    of_sphere: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """The body, or None for a dispatcher; the rule that decided, and why, as pairs (code, text).

    `passed` are rules that fitted before it and found no body; `rivals` ask the same, stand at the same place and
    send elsewhere: a conflict that the age of the rules has decided.
    """

    body: int | None
    rule: int | None
    because: Because
    passed: tuple[int, ...] = ()
    rivals: tuple[int, ...] = ()


class Rulebook:
    """Rules put in order once, for many questions: a look into a dictionary for each kind of condition."""

    def __init__(self, rules: Iterable[Rule], directory: Directory) -> None:
        self.directory = directory
        self.rules = tuple(sorted(rules, key=lambda rule: rule.place))
        tables: dict[tuple[str, ...], dict[tuple[Value, ...], list[Rule]]] = {}
        for rule in self.rules:
            names = tuple(name for name in ORDER if name in rule.asks)
            key = tuple(rule.asks[name] for name in names)
            tables.setdefault(names, {}).setdefault(key, []).append(rule)
        # The rules come sorted, so the kinds of conditions stand in their order too.
        self._tables = tuple(
            (names, attrgetter(*names) if names else None, table) for names, table in tables.items()
        )
        # Rules that fit one question and stand at one place ask the same, so rivals are known beforehand.
        self.rivals = {
            rule.id: tuple(found)
            for table in tables.values()
            for same in table.values()
            if len(same) > 1
            for rule in same
            if (found := clashes(rule, same))
        }

    def fitting(self, question: Question) -> Iterable[Rule]:
        """The rules that fit, in the order in which they are tried."""
        for names, read, table in self._tables:
            key = read(question) if read else ()
            yield from table.get(key if len(names) != 1 else (key,), ())


def choose(book: Rulebook, question: Question) -> Route:
    """The body of the most specific rule that fits and finds one; without such a rule a dispatcher decides."""
    passed: list[int] = []
    for rule in book.fitting(question):
        body = body_of(rule, question, book.directory)
        if body is not None:
            because = _because(rule, question, passed)
            return Route(body, rule.id, because, tuple(passed), book.rivals.get(rule.id, ()))
        passed.append(rule.id)
    return Route(None, None, (*_passed(passed), ("no_rule", "")), tuple(passed))


def body_of(rule: Rule, question: Question, directory: Directory) -> int | None:
    """The body that the rule names for this question, or None when there is none, or more than one."""
    if rule.target == "fixed":
        return rule.organization
    if rule.target == "page":
        return question.page_body
    if rule.target == "sphere":
        return directory.of_sphere.get(rule.body_sphere or question.sphere)
    if question.municipality is None:
        return None
    if rule.target == "administration":
        return directory.administrations.get(question.municipality)
    found = directory.of_type.get((rule.organization_type, question.municipality), ())
    if len(found) > 1 and question.settlement is not None:
        here = question.names.get("settlement", "")
        found = [each for each in found if each[1] == here]
    return found[0][0] if len(found) == 1 else None


def _because(rule: Rule, question: Question, passed: Sequence[int]) -> Because:
    told = set(rule.asks)
    if rule.target in {"administration", "type"}:
        told |= {"municipality"} if "settlement" not in told else set()
    if rule.target == "sphere" and not rule.body_sphere:
        told.add("sphere")
    said = [(name, question.names.get(name, str(getattr(question, name)))) for name in _TOLD if name in told]
    if question.from_page:
        said = [("municipality_of_page" if name == "municipality" else name, text) for name, text in said]
    return (*said, ("target", rule.target), *_passed(passed), ("rule", str(rule.id)))


def _passed(rules: Sequence[int]) -> Because:
    return tuple(("passed", str(each)) for each in rules)


Implied = Mapping[tuple[str, Value], Mapping[str, Value]]
"""What follows from a condition: a topic has its group and level, a settlement its municipality, a page its sphere."""


def clashes(rule: Rule, others: Iterable[Rule]) -> list[int]:
    """Rules that ask the same with the same precedence and send elsewhere: only their age decides between them."""
    return [
        each.id
        for each in others
        if each.id != rule.id
        and each.place[:2] == rule.place[:2]
        and each.asks == rule.asks
        and each.sends != rule.sends
    ]


def overlaps(rule: Rule, others: Iterable[Rule], implied: Implied) -> list[tuple[int, bool]]:
    """(other, whether this one decides before it): both fit some questions and neither is a case of the other.

    A case of a rule is what a finer rule is for, and no surprise. Here only the order of conditions decides, so a
    person should have a look.
    """
    mine, found = _with_implied(rule, implied), []
    for each in others:
        if each.id == rule.id or each.sends == rule.sends:
            continue
        theirs = _with_implied(each, implied)
        if any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()):
            continue
        if not (rule.asks.items() <= theirs.items() or each.asks.items() <= mine.items()):
            found.append((each.id, rule.place < each.place))
    return found


def _with_implied(rule: Rule, implied: Implied) -> dict[str, Value]:
    known = dict(rule.asks)
    for condition in rule.asks.items():
        known |= implied.get(condition, {})
    return known
