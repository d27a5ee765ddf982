"""The gazetteer as a value, read from the register and kept by the process; streets that confirmed places teach."""

import logging
from datetime import datetime
from threading import Lock

from django.core.cache import cache
from django.db import connection

from otklik.common.actor import Actor
from otklik.registry import operations as registry
from otklik.registry.models import Municipality, Settlement, Street
from otklik.triage.nlp.placing import (
    Gazetteer,
    MunicipalityRow,
    SettlementRow,
    StreetRow,
    make_gazetteer,
)

log = logging.getLogger(__name__)

# How often the register is asked whether it has changed; a learnt street is found at most so much later.
ASKED_EVERY_SECONDS = 5
_KEY = "gazetteer_version"

# A settlement or a street that is renamed by hand keeps the counts: names are summed as well.
_VERSION = """
    select (select concat(count(*), ':', max(id), ':', sum(hashtext(name))) from registry_municipality),
           (select concat(count(*), ':', max(id), ':', sum(hashtext(name || kind))) from registry_settlement),
           (select concat(count(*), ':', max(id), ':', sum(hashtext(name || kind))) from registry_street)
"""


class _Kept:
    """The gazetteer of this process: too large for a cache that copies what it keeps."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.value: Gazetteer | None = None


_kept = _Kept()


def gazetteer() -> Gazetteer:
    """The places of the region, a few seconds older than the register at most; the same value while nothing changes."""
    version = cache.get_or_set(_KEY, _version, ASKED_EVERY_SECONDS)
    value = _kept.value
    if value is not None and value.version == version:
        return value
    with _kept.lock:
        if _kept.value is None or _kept.value.version != version:
            _kept.value = _read(_version())
            # What was just read may be newer than what was asked about.
            cache.set(_KEY, _kept.value.version, ASKED_EVERY_SECONDS)
        return _kept.value


def forget_gazetteer() -> None:
    """Ask the register anew at the next call."""
    cache.delete(_KEY)


def learn_street(
    *, settlement: Settlement, street_name: str, by: Actor, now: datetime, kind: str = ""
) -> Street | None:
    """A street of a place that a person confirmed: known from now on, or seen once more; None for an empty name."""
    street = registry.learn_street(settlement=settlement, name=street_name, kind=kind, by=by, now=now)
    forget_gazetteer()
    return street


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return "/".join(cursor.fetchone())


def _read(version: str) -> Gazetteer:
    made = make_gazetteer(
        [MunicipalityRow(*row) for row in Municipality.objects.order_by("pk").values_list("pk", "name")],
        [
            SettlementRow(pk, owner, name, kind, people or 0)
            for pk, owner, name, kind, people in Settlement.objects.order_by("pk").values_list(
                "pk", "municipality_id", "name", "kind", "population"
            )
        ],
        [
            StreetRow(*row)
            for row in Street.objects.order_by("pk").values_list("pk", "settlement_id", "name", "kind")
        ],
        version=version,
    )
    log.info("gazetteer: %s settlements, %s names of streets", len(made.settlements), len(made.where))
    return made
