"""Places found in written messages: `python -m bench place_settlement_accuracy`.

Every third line of the corpus is kept apart: rules were written without looking at it, and its figures are
printed beside those of the whole. The gazetteer is what the region would import: municipalities, settlements
and town streets of the demonstration, and the reference files of ../shared when they are there. What is
wrong is told on stderr, with what was found instead.
"""

import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench.figures import Figure, against_limit
from demo.data.region import municipalities, rows, settlements
from otklik.common.streets import split_street
from otklik.common.text import fold
from otklik.registry.boundaries import key_of
from otklik.registry.gazetteers import PlaceRow, holds, is_body, rows_of
from otklik.triage.nlp.placing import (
    AMBIGUOUS,
    Gazetteer,
    MunicipalityRow,
    Place,
    SettlementRow,
    StreetRow,
    find_place,
    make_gazetteer,
)

CORPUS = Path(__file__).with_name("corpora") / "place.txt"
SINGLE = CORPUS.with_name("split_single.txt")
REFERENCE = Path(__file__).parents[2] / "shared/data/reference"
MARKS = {"municipality": 0.93, "settlement": 0.90, "street": 0.85}
AMBIGUOUS_MARK = "?"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the corpus, and whether it is kept apart."""

    number: int
    kind: str
    page: str
    text: str
    municipality: str
    settlement: str
    street: str
    house: str

    @property
    def apart(self) -> bool:
        return self.number % 3 == 0


def corpus() -> list[Line]:
    """The lines of the corpus with their numbers in the file."""
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            found.append(Line(number, *(part.strip() for part in (line.split("|") + [""] * 7)[:7])))
    return found


def gazetteer() -> Gazetteer:
    """The region as it would be after its imports."""
    wholes = {each.oktmo: MunicipalityRow(at, each.name) for at, each in enumerate(municipalities(), 1)}
    places = {
        (wholes[each.municipality].id, fold(each.name)): SettlementRow(
            at, wholes[each.municipality].id, each.name, each.kind, each.population or 0
        )
        for at, each in enumerate(settlements(), 1)
    }
    for owner, row in reference({oktmo: whole.id for oktmo, whole in wholes.items()}):
        kept = SettlementRow(len(places) + 1000, owner, row.name, row.kind, row.population or 0)
        places.setdefault((owner, fold(row.name)), kept)
    mains = {
        oktmo: next(row for row in places.values() if row.municipality_id == whole.id)
        for oktmo, whole in wholes.items()
    }
    named = [(mains[row["municipality"]].id, *split_street(row["name"]))
             for row in rows("streets.csv") if row["municipality"]]  # fmt: skip
    streets = [StreetRow(at, *each) for at, each in enumerate(named, 1)]
    return make_gazetteer(wholes.values(), places.values(), streets)


def reference(owners: dict[str, int]) -> Iterator[tuple[int, PlaceRow]]:
    """Settlements of the reference files with their municipalities, by the reading code of the product."""
    if not REFERENCE.exists():
        print("without ../shared/data/reference: the settlements of the demonstration only", file=sys.stderr)
        return
    codes = {oktmo[:5]: owner for oktmo, owner in owners.items()}
    for row in table("oktmo_municipal_2019.csv"):
        if row.code[:5] in codes and not is_body(row.name):
            yield codes[row.code[:5]], row
    shapes = json.loads((REFERENCE / "novosibirsk_municipal_simplified.geojson").read_text())["features"]
    keys = {key_of(each.name): owners[each.oktmo] for each in municipalities()}
    for row in table("geonames_novosibirsk_settlements.csv"):
        inside = [keys.get(key_of(each["properties"]["district"])) for each in shapes
                  if holds(each["geometry"], row.latitude or 0, row.longitude or 0)]  # fmt: skip
        if inside and inside[0] is not None:
            yield inside[0], row


def table(name: str) -> list[PlaceRow]:
    """The rows of a reference file that are understood."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return [row for row in rows_of(enumerate(csv.reader(lines), 1)) if isinstance(row, PlaceRow)]


def short(name: str) -> str:
    """«Баганский муниципальный район» as the corpus writes it."""
    for word in ("муниципальный ", "город ", "рабочий поселок ", "рабочий посёлок "):
        name = name.replace(word, "")
    return fold(name)


