"""Pictures people attach to what they say."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile

from netsim import images
from netsim.pages.visitor import Problem, Visit

PHOTOS_LIMIT = 5
PHOTO_BYTES = 10 * 1024 * 1024
# Albums with negative numbers are the network's own: a picture of a comment is no event of the page.
COMMENT_ALBUM, LETTER_ALBUM = -7, -64


async def received(visit: Visit, form: FormData, owner_id: int, album_id: int = COMMENT_ALBUM) -> list[str]:
    """References of the form's pictures, stored as the owner's. All are checked before any is kept.

    Raises `Problem` naming the first file that is no picture the network takes.
    """
    sent = [
        part
        for part in form.getlist("photo")
        if isinstance(part, UploadFile) and (part.filename or part.size)
    ]
    if len(sent) > PHOTOS_LIMIT:
        raise Problem("many_pictures", detail=str(PHOTOS_LIMIT))
    bodies = []
    for part in sent:
        name = (part.filename or "")[:80]
        if (part.size or 0) > PHOTO_BYTES:
            raise Problem("large_picture", detail=name)
        body = await part.read()
        _check(name, body)
        bodies.append(body)
    pictures = [
        visit.world.create_photo(owner_id, body, album_id=album_id, user_id=visit.my_id) for body in bodies
    ]
    return [f"photo{picture.owner_id}_{picture.id}" for picture in pictures]


def _check(name: str, body: bytes) -> None:
    if images.measure(body) is None:
        raise Problem("not_a_picture", detail=name)
