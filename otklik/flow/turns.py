"""Whose turn it is: pages with rows that wait, found by jumping through an index from page to page.

`select distinct` would read every waiting row; with a burst of 100 000 on one page that is the whole cost of a batch.
"""

import threading

from django.db import connection

from otklik.inbox.models import SourceMessage

# The table and the condition are our own words below, never anybody's input.
_NEXT_PAGES = """
    with recursive page as (
        (select connection_id from {table} where {waits} and connection_id > %(after)s
         order by connection_id limit 1)
        union all
        select (select connection_id from {table}
                where {waits} and connection_id > page.connection_id order by connection_id limit 1)
        from page where page.connection_id is not null
    )
    select connection_id from page where connection_id is not null limit %(most)s
"""


class Turn:
    """The round of pages that have waiting rows in a table; each thread goes round by itself.

    The table has an index by connection of exactly the rows that wait.
    """

    def __init__(self, table: str, waits: str) -> None:
        self.table, self.waits = table, waits
        self._asked = _NEXT_PAGES.format(table=table, waits=waits)
        self._at = threading.local()

    def pages(self, most: int) -> list[int]:
        """Up to `most` connections with waiting rows, going round from where this thread stopped."""
        after = getattr(self._at, "page", 0)
        found = self._after(after, most)
        if len(found) < most and after:
            found += [page for page in self._after(0, most - len(found)) if page <= after]
        self._at.page = found[-1] if found else 0
        return found

    def forget(self) -> None:
        """Begin the round of this thread anew."""
        self._at.page = 0

    def _after(self, after: int, most: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(self._asked, {"after": after, "most": most})
            return [row[0] for row in cursor.fetchall()]


EVENTS = Turn("inbox_rawevent", "state = 'new'")
"""Events that nobody read yet."""

MESSAGES = Turn("inbox_sourcemessage", "triaged_at is null and not is_own and has_content")
"""Messages that nobody judged yet."""

# Of one page in a batch. The most is what a core judges in a fraction of a second: a flood keeps nobody longer waiting.
_LEAST_TO_JUDGE, _MOST_TO_JUDGE = 4, 50
_TAKING = """
select message.id from unnest(%s::bigint[]) page(id) cross join lateral (
  select each.id from inbox_sourcemessage each
  where each.connection_id = page.id and {waits} and not exists (
    select from inbox_sourcemessage earlier
    where earlier.thread_id = each.thread_id and earlier.author_id = each.author_id and earlier.id < each.id
      and {waits}
  )
  order by each.id limit %s for update of each skip locked
) message
"""
_TAKEN = _TAKING.format(waits=MESSAGES.waits)


def unjudged(*, pages: int, messages: int) -> list[SourceMessage]:
    """The oldest messages to judge of each of the next `pages`, locked; about so many `messages` together.

    Each page gives its share only, so a flood on one delays no other. Of one author in one thread only the first:
    the next continues it.
    """
    turn = MESSAGES.pages(pages)
    if not turn:
        return []
    with connection.cursor() as cursor:
        share = min(max(_LEAST_TO_JUDGE, messages // len(turn)), _MOST_TO_JUDGE)
        cursor.execute(_TAKEN, [turn, share])
        taken = [row[0] for row in cursor.fetchall()]
    return list(
        SourceMessage.objects.filter(pk__in=taken)
        .select_related("page__organization", "thread", "author")
        .order_by("pk")
    )
