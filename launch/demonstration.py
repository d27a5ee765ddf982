"""The demonstration region from the command line: what the loader says and whom one can log in as."""

import inspect
import sys


def load() -> int:
    """Load it into database and simulator: steps go to stderr, logins to stdout; gives the exit code."""
    from django.conf import settings

    from demo.into_registry import RegionTakenError
    from demo.load import AddressMismatchError, logins
    from demo.load import load as load_region
    from demo.network import NetworkAwayError

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        summary = load_region(sim_url=settings.VK_API_URL, base_url=settings.BASE_URL, say=say)
    except (AddressMismatchError, NetworkAwayError, RegionTakenError) as trouble:
        say(f"otklik: {str(trouble) or inspect.getdoc(trouble)}")
        return 1
    if summary.silent:
        say(f"сайт {settings.BASE_URL} не подтвердил адрес для {summary.silent} страниц: "
            "запустите его (otklik web) и повторите")  # fmt: skip
    if not summary.changed:
        say("всё уже на месте")
    print(logins())
    return 0
