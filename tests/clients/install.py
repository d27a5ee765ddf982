"""Put the independent clients where the tests look for them: `python tests/clients/install.py`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON_HOME = ROOT / ".venv-clients"


def main() -> None:
    """An environment of Python clients, and vk-io where Node is."""
    if not (PYTHON_HOME / "bin" / "python").exists():
        venv.create(PYTHON_HOME, with_pip=True)
    pinned = ["--require-hashes", "-r", str(ROOT / "requirements" / "clients.txt")]
    subprocess.run(
        [str(PYTHON_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", *pinned], check=True
    )
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not here: vk-io is left out\n")
        return
    subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=Path(__file__).parent, check=True)


if __name__ == "__main__":
    main()
