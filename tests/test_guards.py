"""Guards: who may open what, what is tested, what is used, what is told of the settings, what hides its secrets."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django import app

from otklik.casework.models import Answer, Incident, SlaProfile
from tests.source import PACKAGES, ROOT, calls_of, imports_of, lines_of, modules, tracked

# Pages of allauth that a person without a login may open: that is how a login is made.
LOGIN_PAGES = {
    "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_signup",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_confirm_email", "account_email_verification_sent",
    "account_confirm_login_code", "mfa_authenticate", "socialaccount_login_cancelled", "socialaccount_login_error",
    "socialaccount_signup", "openid_connect_login", "openid_connect_callback",
}  # fmt: skip
STAFF_PAGES_OF_ALLAUTH = {
    "account_change_password", "account_set_password", "account_email", "mfa_index", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_generate_recovery_codes", "mfa_view_recovery_codes",
    "mfa_download_recovery_codes", "socialaccount_connections",
}  # fmt: skip
PUBLIC_OF_OURS = {
    "flow:vk_hook", "flow:healthz", "flow:readyz",
    "portal:home", "portal:language", "portal:search", "portal:organization", "portal:bodies", "portal:popular",
    "portal:places", "portal:place", "portal:collections", "portal:collection", "portal:official", "portal:report",
    "portal:links", "portal:qr", "portal:poster", "portal:feed", "portal:calendar", "portal:opendata", "portal:table",
    "portal:document", "portal:schema", "portal:sitemap", "portal:sitemap_part", "portal:robots", "portal:outside",
}  # fmt: skip
# What an address asks for, filled in so that it can be opened.
SAMPLE = {
    "int": "1", "slug": "answer", "str": "1", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000",
}  # fmt: skip


def _walk(patterns: list[Any], prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str, Any]]:
    for each in patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = ":".join(part for part in (namespace, each.namespace) if part)
            yield from _walk(each.url_patterns, address, inner)
        elif isinstance(each, URLPattern):
            name = f"{namespace}:{each.name}" if namespace else str(each.name)
            yield address, name, each.callback


ADDRESSES = list(_walk(get_resolver().url_patterns))
OURS = [each for each in ADDRESSES if each[2].__module__.startswith("otklik.")]
OTHERS = [each for each in ADDRESSES if not each[2].__module__.startswith("otklik.")]


def _open(address: str) -> str:
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLE[found[1] or "str"], address)
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "1", filled)
    return "/" + plain.replace("^", "").replace("$", "").replace(r"\Z", "")


@pytest.mark.parametrize(("address", "name", "view"), OURS, ids=[each[0] for each in OURS])
def test_every_view_of_ours_states_who_may_open_it(address: str, name: str, view: Any) -> None:
    access = getattr(view, "access", "")
    assert access, f"{address}: say @staff or @public(why) on the view"
    assert access == "staff" or len(access.removeprefix("public: ").split()) >= 3, "say what protects it"
    assert access.startswith("public") == (not getattr(view, "login_required", True))


def test_what_is_public_is_on_a_list_that_somebody_reads() -> None:
    public = {name for _address, name, view in OURS if getattr(view, "access", "").startswith("public")}
    shut = {name for _address, name, view in OURS if view.__name__ == "shut"}
    assert public - shut == PUBLIC_OF_OURS


def test_every_address_of_others_is_on_a_list() -> None:
    names = {name for _address, name, _view in OTHERS if name != "None"}
    assert names <= LOGIN_PAGES | STAFF_PAGES_OF_ALLAUTH
    assert {view.__module__.split(".")[0] for _address, _name, view in OTHERS} <= {"allauth", "django"}


CLOSED = [(address, name) for address, name, view in OURS if getattr(view, "access", "") == "staff"]
CLOSED += [(address, name) for address, name, _view in OTHERS if name in STAFF_PAGES_OF_ALLAUTH]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("address", "name"), CLOSED, ids=[each[0] for each in CLOSED])
def test_a_stranger_is_sent_to_the_login(address: str, name: str, method: str) -> None:
    response = getattr(Client(), method)(_open(address))
    opened = _open(address)
    shut = next(
        (view.__name__ == "shut" for found, _name, view in ADDRESSES if _open(found) == opened), False
    )
    if shut:
        assert response.status_code == 404
        return
    assert response.status_code in {302, 401}, f"{name}: {response.status_code}"
    if response.status_code == 302:
        assert response["Location"].startswith("/accounts/login/")


def _texts_of_tests() -> str:
    paths = [path for path in tracked() if path.parts[0] == "tests" and path.suffix == ".py"]
    return "\n".join(
        (ROOT / path).read_text(encoding="utf-8") for path in paths if path.name != "test_guards.py"
    )


def test_every_job_is_named_in_a_test() -> None:
    names = {name for name in app.tasks if not name.startswith(("builtin", "procrastinate"))}
    texts = _texts_of_tests()
    functions = {name: app.tasks[name].func.__name__ for name in names}
    untested = {
        name for name in names if name not in texts and not re.search(rf"\b{functions[name]}\b", texts)
    }
    assert untested == set()
    assert len(names) >= 8


def test_every_verb_is_named_in_a_test() -> None:
    words, untested = set(re.findall(r"\w+", _texts_of_tests())), set()
    for path, tree in modules("otklik"):
        if (path.name != "operations.py" and "operations" not in path.parts) or path.name == "basis.py":
            continue
        for node in tree.body:
            is_verb = isinstance(node, ast.FunctionDef) and "by" in {
                each.arg for each in node.args.kwonlyargs
            }
            if is_verb and node.name not in words:
                untested.add(f"{path}: {node.name}")
    assert untested == set()


def test_every_named_promise_of_the_database_is_broken_in_a_test() -> None:
    texts = _texts_of_tests()
    generated = {
        constraint.name for model in (SlaProfile, Incident, Answer) for constraint in model._meta.constraints
    }
    promised = {
        constraint.name
        for config in apps.get_app_configs()
        if config.name.startswith("otklik.")
        for model in config.get_models()
        for constraint in model._meta.constraints
    }
    assert {name for name in promised - generated if name not in texts} == set()


TEMPLATES = [path for path in tracked() if "templates" in path.parts and path.suffix in {".html", ".txt"}]
# Names that Django and allauth look up by themselves.
LOOKED_UP_BY_OTHERS = ("account/", "mfa/", "socialaccount/", "allauth/", "403", "404", "500", "400")


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_template_is_used(path: Path) -> None:
    name = path.as_posix().split("/templates/", 1)[1]
    if name.startswith(LOOKED_UP_BY_OTHERS):
        return
    stem = name.rsplit("/", 1)[0] + "/"
    for other in tracked():
        if (
            other == path
            or other.suffix not in {".py", ".html", ".txt"}
            or other.parts[0] in {"tests", "docs"}
        ):
            continue
        text = (ROOT / other).read_text(encoding="utf-8")
        if name in text or (f'"{stem}{{' in text or f"'{stem}{{" in text):  # f"desk/panels/{name}.html"
            return
    pytest.fail(f"{name} is used by nothing")


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=str)
def test_a_template_takes_in_only_what_the_project_has(path: Path) -> None:
    """A part that somebody forgot to add to git is not on a fresh clone, and only the page that shows it would tell."""
    known = {each.as_posix().split("/templates/", 1)[1] for each in TEMPLATES}
    asked = re.findall(r"""{% (?:include|extends) ["']([^"'#]+)""", (ROOT / path).read_text(encoding="utf-8"))
    assert {name for name in asked if not name.startswith(LOOKED_UP_BY_OTHERS)} - known == set()


def _settings_read() -> Iterator[tuple[str, str]]:
    pattern = re.compile(r"""environ(?:\.get\(|\.setdefault\(|\[)\s*f?["']([A-Z][A-Z0-9_]+)""")
    helpers = re.compile(r"""\b(?:_flag|_list|_number|number|flag)\(\s*["']([A-Z][A-Z0-9_]+)["']""")
    for path, _tree in modules("config", "launch", "otklik", "netsim", "demo", "bench"):
        text = "\n".join(lines_of(path))
        for found in [*pattern.findall(text), *helpers.findall(text)]:
            yield str(path), found


# Of the system, not of ours.
NOT_SETTINGS = {
    "DJANGO_SETTINGS_MODULE",
    "NO_COLOR",
    "PATH",
    "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "XDG_DATA_HOME",
}


def test_every_setting_is_documented() -> None:
    told = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    read = {name for path, name in _settings_read() if not path.startswith("bench/")} - NOT_SETTINGS
    assert {name for name in read if f"`{name}`" not in told} == set()
    assert len(read) > 15


def test_every_documented_setting_is_read() -> None:
    told = set(re.findall(r"^\|.*?`((?:OTKLIK_|SIM_)[A-Z_]+)`", _text("docs/running.md"), flags=re.MULTILINE))
    assert told
    everywhere = "\n".join("\n".join(lines_of(path)) for path, _tree in modules(*PACKAGES, "bench"))
    assert {name for name in told if name not in everywhere} == set()


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("package", ["otklik"])
def test_a_class_that_holds_a_secret_does_not_print_it(package: str) -> None:
    """A dataclass with a field named like a secret hides it from `repr`, or has a `repr` of its own."""
    telling = []
    for path, tree in modules(package, "launch"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(
                "dataclass" in ast.unparse(each) for each in node.decorator_list
            ):
                telling += [f"{path}:{node.lineno} {node.name}.{name}" for name in _shown_secrets(node)]
    assert telling == []


def _shown_secrets(node: ast.ClassDef) -> list[str]:
    if any(isinstance(each, ast.FunctionDef) and each.name == "__repr__" for each in node.body):
        return []
    return [
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign)
        and isinstance(each.target, ast.Name)
        and re.search(r"(^|_)(secret|token|password|api_key)$", each.target.id)
        and ast.unparse(each.annotation) in {"str", "str | None", "bytes"}
        and "repr=False" not in ast.unparse(each)
    ]


def test_secrets_at_rest_are_encrypted() -> None:
    from otklik.common.fields import EncryptedTextField

    plain = []
    for config in apps.get_app_configs():
        if not config.name.startswith("otklik."):
            continue
        for model in config.get_models():
            for field in model._meta.concrete_fields:
                secret = re.search(r"(^|_)(secret|token|api_key)$", field.name) or (
                    model.__name__ == "Token" and field.name == "value"
                )
                if secret and not field.is_relation and not isinstance(field, EncryptedTextField):
                    plain.append(f"{model.__name__}.{field.name}")
    assert plain == []


@pytest.mark.django_db
def test_a_secret_in_the_database_cannot_be_read_without_the_key() -> None:
    from django.db import connection

    from tests import cast

    page = cast.connection()
    with connection.cursor() as cursor:
        cursor.execute("select secret from channels_connection where id = %s", [page.pk])
        (kept,) = cursor.fetchone()
    assert cast.SECRET not in kept
    assert cast.SECRET not in repr(page)
    page.refresh_from_db()
    assert page.secret == cast.SECRET


def test_tests_leave_nothing_switched_off_without_a_word() -> None:
    """A skipped test says why, and nothing is expected to fail."""
    silent = [
        f"{path}:{node.lineno}"
        for path, tree in modules("tests")
        for node, name in calls_of(tree)
        if name in {"pytest.mark.skip", "pytest.mark.xfail"}
    ]
    assert silent == []


def test_the_web_is_touched_by_one_module() -> None:
    clients = {
        path.as_posix()
        for path, tree in modules("otklik")
        for _line, name in imports_of(tree)
        if name.split(".")[0] in {"httpx", "requests", "urllib3", "aiohttp", "http.client"}
        or "urllib.request" in name
    }
    assert clients == {"otklik/channels/http.py"}


def test_the_dark_scheme_is_other_colours_and_nothing_else() -> None:
    """Whatever is not about colour is therefore the same in both: pages are looked at for it once."""
    styles = [(ROOT / path).read_text(encoding="utf-8") for path in tracked() if path.suffix == ".css"]
    dark = [
        rules
        for text in styles
        for rules in re.findall(r"prefers-color-scheme[^{]*\{[^{]*\{([^}]*)\} *\}", text)
    ]
    assert len(dark) == sum(text.count("prefers-color-scheme") for text in styles) >= 2
    for rule in ";".join(dark).split(";"):
        assert not rule.strip() or rule.strip().startswith("--"), rule
