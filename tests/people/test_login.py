"""Logging in: a password, a second factor, and no door for those who have no account."""

import base64
import hashlib
import hmac
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from otklik.people import operations as people
from otklik.people.models import Account
from tests import cast

pytestmark = pytest.mark.django_db
STARTED = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


@pytest.fixture
def someone() -> Account:
    return cast.dispatcher(username="krylova", password=cast.PASSWORD, email="krylova@region.example")


def _login(client: Client, username: str = "krylova", password: str = cast.PASSWORD) -> str:
    response = client.post("/accounts/login/", {"login": username, "password": password})
    return response["Location"] if response.status_code == 302 else ""


def _is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def totp(secret: str, at: float) -> str:
    """The code of RFC 6238 (SHA-1, 30 seconds, six digits) for a moment."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, int(at // 30).to_bytes(8), hashlib.sha1).digest()
    at_byte = digest[-1] & 15
    number = int.from_bytes(digest[at_byte : at_byte + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.mark.parametrize("username", ["krylova", "krylova@region.example", "KRYLOVA@region.example"])
def test_a_password_opens_the_account(someone: Account, username: str) -> None:
    client = Client()
    assert _login(client, username) == "/desk/"
    assert client.session["_auth_user_id"] == str(someone.pk)


@pytest.mark.usefixtures("someone")
def test_a_wrong_password_opens_nothing() -> None:
    client = Client()
    assert _login(client, password="wrong") == ""
    assert not _is_in(client)


def test_an_account_switched_off_is_told_so(someone: Account) -> None:
    people.switch_off(account=someone, by=someone.actor, now=cast.NOW, reason="уволена")
    client = Client()
    _login(client)
    assert not _is_in(client)


@pytest.mark.usefixtures("someone")
def test_guessing_is_slowed_down() -> None:
    client = Client()
    for _ in range(30):
        _login(client, password="wrong")
    assert _login(client) == ""
    assert not _is_in(client)


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/accounts/3rdparty/signup/", "/accounts/password/reset/"]
)
def test_the_doors_for_strangers_are_shut(address: str) -> None:
    client = Client()
    fields = {
        "username": "stranger",
        "email": "s@example.org",
        "password1": cast.PASSWORD,
        "password2": cast.PASSWORD,
    }
    assert client.get(address).status_code == 404
    assert client.post(address, fields).status_code == 404
    assert not Account.objects.exists()


@pytest.mark.usefixtures("someone")
def test_logging_out_takes_a_press_of_a_button() -> None:
    client = Client()
    _login(client)
    client.get("/accounts/logout/")
    assert _is_in(client)
    client.post("/accounts/logout/")
    assert not _is_in(client)


def test_a_second_factor_is_set_up_and_then_asked_for(someone: Account) -> None:
    client = Client()
    with time_machine.travel(STARTED) as clock:
        _login(client)
        asked_again = client.get("/accounts/2fa/totp/activate/")["Location"]
        assert asked_again.startswith("/accounts/reauthenticate/")
        client.post(asked_again, {"password": cast.PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/").content.decode()
        secret = client.session["mfa.totp.secret"]
        assert secret in re.sub(r"\s|<[^>]*>", "", page) or secret in page  # for those who cannot scan it
        assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
        client.post("/accounts/2fa/totp/activate/", {"code": totp(secret, time.time())})
        kinds = set(Authenticator.objects.filter(user=someone).values_list("type", flat=True))
        assert "totp" in kinds

        clock.shift(timedelta(minutes=5))
        other = Client()
        assert _login(other) == "/accounts/2fa/authenticate/"
        assert not _is_in(other)
        assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert not _is_in(other)
        code = totp(secret, time.time())
        assert other.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
        assert _is_in(other)

        third = Client()
        _login(third)
        third.post("/accounts/2fa/authenticate/", {"code": code})
        assert not _is_in(third)  # a code that was seen over a shoulder is of no use
