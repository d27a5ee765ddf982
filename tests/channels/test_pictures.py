"""Two pictures that look alike have hashes that lie near each other."""

import io

import pytest
from PIL import Image, ImageDraw

from otklik.channels.pictures import MOST_POINTS, UnreadablePicture, average_hash


def emblem(size: int = 200, *, form: str = "PNG", mark: tuple[int, ...] = (20, 30, 120, 90)) -> bytes:
    picture = Image.new("RGB", (size, size), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse([part * size // 200 for part in mark], fill="navy")
    pen.rectangle([size // 2, size // 2, size, size], fill="crimson")
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_a_copy_in_another_size_and_format_is_near_and_another_picture_is_far() -> None:
    original = average_hash(emblem())
    assert len(original) == 16
    assert distance(original, average_hash(emblem(100, form="JPEG"))) <= 2
    assert distance(original, average_hash(emblem(mark=(110, 0, 200, 100)))) > 10


def test_a_clear_ground_is_white() -> None:
    file = io.BytesIO()
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 20, 40))
    picture.save(file, "PNG")
    assert average_hash(file.getvalue()) == "0f" * 8


@pytest.mark.parametrize("body", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 60])
def test_what_is_no_picture_is_told(body: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        average_hash(body)


def test_a_picture_of_a_monstrous_size_is_not_opened() -> None:
    file = io.BytesIO()
    Image.new("1", (6000, MOST_POINTS // 6000 + 1)).save(file, "PNG")
    with pytest.raises(UnreadablePicture):
        average_hash(file.getvalue())
