"""polls.*, stats.*, appWidgets.*: votes, figures and the community's widget."""

from __future__ import annotations

import json
from typing import Any

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.api.script import CompileError, compile_script
from netsim.api.uploads import received, upload_url
from netsim.shapes import media, people
from netsim.world.communities import DAY
from netsim.world.entities import Json
from netsim.world.records import Poll, StatDay

FIRST_END_DATE = 1_550_700_000
ANSWERS_LIMIT = 10
WIDGET_TYPES = {
    "compact_list",
    "cover_list",
    "donation",
    "list",
    "match",
    "matches",
    "table",
    "text",
    "tiles",
}
WIDGET_PAUSE = 30


def _poll(call: Call, *, own: bool = False) -> Poll:
    asked = call.world.polls.get((call.owner(), call.need_number("poll_id", least=0)))
    if asked is None:
        raise ApiError(251)
    if own and not (asked.author_id == call.by or (asked.owner_id < 0 and call.is_admin(-asked.owner_id))):
        raise ApiError(250)
    return asked


@method("polls.create", "u")
def create_poll(call: Call) -> Json:
    """A poll of up to ten answers."""
    answers, owner = call.json("add_answers"), call.owner()
    fits = isinstance(answers, list) and 0 < len(answers) <= ANSWERS_LIMIT
    if not fits or not all(isinstance(a, str) and a.strip() for a in answers):
        raise invalid("add_answers", "is invalid")
    if not call.text("question").strip():
        raise invalid("question")
    if owner < 0:
        call.known(-owner, own=True)
    asked = call.world.create_poll(
        owner,
        question=call.text("question"),
        answers=answers,
        author_id=call.by,
        anonymous=call.flag("is_anonymous"),
        multiple=call.flag("is_multiple"),
        end_date=call.number("end_date", least=FIRST_END_DATE),
        disable_unvote=call.flag("disable_unvote"),
    )
    return media.poll(call.world, asked, call.by)


@method("polls.edit", "u")
def edit_poll(call: Call) -> int:
    """Change a poll's question, end and answers."""
    asked = _poll(call, own=True)
    asked.question = call.text("question") or asked.question
    asked.end_date = call.number("end_date", asked.end_date)
    gone = {int(i) for i in call.json("delete_answers") or []}
    changed = call.json("edit_answers") or {}
    asked.answers = [
        {**a, "text": changed.get(str(a["id"]), a["text"])} for a in asked.answers if a["id"] not in gone
    ]
    asked.answers += [
        {"id": call.world.following("answer"), "text": t} for t in call.json("add_answers") or []
    ]
    call.world.save(asked)
    return 1


@method("polls.getById", "u")
def get_poll(call: Call) -> Json:
    """A poll as the caller sees it."""
    return media.poll(call.world, _poll(call), call.by)


@method("polls.getVoters", "u")
def get_voters(call: Call) -> list[Json]:
    """Who chose which answer, for public polls only."""
    asked, answers = _poll(call), call.numbers("answer_ids")
    if asked.anonymous:
        raise ApiError(250)
    if not answers or not set(answers) <= {a["id"] for a in asked.answers}:
        raise ApiError(252)
    offset, count = call.page(default=100, most=1000)
    result = []
    for answer in answers:
        voters = [int(who) for who, chosen in asked.votes.items() if answer in chosen]
        items: list[Any] = voters[offset : offset + count]
        if call.words("fields"):
            items = [people.user(call.world, call.world.users[i], call.words("fields")) for i in items]
        result.append({"answer_id": answer, "users": {"count": len(voters), "items": items}})
    return result


@method("polls.addVote", "u")
def add_vote(call: Call) -> int:
    """Vote as the token's user."""
    return int(call.world.vote(_poll(call), call.by, call.numbers("answer_ids", most=ANSWERS_LIMIT)))


