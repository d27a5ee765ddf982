"""Photos, videos, live broadcasts, discussions, documents and the files behind them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from netsim import images
from netsim.shapes import media as shapes
from netsim.world.dialogs import Dialogs
from netsim.world.entities import Doc, Photo, Topic, Video
from netsim.world.records import Upload

FIRST_PHOTO = 457_239_017
FIRST_VIDEO = 456_239_017
FIRST_TOPIC = 38_446_232
FIRST_DOC = 677_432_111
SAFE_NAME = re.compile(r"[0-9a-f]{8,64}\.[a-z0-9]{1,8}")
PICTURES = {"jpg", "png", "gif"}


class NotAPictureError(ValueError):
    """The bytes are not a JPEG, PNG or GIF."""


class Media(Dialogs):
    """Everything that can be looked at or downloaded."""

    # -- bytes ----------------------------------------------------------------------------------------------
    def keep_file(self, body: bytes, extension: str) -> str:
        """Store bytes under a made-up name and return it."""
        name = f"{self.secret(24)}.{extension}"
        if self.files is None:
            self.blobs[name] = body
        else:
            self.files.mkdir(parents=True, exist_ok=True)
            (self.files / name).write_bytes(body)
        return name

    def file_bytes(self, name: str) -> bytes | None:
        """Stored bytes by their name; None when there are none (or the name is not one of ours)."""
        if not SAFE_NAME.fullmatch(name):
            return None
        if self.files is None:
            return self.blobs.get(name)
        path: Path = self.files / name
        return path.read_bytes() if path.is_file() else None

    # -- objects --------------------------------------------------------------------------------------------
    def create_photo(self, owner_id: int, body: bytes, **about: Any) -> Photo:
        """A photo in an album; tells photo_new for a community's own albums. Raises `NotAPictureError`."""
        found = images.measure(body)
        if found is None:
            raise NotAPictureError
        extension, width, height = found
        return self.place_photo(owner_id, self.keep_file(body, extension), width, height, **about)

    def place_photo(self, owner_id: int, file: str, width: int, height: int, **about: Any) -> Photo:
        """A photo of stored bytes."""
        picture = Photo(
            owner_id=owner_id,
            id=self.following(f"photo:{owner_id}", FIRST_PHOTO),
            date=self.now(),
            file=file,
            width=width,
            height=height,
            access_key=self.secret(18),
            **about,
        )
        self.add(picture)
        if -owner_id in self.communities and picture.album_id > 0:
            self.emit(-owner_id, "photo_new", shapes.photo(self, picture))
        self.changed("photo", -owner_id, picture)
        return picture

    def create_video(self, owner_id: int, **about: Any) -> Video:
        """A video or a broadcast."""
        clip = Video(
            owner_id=owner_id,
            id=self.following(f"video:{owner_id}", FIRST_VIDEO),
            date=self.now(),
            access_key=self.secret(18),
            **about,
        )
        self.add(clip)
        self.changed("video", -owner_id, clip)
        return clip

    def create_topic(self, owner_id: int, *, title: str, created_by: int) -> Topic:
        """A discussion."""
        discussion = Topic(
            owner_id=owner_id,
            id=self.following(f"topic:{owner_id}", FIRST_TOPIC),
            title=title,
            created=self.now(),
            created_by=created_by,
        )
        self.add(discussion)
        self.changed("topic", -owner_id, discussion)
        return discussion

    def create_doc(self, owner_id: int, upload: Upload, *, title: str = "") -> Doc:
        """A document of an uploaded file."""
        extension = upload.file.rpartition(".")[2]
        paper = Doc(
            owner_id=owner_id,
            id=self.following(f"doc:{owner_id}", FIRST_DOC),
            date=self.now(),
            title=title or upload.name,
            file=upload.file,
            size=upload.size,
            ext=extension,
            type=4 if extension in PICTURES else 1 if extension in {"pdf", "doc", "docx", "txt"} else 8,
            access_key=self.secret(18),
        )
        self.add(paper)
        return paper

    def set_video(self, clip: Video, **changes: Any) -> None:
        """Change a video's or a broadcast's state."""
        for name, value in changes.items():
            setattr(clip, name, value)
        self.save(clip)
        self.changed("video", -clip.owner_id, clip)

    def photos_of(self, owner_id: int) -> list[Photo]:
        """An owner's photos, newest first."""
        return [p for (owner, _), p in reversed(self.photos.items()) if owner == owner_id]

    def videos_of(self, owner_id: int) -> list[Video]:
        """An owner's videos, newest first."""
        return [v for (owner, _), v in reversed(self.videos.items()) if owner == owner_id]

    def topics_of(self, owner_id: int) -> list[Topic]:
        """A community's discussions, the freshest first."""
        found = [t for (owner, _), t in self.topics.items() if owner == owner_id]
        return sorted(found, key=lambda t: (t.updated or t.created, t.id), reverse=True)
