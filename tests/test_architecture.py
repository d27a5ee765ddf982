"""What is true of the whole code, held by tests instead of by a sentence in a guide."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import PACKAGES, ROOT, calls_of, imports_of, lines_of, modules, tracked

CONTEXTS = sorted(
    path.parts[1] for path in tracked() if re.fullmatch(r"otklik/\w+/__init__\.py", path.as_posix())
)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Each exception to a rule of the house, with its reason.
PUBLIC_MODULES = {"models", "operations", "rules", "enums"}
ALSO_PUBLIC = {
    "channels.base": "the shapes that cross between a network's folder and everybody else",
    "people.access": "every view states its access rule with it",
    "triage.nlp": "the check of an answer reads Russian with what reads messages: pure, and no model of triage",
    "casework.announce": "the desk listens to the channel and tells of its own changes on it",
}
MAY_KNOW = {
    ("flow", "channels.vk"): "the road takes in what this network sends: payloads are read by its folder",
    ("desk", "channels.vk"): "the preview and the reasons are the network's own words",
}
MAY_ASK_THE_CLOCK = {
    "otklik/desk/access.py": "what every view of the desk is wrapped in: one moment for the whole request",
    "otklik/common/wakeup.py": "the loop of a job hands each of its steps the time",
    "otklik/common/templatetags/otklik.py": "a page says «вчера» about the moment it is drawn",
}
SIGNALS = {
    "otklik/common/asgi.py": "the request signals of Django that look after connections",
    "otklik/triage/apps.py": "after a migration the shipped topics are there",
    "otklik/casework/apps.py": "after a migration the shipped profiles of deadlines are there",
    "otklik/registry/apps.py": "after a migration the shipped spheres, types and norms are there",
}
CLOCKS = {
    "timezone.now", "timezone.localdate", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "time.time",
}  # fmt: skip


def _context(path: Path) -> str:
    return path.parts[1] if len(path.parts) > 2 else ""


def test_contracts_of_imports_hold(capsys: pytest.CaptureFixture[str]) -> None:
    from importlinter.cli import lint_imports

    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, verbose=False)
    assert status == 0, capsys.readouterr().out


def test_every_context_has_its_place_in_the_layers() -> None:
    layers = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    assert set(CONTEXTS) <= placed


def test_every_package_of_the_top_is_known_to_the_contracts() -> None:
    packages = {path.parts[0] for path in tracked() if path.name == "__init__.py" and len(path.parts) == 2}
    assert (
        packages - {"tests", "bench"}
        == set(PYPROJECT["tool"]["importlinter"]["root_packages"])
        == set(PACKAGES)
    )


def test_contexts_meet_only_at_public_modules() -> None:
    met, used = [], set()
    for path, tree in modules("otklik"):
        for line, name in imports_of(tree):
            parts = name.split(".")
            foreign = len(parts) > 2 and parts[0] == "otklik" and parts[1] not in {_context(path), "common"}
            if not foreign or parts[2] in PUBLIC_MODULES:
                continue
            module = f"{parts[1]}.{parts[2]}"
            if module in ALSO_PUBLIC:
                used.add(module)
            elif (_context(path), module) in MAY_KNOW:
                used.add((_context(path), module))
            else:
                met.append(f"{path}:{line} {name}")
    assert met == []
    assert used == set(ALSO_PUBLIC) | set(MAY_KNOW), "an exception that nobody needs any more"


ORDER = ["enums", "rules", "models", "delivery", "tasks", "operations", "forms", "views", "urls"]
RANK = {name: rank for rank, name in enumerate(ORDER)} | {
    "admin": ORDER.index("views"),
    "clock": ORDER.index("views"),
}
# The job a context's own verbs put off calls one of them; the verbs know it by its name only.
CALLS_UP = {("tasks", "operations")}


def test_inside_a_context_imports_go_down() -> None:
    wrong = []
    for path, tree in modules("otklik"):
        own = path.parts[2].removesuffix(".py") if len(path.parts) > 2 else ""
        for line, name in imports_of(tree):
            parts = name.split(".")
            same = len(parts) > 2 and parts[:2] == ["otklik", _context(path)]
            if (
                same
                and own in RANK
                and RANK.get(parts[2], -1) > RANK[own]
                and (own, parts[2]) not in CALLS_UP
            ):
                wrong.append(f"{path}:{line} {name}")
    assert wrong == []


PURE = re.compile(r"(^|/)(rules(\.py|/)|worktime\.py|text\.py|triage/nlp/|parse\.py)")
IMPURE = (
    "django",
    "httpx",
    "psycopg",
    "procrastinate",
    "requests",
    "socket",
    "random",
    "time",
    "os",
    "subprocess",
)


def test_rules_import_nothing_impure() -> None:
    looked, wrong = 0, []
    for path, tree in modules("otklik"):
        if not PURE.search(path.as_posix()):
            continue
        looked += 1
        for line, name in imports_of(tree):
            if name.split(".")[0] in IMPURE or ".models." in f"{name}.":
                wrong.append(f"{path}:{line} {name}")
    assert wrong == []
    assert looked >= 6


def test_time_comes_in_as_an_argument() -> None:
    """Only views, tasks, the timetable and commands ask the clock."""
    asked, used = [], set()
    for path, tree in modules("otklik"):
        if {"views", "management"} & set(path.parts) or path.name in {"views.py", "tasks.py", "clock.py"}:
            continue
        for node, name in calls_of(tree):
            if name not in CLOCKS:
                continue
            if path.as_posix() in MAY_ASK_THE_CLOCK:
                used.add(path.as_posix())
            else:
                asked.append(f"{path}:{node.lineno} {name}()")
    assert asked == []
    assert used == set(MAY_ASK_THE_CLOCK), "an exception that nobody needs any more"


def test_a_lock_names_what_it_locks() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in modules("otklik")
        for node, name in calls_of(tree)
        if name.endswith("select_for_update") and "of" not in {keyword.arg for keyword in node.keywords}
    ]
    assert wrong == []


# Where a locked row is read with what it refers to: the reference never changes, or a wider lock is held.
JOINED_LOCKS = {
    "otklik/casework/operations/erasure.py",
    "otklik/casework/operations/external.py",
    "otklik/channels/operations/delivering.py",
    "otklik/flow/road.py",
    "otklik/registry/operations/lookalike_finds.py",
    "otklik/registry/operations/passports.py",
    "otklik/triage/operations/topic_edits.py",
}


def _chained(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value


def test_a_row_is_not_locked_in_a_join_that_may_lose_it() -> None:
    """Whoever waited for the lock reads the new row beside the old rows that were joined: with another reference it
    matches none of them, and PostgreSQL says that there is no such row."""
    found = {
        path.as_posix()
        for path, tree in modules("otklik")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and {"select_for_update", "select_related"} <= set(_chained(node))
    }
    assert found == JOINED_LOCKS


def test_contexts_do_not_call_each_other_by_signals() -> None:
    found = {
        path.as_posix()
        for path, tree in modules("otklik")
        for _line, name in imports_of(tree)
        if name.startswith(("django.db.models.signals", "django.dispatch", "django.core.signals", "blinker"))
    }
    assert found == set(SIGNALS)


def test_models_hide_nothing() -> None:
    """No order that nobody asked for, no work inside `save`, no receivers on the model."""
    wrong = []
    for path, tree in modules("otklik"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            names = [target.id for each in node.body if isinstance(each, ast.Assign) for target in each.targets
                     if isinstance(target, ast.Name)]  # fmt: skip
            if node.name == "Meta" and "ordering" in names:
                wrong.append(f"{path}:{node.lineno} Meta.ordering")
            hidden = {"save", "delete"} & {
                each.name for each in node.body if isinstance(each, ast.FunctionDef)
            }
            if hidden and path.name == "models.py":
                wrong.append(f"{path}:{node.lineno} {node.name}.{hidden}")
    assert wrong == []


def test_verbs_take_their_arguments_by_name() -> None:
    """A public verb that somebody (`by`) does is keyword-only, and is told when (`now`)."""
    wrong = []
    for path, tree in modules("otklik"):
        if "operations" not in path.as_posix():
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            # A `by` that is a plain text says by what to count, not who does it.
            texts = {
                each.arg
                for each in node.args.kwonlyargs
                if each.annotation and ast.unparse(each.annotation) == "str"
            }
            named = {argument.arg for argument in node.args.kwonlyargs} - texts
            positional = {argument.arg for argument in node.args.args}
            if "by" in positional or ("by" in named and "now" not in named):
                wrong.append(f"{path}:{node.lineno} {node.name}")
    assert wrong == []


def test_every_package_says_what_it_is() -> None:
    silent = []
    for path, tree in modules(*PACKAGES):
        if path.name == "__init__.py" and path.parent.name not in {"management", "commands", "templatetags"}:
            said = ast.get_docstring(tree) or ""
            if len(said.split()) < 4 or not said.rstrip().endswith((".", ":", ")")):
                silent.append(str(path))
    assert silent == []


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_says_what_it_owns(context: str) -> None:
    text = (ROOT / "otklik" / context / "__init__.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), context


LIMITS = [
    pytest.param(r"(otklik|netsim|demo|launch|config|bench)/.*\.py", 400, id="modules"),
    pytest.param(r"tests/.*\.py", 500, id="test files"),
    pytest.param(r".*/templates/.*\.(html|txt)", 120, id="templates"),
]


@pytest.mark.parametrize(("pattern", "most"), LIMITS)
def test_files_stay_small(pattern: str, most: int) -> None:
    files = [
        path
        for path in tracked()
        if re.fullmatch(pattern, path.as_posix()) and "migrations" not in path.parts
    ]
    assert {str(path): len(lines_of(path)) for path in files if len(lines_of(path)) > most} == {}


def test_functions_stay_small() -> None:
    """At most 40 lines from `def` to the end; complexity is held by ruff."""
    assert PYPROJECT["tool"]["ruff"]["lint"]["mccabe"]["max-complexity"] == 8
    long = [
        f"{path}:{node.lineno} {node.name}: {(node.end_lineno or 0) - node.lineno + 1}"
        for path, tree in modules(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


# The two halves are apart so that this file does not find itself.
SECRETS_OF_A_MACHINE = [
    r"/(home|Users)/(?!user\b)\w+/", r"/ro" r"ot/\w", r"(?<![\w./])/wo" r"rk/\w", r"file://" r"/opt", r"\.pyenv" r"/",
    r"--(extra-)?index" r"-url", r"py" r"pi\.org/simple", r"files\.python" r"hosted\.org", r"registry\.np" r"mjs",
]  # fmt: skip


def test_nothing_of_any_machine_is_in_the_project() -> None:
    pattern = re.compile("|".join(SECRETS_OF_A_MACHINE))
    found = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".woff2", ".ico", ".gz", ".mo", ".npz"}:
            continue
        for number, line in enumerate(lines_of(path), 1):
            if pattern.search(line):
                found.append(f"{path}:{number}: {line.strip()[:120]}")
    assert found == []
