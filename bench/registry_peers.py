"""What the search is held against: the database's own full-text search, and fuzzy comparison of whole names."""

from collections.abc import Callable

Found = list[tuple[int, int]]
FIVE = 5


def full_text() -> Callable[[str], Found]:
    """Russian full-text search over the names and places of the same entries, as its manual shows it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "create table peer as select entry.organization_id as organization, coalesce(entry.page_id, 0) as page,"
            " to_tsvector('russian', concat_ws(' ', page.person_position, page.person_name,"
            " case when entry.page_id is null then body.name end, body.short_name, body.settlement, home.name,"
            " root.name)) as words"
            " from registry_searchentry entry join registry_organization body on body.id = entry.organization_id"
            " left join registry_municipality home on home.id = body.municipality_id"
            " left join registry_organization root on root.id = body.path[1]"
            " left join registry_officialpage page on page.id = entry.page_id"
        )
        cursor.execute("create index on peer using gin (words)")
        cursor.execute("analyze peer")

    def ask(query: str) -> Found:
        with connection.cursor() as cursor:
            cursor.execute(
                "select organization, page from peer, websearch_to_tsquery('russian', %s) asked"
                " where words @@ asked order by ts_rank(words, asked) desc, organization limit %s",
                [query, FIVE],
            )
            return [tuple(row) for row in cursor.fetchall()]

    return ask


def fuzzy() -> Callable[[str], Found]:
    """rapidfuzz over the same texts, folded: every name is compared with every query."""
    from django.db import connection
    from rapidfuzz import fuzz, process, utils

    with connection.cursor() as cursor:
        cursor.execute(
            "select entry.organization_id, coalesce(entry.page_id, 0), concat_ws(' ', page.person_position,"
            " page.person_name, case when entry.page_id is null then body.name end, home.name, root.name)"
            " from registry_searchentry entry join registry_organization body on body.id = entry.organization_id"
            " left join registry_municipality home on home.id = body.municipality_id"
            " left join registry_organization root on root.id = body.path[1]"
            " left join registry_officialpage page on page.id = entry.page_id order by 1, 2"
        )
        rows = cursor.fetchall()
    places = [(organization, page) for organization, page, _text in rows]
    texts = [utils.default_process(text) for _organization, _page, text in rows]

    def ask(query: str) -> Found:
        best = process.extract(
            utils.default_process(query), texts, scorer=fuzz.token_set_ratio, limit=FIVE, processor=None
        )
        return [places[index] for _text, _score, index in best]

    return ask
