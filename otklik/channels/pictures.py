"""A picture as a few bits, so that two avatars can be compared: what was copied stays near what it was copied from."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

SIDE = 8
# Far above any avatar of a network (400 points a side) and far below what would hurt the memory.
MOST_POINTS = 25_000_000


class UnreadablePicture(Exception):
    """Картинку не удалось прочитать."""


def average_hash(body: bytes) -> str:
    """The average hash of a picture, 16 hexadecimal digits: bit is set where a point is lighter than the mean.

    Survives another size, format or compression; compare two by the number of differing bits (0 is the same,
    up to about 6 of 64 a copy). Raises UnreadablePicture for what is no picture or too large to open.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
                if picture.width * picture.height > MOST_POINTS:
                    raise UnreadablePicture
                # Transparent parts would be black, and every logo on a clear ground would look alike.
                clear = picture.convert("RGBA")
                ground = Image.new("RGBA", clear.size, "white")
                small = (
                    Image.alpha_composite(ground, clear)
                    .convert("L")
                    .resize((SIDE, SIDE), Image.Resampling.BOX)
                )
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as error:  # fmt: skip
        raise UnreadablePicture from error
    points = small.tobytes()
    mean = sum(points) / len(points)
    bits = "".join("1" if point > mean else "0" for point in points)
    return f"{int(bits, 2):0{SIDE * SIDE // 4}x}"
