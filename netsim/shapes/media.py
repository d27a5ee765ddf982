"""Photos, videos, documents, polls and attachments as JSON."""

from __future__ import annotations

from collections.abc import Callable

from netsim.world.entities import Doc, Json, Photo, Topic, Video
from netsim.world.records import Poll
from netsim.world.state import State

# Letters of VK's size scale and the longest side of each: dev.vk.com/ru/reference/objects/photo-sizes.
SIZES = (("s", 75), ("m", 130), ("x", 604), ("y", 807), ("z", 1080), ("w", 2560))


def photo_sizes(state: State, picture: Photo) -> list[Json]:
    """Every size up to the first that shows the picture whole; all addresses lead to this simulator."""
    sizes: list[Json] = []
    longest = max(picture.width, picture.height, 1)
    for letter, side in SIZES:
        scale = min(side / longest, 1.0)
        sizes.append(
            {
                "height": max(round(picture.height * scale), 1),
                "type": letter,
                "width": max(round(picture.width * scale), 1),
                "url": f"{state.base_url}/img/{picture.file}?size={letter}",
            }
        )
        if side >= longest:
            break
    return sizes


def photo(state: State, picture: Photo) -> Json:
    """A photo."""
    sizes = photo_sizes(state, picture)
    return {
        "album_id": picture.album_id,
        "date": picture.date,
        "id": picture.id,
        "owner_id": picture.owner_id,
        **({"access_key": picture.access_key} if picture.access_key else {}),
        **({"user_id": picture.user_id} if picture.user_id > 0 else {}),
        "sizes": sizes,
        "text": picture.text,
        "has_tags": False,
        "orig_photo": sizes[-1],
    }


def video(state: State, clip: Video) -> Json:
    """A video or a live broadcast, as video.get shows it to an administrator."""
    live: Json = {}
    if clip.live_status:
        live = {"live": 1, "live_status": clip.live_status, "spectators": clip.spectators}
        if clip.live_status == "upcoming":
            live |= {"upcoming": 1, "live_start_time": clip.live_start_time}
    return {
        "id": clip.id,
        "owner_id": clip.owner_id,
        "title": clip.title,
        "description": clip.description,
        "duration": clip.duration,
        "date": clip.date,
        "type": "live" if clip.live_status else "video",
        **live,
        "views": clip.views,
        "comments": sum(
            1 for c in state.threads.get(("video", clip.owner_id, clip.id), {}).values() if not c.deleted
        ),
        "can_comment": int(clip.comments_open),
        **({"access_key": clip.access_key} if clip.access_key else {}),
        "player": f"{state.base_url}/video_ext.php?oid={clip.owner_id}&id={clip.id}",
        "image": [
            {
                "url": f"{state.base_url}/img/avatar-v{clip.id}.png",
                "width": 320,
                "height": 180,
                "with_padding": 1,
            }
        ],
    }


def doc(state: State, file: Doc) -> Json:
    """A document."""
    return {
        "id": file.id,
        "owner_id": file.owner_id,
        "title": file.title,
        "size": file.size,
        "ext": file.ext,
        "date": file.date,
        "type": file.type,
        "url": f"{state.base_url}/img/{file.file}?doc=1",
        **({"access_key": file.access_key} if file.access_key else {}),
    }


def poll(state: State, question: Poll, viewer: int = 0) -> Json:
    """A poll as the viewer sees it."""
    total = len(question.votes)
    counts = {a["id"]: sum(a["id"] in chosen for chosen in question.votes.values()) for a in question.answers}
    closed = bool(question.end_date) and question.end_date <= state.now()
    mine = question.votes.get(str(viewer), [])
    return {
        "id": question.id,
        "owner_id": question.owner_id,
        "created": question.created,
        "question": question.question,
        "votes": total,
        "answers": [
            {
                "id": a["id"],
                "text": a["text"],
                "votes": counts[a["id"]],
                "rate": round(100 * counts[a["id"]] / total, 2) if total else 0,
            }
            for a in question.answers
        ],
        "anonymous": question.anonymous,
        "multiple": question.multiple,
        "answer_ids": mine,
        "end_date": question.end_date,
        "closed": closed,
        "is_board": False,
        "can_edit": viewer == question.author_id,
        "can_vote": not closed and not mine,
        "can_report": False,
        "can_share": True,
        "author_id": question.author_id,
        "disable_unvote": question.disable_unvote,
    }


def topic(state: State, discussion: Topic) -> Json:
    """A discussion."""
    comments = state.threads.get(("topic", discussion.owner_id, discussion.id), {}).values()
    return {
        "id": discussion.id,
        "title": discussion.title,
        "created": discussion.created,
        "created_by": discussion.created_by,
        "updated": discussion.updated or discussion.created,
        "updated_by": discussion.updated_by or discussion.created_by,
        "is_closed": int(discussion.closed),
        "is_fixed": int(discussion.fixed),
        "comments": sum(1 for c in comments if not c.deleted),
    }


def _address(ref: str, kind: str) -> tuple[int, int]:
    owner, number = ref.removeprefix(kind).split("_")[:2]
    return int(owner), int(number)


def _photo_ref(state: State, ref: str) -> Json | None:
    found = state.photos.get(_address(ref, "photo"))
    return {"type": "photo", "style": "resize", "photo": photo(state, found)} if found else None


def _video_ref(state: State, ref: str) -> Json | None:
    found = state.videos.get(_address(ref, "video"))
    return {"type": "video", "video": video(state, found)} if found else None


def _doc_ref(state: State, ref: str) -> Json | None:
    found = state.docs.get(_address(ref, "doc"))
    return {"type": "doc", "doc": doc(state, found)} if found else None


def _poll_ref(state: State, ref: str) -> Json | None:
    found = state.polls.get(_address(ref, "poll"))
    return {"type": "poll", "poll": poll(state, found)} if found else None


REFS: dict[str, Callable[[State, str], Json | None]] = {
    "photo": _photo_ref,
    "video": _video_ref,
    "doc": _doc_ref,
    "poll": _poll_ref,
}


def attachment(state: State, ref: str) -> Json | None:
    """An attachment by its reference (`photo-1_2`, `doc5_6`, `https://…`); None when there is no such
    object."""
    if ref.startswith(("http://", "https://")):
        return {"type": "link", "link": {"url": ref, "title": ref[:100], "caption": "", "description": ""}}
    for kind, find in REFS.items():
        if ref.startswith(kind):
            try:
                return find(state, ref)
            except ValueError:
                return None
    return None


def attachments(state: State, refs: list[str]) -> list[Json]:
    """The attachments that still exist, in order."""
    return [shown for ref in refs if (shown := attachment(state, ref))]
