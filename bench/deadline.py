"""What a deadline costs: working time added to random instants on the Russian calendar of 2019–2026.

`deadline_add_us` is the mean of one `add` over the best of several rounds, in processor time. The first question
about a year lays the year out; what that costs is a figure of its own, and so is the whole limit of an incident.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.figures import Figure, against_limit
from otklik.casework.rules import DEFAULT_LIMITS, primary_due
from otklik.common.worktime import OFFICE_DAY, WorkCalendar, shortened
from otklik.registry.russian_days import special_days

LIMIT_US = 50.0
CASES, ROUNDS, SEED = 20_000, 7, 20261122
ZONE = ZoneInfo("Asia/Novosibirsk")
BEGIN, END = datetime(2019, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


def calendar() -> WorkCalendar:
    """The Russian working week with its moved and shortened days, a value nobody has asked anything yet."""
    days = {
        day.date: () if day.is_off else shortened(OFFICE_DAY, timedelta(hours=day.hours_less))
        for day in special_days(BEGIN.year, END.year)
    }
    return WorkCalendar(tz=ZONE, days=days)


def cpu(action: Callable[[], object]) -> float:
    """Processor seconds of the action."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def main() -> None:
    """Print the figures."""
    draw = random.Random(SEED)
    span = int((END - BEGIN).total_seconds())
    cases = [
        (BEGIN + timedelta(seconds=draw.randrange(span)), timedelta(minutes=draw.randint(1, 40 * 60)))
        for _ in range(CASES)
    ]
    value = calendar()
    first = cpu(lambda: [value.add(start, amount) for start, amount in cases[:2000]])
    again = cpu(lambda: [value.add(start, amount) for start, amount in cases[:2000]])
    # Two thousand instants meet every year, and those after the last day the year behind it.
    years = END.year - BEGIN.year + 2
    added = min(cpu(lambda: [value.add(start, amount) for start, amount in cases]) for _ in range(ROUNDS))
    told = min(
        cpu(lambda: [primary_due(start, "high", value, DEFAULT_LIMITS) for start, _ in cases])
        for _ in range(ROUNDS)
    )
    print(against_limit("deadline_add_us", added / CASES * 1e6, "us", LIMIT_US, f"{CASES} instants").line())
    print(Figure("deadline_primary_us", round(told / CASES * 1e6, 3), "us").line())
    print(
        Figure("deadline_year_first_ms", round((first - again) / years * 1e3, 3), "ms", note="a year").line()
    )


if __name__ == "__main__":
    main()
