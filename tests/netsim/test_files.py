"""Uploads in three steps, refused files, served pictures, and `execute`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netsim.api.script import CompileError, compile_script
from netsim.images import drawn, measure
from tests.netsim.conftest import Place


def sent(place: Place, body: bytes, name: str = "p.png", field: str = "photo", method: str = "") -> Any:
    """The first two steps of an upload."""
    url = place.api(method or "photos.getMessagesUploadServer")["upload_url"]
    return place.http.post(url, files={field: (name, body)}).json()


def test_a_picture_goes_the_whole_way(place: Place) -> None:
    place.act("message", text="Вопрос")
    body = drawn("whole way", 800, 500)
    step = sent(place, body)
    photo = place.api(
        "photos.saveMessagesPhoto", photo=step["photo"], server=step["server"], hash=step["hash"]
    )[0]
    assert photo["owner_id"] == place.owner
    assert [size["type"] for size in photo["sizes"]] == ["s", "m", "x", "y"]
    assert place.http.get(photo["sizes"][-1]["url"]).content == body
    ref = f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}"
    number = place.api("messages.send", peer_id=place.resident, attachment=ref, random_id=9)
    shown = place.api("messages.getById", message_ids=number)["items"][0]["attachments"][0]["photo"]
    assert shown["id"] == photo["id"]


@pytest.mark.parametrize("body", [b"GIF8", b"<svg/>", b"%PDF-1.4", b"\x00\x01\x02", "картинка".encode()])
def test_what_is_not_a_picture_is_refused(place: Place, body: bytes) -> None:
    step = sent(place, body)
    assert step["photo"] == "[]"
    assert place.error("photos.saveMessagesPhoto", photo=step["photo"], hash=step["hash"]) == 129


def test_empty_and_missing_files_are_refused(place: Place) -> None:
    assert sent(place, b"")["error"].startswith("ERR_UPLOAD")
    assert sent(place, drawn("x"), field="picture")["error"].startswith("ERR_UPLOAD")
    assert place.http.post("/upload/message?ticket=none").json()["error"].startswith("ERR_UPLOAD")


def test_a_forged_hash_is_refused_and_a_ticket_serves_once(place: Place) -> None:
    step = sent(place, drawn("x"))
    assert place.error("photos.saveMessagesPhoto", photo=step["photo"], hash="forged") == 121
    assert place.api("photos.saveMessagesPhoto", photo=step["photo"], hash=step["hash"])
    assert place.error("photos.saveMessagesPhoto", photo=step["photo"], hash=step["hash"]) == 129
    assert place.error("photos.saveMessagesPhoto", photo="{broken", hash=step["hash"]) == 129


def test_programs_are_not_documents(place: Place) -> None:
    step = sent(place, b"MZ", "virus.exe", "file", "docs.getMessagesUploadServer")
    assert step["error"].startswith("ERR_UPLOAD_FILE_TYPE")
    step = sent(place, b"%PDF-1.4", "<b>Ответ</b>.pdf", "file", "docs.getMessagesUploadServer")
    doc = place.api("docs.save", file=step["file"])["doc"]
    assert doc["ext"] == "pdf"
    served = place.http.get(doc["url"])
    assert served.content == b"%PDF-1.4"
    assert served.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "x.png", "0" * 24 + ".png"])
def test_only_our_own_files_are_served(place: Place, name: str) -> None:
    assert place.http.get(f"/img/{name}").status_code == 404


@given(width=st.integers(1, 300), height=st.integers(1, 300), words=st.text())
def test_a_drawn_picture_measures_as_asked(width: int, height: int, words: str) -> None:
    assert measure(drawn(words, width, height)) == ("png", width, height)


@given(body=st.binary(max_size=200))
def test_measuring_never_fails(body: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a"):
        found = measure(start + body)
        assert found is None or found[0] in {"jpg", "png", "gif"}


def test_a_jpeg_is_measured() -> None:
    head = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0001108002a004503012200021101031101")
    assert measure(head) == ("jpg", 69, 42)


# -- execute -------------------------------------------------------------------------------------------------
def test_execute_carries_many_calls_and_tells_errors_apart(place: Place) -> None:
    calls = [
        f'API.users.get({{"user_ids": {place.resident}}})[0].id',
        f"API.wall.get({{owner_id: {place.owner}}})",
        'API.users.get({"user_ids": "no_such_name"})',
    ]
    body = place.raw("execute", code=f"return [{', '.join(calls)}];")
    assert body["response"] == [place.resident, False, False]
    told = [(error["method"], error["error_code"]) for error in body["execute_errors"]]
    assert told == [("wall.get", 27), ("users.get", 113)]


def test_execute_may_call_twenty_five_times(place: Place) -> None:
    calls = ["API.utils.getServerTime()"] * 25
    assert len(place.api("execute", code=f"return [{','.join(calls)}];")) == 25
    assert place.error("execute", code=f"return [{','.join([*calls, calls[0]])}];") == 13


def test_execute_keeps_variables_and_picks_fields(place: Place) -> None:
    place.act("join")
    code = (
        f'var g = API.groups.getMembers({{"group_id": {place.gid}}});'
        ' var u = API.users.get({"user_ids": g.items});'
        ' return {"ids": u@.id, "name": u[0].first_name + " " + u[0].last_name, "n": g.items.length};'
    )
    found = place.api("execute", code=code)
    assert found == {"ids": [place.resident], "name": "Иван Жителев", "n": 1}


@pytest.mark.parametrize(
    "code", ["return {;", "return [1,2", "x", "return 1 2;", "for(;;){}", "return " + "[" * 100]
)
def test_what_does_not_compile_is_error_12(place: Place, code: str) -> None:
    assert place.error("execute", code=code) == 12


LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers(0, 10**6) | st.text(alphabet="абвABC 1-", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(value=LITERALS)
def test_a_literal_means_itself(value: object) -> None:
    assert compile_script(f"return {json.dumps(value, ensure_ascii=False)};").constant() == value


@given(code=st.text(max_size=60))
def test_compiling_anything_ends_in_a_script_or_a_complaint(code: str) -> None:
    complaint = ""
    try:
        compiled = compile_script(code)
    except CompileError as error:
        complaint, compiled = str(error), None
    assert bool(complaint) == (compiled is None)


def test_a_widget_is_set_and_not_too_often(place: Place) -> None:
    token = place.sim("tokens", {"kind": "community", "group_id": place.gid, "scopes": ["app_widget"]})[
        "value"
    ]
    code = 'return {"title":"Ответы жителям","text":"За неделю решено 42 вопроса"};'
    assert place.error("appWidgets.update", token, type="text", code="return API.users.get();") == 12
    assert place.api("appWidgets.update", token, type="text", code=code) == 1
    assert place.error("appWidgets.update", token, type="text", code=code) == 29
    shown = place.look("communities", id=place.gid)["items"][0]["widget"]
    assert shown["content"]["title"] == "Ответы жителям"
