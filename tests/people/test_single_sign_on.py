"""Single sign-on with a real, tiny OpenID Connect server: RS256, PKCE, over HTTP."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings

from otklik.people import operations as people
from otklik.people.models import Account
from tests import cast

pytestmark = pytest.mark.django_db
CLIENT_ID, CLIENT_SECRET = "otklik", "a-secret-of-the-client"


class Identity(ThreadingHTTPServer):
    """An identity server with one person. What it says of the person is in `claims`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {"sub": "42", "email": "krylova@region.example", "email_verified": True}
        self.issued: dict[str, dict[str, str]] = {}
        self.refused: list[str] = []

    def jwks(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        code = f"code-{len(self.issued)}"
        self.issued[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        asked = self.issued.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (asked["code_challenge"], asked["code_challenge_method"]) != (challenge, "S256"):
            self.refused.append("PKCE")
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            self.refused.append("client")
        now = int(time.time())
        payload = self.claims | {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        id_token = jwt.encode(payload, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}


class Pages(BaseHTTPRequestHandler):
    server: Identity

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.authorize(asked))
            self.end_headers()
        elif address.path == "/userinfo" and self.headers["Authorization"] == "Bearer opaque":
            self._json(self.server.claims)
        else:
            known = {
                "/.well-known/openid-configuration": self.server.configuration,
                "/jwks": self.server.jwks,
            }
            self._json(known[address.path]())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._json(self.server.token({name: values[0] for name, values in parse_qs(body).items()}))

    def _json(self, thing: dict[str, Any]) -> None:
        body = json.dumps(thing).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test says what went wrong."""


@pytest.fixture
def identity(settings: Settings) -> Iterator[Identity]:
    server = Identity()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = {
        "provider_id": "staff", "name": "Единый вход", "client_id": CLIENT_ID, "secret": CLIENT_SECRET,
        "settings": {"server_url": server.url},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def _sign_on(identity: Identity, client: Client) -> bool:
    """The way of a browser: our button → the identity server → back to us. Whether the person is in."""
    started = client.post("/accounts/oidc/staff/login/")
    assert started.status_code == 302
    at_identity = requests.get(started["Location"], allow_redirects=False, timeout=10)
    back = urlsplit(at_identity.headers["Location"])
    assert back.path == "/accounts/oidc/staff/login/callback/"
    client.get(f"{back.path}?{back.query}")
    assert identity.refused == []
    return "_auth_user_id" in client.session


def test_who_has_an_account_and_a_verified_address_is_let_in(identity: Identity) -> None:
    someone, client = cast.dispatcher(email="krylova@region.example"), Client()
    assert _sign_on(identity, client)
    assert client.session["_auth_user_id"] == str(someone.pk)
    assert SocialAccount.objects.get().user == someone
    assert _sign_on(identity, Client())
    assert (SocialAccount.objects.count(), Account.objects.count()) == (1, 1)


def test_who_has_no_account_gets_none(identity: Identity) -> None:
    client = Client()
    assert not _sign_on(identity, client)
    assert not Account.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false"])
def test_an_address_that_nobody_verified_opens_no_account(identity: Identity, verified: object) -> None:
    cast.dispatcher(email="krylova@region.example")
    identity.claims["email_verified"] = verified
    assert not _sign_on(identity, Client())
    assert not SocialAccount.objects.exists()


def test_without_an_address_nobody_is_recognised(identity: Identity) -> None:
    cast.dispatcher(email="")
    del identity.claims["email"]
    assert not _sign_on(identity, Client())


def test_an_account_that_was_switched_off_stays_closed(identity: Identity) -> None:
    someone = cast.dispatcher(email="krylova@region.example")
    people.switch_off(account=someone, by=someone.actor, now=cast.NOW, reason="уволена")
    assert not _sign_on(identity, Client())


def test_a_foreign_answer_is_not_ours(identity: Identity) -> None:
    cast.dispatcher(email="krylova@region.example")
    client = Client()
    client.get("/accounts/oidc/staff/login/callback/?code=code-0&state=forged")
    assert "_auth_user_id" not in client.session
    assert identity.issued == {}
