"""The intake of VK: what is answered to whom, and what is left in the database of it."""

import json
import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from otklik.channels.models import Connection
from otklik.common.jobs import READ_EVENTS
from otklik.flow import intake, views
from otklik.inbox.models import RawEvent, RefusedRequest
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Connection:
    return cast.connection()


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def _post(client: Client, page: Connection | int, body: Any, **extra: Any) -> HttpResponse:
    group_id = page if isinstance(page, int) else int(page.external_id)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response: Any = client.post(f"/hooks/vk/{group_id}", raw, content_type="application/json", **extra)
    return response


def _event(page: Connection, **fields: Any) -> dict[str, Any]:
    return cast.vk_comment(page.external_id, **fields)


def test_an_event_is_answered_ok_and_kept(client: Client, page: Connection) -> None:
    response = _post(client, page, _event(page))
    assert (response.status_code, response.content) == (200, b"ok")
    row = RawEvent.objects.get()
    assert (row.connection, row.type, row.state, row.via) == (page, "wall_reply_new", "new", "callback")


def test_a_request_to_confirm_the_server_is_answered_with_its_code(client: Client, page: Connection) -> None:
    body = {"type": "confirmation", "group_id": int(page.external_id), "secret": cast.SECRET}
    response = _post(client, page, body)
    assert (response.status_code, response.content) == (200, b"d8v2ve07")
    assert response["Content-Type"] == "text/plain"
    assert not RawEvent.objects.exists()


def test_a_repeat_is_answered_ok_and_kept_once(client: Client, page: Connection) -> None:
    event = _event(page)
    for _ in range(3):
        assert _post(client, page, event, HTTP_X_RETRY_COUNTER="1").content == b"ok"
    assert RawEvent.objects.count() == 1


def test_an_event_without_an_id_is_known_by_its_bytes(client: Client, page: Connection) -> None:
    event = _event(page)
    del event["event_id"]
    for _ in range(2):
        assert _post(client, page, event).content == b"ok"
    assert RawEvent.objects.get().event_key.startswith("sha256:")


def test_an_unknown_type_is_kept_and_acknowledged(client: Client, page: Connection) -> None:
    assert _post(client, page, _event(page, kind="lead_forms_new")).content == b"ok"
    assert RawEvent.objects.get().type == "lead_forms_new"


def test_ok_is_said_only_of_what_is_durable(
    client: Client, page: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_given: object) -> bool:
        raise OperationalError("the disk is full")

    monkeypatch.setattr(views.inbox, "accept_event", broken)
    response = _post(client, page, _event(page))
    assert response.status_code == 500
    assert response.content.strip() != b"ok"
    assert b"disk" not in response.content


def test_what_the_network_sends_rings_the_road_once_in_a_pause(
    client: Client, page: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("otklik.common.wakeup.wake_up", rung.append)
    for _ in range(5):
        _post(client, page, _event(page))
    assert rung == [READ_EVENTS]
    assert RawEvent.objects.count() == 5


HOSTILE = [
    pytest.param(b"{broken", 400, "bad_json", id="broken JSON"),
    pytest.param(b"", 400, "bad_json", id="nothing"),
    pytest.param(b"\xff\xfe\xfa", 400, "bad_json", id="no text at all"),
    pytest.param(b'{"type": NaN}', 400, "bad_json", id="NaN is not JSON"),
    pytest.param(b'{"group_id": ' + b"9" * 5000 + b"}", 400, "bad_json", id="a number of 5000 digits"),
    pytest.param(b"[" * 100_000, 400, "too_deep", id="deep nesting, never closed"),
    pytest.param(b"[" * 50_000 + b"]" * 50_000, 400, "too_deep", id="deep nesting"),
    pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400, "too_deep", id="deep objects"),
    pytest.param(b"[]", 400, "bad_event", id="a list"),
    pytest.param(b'"text"', 400, "bad_event", id="a text"),
    pytest.param(b"null", 400, "bad_event", id="null"),
    pytest.param(b'"' + b"x" * 1_100_000 + b'"', 413, "too_large", id="1.1 MB"),
    pytest.param(b'"' + b"x" * 10_000_000 + b'"', 413, "too_large", id="10 MB"),
]


