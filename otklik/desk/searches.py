"""Words of residents in what colleagues saved to search for: they go once nobody is found by them any more."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.models import Incident
from otklik.common.actor import SYSTEM
from otklik.common.erased import mark
from otklik.desk.models import SavedView
from otklik.registry.operations import local_date


def forget_searches(*, now: datetime) -> int:
    """Take the words and the name out of saved views, removed ones too, whose search finds nothing; returns how many.

    A name or a number that was erased is found nowhere, so nobody has to be told here whose it was. The view stays,
    with its other filters and a mark, so that its owner sees what happened.
    """
    gone = 0
    for view in SavedView.objects.filter(query__contains="q=").order_by("pk"):
        asked = dict(parse_qsl(view.query))
        words = asked.pop("q", "")
        if words and not Incident.objects.matching(words).exists():
            gone += _forget(view, urlencode(asked), now)
    return gone


@transaction.atomic
def _forget(view: SavedView, query: str, now: datetime) -> int:
    left = mark(local_date(now), "слова поиска")
    # As it was read: what its owner has saved anew meanwhile is looked at the next time.
    known = SavedView.objects.filter(pk=view.pk, query=view.query, name=view.name)
    if not known.update(name=f"{left} {view.pk}"[:60], query=query):
        return 0
    with audit.erasing():
        audit.erase_words(subjects={"desk.savedview": [view.pk]}, left=left)
    audit.record(by=SYSTEM, verb="forget_search", subject=view, now=now)
    return 1
