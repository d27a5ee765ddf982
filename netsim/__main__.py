"""`python -m netsim`: the simulator alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from netsim.server import run
from netsim.settings import Settings


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="netsim", description="A faithful simulator of VK")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument(
        "--data", type=Path, default=None, help="folder to keep the world in; memory only when absent"
    )
    parser.add_argument("--base-url", default="", help="address by which others reach the simulator")
    parser.add_argument("--time-scale", type=float, default=1.0, help="multiplies every wait of callbacks")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="the network's clock runs so many times faster"
    )
    parser.add_argument("--open-control", action="store_true", help="let other machines use /sim")
    given = parser.parse_args()
    settings = Settings(
        host=given.host,
        port=given.port,
        data=given.data,
        base_url=given.base_url,
        time_scale=given.time_scale,
        speed=given.speed,
        open_control=given.open_control,
    )
    run(settings, lambda url: print(f"netsim: {url}", file=sys.stderr))  # noqa: T201 - the program's own word


if __name__ == "__main__":
    main()
