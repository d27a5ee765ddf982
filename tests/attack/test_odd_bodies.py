"""The same event in other clothes: whatever its bytes look like, it is kept once and without the secret of the page."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from otklik.flow import road
from otklik.inbox.models import RawEvent, SourceMessage
from tests import cast

pytestmark = pytest.mark.django_db


def _escaped(event: dict[str, Any]) -> bytes:
    secret = "".join(f"\\u{ord(char):04x}" for char in cast.SECRET)
    return json.dumps(event).replace(json.dumps(cast.SECRET), f'"{secret}"').encode()


def _twice(event: dict[str, Any]) -> bytes:
    return b'{"secret": "wrong", ' + json.dumps(event).encode()[1:]


CLOTHES: dict[str, Any] = {
    "plain": lambda event: json.dumps(event).encode(),
    "utf-8": lambda event: json.dumps(event, ensure_ascii=False).encode(),
    "with a mark of order": lambda event: json.dumps(event, ensure_ascii=False).encode("utf-8-sig"),
    "utf-16": lambda event: json.dumps(event, ensure_ascii=False).encode("utf-16"),
    "utf-32": lambda event: json.dumps(event, ensure_ascii=False).encode("utf-32-le"),
    "escaped": _escaped,
    "spread": lambda event: json.dumps(event, indent=4, separators=(" ,", "\n:\t")).encode(),
    "a key twice": _twice,
}


@pytest.mark.parametrize("clothes", CLOTHES)
def test_the_words_are_kept_and_the_secret_is_not(clothes: str) -> None:
    page = cast.connection()
    event = cast.vk_comment(page.external_id, text="Почему нет тепла?")
    body = CLOTHES[clothes](event)
    for kind in ("application/json", "text/plain; charset=koi8-r", "application/x-www-form-urlencoded", ""):
        answer = Client().generic("POST", f"/hooks/vk/{page.external_id}", body, content_type=kind)
        assert (answer.status_code, answer.content) == (200, b"ok")
    kept = bytes(RawEvent.objects.get().body)
    assert json.loads(kept)["secret"] in {"", "wrong"}
    assert cast.SECRET not in str(json.loads(kept))
    road.read_events(now=cast.NOW)
    assert SourceMessage.objects.get().text == "Почему нет тепла?"


def test_a_packed_body_is_no_event() -> None:
    page = cast.connection()
    body = gzip.compress(json.dumps(cast.vk_comment(page.external_id)).encode())
    answer = Client(headers={"content-encoding": "gzip"}).post(
        f"/hooks/vk/{page.external_id}", body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert not RawEvent.objects.exists()
