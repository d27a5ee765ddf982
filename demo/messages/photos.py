"""Draws the small pictures residents attach: schematic scenes, written as PNG with the standard library."""

import json
import struct
import zlib
from functools import cache
from math import hypot
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 320, 240
Colour = tuple[int, int, int]


class Canvas:
    """A grid of pixels with the few shapes the scenes need; numbers are pixels from the upper left corner."""

    def __init__(self, upper: Colour, lower: Colour, horizon: int) -> None:
        self.rows = [bytearray(bytes(upper if y < horizon else lower) * WIDTH) for y in range(HEIGHT)]

    def box(self, numbers: list[int], colour: Colour) -> None:
        """A filled rectangle (x, y, width, height), cut at the edges of the picture."""
        x, y, width, height = numbers
        left, right = max(x, 0), min(x + width, WIDTH)
        for row in self.rows[max(y, 0) : max(min(y + height, HEIGHT), 0)]:
            row[left * 3 : right * 3] = bytes(colour) * max(right - left, 0)

    def oval(self, numbers: list[int], colour: Colour) -> None:
        """A filled ellipse (x and y of the centre, half-axes across and up)."""
        x, y, across, high = numbers
        for dy in range(-high, high + 1):
            half = int(across * (1 - (dy / high) ** 2) ** 0.5)
            self.box([x - half, y + dy, 2 * half, 1], colour)

    def line(self, numbers: list[int], colour: Colour) -> None:
        """A straight stroke (from x, y to x, y, thickness)."""
        x1, y1, x2, y2, thick = numbers
        steps = max(int(hypot(x2 - x1, y2 - y1)), 1)
        for step in range(steps + 1):
            x, y = x1 + (x2 - x1) * step // steps, y1 + (y2 - y1) * step // steps
            self.box([x - thick // 2, y - thick // 2, thick, thick], colour)

    def png(self) -> bytes:
        """The picture as a PNG file."""
        head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        body = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def _drawings() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "scenes.json").read_text(encoding="utf-8"))
    return found


def scenes() -> tuple[str, ...]:
    """Names of the pictures there are."""
    return tuple(_drawings()["scenes"])


def _colour(value: str | list[int]) -> Colour:
    red, green, blue = _drawings()["palette"][value] if isinstance(value, str) else value
    return red, green, blue


@cache
def photo(name: str) -> bytes:
    """The picture of a scene as a PNG file of about a kilobyte. Raises KeyError for an unknown scene."""
    scene = _drawings()["scenes"][name]
    canvas = Canvas(_colour(scene["upper"]), _colour(scene["lower"]), scene["horizon"])
    draw = {"box": canvas.box, "oval": canvas.oval, "line": canvas.line}
    for shape, numbers, colour in scene["strokes"]:
        draw[shape](numbers, _colour(colour))
    return canvas.png()