def _period(row: StatDay, members: int) -> Json:
    """One day's figures; reach is drawn from what happened that day, since nobody really looks here."""
    reach = row.views + 20 * row.comments + 10 * row.likes + 40 * row.copies
    women = reach * 55 // 100
    split = [{"value": "f", "count": women}, {"value": "m", "count": reach - women}]
    return {
        "period_from": row.day,
        "period_to": row.day + DAY - 1,
        "activity": {
            "likes": row.likes,
            "subscribed": row.subscribed,
            "unsubscribed": row.unsubscribed,
            "comments": row.comments,
            "copies": row.copies,
            "hidden": 0,
        },
        "reach": {
            "reach": reach,
            "reach_subscribers": min(reach, members),
            "mobile_reach": reach * 3 // 4,
            "sex": split,
        },
        "visitors": {"views": reach * 2, "visitors": reach, "mobile_views": reach, "sex": split},
    }


@method("stats.get", "u")
def get_stats(call: Call) -> list[Json]:
    """Figures by day, newest first."""
    group = call.group(own=True)
    until = call.number("timestamp_to", call.world.now())
    days = call.number("intervals_count", 0) or 30
    since = call.number("timestamp_from", until - days * DAY)
    if since > until:
        raise ApiError(150)
    rows = [
        row
        for (gid, day), row in call.world.stat_days.items()
        if gid == group.id and since - DAY < day <= until
    ]
    rows.sort(key=lambda row: -row.day)
    members = people.members_count(call.world, group)
    return [_period(row, members) for row in rows]


@method("stats.getPostReach", "u")
def get_post_reach(call: Call) -> list[Json]:
    """How many saw each post."""
    group = call.known(-call.need_number("owner_id"), own=True)
    ids = call.numbers("post_ids", most=30)
    if not ids:
        raise invalid("post_ids")
    found = [entry for i in ids if (entry := call.world.post(-group.id, i))]
    return [
        {
            "post_id": entry.id, "reach_subscribers": entry.views * 3 // 4, "reach_total": entry.views,
            "links": 0,
            "to_group": 0, "join_group": 0, "report": 0, "hide": 0, "unsubscribe": 0, "reach_viral":
            entry.views // 4,
            "reach_ads": 0,
        }
        for entry in found
    ]  # fmt: skip


@method("appWidgets.update", "c", "app_widget")
def update_widget(call: Call) -> int:
    """Set the community's widget; not more than once in half a minute (else 29)."""
    kind, code = call.need("type"), call.need("code")
    if kind not in WIDGET_TYPES:
        raise invalid("type", "is invalid")
    try:
        shown = compile_script(code).constant()
    except CompileError as error:
        raise ApiError(12, str(error)) from None
    if shown is not False and not isinstance(shown, dict):
        raise invalid("code", "should return an object or false")
    group = call.group()
    if call.world.now() - group.widget.get("updated", 0) < WIDGET_PAUSE:
        raise ApiError(29)
    group.widget = {"type": kind, "content": shown, "updated": call.world.now()}
    call.world.save(group)
    call.world.changed("community", group.id, group)
    return 1


@method("appWidgets.getGroupImageUploadServer", "c", "app_widget")
def widget_image_server(call: Call) -> Json:
    """Where a widget's picture goes."""
    if call.need("image_type") not in {"24x24", "50x50", "160x160", "160x240", "510x128"}:
        raise invalid("image_type", "is invalid")
    return {"upload_url": upload_url(call, f"widget{call.text('image_type')}", -call.token.group_id)}


@method("appWidgets.saveGroupImage", "c", "app_widget")
def save_widget_image(call: Call) -> Json:
    """Keep a widget's picture."""
    call.need("hash")
    call.params["photo"] = json.dumps([{"photo": call.need("image")}])
    upload = received(call, "photo", "widget24x24 widget50x50 widget160x160 widget160x240 widget510x128")
    url = f"{call.world.base_url}/img/{upload.file}"
    kind = upload.purpose.removeprefix("widget")
    return {
        "id": f"{call.token.group_id}_{call.world.following('widget-image')}",
        "type": kind,
        "images": [{"url": url, "width": int(kind.split("x")[0]), "height": int(kind.split("x")[1])}],
    }
