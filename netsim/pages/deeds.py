"""What a person does on the pages: each form leads to one deed of the world."""

from __future__ import annotations

import zlib

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from netsim.api.comments import FOREIGN_LINK
from netsim.pages import people
from netsim.pages.forms import TEXT_LIMIT, text_of, whole_number
from netsim.pages.pictures import received
from netsim.pages.talk import Thing, key_of, path_of, thing_of
from netsim.pages.views import club_page, object_page
from netsim.pages.visitor import ROLE, WHO, Problem, Unsent, Visit, local_path
from netsim.world import CommentsClosedError, Draft, NoSuchObjectError
from netsim.world.entities import Comment, Community, ObjectKey, Post, Topic, Video


async def become(visit: Visit, form: FormData) -> Response:
    """Choose who I am: a ready resident, somebody who wrote here, or a new name."""
    name, number = str(form.get("name", ""))[:200], whole_number(form, "person")
    if name.strip() or not number:
        person = people.named(visit.world, name)
    else:
        person = visit.world.user(number) or people.add(visit.world, number)
    visit.cookies |= {WHO: str(person.id), ROLE: ""}
    return RedirectResponse(local_path(str(form.get("back", "/"))), 303)


async def play(visit: Visit, form: FormData) -> Response:
    """Act as the administrator of every page, or as a resident again."""
    visit.person()
    visit.cookies[ROLE] = "admin" if form.get("role") == "admin" else ""
    return RedirectResponse(local_path(str(form.get("back", "/"))), 303)


# -- comments -----------------------------------------------------------------------------------------------
async def say(visit: Visit, form: FormData) -> Response:
    """Write a comment or a reply; what is refused stays in the form with the reason."""
    key = key_of(str(form.get("object", "")))
    _, group = thing_of(visit, key)
    try:
        said = await _say(visit, form, key, group)
    except Problem as problem:
        reply_to = whole_number(form, "reply_to")
        visit.unsent = Unsent(text=text_of(form), problem=problem, reply_to=reply_to)
        return object_page(visit, key, problem.status)
    return RedirectResponse(path_of(key, said.id), 303)


async def _say(visit: Visit, form: FormData, key: ObjectKey, group: Community) -> Comment:
    author, by = visit.speaker(group)
    text, reply_to = text_of(form, TEXT_LIMIT), whole_number(form, "reply_to")
    if author > 0 and visit.world.is_banned(group.id, author):
        raise Problem("banned", status=403)
    if group.links_forbidden and FOREIGN_LINK.search(text):
        raise Problem("links")
    if not visit.world.is_open(key):
        raise Problem("closed", status=403)
    pictures = await received(visit, form, author)
    if not text.strip() and not pictures:
        raise Problem("empty")
    # The same form sent twice is one comment; another text in it (after "back") is another comment.
    guid = f"{str(form.get('nonce', ''))[:20]}-{zlib.crc32(text.encode()):08x}-{reply_to}"
    draft = Draft(
        from_id=author, text=text, attachments=pictures, reply_to=reply_to, created_by=by, guid=guid
    )
    try:
        return visit.world.say(key, draft)
    except CommentsClosedError:
        raise Problem("closed", status=403) from None
    except NoSuchObjectError:
        raise Problem("answered_gone") from None


def _named(visit: Visit, form: FormData) -> Comment:
    key = key_of(str(form.get("object", "")))
    said = visit.world.comment(key[0], key[1], whole_number(form, "comment"))
    if said is None or said.object_key != key:
        raise Problem("gone", status=404)
    return said


def _rights(visit: Visit, said: Comment) -> None:
    if not visit.admin and said.from_id != visit.person().id:
        raise Problem("not_yours", status=403)


async def edit(visit: Visit, form: FormData) -> Response:
    """Change my comment; its pictures stay."""
    said, text = _named(visit, form), text_of(form)
    if said.from_id != (said.owner_id if visit.admin else visit.person().id):
        raise Problem("not_yours", status=403)
    try:
        text_of(form, TEXT_LIMIT)
        if said.deleted or not (text.strip() or said.attachments):
            raise Problem("answered_gone" if said.deleted else "empty")
    except Problem as problem:
        visit.unsent = Unsent(text=text, problem=problem, edits=said.id)
        return object_page(visit, said.object_key, problem.status)
    if text != said.text:
        visit.world.edit_comment(said, text=text)
    return RedirectResponse(path_of(said.object_key, said.id), 303)


