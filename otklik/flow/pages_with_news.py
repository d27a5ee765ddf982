"""Which pages have unread events, found by jumping through the index from page to page.

`select distinct` would read every unread event; with a burst of 100 000 on one page that is the whole cost of a batch.
"""

import threading

from django.db import connection

_NEXT_PAGES = """
    with recursive page as (
        (select connection_id from inbox_rawevent where state = 'new' and connection_id > %(after)s
         order by connection_id limit 1)
        union all
        select (select connection_id from inbox_rawevent
                where state = 'new' and connection_id > page.connection_id order by connection_id limit 1)
        from page where page.connection_id is not null
    )
    select connection_id from page where connection_id is not null limit %(most)s
"""
_turn = threading.local()


def pages_with_news(most: int) -> list[int]:
    """Up to `most` connections with unread events, going round from where this thread stopped."""
    after = getattr(_turn, "after", 0)
    found = _after(after, most)
    if len(found) < most and after:
        found += [page for page in _after(0, most - len(found)) if page <= after]
    _turn.after = found[-1] if found else 0
    return found


def _after(after: int, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_PAGES, {"after": after, "most": most})
        return [row[0] for row in cursor.fetchall()]
