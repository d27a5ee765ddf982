"""The active rules as a book that answers for whole batches, read again when a rule has changed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import cache
from django.db.models import Max

from otklik.registry.enums import OrgLevel
from otklik.registry.models import Municipality, OfficialPage, Organization, Settlement
from otklik.triage.enums import RouteTarget
from otklik.triage.models import RoutingChange, RoutingRule, Topic
from otklik.triage.models.routing import CONDITIONS
from otklik.triage.rules.routing import Directory, Question, Route, Rule, Rulebook, choose

# Bodies are opened and closed without a word to us: the book follows them within this long.
BOOK_CACHE_SECONDS = 60
_KEY = "routing_book"
_IDS = frozenset({"topic", "group", "municipality", "settlement", "page"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to be routed: its topic, the page with its organisation at hand, and the place if one is known."""

    topic: Topic
    page: OfficialPage | None
    municipality_id: int | None = None
    settlement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Rules in order with the names that reasons are told by."""

    version: int
    rules: Rulebook
    municipalities: dict[int, str]
    settlements: dict[int, str]
    by_settlement: bool


_books: dict[str, Book] = {}


def routes_for(questions: Sequence[Asked]) -> list[Route]:
    """The route of each question by the active rules. One query tells whether the rules are still the same."""
    return routes_by(active_book(), questions)


def routes_by(book: Book, questions: Sequence[Asked]) -> list[Route]:
    """The route of each question by these rules: the active ones, or a draft that is tried."""
    settlements = dict(book.settlements)
    unknown = {each.settlement_id for each in questions if each.settlement_id} - settlements.keys()
    if book.by_settlement and unknown:
        settlements |= Settlement.objects.filter(pk__in=unknown).values_list("pk", "name")
    pages: dict[int | None, _Page] = {None: _Page()}
    for each in questions:
        if each.page is not None and each.page.pk not in pages:
            pages[each.page.pk] = _page_of(each.page)
    return [
        choose(book.rules, _question(each, pages[each.page.pk if each.page else None], book, settlements))
        for each in questions
    ]


def suggested_body(*, topic: Topic, page: OfficialPage) -> int | None:
    """The body that a question of `topic` asked on `page` belongs to, as far as the page alone can tell."""
    return routes_for([Asked(topic, page)])[0].body


def rules_version() -> int:
    """The number of the last change of a rule. Changes wait for one another, so a later one is never overtaken."""
    return int(RoutingChange.objects.aggregate(last=Max("pk"))["last"] or 0)


def active_book(version: int | None = None) -> Book:
    """The book of the active rules, kept by a process until a rule changes, or for a minute.

    `version` is that of the rules for who has just asked for it.
    """
    token, version = cache.get(_KEY), rules_version() if version is None else version
    book = _books.get(token) if token else None
    if book is None or book.version != version:
        book, token = book_of(RoutingRule.objects.active(), version), uuid4().hex
        _books.clear()
        _books[token] = book
        cache.set(_KEY, token, BOOK_CACHE_SECONDS)
    return book


def book_of(rows: Iterable[RoutingRule], version: int = 0) -> Book:
    """A book of these rows, which need not be saved."""
    rows = list(rows)
    wanted = {row.settlement_id for row in rows if row.settlement_id}
    return Book(
        version=version,
        rules=Rulebook(values_of(rows), _directory(rows)),
        municipalities=dict(Municipality.objects.values_list("pk", "short_name")),
        settlements=dict(Settlement.objects.filter(pk__in=wanted).values_list("pk", "name"))
        if wanted
        else {},
        by_settlement=any(row.target == RouteTarget.TYPE for row in rows),
    )


def values_of(rows: Sequence[RoutingRule]) -> list[Rule]:
    """The rows as values; a closed body is no body. What is not saved yet has a number below zero."""
    fixed = {row.organization_id for row in rows if row.organization_id}
    alive = set(Organization.objects.filter(pk__in=fixed, is_active=True).values_list("pk", flat=True))
    return [
        Rule(
            id=row.pk or -number,
            asks=asks_of(row),
            target=row.target,
            organization=row.organization_id if row.organization_id in alive else None,
            organization_type=row.organization_type,
            body_sphere=row.body_sphere,
            precedence=row.precedence,
        )
        for number, row in enumerate(rows, 1)
    ]


def asks_of(row: RoutingRule) -> dict[str, int | str]:
    """What the row asks of a question: keys and codes by the names of the conditions."""
    found = {name: getattr(row, f"{name}_id" if name in _IDS else name) for name in CONDITIONS}
    return {name: value for name, value in found.items() if value not in {None, ""}}


@dataclass(frozen=True, slots=True)
class _Page:
    """What rules ask of a page, read once for a batch."""

    id: int | None = None
    title: str = ""
    body: int | None = None
    level: str = ""
    sphere: str = ""
    municipality: int | None = None


def _page_of(page: OfficialPage) -> _Page:
    body = page.organization
    sphere = body.spheres[0] if body.spheres else ""
    return _Page(page.pk, page.title, body.pk, body.level, sphere, body.municipality_id)


def _question(asked: Asked, page: _Page, book: Book, settlements: dict[int, str]) -> Question:
    topic, municipality = asked.topic, asked.municipality_id
    from_page = municipality is None and page.municipality is not None
    municipality = page.municipality if from_page else municipality
    names = {"topic": topic.name, "group": topic.group.name}
    if municipality is not None:
        names["municipality"] = book.municipalities.get(municipality, "")
    if asked.settlement_id is not None:
        names["settlement"] = settlements.get(asked.settlement_id, "")
    if page.id is not None:
        names["page"] = page.title
    return Question(
        topic=topic.pk,
        group=topic.group_id,
        level=topic.level,
        page=page.id,
        page_body=page.body,
        page_level=page.level,
        sphere=page.sphere,
        municipality=municipality,
        settlement=asked.settlement_id,
        from_page=from_page,
        names=names,
    )


def _directory(rows: Sequence[RoutingRule]) -> Directory:
    """The bodies that these rules may name; what no rule asks for is not read."""
    targets = {row.target for row in rows}
    return Directory(
        administrations=_administrations() if RouteTarget.ADMINISTRATION in targets else {},
        of_type=_of_type({row.organization_type for row in rows} - {""}),
        of_sphere=_of_sphere() if RouteTarget.SPHERE in targets else {},
    )


def _administrations() -> dict[int, int]:
    rows = Organization.objects.filter(
        level=OrgLevel.MUNICIPAL, type="administration", is_active=True, municipality__isnull=False
    )
    found: dict[int, int] = {}
    for municipality, pk in rows.order_by("pk").values_list("municipality_id", "pk"):
        found.setdefault(municipality or 0, pk)
    return found


def _of_type(types: set[str]) -> dict[tuple[str, int], list[tuple[int, str]]]:
    found: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    if not types:
        return found
    rows = Organization.objects.filter(type__in=types, is_active=True, municipality__isnull=False)
    for kind, municipality, pk, settlement in rows.order_by("pk").values_list(
        "type", "municipality_id", "pk", "settlement"
    ):
        found[kind, municipality or 0].append((pk, settlement))
    return dict(found)


def _of_sphere() -> dict[str, int]:
    """The one body of the region whose main sphere it is: its ministry, or the only body there is."""
    bodies: dict[str, list[int]] = defaultdict(list)
    ministries: dict[str, list[int]] = defaultdict(list)
    rows = Organization.objects.filter(level=OrgLevel.REGIONAL, is_active=True).order_by("pk")
    for pk, kind, spheres in rows.values_list("pk", "type", "spheres"):
        for sphere in spheres[:1]:
            bodies[sphere].append(pk)
            if kind == "ministry":
                ministries[sphere].append(pk)
    chosen = {sphere: ministries.get(sphere) or found for sphere, found in bodies.items()}
    return {sphere: found[0] for sphere, found in chosen.items() if len(found) == 1}