class Judged:
    """What was found for a line, field by field."""

    def __init__(self, line: Line, known: Gazetteer) -> None:
        pages = {short(row.name): row.id for row in known.municipalities.values()}
        page = pages[fold(line.page)] if line.page else None
        self.line, self.known = line, known
        self.place: Place = find_place(line.text, known, page_municipality=page)

    def found(self) -> dict[str, str]:
        """The fields as the corpus writes them."""
        place = self.place
        whole = self.known.municipalities.get(place.municipality_id or 0)
        unsure = place.status == AMBIGUOUS and whole is None
        return {
            "municipality": AMBIGUOUS_MARK if unsure else short(whole.name) if whole else "",
            "settlement": fold(place.settlement_name),
            "street": fold(place.street_name),
            "house": fold(place.house),
        }

    def wrong(self) -> dict[str, tuple[str, str]]:
        """Fields that differ: (expected, found)."""
        found = self.found()
        return {
            name: (getattr(self.line, name), got)
            for name, got in found.items()
            if fold(getattr(self.line, name)) != got
        }


def share(right: Iterable[bool]) -> float:
    """The share of lines that are right."""
    told = list(right)
    return sum(told) / len(told) if told else 1.0


def figures(judged: list[Judged]) -> Iterable[Figure]:
    """Accuracy by field, of all lines, with that of the lines kept apart in the note."""
    apart = [each for each in judged if each.line.apart]
    for field in ("municipality", "settlement", "street", "house"):
        whole, kept = (share(field not in each.wrong() for each in some) for some in (judged, apart))
        note = f"{len(judged)} lines; kept apart ({len(apart)}): {kept:.3f}"
        if field in MARKS:
            yield against_limit(f"place_{field}_accuracy", whole, "share", MARKS[field], note)
        else:
            yield Figure(f"place_{field}_accuracy", round(whole, 3), "share", note=note)
    unsure = [each for each in judged if each.line.municipality == AMBIGUOUS_MARK]
    said = share(each.place.status == AMBIGUOUS for each in unsure)
    sure = [each for each in judged if each.line.municipality != AMBIGUOUS_MARK]
    falsely = sum(each.place.status == AMBIGUOUS and not each.place.municipality_id for each in sure)
    note = f"{len(unsure)} lines; said of {falsely} of {len(sure)} others"
    yield Figure("place_ambiguous_said", round(said, 3), "share", note=note)


def fillers() -> list[str]:
    """Written messages, two together: what stands around a place in life."""
    lines = SINGLE.read_text(encoding="utf-8").splitlines()
    texts = [
        line.partition("|")[2].strip().replace("\\n", "\n") for line in lines if line[:1] not in {"", "#"}
    ]
    whole = " ".join(texts)
    return [whole[at : at + 300] for at in range(0, len(whole) - 300, 300)]


def microseconds(known: Gazetteer) -> Figure:
    """Time of one message of 300 characters, the best of five rounds."""
    texts = [f"{line.text}. {filler}"[:300] for line, filler in zip(corpus(), cycle(fillers()), strict=False)]
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for text in texts:
            find_place(text, known)
        best = min(best, (time.perf_counter() - started) / len(texts))
    return against_limit(
        "place_us_per_message", best * 1e6, "us", 200, f"{len(texts)} texts of 300 characters"
    )


def main() -> None:
    """Figures on stdout, errors on stderr."""
    known = gazetteer()
    lines = [line for line in corpus() if "--open" not in sys.argv or not line.apart]
    judged = [Judged(line, known) for line in lines]
    writer = csv.writer(sys.stderr, delimiter="|")
    for each in judged:
        if wrong := each.wrong():
            told = "; ".join(f"{name}: {want or '—'} ≠ {got or '—'}" for name, (want, got) in wrong.items())
            kept = "kept apart" if each.line.apart else ""
            writer.writerow([each.line.number, each.line.kind, kept, each.line.page, each.line.text, told])
    for figure in (*figures(judged), microseconds(known)):
        print(figure.line())


if __name__ == "__main__":
    main()
