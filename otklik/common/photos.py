"""Photos that strangers send, made anew: nothing of the file is kept but what is to be seen."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 2048
"""Points on the longer side of what is kept: enough to read a meter or a number plate."""
LARGEST_FILE = 12_000_000
# A camera of a phone takes fifty million points; a PNG of that size would hold the memory of a process.
MOST_POINTS = {"JPEG": 120_000_000, "PNG": 30_000_000, "WEBP": 30_000_000}
_QUALITY = 85


class UnreadablePhoto(Exception):
    """Файл не похож на фотографию JPEG, PNG или WebP либо слишком велик. Сделайте снимок меньше и приложите снова."""


def remade(body: bytes) -> bytes:
    """The photo as a new JPEG of at most SIDE points: turned as it was taken, without place, time or camera.

    Raises UnreadablePhoto for what is no JPEG, PNG or WebP, or is too large to open.
    """
    if len(body) > LARGEST_FILE:
        raise UnreadablePhoto
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=("JPEG", "PNG", "WEBP")) as picture:
                if picture.width * picture.height > MOST_POINTS[picture.format or "PNG"]:
                    raise UnreadablePhoto
                # A JPEG is decoded smaller from the start: the memory of a small picture for a large one.
                picture.draft("RGB", (SIDE, SIDE))
                return _written(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError,
            Image.DecompressionBombError) as error:  # fmt: skip
        raise UnreadablePhoto from error


def _written(picture: Image.Image) -> bytes:
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((SIDE, SIDE))
    clear = turned.convert("RGBA")
    ground = Image.new("RGBA", clear.size, "white")
    made = io.BytesIO()
    Image.alpha_composite(ground, clear).convert("RGB").save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()
