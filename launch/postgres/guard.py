"""The parent of the server: restarts it after a crash and stops it when the last program using it is gone.

A separate small process, so that kill -9 of a program leaves no server behind, and the end of the program
that happened to start first does not pull the database from under the others.
"""

import argparse
import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

from launch.postgres.account import account_for
from launch.postgres.binaries import programs
from launch.postgres.cluster import environment, forget_dead, postmaster, server_command, stop_postmaster
from launch.postgres.locks import Share, if_free
from launch.postgres.places import Places

LOOK_EVERY = 1.0  # seconds between looks for users; the end of the server wakes the guard at once
RETRIES = 5
# Of a server that has worked: sessions that outlive a killed postmaster keep its memory until they notice.
RETRIES_AFTER_WORK = 30
HEALTHY_AFTER = 30.0  # seconds of work after which earlier crashes are forgotten
WORKED_AFTER = 5.0  # seconds after which a server has certainly started


def main(arguments: list[str] | None = None) -> int:
    """Serve one cluster until nobody needs it; 1 when the server does not start at all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--sockets", type=Path, required=True)
    parser.add_argument("--throwaway", action="store_true")
    chosen = parser.parse_args(arguments)
    places = Places(chosen.home)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Share(places.guard_lock)  # never released but by our death, which a stopping program waits for
    return _serve(places, chosen.sockets, throwaway=chosen.throwaway)


def _serve(places: Places, sockets: Path, *, throwaway: bool) -> int:
    account = account_for(places)
    command = server_command(places, bin_folder=programs(places.home), sockets=sockets, throwaway=throwaway)
    failures, retries = 0, RETRIES
    while failures <= retries:
        began = time.monotonic()
        server = subprocess.Popen(
            command, cwd="/", env=environment(), stdin=subprocess.DEVNULL, **account.popen()
        )
        try:
            code = _watch(server, places)
        finally:  # a SIGTERM to the guard, for example at the machine's shutdown, is one for its server
            if server.poll() is None:
                server.send_signal(signal.SIGINT)
                server.wait()
        if code == 0:
            return 0  # stopped on purpose
        lasted = time.monotonic() - began
        failures = failures + 1 if lasted < HEALTHY_AFTER else 1
        if lasted > WORKED_AFTER:
            retries = RETRIES_AFTER_WORK
        time.sleep(min(0.1 * 2**failures, 5.0))
        # At the first start our starter holds the lock and waits for us, so the lock is only tried.
        with if_free(places.start_lock) as free:
            if postmaster(places) is not None or (free and _nobody(places)):
                return 0
            if free:
                forget_dead(places, sockets)
    return 1


def _watch(server: subprocess.Popen[bytes], places: Places) -> int:
    while (code := server.poll()) is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return server.wait(LOOK_EVERY)
        # Whoever holds the start lock is about to use the server or is stopping it: look again later.
        with if_free(places.start_lock) as free:
            if free and _nobody(places):
                stop_postmaster(places)
    return code


def _nobody(places: Places) -> bool:
    with if_free(places.users_lock) as unused:
        return unused


if __name__ == "__main__":
    sys.exit(main())
