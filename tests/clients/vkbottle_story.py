"""vkbottle against the simulator: its typed calls, its upload, its Long Poll; and its models read every event.

Takes one JSON object as its argument and prints another.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from vkbottle import API, BotPolling, PhotoMessageUploader, VKAPIError
from vkbottle_types.events import GroupTypes


class LocalAPI(API):
    """The library's client with another address."""

    API_URL = ""


async def talk(given: dict[str, Any]) -> dict[str, Any]:
    """Call methods as a bot would."""
    LocalAPI.API_URL = f"{given['url']}/method/"
    api = LocalAPI(given["token"])
    told: dict[str, Any] = {}
    group = (
        await api.groups.get_by_id(group_ids=[given["group_id"]], fields=["verified", "members_count"])
    ).groups[0]
    told["group"] = [group.id, group.name, group.members_count]
    person = (await api.users.get(user_ids=[given["user_id"]]))[0]
    told["person"] = [person.id, person.first_name]
    photo = await PhotoMessageUploader(api).upload(given["picture"], peer_id=given["user_id"])
    told["message"] = await api.messages.send(
        peer_id=given["user_id"], message="Ответ", attachment=photo, random_id=11
    )
    history = await api.messages.get_history(peer_id=given["user_id"])
    told["history"] = [[m.text, len(m.attachments or [])] for m in history.items]
    said = await api.wall.create_comment(
        owner_id=-given["group_id"], post_id=given["post_id"], message="Здравствуйте!", guid="vkbottle-1"
    )
    told["comment"] = said.comment_id
    try:
        await api.wall.get(owner_id=-given["group_id"])
    except VKAPIError[27] as refused:
        told["refused"] = refused.code
    told["polled"] = await polled(api, given)
    await api.http_client.close()
    return told


async def polled(api: API, given: dict[str, Any]) -> str:
    """One event by the library's own Long Poll; a message is written when it begins to wait."""
    polling = BotPolling(api, group_id=given["group_id"], wait=5)
    events = polling.listen().__aiter__()
    waiting = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.3)
    order = {"group_id": given["group_id"], "user_id": given["user_id"], "text": "Из ленты"}
    await api.http_client.request_text(f"{given['url']}/sim/act/message", method="POST", json=order)
    event = await asyncio.wait_for(waiting, 10)
    polling.stop = True
    return str(GroupTypes.MessageNew(**event["updates"][0]).object.message.text)


def read(events: list[dict[str, Any]]) -> dict[str, str]:
    """What the library's models have against the events."""
    wrong = {}
    for event in events:
        model = getattr(GroupTypes, "".join(part.capitalize() for part in event["type"].split("_")))
        try:
            model(**event)
        except ValueError as error:
            wrong[event["type"]] = str(error)[:300]
    return wrong


def main() -> None:
    """Read the order, tell the story."""
    given = json.loads(Path(sys.argv[1]).read_text())
    told = asyncio.run(talk(given))
    told["wrong"] = read(given["events"])
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