@pytest.mark.parametrize(("body", "status", "reason"), HOSTILE)
def test_what_is_no_event_is_refused_and_recorded(
    client: Client, page: Connection, body: bytes, status: int, reason: str
) -> None:
    assert _post(client, page, body).status_code == status
    refused = RefusedRequest.objects.get()
    assert (refused.reason, refused.times, refused.path) == (reason, 1, f"/hooks/vk/{page.external_id}")
    assert refused.size == len(body)
    assert not RawEvent.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"secret": "wrong"}, 403, "bad_secret"),
        ({"secret": ""}, 403, "bad_secret"),
        ({"secret": None}, 403, "bad_secret"),
        ({"secret": ["a"]}, 403, "bad_secret"),
        ({"secret": "\ud800"}, 403, "bad_secret"),
        ({"group_id": 1}, 403, "unknown_page"),
        ({"group_id": "строка"}, 403, "unknown_page"),
        ({"group_id": None}, 403, "unknown_page"),
        ({"type": None}, 400, "bad_event"),
        ({"type": 5}, 400, "bad_event"),
        ({"type": "wall\0reply"}, 400, "bad_event"),
        ({"type": "стена"}, 400, "bad_event"),
    ],
)
def test_a_wrong_envelope_is_refused(
    client: Client, page: Connection, change: dict[str, Any], status: int, reason: str
) -> None:
    assert _post(client, page, _event(page) | change).status_code == status
    assert RefusedRequest.objects.get().reason == reason
    assert not RawEvent.objects.exists()


def test_a_stranger_cannot_tell_an_unknown_page_from_a_wrong_secret(client: Client, page: Connection) -> None:
    wrong = _post(client, page, _event(page, secret="guess"))
    unknown = _post(client, 404_404, cast.vk_comment(404_404, secret="guess"))
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content) == (403, b"")


def test_a_page_without_a_secret_lets_nobody_in(client: Client) -> None:
    page = cast.connection(secret="")
    event = _event(page)
    for secret in ("", None):
        assert _post(client, page, event | {"secret": secret}).status_code == 403
    del event["secret"]
    assert _post(client, page, event).status_code == 403
    assert not RawEvent.objects.exists()


@pytest.mark.parametrize("thing", [None, 5, "строка", [], {"id": {}}, {"text": ["a"]}, {"id": 2**80}])
def test_a_strange_object_is_kept_for_the_road_to_set_aside(
    client: Client, page: Connection, thing: object
) -> None:
    assert _post(client, page, _event(page) | {"object": thing}).content == b"ok"
    assert RawEvent.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["до\0после", "\ud83d", "<script>alert(1)</script>", "'; drop table x; --", "%s"]
)
def test_a_hostile_text_is_kept_byte_for_byte(client: Client, page: Connection, text: str) -> None:
    event = _event(page, text=text)
    assert _post(client, page, event).content == b"ok"
    kept = json.loads(bytes(RawEvent.objects.get().body))
    assert kept == event | {"secret": ""}


def test_a_flood_of_refusals_is_counted_not_stored(client: Client, page: Connection) -> None:
    for _ in range(20):
        _post(client, page, b"{broken")
    assert sum(RefusedRequest.objects.values_list("times", flat=True)) == 20
    assert RefusedRequest.objects.count() <= 2  # the minute may turn in between


@pytest.mark.parametrize(
    "body",
    [
        b'{"group_id": 1, "secret": "' + cast.SECRET.encode() + b'", "type": "x"}',
        b'{"secret":"' + cast.SECRET.encode() + b'"',
        b'{"secret" : "' + cast.SECRET.encode() + b' with \\" quotes and spaces"} broken',
        b"access_token=" + cast.SECRET.encode() + b"&v=5.199",
    ],
)
def test_a_refused_body_is_kept_without_its_secret(
    client: Client, page: Connection, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _post(client, page, body)
    head = bytes(RefusedRequest.objects.get().head)
    assert cast.SECRET.encode() not in head
    assert b"quotes and spaces" not in head
    assert "•••".encode() in head
    assert cast.SECRET not in caplog.text


def test_an_accepted_event_is_kept_without_its_secret(
    client: Client, page: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _post(client, page, _event(page))
    assert cast.SECRET.encode() not in bytes(RawEvent.objects.get().body)
    assert cast.SECRET not in caplog.text
    assert cast.SECRET not in repr(intake.connection_of(int(page.external_id)))


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options"])
def test_only_post_is_an_event(client: Client, page: Connection, method: str) -> None:
    assert getattr(client, method)(f"/hooks/vk/{page.external_id}").status_code == 405


@pytest.mark.parametrize("length", ["²", "-5", "десять", "9" * 40])
def test_an_absurd_length_breaks_nothing(client: Client, page: Connection, length: str) -> None:
    response = _post(client, page, b"{broken", HTTP_CONTENT_LENGTH=length)
    assert response.status_code in {400, 413}
    assert RefusedRequest.objects.get().size < 2**31


def test_a_new_secret_is_felt_when_the_memory_of_the_old_one_ends(
    client: Client, page: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _post(client, page, _event(page)).content == b"ok"
    page.secret = "another-secret"
    page.save()
    monkeypatch.setattr(intake, "CONNECTION_CACHE_SECONDS", 0.0)
    assert _post(client, page, _event(page)).status_code == 403
    assert _post(client, page, _event(page, secret="another-secret")).content == b"ok"
