"""The bytes of a brought file on their way into the database, in pieces: a web process never holds a file whole."""

import hashlib
import struct
from typing import Any, BinaryIO

from django.db import connection

from otklik.registry.models import ImportFile

PIECE = 1 << 16
_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TABLE = ImportFile._meta.db_table


def size_of(file: BinaryIO) -> int:
    """How long the file is; it is left at its beginning."""
    size = file.seek(0, 2)
    file.seek(0)
    return size


def digest_of(file: BinaryIO) -> str:
    """SHA-256 of the file; it is left at its beginning."""
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def keep(*, brought_id: int, file: BinaryIO, size: int) -> None:
    """Write the row of the file by binary COPY: one row of two fields, whose second goes out as it comes in."""
    with connection.cursor() as cursor:
        plain: Any = cursor.cursor
        with plain.copy(f"copy {_TABLE} (brought_id, content) from stdin (format binary)") as copy:
            copy.write(_HEAD + struct.pack(">hiqi", 2, 8, brought_id, size))
            while piece := file.read(PIECE):
                copy.write(piece)
            copy.write(struct.pack(">h", -1))


def repeat(*, from_id: int, to_id: int) -> None:
    """The same bytes for another import, without their leaving the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into registry_importfile (brought_id, content) "
            "select %s, content from registry_importfile where brought_id = %s",
            [to_id, from_id],
        )
