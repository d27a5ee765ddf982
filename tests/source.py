"""The project as text and as syntax trees, for tests that hold the whole of it to the rules of the house."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("otklik", "netsim", "demo", "launch", "config")
_SKIPPED = {".venv", ".git", "node_modules", "__pycache__", "staticfiles", ".hypothesis"}


@lru_cache(maxsize=1)
def tracked() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: what git knows, or what lies there without git."""
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode == 0 and found.stdout:
        names = [Path(name) for name in found.stdout.split("\0") if name]
    else:
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    return tuple(sorted(name for name in names if not _SKIPPED & set(name.parts) and (ROOT / name).is_file()))


def modules(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Modules of the packages with their syntax trees; migrations are written by a machine and left out."""
    for path in tracked():
        if path.suffix == ".py" and path.parts[0] in packages and "migrations" not in path.parts:
            yield path, tree_of(path)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def imports_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything imported; `from a.b import c` gives `a.b.c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls_of(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the words before its bracket: `timezone.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def lines_of(path: Path) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()
