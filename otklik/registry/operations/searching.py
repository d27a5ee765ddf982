"""Searching the catalogue. What it looks into is kept by search_index."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL

from otklik.registry.models import OfficialPage, SearchEntry
from otklik.registry.operations.search_index import EVERY_ENTRY, keep_fresh, rebuild, recount, refresh
from otklik.registry.rules import searching as rules
from otklik.registry.search import queries, stems, terms, typos
from otklik.registry.search.phrases import meant_by
from otklik.registry.search.queries import Question
from otklik.registry.search.terms import Term

__all__ = ["Hit", "SearchResult", "keep_fresh", "rebuild", "recount", "refresh", "search"]

# Entries that are weighed one by one; where more fit, those with more weight are taken.
MOST_CANDIDATES = 200
MOST_COUNTED = 1000
# Words are weighed as if there were so many entries at least: at first nobody has counted them.
FEWEST = 100
MOST_NEAR = 300
MOST_BEGUN = 20

Within = Collection[int] | QuerySet[Any]
Entries = QuerySet[SearchEntry]
# An entry's keys beside its name, and all of them.
_KEYS = (
    RawSQL("tsvector_to_array(ts_filter(registry_searchentry.words, '{b}'))", [], ArrayField(TextField())),
    RawSQL("tsvector_to_array(registry_searchentry.words)", [], ArrayField(TextField())),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """An organisation, or a personal page when `page_id` is there; `why` are the words that matched."""

    organization_id: int
    page_id: int | None
    score: float
    why: tuple[str, ...]
    corrected: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, how many there are (counted up to MOST_COUNTED), and what the query was taken for when it was mended."""

    hits: list[Hit]
    total: int
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """Which entries may be shown, and which part of the hits is wanted."""

    entries: Entries
    limit: int
    offset: int


@dataclass(slots=True)
class _Vocabulary:
    """What the vocabulary answered: entries of each key, a form to show it by, neighbours of strange words."""

    entries: dict[str, int]
    shown: dict[str, str]
    slips: dict[str, dict[str, float]]


def search(
    *,
    query: str,
    municipality: int | None = None,
    sphere: str = "",
    type: str = "",
    network: str = "",
    level: str = "",
    within: Within | None = None,
    limit: int = 20,
    offset: int = 0,
) -> SearchResult:
    """What the query may mean, best first. An empty query gives all that the filters leave, the largest first.

    `within`: ids of organisations, or a query that gives them, when only those may be shown.
    """
    entries = _filtered(
        municipality=municipality, sphere=sphere, type=type, network=network, level=level, within=within
    )
    asked = queries.question(query)
    if not asked.chunks:
        return _everything(entries, limit, offset)
    known = _vocabulary(asked)
    page = _Page(entries, limit, offset)
    said, wanted = _terms(asked, known, wide=False)
    result = _fitting(page, said, wanted, known) if all(each.is_found for each in wanted) else None
    if result is None or not result.total:
        taken = terms.taken_words(asked, known.entries, known.slips)
        _look_near([each for each in taken if each not in known.slips], asked, known)
        said, wanted = _terms(asked, known, wide=True)
        for left_out in range(len(wanted)):
            result = _fitting(page, said, wanted, known, left_out=left_out)
            if result.total:
                break
    return result or SearchResult([], 0)


def _terms(asked: Question, known: _Vocabulary, *, wide: bool) -> tuple[list[Term], list[Term]]:
    """The words as they were taken, and the terms they come to."""
    said = terms.settle(asked, known.entries, known.slips, wide=wide)
    return said, terms.resolved(said, known.entries)


def _filtered(
    *, municipality: int | None, sphere: str, type: str, network: str, level: str, within: Within | None
) -> Entries:
    entries = SearchEntry.objects.all()
    if municipality is not None:
        entries = entries.filter(organization__municipality=municipality)
    if sphere:
        entries = entries.filter(organization__spheres__contains=[sphere])
    if type:
        entries = entries.filter(organization__type=type)
    if level:
        entries = entries.filter(organization__level=level)
    if network:
        pages = OfficialPage.objects.filter(
            organization=OuterRef("organization"), network=network, is_active=True
        )
        entries = entries.filter(Exists(pages))
    if within is not None:
        entries = entries.filter(organization__in=within)
    return entries


