"""What the search looks into: entries and the vocabulary, made from the register."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import log10

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q

from otklik.common.jobs import SEARCH_INDEX
from otklik.common.wakeup import wake_up
from otklik.registry.enums import OrgLevel, PageKind
from otklik.registry.models import OfficialPage, Organization, OrganizationType, SearchEntry, SearchWord
from otklik.registry.operations.places import region
from otklik.registry.search.documents import Document, Subject, document
from otklik.registry.search.typos import near

SLICE = 3000
# Up to here a verb makes the entries itself.
FEW = 20
# Marks an entry to be made anew.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What a new word counts as until the next recount.
UNCOUNTED = 0
SEARCHED = (Organization, OfficialPage)
# Fields whose change is felt at once; the audience, which changes all the time, waits for the night.
WATCHED = frozenset({
    "name", "short_name", "aliases", "level", "type", "settlement", "municipality", "parent", "is_active",
    "organization", "kind", "title", "screen_name", "person_name", "person_position",
})  # fmt: skip
# How much the level says about which of two equal hits is meant; the audience adds half its decimal logarithm.
# Small beside it: common words stand all along the index of weights, so the first of them are soon found.
LEVELS = {
    OrgLevel.REGIONAL: 0.6,
    OrgLevel.CENTER: 0.6,
    OrgLevel.MUNICIPAL: 0.4,
    OrgLevel.INSTITUTION: 0.2,
    OrgLevel.UTILITY: 0.1,
}
# Personal pages stand behind the body itself.
PERSONAL = 0.1
COPY_ENTRIES = (
    "copy registry_searchentry (organization_id, page_id, core, words, weight, built_at) from stdin"
)
EVERY_ENTRY = ""
# What a GIN index took in lately lies in a list that every search reads through, until it is put in its places.
PUT_AWAY = "select gin_clean_pending_list('search_entry_words'), gin_clean_pending_list('search_word_near')"
# An address that a network gave out by itself.
NUMBERED = re.compile(r"(?:club|public|event|id)?\d*")
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class _Known:
    """What entries take from other rows than their own."""

    types: dict[str, str]
    roots: dict[int, str]
    region: str
    pages: dict[int, list[OfficialPage]] = field(default_factory=dict)


@transaction.atomic
def refresh(*, organization_ids: Collection[int], now: datetime) -> None:
    """Make the entries of these organisations anew, in the transaction of the verb that changed them.

    Counts of words stay as they are until `recount`: a row that every verb writes would make verbs wait for each other.
    """
    shown: dict[str, str] = {}
    ids = sorted(set(organization_ids))
    for start in range(0, len(ids), SLICE):
        part = ids[start : start + SLICE]
        SearchEntry.objects.filter(organization_id__in=part).delete()
        # Made before COPY begins: the connection can ask nothing while it copies.
        made_of_part = list(_documents(part))
        with connection.cursor() as cursor, cursor.copy(COPY_ENTRIES) as copy:
            for organization, page, made, weight in made_of_part:
                copy.write_row((organization, page, made.core, made.vector(), weight, now))
                for key, form in made.shown.items():
                    if key not in shown or len(form) < len(shown[key]):
                        shown[key] = form
    _add_words(shown)


def touch(rows: Iterable[Model], *, now: datetime) -> None:
    """Organisations or pages were added or changed: a few are found anew at once, many within a minute."""
    ids = {
        row.pk if isinstance(row, Organization) else row.organization_id
        for row in rows
        if isinstance(row, SEARCHED)
    }
    if len(ids) <= FEW:
        refresh(organization_ids=ids, now=now)
        return
    SearchEntry.objects.filter(organization_id__in=ids).update(built_at=NEVER)
    wake_up(SEARCH_INDEX)


def rebuild(*, now: datetime) -> int:
    """Make everything anew, slice by slice, each in a transaction of its own so that searching goes on meanwhile.

    Returns the number of entries.
    """
    active = Organization.objects.filter(is_active=True)
    ids = list(active.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), SLICE):
        refresh(organization_ids=ids[start : start + SLICE], now=now)
    SearchEntry.objects.exclude(organization__in=active).delete()
    recount()
    with connection.cursor() as cursor:
        cursor.execute("analyze registry_searchentry, registry_searchword")
        cursor.execute(PUT_AWAY)
    return SearchEntry.objects.count()


def keep_fresh(*, now: datetime) -> int:
    """Make the entries that are missing or marked by `touch`, and count new words. Returns how many came."""
    entries = SearchEntry.objects.filter(organization=OuterRef("pk"))
    missing = Organization.objects.filter(~Exists(entries), is_active=True).values("pk")
    stale = SearchEntry.objects.filter(built_at=NEVER).values("organization_id")
    came = 0
    while ids := list(
        Organization.objects.filter(Q(pk__in=missing) | Q(pk__in=stale)).values_list("pk", flat=True)[:SLICE]
    ):
        refresh(organization_ids=ids, now=now)
        came += len(ids)
    if came or SearchWord.objects.filter(entries=UNCOUNTED).exists():
        recount()
    with connection.cursor() as cursor:
        cursor.execute(PUT_AWAY)
    return came


@transaction.atomic
def recount() -> None:
    """How many entries have each word; words that none has go."""
    with connection.cursor() as cursor:
        # One recount at a time: two would lock the words in different order.
        cursor.execute("select pg_advisory_xact_lock(hashtext('registry_searchword'))")
        cursor.execute(
            "create temporary table counted as"
            " select word, ndoc from ts_stat('select words from registry_searchentry')"
        )
        cursor.execute("insert into counted select '', count(*) from registry_searchentry")
        cursor.execute(
            "update registry_searchword known set entries = ndoc from counted"
            " where known.word = counted.word and known.entries <> ndoc"
        )
        cursor.execute(
            "delete from registry_searchword known"
            " where not exists (select from counted where counted.word = known.word)"
        )
        cursor.execute("drop table counted")


def _documents(ids: Collection[int]) -> Iterator[tuple[int, int | None, Document, float]]:
    """(organisation, personal page, its document, its weight) of each entry these organisations have."""
    rows = list(
        Organization.objects.filter(pk__in=ids, is_active=True)
        .select_related("municipality")
        .only(
            "path", "name", "short_name", "aliases", "level", "type", "settlement",
            "municipality__name", "municipality__short_name",
        )
        .order_by("pk")
    )  # fmt: skip
    known = _known(rows)
    for row in rows:
        pages = known.pages.get(row.pk, [])
        own = [page for page in pages if page.kind != PageKind.PERSONAL]
        followers = max((page.followers or 0 for page in own), default=0)
        weight = LEVELS.get(OrgLevel(row.level), 0.1) + log10(1 + followers) / 2
        yield row.pk, None, document(_of_organization(row, own, known)), weight
        for page in pages:
            if page.kind == PageKind.PERSONAL:
                personal = weight - PERSONAL + log10(1 + (page.followers or 0)) / 20
                yield row.pk, page.pk, document(_of_person(row, page, known)), personal


def _known(rows: Iterable[Organization]) -> _Known:
    roots = {row.path[0] for row in rows if row.path}
    here = region()
    known = _Known(
        types={each.code: f"{each.name}, {each.words}" for each in OrganizationType.objects.all()},
        roots=dict(
            Organization.objects.filter(pk__in=roots, level=OrgLevel.REGIONAL).values_list("pk", "name")
        ),
        region=here.name if here else "",
    )
    pages = OfficialPage.objects.filter(organization__in=[row.pk for row in rows], is_active=True)
    fields = (
        "organization_id",
        "kind",
        "person_name",
        "person_position",
        "title",
        "screen_name",
        "followers",
    )
    for page in pages.order_by("pk").only(*fields):
        known.pages.setdefault(page.organization_id, []).append(page)
    return known


def _of_organization(row: Organization, pages: list[OfficialPage], known: _Known) -> Subject:
    names = [row.short_name, *row.aliases.split(",")]
    names += [text for page in pages for text in _said_by(page)]
    return Subject(row.name, [*names, *_places(row)], known.types.get(row.type, ""), _region(row, known))


def _said_by(page: OfficialPage) -> list[str]:
    """Its title and the words of its short address, unless that is a number of the network.

    Digits of an address are no number of the institution: `kindergarten14_verhino` may be any of them.
    """
    if NUMBERED.fullmatch(page.screen_name):
        return [page.title]
    return [page.title, " ".join(LETTERS.findall(page.screen_name))]


def _of_person(row: Organization, page: OfficialPage, known: _Known) -> Subject:
    name = f"{page.person_position} {page.person_name}"
    return Subject(name, [*_said_by(page), *_places(row)], "", _region(row, known))


def _places(row: Organization) -> list[str]:
    """Settlement and municipality."""
    home = row.municipality
    return [place for place in (row.settlement, *((home.name, home.short_name) if home else ())) if place]


def _region(row: Organization, known: _Known) -> str:
    """The region as the body at the root names it, or as this deployment has it.

    «Правительство Новосибирской области»: the first word is what the root is, the rest where.
    """
    root = known.roots.get(row.path[0], "") if row.path else ""
    return root.partition(" ")[2] or known.region


def _add_words(shown: dict[str, str]) -> None:
    """Put the new ones among the vocabulary; they count as nothing until the next recount."""
    known = set(SearchWord.objects.filter(word__in=list(shown)).values_list("word", flat=True))
    fresh = sorted((shown.keys() | {EVERY_ENTRY}) - known)
    if not fresh:
        return
    SearchWord.objects.bulk_create(
        [
            SearchWord(word=word, shown=shown.get(word, "")[:40], near=near(word), entries=UNCOUNTED)
            for word in fresh
        ],
        batch_size=SLICE,
        ignore_conflicts=True,
    )
