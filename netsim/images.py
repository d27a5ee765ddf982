"""Pictures without an imaging library: what a file is, how large it is, and a drawn square for those without
one."""

from __future__ import annotations

import struct
import zlib

# Start-of-frame markers of JPEG that carry the size (all but DHT, JPG and DAC).
JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def measure(body: bytes) -> tuple[str, int, int] | None:
    """(extension, width, height) of a JPEG, PNG, GIF; None for anything else, as VK takes no other
    picture."""
    if body.startswith(b"\x89PNG\r\n\x1a\n") and len(body) >= 24:
        width, height = struct.unpack(">II", body[16:24])
        return _sane("png", width, height)
    if body.startswith((b"GIF87a", b"GIF89a")) and len(body) >= 10:
        width, height = struct.unpack("<HH", body[6:10])
        return _sane("gif", width, height)
    if body.startswith(b"\xff\xd8\xff"):
        return _jpeg(body)
    return None


def _sane(kind: str, width: int, height: int) -> tuple[str, int, int] | None:
    # VK refuses pictures whose sides add up to more than 14 000 points.
    return (kind, width, height) if 0 < width + height <= 14_000 and width and height else None


def _jpeg(body: bytes) -> tuple[str, int, int] | None:
    at = 2
    while at + 9 < len(body):
        if body[at] != 0xFF:
            return None
        marker, (length,) = body[at + 1], struct.unpack(">H", body[at + 2 : at + 4])
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return _sane("jpg", width, height)
        at += 2 + length
    return None


def drawn(seed: str, width: int = 200, height: int = 200) -> bytes:
    """A PNG of two colours made of the seed: the stand-in for avatars and demonstration photos."""
    number = zlib.crc32(seed.encode())
    first = bytes((number >> shift) % 128 + 96 for shift in (0, 8, 16))
    second = bytes(part // 2 for part in first)
    rows = bytearray()
    for y in range(height):
        edge = width * (y + 1) // (height + 1)
        rows += b"\0" + second * edge + first * (width - edge)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, data)
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
