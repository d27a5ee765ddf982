"""video.*: videos and live broadcasts."""

from __future__ import annotations

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.shapes import media
from netsim.world.entities import Json, Video


@method("video.get", "u")
def get(call: Call) -> Json:
    """Videos by `owner_id`s, or an owner's, newest first."""
    if call.words("videos"):
        refs = ["video" + "_".join(word.split("_")[:2]) for word in call.words("videos")]
        items = [shown["video"] for ref in refs if (shown := media.attachment(call.world, ref))]
        return {"count": len(items), "items": items}
    offset, count = call.page(default=100, most=200)
    found = call.world.videos_of(call.owner())
    items = [media.video(call.world, v) for v in found[offset : offset + count]]
    return {
        "count": len(found),
        "items": items,
        **({"profiles": [], "groups": []} if call.flag("extended") else {}),
    }


def _own_video(call: Call, owner: int) -> Video:
    clip = call.world.videos.get((owner, call.need_number("video_id", least=0)))
    if clip is None:
        raise ApiError(204)
    return clip


def _owner(call: Call) -> int:
    group_id = call.number("group_id", least=0)
    if group_id:
        call.known(group_id, own=True)
    return -group_id or call.by


@method("video.startStreaming", "u")
def start_streaming(call: Call) -> Json:
    """Begin a broadcast: a new one, or an announced one by `video_id`."""
    owner = _owner(call)
    if call.number("video_id"):
        clip = _own_video(call, owner)
        call.world.set_video(clip, live_status="started", title=call.text("name") or clip.title)
    else:
        clip = call.world.create_video(
            owner,
            title=call.text("name") or "Прямой эфир",
            description=call.text("description"),
            user_id=call.by,
            live_status="started",
            comments_open=not call.flag("no_comments"),
        )
    answer: Json = {
        "owner_id": owner,
        "video_id": clip.id,
        "name": clip.title,
        "description": clip.description,
        "access_key": clip.access_key,
        "stream": {
            "url": "rtmp://live.invalid/input/",
            "key": f"{clip.id}_{call.world.secret(12)}",
            "okmp_url": "okmp://live.invalid/input",
            "webrtc_url": "https://live.invalid/webrtc",
        },
    }
    if call.flag("wallpost"):
        ref = f"video{owner}_{clip.id}"
        entry = call.world.create_post(
            owner, from_id=owner, text=clip.title, created_by=call.by, attachments=[ref]
        )
        answer["post_id"] = entry.id
    return answer


@method("video.stopStreaming", "u")
def stop_streaming(call: Call) -> Json:
    """End a broadcast."""
    clip = _own_video(call, _owner(call))
    if clip.live_status != "started":
        raise invalid("video_id", "is not a running broadcast")
    call.world.set_video(clip, live_status="finished")
    return {"unique_viewers": clip.spectators}


@method("video.save", "u")
def save(call: Call) -> Json:
    """Make a place for a video; its file is not needed here."""
    owner = _owner(call)
    clip = call.world.create_video(
        owner, title=call.text("name"), description=call.text("description"), user_id=call.by
    )
    return {
        "owner_id": owner,
        "video_id": clip.id,
        "title": clip.title,
        "description": clip.description,
        "access_key": clip.access_key,
        "upload_url": f"{call.world.base_url}/upload/video",
    }
