"""The process that a bench starts and kills: the worker's own code of the sweep, on the network's fast clock.

Says "ready" when it is, and begins when it is told to; ends when no passport is left to renew.
"""

import os
import sys
import time
from datetime import UTC, datetime

from bench import stage


def main() -> None:
    stage.django_setup()
    from otklik.flow import passports
    from otklik.registry.models import Passport

    speed, at, began = (float(os.environ[f"BENCH_{name}"]) for name in ("SPEED", "AT", "BEGAN"))

    def now() -> datetime:
        return datetime.fromtimestamp(at + (time.time() - began) * speed, UTC)

    Passport.objects.exists()
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        if not passports.sweep(now=now()):
            if not Passport.objects.filter(checked_at=None).exists():
                return
            time.sleep(0.02)


if __name__ == "__main__":
    main()
