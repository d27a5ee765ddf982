"""Who may open the pages, and which forms are believed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from netsim.app import create_app
from netsim.pages.guard import BODY_LIMIT
from netsim.settings import Settings
from tests.netsim.conftest import Place
from tests.netsim.visitor import Visitor


def ask(settings: Settings, host: str, client: str = "127.0.0.1") -> int:
    """The status of the first page for a name in the address and an address of the client."""

    async def asked() -> int:
        transport = httpx.ASGITransport(create_app(settings), client=(client, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://netsim", trust_env=False) as http:
            return (await http.get("/", headers={"Host": host})).status_code

    return asyncio.run(asked())


@pytest.mark.parametrize("host", ["127.0.0.1:8090", "localhost", "[::1]:8090", "sim.localhost:1"])
def test_this_machine_is_let_in(host: str) -> None:
    assert ask(Settings(), host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5", "", "[::1", "localhost@evil.example."]
)
def test_other_names_are_not(host: str) -> None:
    assert ask(Settings(), host) == 403


def test_other_machines_are_not_unless_the_settings_say_so() -> None:
    assert ask(Settings(), "localhost", client="192.0.2.7") == 403
    assert (
        ask(Settings(base_url="https://sim.region.example"), "sim.region.example", client="192.0.2.7") == 200
    )
    assert ask(Settings(base_url="https://sim.region.example"), "evil.example", client="192.0.2.7") == 403
    assert ask(Settings(open_control=True), "evil.example", client="192.0.2.7") == 200


def test_forms_of_others_are_refused(place: Place) -> None:
    post = place.post()
    anna = Visitor(place.url).become("Анна Осторожная")
    form = {"object": f"wall-{place.gid}_{post}", "text": "Чужими руками"}
    for proof in ({}, {"proof": ""}, {"proof": "x" * 32}, {"proof": "ю"}):
        answer = anna.http.post("/do/say", data={**form, **proof})
        assert answer.status_code == 403
        assert "пришла с другого сайта" in answer.text
    good = {**form, "proof": anna.proof}
    foreign = anna.http.post("/do/say", data=good, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert place.look("comments", group_id=place.gid)["count"] == 0
    assert anna.http.post("/do/say", data=good, headers={"Origin": place.url}).status_code == 200
    assert anna.http.get("/do/say").status_code == 405
    anna.close()


def test_cookies_are_not_sent_by_other_sites(place: Place) -> None:
    with httpx.Client(base_url=place.url, trust_env=False, verify=False) as http:
        kept = http.get("/").headers["set-cookie"].lower()
        assert "samesite=lax" in kept
        assert "httponly" in kept


def test_nobody_in_particular_cannot_write(place: Place) -> None:
    guest = Visitor(place.url)
    post = place.post()
    guest.open("/")
    guest.do("say", object=f"wall-{place.gid}_{post}", text="Аноним")
    assert guest.status == 403
    guest.do("letter", group=place.gid, text="Аноним")
    assert guest.status == 403
    guest.do("play", role="admin")
    assert guest.status == 403
    guest.close()


def test_a_body_without_end_is_cut_off() -> None:
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
        while taken < BODY_LIMIT * 2:
            taken += 1 << 20
            yield b"\0" * (1 << 20)

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings()), client=("127.0.0.1", 1))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", trust_env=False
        ) as http:
            kind = {"Content-Type": "multipart/form-data; boundary=x"}
            return await http.post("/do/say", content=body(), headers=kind)

    answer = asyncio.run(sent())
    assert answer.status_code == 413
    assert "до пяти фотографий" in answer.text
    assert taken < BODY_LIMIT * 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"--x\r\nbroken",
        b"--x\r\n" + b"A: b\r\n" * 2000,
        b"text=%ff%00&proof=%",
        b"&" * 5000,
    ],
)
@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded", ""],
)
def test_broken_forms_are_answered_properly(place: Place, body: bytes, kind: str) -> None:
    with httpx.Client(base_url=place.url, trust_env=False, verify=False) as http:
        http.get("/")
        answer = http.post("/do/say", content=body, headers={"Content-Type": kind})
        assert answer.status_code in {400, 403}
        assert answer.headers["content-type"].startswith("text/html")
