"""The one shape of a figure."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured; `peer` names what it is held against, measured or given in the same run."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None
    note: str | None = None

    def line(self) -> str:
        """One JSON object, without what there is not."""
        return json.dumps(
            {key: value for key, value in asdict(self).items() if value is not None}, ensure_ascii=False
        )


def against_limit(name: str, value: float, unit: str, limit: float, note: str | None = None) -> Figure:
    """A figure with the mark it has to keep; `ratio` is the share of the mark that is used."""
    return Figure(name, round(value, 3), unit, "limit", limit, round(value / limit, 3), note)


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile, `share` from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
