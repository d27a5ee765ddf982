"""Clients that nobody here wrote, against a running simulator: vk_api, vkbottle and vk-io."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import vk_api
from requests.adapters import HTTPAdapter
from vk_api.bot_longpoll import VkBotEventType, VkBotLongPoll

from netsim.images import drawn
from tests.netsim.conftest import Place, Receiver, listen, until
from tests.netsim.test_schema import EVENTS_SEEN, live_through_everything

ROOT = Path(__file__).parents[2]
STORIES = ROOT / "tests" / "clients"
PYTHON = ROOT / ".venv-clients" / "bin" / "python"
NODE_MODULE = STORIES / "node_modules" / "vk-io"
HOW = "run `python tests/clients/install.py`"

# Real events that vkbottle's models refuse: they demand a user_id that VK does not send, or strings where it sends
# objects (networks.md §1.9).
REFUSED = {"video_comment_delete", "wall_reply_delete", "group_change_settings"}

pytestmark = pytest.mark.clients


class Detour(HTTPAdapter):
    """Leads requests for the real network to the simulator."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send to the simulator."""
        parts = urlsplit(request.url or "")
        request.url = f"{self.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().send(request, *args, **kwargs)


@pytest.fixture
def session(place: Place) -> Iterator[requests.Session]:
    """A session of requests that cannot reach the real network."""
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", Detour(place.url))
    yield made
    made.close()


@pytest.fixture
def order(place: Place, tmp_path: Path) -> dict[str, Any]:
    """What the stories of other languages are told."""
    place.act("message", text="Вопрос")
    place.api("groups.setLongPollSettings", group_id=place.gid, enabled=1, message_new=1, api_version="5.199")
    picture = tmp_path / "p.png"
    picture.write_bytes(drawn("client", 300, 200))
    return {
        "url": place.url, "token": place.tokens["community"], "group_id": place.gid, "user_id": place.resident,
        "post_id": place.post(), "picture": str(picture), "events": [],
    }  # fmt: skip


def story(command: list[str], order: dict[str, Any], tmp_path: Path) -> Any:
    """Run a story and read what it tells."""
    file = tmp_path / "order.json"
    file.write_text(json.dumps(order))
    ran = subprocess.run(
        [*command, str(file)], cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)


def test_vk_api_calls_and_uploads(place: Place, session: requests.Session, order: dict[str, Any]) -> None:
    vk = vk_api.VkApi(token=order["token"], session=session, api_version="5.199")
    api = vk.get_api()
    assert api.groups.getById(group_id=place.gid)["groups"][0]["id"] == place.gid
    sent = api.messages.send(peer_id=place.resident, message="Ответ", random_id=5)
    assert api.messages.send(peer_id=place.resident, message="Ответ", random_id=5) == sent
    photo = vk_api.VkUpload(vk).photo_messages(order["picture"])[0]
    assert photo["owner_id"] == place.owner
    said = api.wall.createComment(owner_id=place.owner, post_id=order["post_id"], message="Да", guid="g")
    assert said["comment_id"] == place.look("comments", group_id=place.gid, own=1)["items"][0]["id"]
    with pytest.raises(vk_api.ApiError) as refused:
        api.wall.get(owner_id=place.owner)
    assert refused.value.code == 27
    assert vk.method("execute", {"code": "return [API.utils.getServerTime(), 1];"})[1] == 1


def test_vk_api_long_poll(place: Place, session: requests.Session, order: dict[str, Any]) -> None:
    vk = vk_api.VkApi(token=order["token"], session=session, api_version="5.199")
    polling = VkBotLongPoll(vk, place.gid, wait=5)
    polling.session.trust_env = False
    place.act("message", text="Из ленты")
    events = polling.check()
    polling.session.close()
    assert [event.type for event in events] == [VkBotEventType.MESSAGE_NEW]
    assert events[0].object.message["text"] == "Из ленты"


def test_vkbottle(place: Place, receiver: Receiver, order: dict[str, Any], tmp_path: Path) -> None:
    if not PYTHON.exists():
        pytest.skip(f"vkbottle is not installed: {HOW}")
    listen(place, receiver)
    live_through_everything(place)
    until(lambda: {event["type"] for event in receiver.got} >= EVENTS_SEEN)
    place.act("allow")
    name = place.look("communities", id=place.gid)["items"][0]["name"]
    told = story(
        [str(PYTHON), str(STORIES / "vkbottle_story.py")], {**order, "events": receiver.got}, tmp_path
    )
    assert told["group"] == [place.gid, name, 15_234 - 0]
    assert told["person"] == [place.resident, "Иван"]
    assert ["Ответ", 1] in told["history"]
    assert told["refused"] == 27
    assert told["polled"] == "Из ленты"
    assert {kind: why for kind, why in told["wrong"].items() if kind not in REFUSED} == {}
    assert place.look("comments", group_id=place.gid, own=1, object_id=order["post_id"])["count"] == 1


def test_vk_io(place: Place, order: dict[str, Any], tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not NODE_MODULE.is_dir():
        pytest.skip(f"vk-io is not installed: {HOW} (Node is needed)")
    told = story([node, str(STORIES / "vk_io_story.cjs")], order, tmp_path)
    assert told["people"] == ["Иван"]
    assert told["photo"] == place.owner
    assert told["refused"] == 27
    assert told["status"] == "ok"
    assert sorted(text for _, text in told["heard"]) == ["Комментарий", "Письмо"]
    assert place.look("messages", group_id=place.gid, out=1)["items"][0]["id"] == told["message"]