def _everything(entries: Entries, limit: int, offset: int) -> SearchResult:
    rows = entries.order_by("-weight", "pk").values_list("organization_id", "page_id", "weight")
    hits = [
        Hit(organization, page, weight, (), False)
        for organization, page, weight in rows[offset : offset + limit]
    ]
    return SearchResult(hits, _count(entries))


def _count(entries: Entries) -> int:
    return len(entries.order_by().values_list("pk", flat=True)[:MOST_COUNTED])


def _vocabulary(asked: Question) -> _Vocabulary:
    known = _Vocabulary({}, {}, {})
    keys = {key for spelling in asked.spellings() for key in stems.keys(spelling)}
    keys |= {meant for key in keys for meant in meant_by(key)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select word, entries, shown from registry_searchword where word = any(%s)",
            [[*keys, EVERY_ENTRY]],
        )
        _remember(cursor.fetchall(), known)
    _look_near(terms.strange_words(asked, known.entries), asked, known)
    return known


def _remember(rows: Sequence[tuple[str, int, str]], known: _Vocabulary) -> None:
    for word, entries, shown in rows:
        known.entries[word], known.shown[word] = entries, shown


def _look_near(strange: Sequence[str], asked: Question, known: _Vocabulary) -> None:
    """Ask the vocabulary for what these words may be slips for, or beginnings of."""
    if not strange:
        return
    begun = [f"{stems.key(each)}%" for each in strange if each in asked.begun and len(each) > 1]
    near = sorted({key for each in strange for key in typos.near(stems.key(each))})
    with connection.cursor() as cursor:
        cursor.execute(
            "(select word, entries, shown from registry_searchword where near && %s order by entries desc limit %s)"
            " union (select word, entries, shown from registry_searchword where word like any(%s)"
            " order by entries desc limit %s)",
            [near, MOST_NEAR, begun, MOST_BEGUN],
        )
        rows = cursor.fetchall()
    _remember(rows, known)
    for each in strange:
        known.slips[each] = terms.slips_of(each, [row[0] for row in rows], begun=each in asked.begun)


def _fitting(
    page: _Page, said: Sequence[Term], wanted: Sequence[Term], known: _Vocabulary, left_out: int = 0
) -> SearchResult:
    """The entries that have all the terms, or all but `left_out` of them, weighed."""
    if not any(each.is_found for each in wanted):
        return SearchResult([], 0)
    asked_for = SearchQuery(rules.expression(wanted, left_out), search_type="raw", config="simple")
    fitting = page.entries.filter(words=asked_for)
    if len(wanted) > 1:
        # Those whose own name has everything go first. A single word may stand in too many entries to look at each.
        by_name = SearchQuery(rules.expression(wanted, left_out, "A"), search_type="raw", config="simple")
        fitting = fitting.annotate(named=ExpressionWrapper(Q(words=by_name), BooleanField()))
    best = fitting.order_by(*(["-named"] if len(wanted) > 1 else []), "-weight", "pk")
    asked = rules.weigh(wanted, known.entries, max(known.entries.get(EVERY_ENTRY, 0), FEWEST))
    found = []
    for organization, person, weight, core, beside, every in best.values_list(
        "organization_id", "page_id", "weight", "core", *_KEYS
    )[:MOST_CANDIDATES]:
        score, keys = rules.score(asked, rules.Candidate(core, beside, every, weight))
        found.append((score, organization, person, keys))
    found.sort(key=lambda each: (-each[0], each[1], each[2] or 0))
    total = len(found) if len(found) < MOST_CANDIDATES else _count(fitting)
    mended = terms.mended_text(said, found[0][3], known.shown) if found else ""
    hits = [
        Hit(organization, person, round(score, 4), _why(keys, known), bool(mended))
        for score, organization, person, keys in found[page.offset : page.offset + page.limit]
    ]
    return SearchResult(hits, total, mended)


def _why(keys: Sequence[str], known: _Vocabulary) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.shown.get(key) or key for key in keys))
