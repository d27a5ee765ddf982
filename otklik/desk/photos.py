"""Photos of an answer at the desk: their form, and how they are called where they are shown."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from otklik.casework.enums import AnswerStatus
from otklik.casework.models import MOST_ANSWER_PHOTOS, Answer, AnswerPhoto, Incident
from otklik.casework.operations import photos
from otklik.common.photos import LARGEST_FILE, UnreadablePhoto
from otklik.desk.access import Desk

WRONG = (photos.NoPhotos, photos.TooManyAnswerPhotos, photos.SamePhoto, photos.PhotoIsGone, UnreadablePhoto)


def shots_of(incident: Incident) -> list[AnswerPhoto]:
    """Photos of the draft, without their bytes. One query."""
    found = AnswerPhoto.objects.filter(answer__incident=incident, answer__status=AnswerStatus.DRAFT)
    return list(found.select_related("added_by").defer("body").order_by("number"))


def add(request: HttpRequest, incident: Incident, desk: Desk) -> None:
    """Take the files of the form. Raises the facts of add_photos; what is too large is refused unread."""
    files: list[UploadedFile[Any]] = request.FILES.getlist("photos")
    if getattr(request, "body_was_cut", False) or any((file.size or 0) > LARGEST_FILE for file in files):
        raise UnreadablePhoto
    if len(files) > MOST_ANSWER_PHOTOS:
        raise photos.TooManyAnswerPhotos
    bodies = [file.read() for file in files]
    photos.add_photos(incident=incident, photos=bodies, by=desk.account, now=desk.now)


def numbers_of(answer: Answer) -> range:
    """The numbers of the photos of an answer: nothing is asked for, the answer knows how many there are."""
    return range(1, answer.photos + 1)
