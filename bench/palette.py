"""Screenshots as PNG of 256 colours: a third of the size, and nobody sees the difference. Standard library only."""

import struct
import zlib
from collections import Counter
from functools import cache

MOST_COLOURS, FREQUENT = 256, 96
Colour = tuple[int, int, int]


def packed(picture: bytes) -> bytes:
    """The picture (8 bits a channel, RGB or RGBA, not interlaced, as browsers make it) with a palette.

    The rarest colours, shades at the edges of letters, become their nearest neighbours.
    """
    width, height, channels, raw = _read(picture)
    rows = _unfiltered(raw, width, height, channels)
    pixels = [list(zip(row[0::channels], row[1::channels], row[2::channels], strict=True)) for row in rows]
    seen = Counter(pixel for row in pixels for pixel in row)
    palette = _palette(seen)
    index = {colour: _nearest(colour, palette) for colour in seen}
    body = b"".join(b"\0" + bytes(index[pixel] for pixel in row) for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", bytes(sum(palette, ()))),
        (b"IDAT", zlib.compress(body, 9)),
        (b"IEND", b""),
    )
    return picture[:8] + b"".join(_chunk(kind, part) for kind, part in parts)


def _palette(seen: Counter[Colour]) -> list[Colour]:
    """The most frequent colours, and one of each corner of the cube, so that a rare red does not turn brown."""
    chosen = dict.fromkeys(colour for colour, _times in seen.most_common(FREQUENT))
    corners: Counter[Colour] = Counter()
    best: dict[Colour, Colour] = {}
    for colour, times in seen.most_common():
        corner = (colour[0] >> 4, colour[1] >> 4, colour[2] >> 4)
        corners[corner] += times
        best.setdefault(corner, colour)
    chosen |= dict.fromkeys(best[corner] for corner, _times in corners.most_common())
    return list(chosen)[:MOST_COLOURS]


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    red, green, blue = colour
    return min(
        range(len(palette)),
        key=lambda at: (
            (palette[at][0] - red) ** 2 + (palette[at][1] - green) ** 2 + (palette[at][2] - blue) ** 2
        ),
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _read(picture: bytes) -> tuple[int, int, int, bytes]:
    width, height, depth, kind, _packing, _filter, interlaced = struct.unpack(">IIBBBBB", picture[16:29])
    if depth != 8 or kind not in {2, 6} or interlaced:
        raise ValueError("not a picture as browsers make it")
    pixels, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            pixels += picture[at + 8 : at + 8 + length]
        at += length + 12
    return width, height, 3 if kind == 2 else 4, zlib.decompress(pixels)


def _unfiltered(raw: bytes, width: int, height: int, channels: int) -> list[bytearray]:
    """Rows of bytes with the five filters of PNG undone."""
    size = width * channels
    rows, above = [], bytearray(size)
    for start in range(0, height * (size + 1), size + 1):
        row = bytearray(raw[start + 1 : start + 1 + size])
        _undo(raw[start], row, above, channels)
        rows.append(row)
        above = row
    return rows


def _undo(kind: int, row: bytearray, above: bytearray, channels: int) -> None:
    for at in range(len(row) if kind else 0):
        left = row[at - channels] if at >= channels else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[at]
        elif kind == 3:
            guess = (left + above[at]) // 2
        else:
            guess = _paeth(left, above[at], above[at - channels] if at >= channels else 0)
        row[at] = (row[at] + guess) & 255


@cache
def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