async def delete(visit: Visit, form: FormData) -> Response:
    """Take a comment away: my own, or any as the administrator."""
    said = _named(visit, form)
    _rights(visit, said)
    group = visit.world.communities[-said.owner_id]
    by = visit.speaker(group)[1] if visit.admin else visit.my_id
    visit.world.delete_comment(said, by=by)
    return RedirectResponse(path_of(said.object_key, said.id), 303)


async def restore(visit: Visit, form: FormData) -> Response:
    """Bring back what was deleted; its author only when they deleted it themselves."""
    said = _named(visit, form)
    _rights(visit, said)
    if not visit.admin and said.deleted and said.deleter_id != visit.my_id:
        raise Problem("not_yours", status=403)
    visit.world.restore_comment(said)
    return RedirectResponse(path_of(said.object_key, said.id), 303)


# -- the page -----------------------------------------------------------------------------------------------
def _run(visit: Visit) -> None:
    visit.person()
    if not visit.admin:
        raise Problem("not_admin", status=403)


async def publish(visit: Visit, form: FormData) -> Response:
    """Publish a post as the page."""
    _run(visit)
    group = visit.world.community(whole_number(form, "group"))
    if group is None:
        raise Problem("unknown", status=404)
    try:
        author, by = visit.speaker(group)
        text, pictures = text_of(form, TEXT_LIMIT), await received(visit, form, -group.id)
        if not text.strip() and not pictures:
            raise Problem("empty")
    except Problem as problem:
        visit.unsent = Unsent(text=text_of(form), problem=problem)
        return club_page(visit, group, problem.status)
    shut = form.get("closed") == "1"
    entry = visit.world.create_post(
        -group.id, from_id=author, text=text, created_by=by, attachments=pictures, comments_open=not shut
    )
    return RedirectResponse(path_of(("wall", -group.id, entry.id)), 303)


async def close(visit: Visit, form: FormData) -> Response:
    """Close comments under a thing of the page, or open them."""
    _run(visit)
    key = key_of(str(form.get("object", "")))
    thing, group = thing_of(visit, key)
    _set_open(visit, thing, group, opened=form.get("open") == "yes")
    return RedirectResponse(path_of(key), 303)


def _set_open(visit: Visit, thing: Thing, group: Community, *, opened: bool) -> None:
    world = visit.world
    if isinstance(thing, Post):
        world.set_post(thing, comments_open=opened)
    elif isinstance(thing, Video):
        world.set_video(thing, comments_open=opened)
    else:
        if isinstance(thing, Topic):
            thing.closed = not opened
        else:
            thing.comments_open = opened
        world.save(thing)
        world.changed(thing.KIND, group.id, thing)


async def mark(visit: Visit, form: FormData) -> Response:
    """Give the page the mark of a state organisation or take it away, open or close the comments of its wall."""
    _run(visit)
    group = visit.world.community(whole_number(form, "group"))
    if group is None:
        raise Problem("unknown", status=404)
    if "badge" in form:
        group.is_government = form.get("badge") == "yes"
    if "open" in form:
        group.wall = 1 if form.get("open") == "yes" else 3
    visit.world.save(group)
    visit.world.changed("community", group.id, group)
    return RedirectResponse(f"/club{group.id}", 303)


async def remove(visit: Visit, form: FormData) -> Response:
    """Delete a post of the page."""
    _run(visit)
    thing, group = thing_of(visit, key_of(str(form.get("object", ""))))
    if not isinstance(thing, Post):
        raise Problem("gone", status=404)
    visit.world.set_post(thing, deleted=True)
    return RedirectResponse(f"/club{group.id}", 303)


async def vote(visit: Visit, form: FormData) -> Response:
    """Vote in a poll; a second vote changes nothing."""
    me = visit.person()
    asked = visit.world.polls.get((whole_number(form, "owner"), whole_number(form, "poll")))
    chosen = [
        int(raw)
        for raw in form.getlist("answer")
        if isinstance(raw, str) and raw.isascii() and raw.isdecimal()
    ]
    if asked is None or not visit.world.vote(asked, me.id, chosen):
        raise Problem("no_vote")
    return RedirectResponse(local_path(str(form.get("back", "/"))), 303)
