"""The gazetteer of the region: settlements and streets out of tables, and streets that people confirmed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.bulk import insert_many, update_many
from otklik.common.text import fold
from otklik.registry import gazetteers
from otklik.registry.boundaries import key_of
from otklik.registry.gazetteers import PlaceRow, Trouble
from otklik.registry.models import Municipality, Settlement, Street
from otklik.registry.tables.reader import read


@dataclass(slots=True)
class Brought:
    """What came of a table; `passed` counts, by the reason, rows that are right but not for us."""

    added: int = 0
    filled: int = 0
    same: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)


class _Land:
    """The municipalities, and which of them a row means."""

    def __init__(self) -> None:
        # Locked in one order, so that two imports at once wait for one another.
        self.all = list(Municipality.objects.select_for_update(of=("self",)).order_by("pk"))
        self.codes = {each.oktmo[:5]: each for each in self.all if len(each.oktmo) >= 8}
        self.regions = {each.oktmo[:2] for each in self.all}
        self.names: defaultdict[str, set[int]] = defaultdict(set)
        self.by_id = {each.pk: each for each in self.all}
        for each in self.all:
            for name in {key_of(each.name), key_of(each.short_name)}:
                self.names[name].add(each.pk)
                self.names[fold(name)].add(each.pk)

    def of(self, row: PlaceRow) -> Municipality | str:
        """The municipality of a row, or why there is none."""
        if row.code:
            if row.code[:2] not in self.regions:
                return "другой регион"
            return self.codes.get(row.code[:5]) or f"муниципалитета с ОКТМО {row.code[:5]}… нет"
        if row.municipality:
            ids = self.names.get(key_of(row.municipality), set())
            if len(ids) > 1:
                return self._exactly(row.municipality) or f"муниципалитетов «{row.municipality}» несколько"
            return self.by_id[next(iter(ids))] if ids else f"муниципалитета «{row.municipality}» нет"
        if row.latitude is not None and row.longitude is not None:
            return self._at(row.latitude, row.longitude)
        return "муниципалитет не назван"

    def _exactly(self, name: str) -> Municipality | None:
        """«город Искитим» and «Искитимский район» meet in nothing, «город X» and «X» may."""
        return next(
            (each for each in self.all if fold(name) in {fold(each.name), fold(each.short_name)}), None
        )

    def _at(self, latitude: float, longitude: float) -> Municipality | str:
        drawn = [each for each in self.all if not each.shape_is_schematic]
        found = [each for each in drawn if gazetteers.holds(each.shape, latitude, longitude)]
        if found:
            # A town stands within the land of its district on coarse maps.
            return min(found, key=lambda each: (each.kind != "city", each.pk))
        return "точка не лежит ни в одной границе: загрузите границы (import-boundaries)"


@transaction.atomic
def import_settlements(*, file: BinaryIO, by: Actor, now: datetime) -> Brought:
    """Add the settlements of a table: the plain layout, GeoNames or ОКТМО, told apart by their headers.

    A settlement that is there keeps what it has and is given coordinates and people it lacks, so the same
    table twice changes nothing. Every row that is not taken is told with its number. Raises
    `gazetteers.UnknownLayout` and `tables.lines.Unreadable`.
    """
    brought, land = Brought(), _Land()
    known: dict[tuple[int, str], list[Settlement]] = defaultdict(list)
    for each in Settlement.objects.all():
        known[each.municipality_id, fold(each.name)].append(each)
    fresh: list[Settlement] = []
    changed: list[Settlement] = []
    lines: dict[int, int] = {}
    for row, place in _placed(file, land, brought):
        among = known[place.pk, fold(row.name)]
        same = next((each for each in among if _one_kind(each.kind, row.kind)), None)
        if same is None:
            made = Settlement(
                municipality=place, name=row.name, kind=row.kind, latitude=row.latitude,
                longitude=row.longitude, population=row.population,
            )  # fmt: skip
            fresh.append(made)
            among.append(made)
            lines[id(made)] = row.number
        elif id(same) in lines:
            why = f"то же, что в строке {lines[id(same)]}"
            brought.troubles.append(Trouble(row.number, row.name, why))
        elif _fill(same, row):
            changed.append(same)
        else:
            brought.same += 1
    insert_many(fresh)
    update_many(changed, ["latitude", "longitude", "population", "kind"])
    brought.added, brought.filled = len(fresh), len(changed)
    _tell("import_settlements", [each.municipality_id for each in [*fresh, *changed]], land, by, now)
    return brought


@transaction.atomic
def import_streets(*, file: BinaryIO, by: Actor, now: datetime) -> Brought:
    """Add the streets of a table: municipality, settlement, street, their kinds where it has them.

    A street that was learnt from messages and stands in the table is no longer marked as learnt. Raises as
    `import_settlements`.
    """
    brought, land = Brought(), _Land()
    towns: dict[tuple[int, str], list[Settlement]] = defaultdict(list)
    for each in Settlement.objects.all():
        towns[each.municipality_id, fold(each.name)].append(each)
    streets = {(each.settlement_id, fold(each.name), each.kind): each for each in Street.objects.all()}
    fresh: list[Street] = []
    changed: list[Street] = []
    owners: list[int] = []
    for row, place in _placed(file, land, brought, streets=True):
        among = [each for each in towns[place.pk, fold(row.name)] if _one_kind(each.kind, row.kind)]
        if len(among) != 1:
            brought.troubles.append(Trouble(row.number, row.name, _no_town(row, place, len(among))))
            continue
        key = (among[0].pk, fold(row.street), row.street_kind)
        if key not in streets:
            streets[key] = Street(settlement=among[0], name=row.street, kind=row.street_kind)
            fresh.append(streets[key])
            owners.append(place.pk)
        elif streets[key].is_learnt:
            streets[key].is_learnt = False
            changed.append(streets[key])
            owners.append(place.pk)
        else:
            brought.same += 1
    insert_many(fresh)
    update_many(changed, ["is_learnt"])
    brought.added, brought.filled = len(fresh), len(changed)
    _tell("import_streets", owners, land, by, now)
    return brought


@transaction.atomic
def learn_street(*, settlement: Settlement, name: str, kind: str, by: Actor, now: datetime) -> Street | None:
    """A street of a place that a person confirmed: added as learnt, or seen once more; None for an empty name."""
    name, kind = " ".join(name.split())[:150], (kind or "улица")[:30]
    if not name:
        return None
    # The settlement is locked: two people who confirm the same new street at once make one.
    Settlement.objects.select_for_update(of=("self",)).get(pk=settlement.pk)
    among = Street.objects.filter(settlement=settlement)
    street = next((each for each in among if fold(each.name) == fold(name) and each.kind == kind), None)
    is_new = street is None
    if street is None:
        street = Street(settlement=settlement, name=name, kind=kind, is_learnt=True)
    street.seen += 1
    street.save()
    audit.record(by=by, verb="learn_street", subject=street, now=now, name=street.name, is_new=is_new)
    return street


def _placed(
    file: BinaryIO, land: _Land, brought: Brought, *, streets: bool = False
) -> Iterable[tuple[PlaceRow, Municipality]]:
    """Rows with the municipality that each belongs to; the others are told."""
    for row in gazetteers.rows_of(_lines(file, brought)):
        if isinstance(row, Trouble):
            brought.troubles.append(row)
            continue
        place = land.of(row)
        if row.code and gazetteers.is_body(row.name):
            brought.passed["муниципальное образование, а не населённый пункт"] += 1
        elif place == "другой регион":
            brought.passed["другой регион"] += 1
        elif isinstance(place, str):
            brought.troubles.append(Trouble(row.number, row.name, place))
        elif why := gazetteers.too_long(row):
            brought.troubles.append(Trouble(row.number, row.name[:60], why))
        elif streets and not row.street:
            brought.troubles.append(Trouble(row.number, row.name, "нет улицы"))
        else:
            yield row, place


def _lines(file: BinaryIO, brought: Brought) -> Iterable[tuple[int, list[str]]]:
    """Lines of the file; what its format spoils is told and left out."""
    for line in read(file).lines:
        broken = next((each for each in line.troubles if not each.is_remark), None)
        if broken is None:
            yield line.number, line.cells
        else:
            why = broken.reason % broken.params if broken.params else broken.reason
            brought.troubles.append(Trouble(line.number, broken.value[:60], why))


def _one_kind(one: str, other: str) -> bool:
    return not one or not other or one == other


def _fill(place: Settlement, row: PlaceRow) -> bool:
    """Give a settlement what it lacks; whether it lacked anything."""
    before = (place.latitude, place.longitude, place.population, place.kind)
    if place.latitude is None:
        place.latitude, place.longitude = row.latitude, row.longitude
    place.population = place.population if place.population is not None else row.population
    place.kind = place.kind or row.kind
    return before != (place.latitude, place.longitude, place.population, place.kind)


def _no_town(row: PlaceRow, place: Municipality, count: int) -> str:
    if count:
        return f"в муниципалитете «{place.name}» таких населённых пунктов {count}: укажите вид"
    return (
        f"в муниципалитете «{place.name}» такого населённого пункта нет: загрузите его (import-settlements)"
    )


def _tell(verb: str, owners: list[int], land: _Land, by: Actor, now: datetime) -> None:
    entries = [
        audit.Entry(land.by_id[id_], details={"rows": rows}) for id_, rows in sorted(Counter(owners).items())
    ]
    audit.record_many(by=by, verb=verb, entries=entries, now=now)
