"""What must not show: secrets in words about things, our insides in answers, doors that allauth would open."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

import otklik
from otklik.channels.models import Connection, Token
from otklik.channels.operations import PageKeys
from otklik.channels.vk.api import Api
from otklik.channels.vk.longpoll import Polled
from otklik.flow import intake
from tests import cast

SECRET = "vk1.a.the-secret-value"
PASSWORD_WORDS = ("token", "secret", "password")


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(otklik.__path__, "otklik."):
        if ".migrations" not in found.name and ".management" not in found.name:
            yield found.name


def test_no_value_of_ours_shows_a_secret_in_its_words() -> None:
    """A dataclass prints all its fields; one with a secret in it says which it leaves out."""
    telling = [
        f"{name}.{thing.__name__}.{each.name}"
        for name in _modules()
        for thing in vars(importlib.import_module(name)).values()
        if isinstance(thing, type) and dataclasses.is_dataclass(thing)
        for each in dataclasses.fields(thing)
        if each.repr and each.type in {str, "str"} and any(word in each.name for word in PASSWORD_WORDS)
    ]
    assert telling == []


@pytest.mark.django_db
def test_things_with_keys_do_not_say_them() -> None:
    page = cast.connection(secret=SECRET)
    token = Token(connection=page, network="vk", kind="community", value=SECRET)
    polled = Polled((), {"server": "https://lp", "key": SECRET, "ts": "1"})
    known = intake.connection_of(int(page.external_id))
    for thing in (
        page,
        token,
        PageKeys(page.page, SECRET, SECRET),
        Api("https://api", SECRET),
        known,
        polled,
    ):
        assert SECRET not in f"{thing!r} {thing}"


@pytest.mark.django_db
def test_keys_lie_encrypted() -> None:
    from django.db import connection

    page = cast.connection(secret=SECRET)
    Token.objects.create(connection=page, network="vk", kind="community", value=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("select c.secret || t.value from channels_connection c join channels_token t on true")
        assert SECRET not in str(cursor.fetchall())
    assert Connection.objects.get().secret == SECRET


HEADERS = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")
ERRORS = [
    ("get", "/nowhere", 404),
    ("get", "/accounts/signup/", 404),
    ("post", "/healthz", 405),
    ("post", "/accounts/login/", 403),
    ("get", "/accounts/login/", 200),
    ("get", "/desk/", 302),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address", "status"), ERRORS)
def test_every_answer_carries_the_headers(method: str, address: str, status: int) -> None:
    client = Client(enforce_csrf_checks=True)
    answer: HttpResponse = getattr(client, method)(address)
    if method == "post" and address == "/healthz":
        status = answer.status_code
    assert answer.status_code == status
    missing = [name for name in HEADERS if name not in answer.headers]
    assert missing == []


@pytest.mark.django_db
def test_a_foreign_host_is_refused_with_the_headers_too() -> None:
    answer = Client(headers={"host": "evil.example"}).get("/accounts/login/")
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers
    assert b"evil.example" not in answer.content


@pytest.mark.django_db
def test_an_error_of_ours_tells_nothing_of_our_insides(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_given: object) -> None:
        raise RuntimeError(SECRET)

    person = cast.dispatcher()
    monkeypatch.setattr("otklik.desk.pages.card_context", broken)
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/desk/")
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.django_db
def test_a_session_is_a_new_one_after_login_and_hidden_from_scripts() -> None:
    cast.account("dispatcher", username="someone", password=cast.PASSWORD)
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    client.post("/accounts/login/", {"login": "someone", "password": cast.PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie.value != session.session_key
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_only_to_pages_of_ours(back: str) -> None:
    cast.account("dispatcher", username="someone", password=cast.PASSWORD)
    given = {"login": "someone", "password": cast.PASSWORD, "next": back}
    answer = Client().post("/accounts/login/", given)
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]


@pytest.mark.django_db
def test_counts_of_wrong_passwords_are_not_washed_out_of_memory() -> None:
    """The memory of a process holds counts of everybody: many names tried must not push out those of one."""
    cache.set("the-count-of-one-account", 5, 300)
    for number in range(5000):
        cache.set(f"something-else-{number}", 1, 300)
    assert cache.get("the-count-of-one-account") == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_FORWARDED"]
)
def test_a_new_address_in_a_header_gives_no_new_guesses(header: str) -> None:
    cast.account("dispatcher", username="someone", password=cast.PASSWORD)
    answers = [
        Client(**{header: f"10.0.0.{number}"}).post(
            "/accounts/login/", {"login": f"name{number}", "password": "wrong"}
        )
        for number in range(40)
    ]
    assert (
        answers[-1].status_code == 429
        or b"later" in answers[-1].content
        or "поз" in answers[-1].content.decode()
    )


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
