"""Pictures of pages: an emblem for each organisation, drawn by its code, so that a copied one can be told."""

import io
from functools import cache
from hashlib import sha256

from PIL import Image

SIDE, CELL = 8, 16
COVER = (398, 160)


@cache
def emblem(code: str) -> bytes:
    """A symmetrical figure in one colour on a light ground, as a PNG of a few hundred bytes."""
    digest = sha256(code.encode()).digest()
    picture = Image.new("P", (SIDE, SIDE), 0)
    picture.putpalette([236, 240, 244, *(60 + part % 120 for part in digest[:3])])
    for at in range(SIDE * SIDE // 2):
        if digest[3 + at // 8] >> at % 8 & 1:
            x, y = at % (SIDE // 2), at // (SIDE // 2)
            picture.putpixel((x, y), 1)
            picture.putpixel((SIDE - 1 - x, y), 1)
    return _png(picture.resize((SIDE * CELL, SIDE * CELL), Image.Resampling.NEAREST))


@cache
def cover(sphere: str) -> bytes:
    """A plain cover in the colour of the sphere."""
    digest = sha256(f"cover {sphere}".encode()).digest()
    picture = Image.new("P", COVER, 0)
    picture.putpalette([90 + part % 110 for part in digest[:3]])
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    # Two thousand are drawn at the first start: the hardest packing took longer than everything else about them.
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()
