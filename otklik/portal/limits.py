"""How often one address may ask for what costs work. Counted in the process: nothing of it is stored anywhere."""

from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address, ip_address

# More callers than this within a window, and counting starts anew: memory stays bounded under a flood.
MOST_CALLERS = 20_000


@dataclass(slots=True)
class Limit:
    """At most `most` calls from one address in each window of `seconds`; every process counts its own."""

    most: int
    seconds: int
    _window: int = 0
    _calls: dict[str, int] = field(default_factory=dict)

    def passes(self, address: str, now: datetime) -> bool:
        """Count a call; whether it is still within the limit."""
        window = int(now.timestamp()) // self.seconds
        if window != self._window or len(self._calls) >= MOST_CALLERS:
            self._window, self._calls = window, {}
        caller = _caller(address)
        self._calls[caller] = self._calls.get(caller, 0) + 1
        return self._calls[caller] <= self.most

    def forget(self) -> None:
        """Begin anew."""
        self._calls.clear()


def _caller(address: str) -> str:
    """One household has a whole /64 of IPv6 addresses to choose from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> 64)
    return address


# A school behind one address searches a lot; a program that reads the catalogue has the open data.
SEARCHES = Limit(120, 60)
# Files of the whole register.
DOWNLOADS = Limit(30, 60)
# A link to somebody outside: opened and answered by a few people, guessed by a program.
LINKS = Limit(60, 60)
# Suspicions about a page that a person has to look at.
REPORTS = Limit(5, 3600)
