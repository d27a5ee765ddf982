"""Photos of an answer: made anew, kept with their answer, known to the check, never sent to a network."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.enums import AnswerStatus
from otklik.casework.models import MOST_ANSWER_PHOTOS, Answer, AnswerPhoto, Incident
from otklik.casework.operations import photos
from otklik.casework.operations.answering import drafted_photos
from otklik.casework.operations.reviewing import checklist_of
from otklik.channels.models import Delivery
from otklik.common.bodies import LARGEST_BODY, OF_PHOTOS, allowance_of
from otklik.common.photos import UnreadablePhoto
from tests import cast
from tests.casework.test_concurrency import _at_once
from tests.casework.test_external import picture

NOW = cast.NOW
LATER = cast.after(minutes=1)
TEXT = "Анна, здравствуйте! Яму у дома 5 на улице Мира заделали вчера, 20 ноября."
database = pytest.mark.django_db


def shot(number: int, format: str = "JPEG") -> bytes:
    """A picture unlike those of other numbers."""
    return picture(format, size=(40 + number, 30))


def add(incident: Incident, *bodies: bytes, **fields: Any) -> list[AnswerPhoto]:
    given: dict[str, Any] = {"by": fields.pop("by", None) or cast.dispatcher(), "now": NOW}
    return photos.add_photos(incident=incident, photos=bodies, **given | fields)


@database
def test_photos_stand_beside_the_draft_and_are_made_anew() -> None:
    incident = cast.incident("in_progress")
    by = cast.dispatcher()
    draft = casework.save_draft(incident=incident, text=TEXT, by=by, now=NOW, draft_version=0)
    add(incident, shot(1), shot(2, "PNG"), shot(3, "WEBP"), by=by)
    draft.refresh_from_db()
    assert (draft.photos, draft.version, draft.text) == (3, 1, TEXT), (
        "a photo is no other version of the words"
    )
    bodies = [bytes(body) for body in draft.shots.order_by("number").values_list("body", flat=True)]
    assert all(body.startswith(b"\xff\xd8\xff") for body in bodies)
    line = AuditLine.objects.get(verb="add_photos")
    assert line.details["digests"] == list(draft.shots.order_by("number").values_list("digest", flat=True))


@database
def test_a_draft_without_words_is_begun_for_photos() -> None:
    incident = cast.incident("in_progress")
    add(incident, shot(1))
    draft = Answer.objects.get(incident=incident, status=AnswerStatus.DRAFT)
    assert (draft.text, draft.photos) == ("", 1)
    casework.discard_draft(incident=incident, by=cast.dispatcher(), now=LATER, draft_version=1)
    assert not AnswerPhoto.objects.exists()


@database
@pytest.mark.parametrize(
    "body",
    [
        b"", b"<svg onload=alert(1)>", b"GIF89a", picture("GIF"), picture("BMP"), picture()[:200],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 60, b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\0" * 40, b"%PDF-1.7",
        b"\xff\xd8\xff" + b"\0" * 1000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_photo_is_refused(body: bytes) -> None:
    incident = cast.incident("in_progress")
    with pytest.raises(UnreadablePhoto):
        add(incident, shot(1), body)
    assert not Answer.objects.filter(incident=incident).exists(), "all of them or none"


@database
def test_how_many_and_where() -> None:
    incident = cast.incident("in_progress")
    with pytest.raises(photos.NoPhotos):
        add(incident)
    with pytest.raises(photos.TooManyAnswerPhotos):
        add(incident, *[shot(number) for number in range(MOST_ANSWER_PHOTOS + 1)])
    with pytest.raises(photos.SamePhoto):
        add(incident, shot(1), shot(1))
    add(incident, *[shot(number) for number in range(MOST_ANSWER_PHOTOS - 1)])
    with pytest.raises(photos.SamePhoto):
        add(incident, shot(0))
    add(incident, shot(70))
    with pytest.raises(photos.TooManyAnswerPhotos):
        add(incident, shot(71))
    with pytest.raises(rules.IllegalMove):
        add(cast.incident("answered"), shot(1))


@database
def test_those_after_a_removed_photo_move_up() -> None:
    incident, by = cast.incident("in_progress"), cast.dispatcher()
    one, two, three = (each.digest for each in add(incident, shot(1), shot(2), shot(3)))
    photos.remove_photo(incident=incident, digest=one, by=by, now=LATER)
    assert list(AnswerPhoto.objects.order_by("number").values_list("number", "digest")) == [
        (1, two),
        (2, three),
    ]
    assert drafted_photos(incident) == 2
    with pytest.raises(photos.PhotoIsGone):
        photos.remove_photo(incident=incident, digest=one, by=by, now=LATER)
    assert AuditLine.objects.get(verb="remove_photo").details["digest"] == one


@database
def test_photos_stay_with_a_published_answer_and_are_not_sent() -> None:
    incident, by = cast.incident("in_progress"), cast.dispatcher()
    digest = add(incident, shot(1), by=by)[0].digest
    answer = casework.publish(incident=incident, text=TEXT, resolution="solved", by=by, now=LATER)
    assert answer.photos == 1
    assert Delivery.objects.get(pk=answer.delivery_id).text == TEXT
    with pytest.raises(photos.PhotoIsGone):
        photos.remove_photo(incident=incident, digest=digest, by=by, now=LATER)
    cast.settle(answer, "delivered")
    answer.refresh_from_db()
    assert (answer.status, answer.photos, answer.shots.count()) == (AnswerStatus.PUBLISHED, 1, 1)
    points = {point.code: point.verdict for point in checklist_of(answer, LATER)}
    assert points["proof"] == "yes"


@database
def test_an_answer_that_comes_back_brings_its_photos() -> None:
    incident, by = cast.incident("in_progress"), cast.dispatcher()
    add(incident, shot(1), shot(2), by=by)
    answer = casework.publish(incident=incident, text=TEXT, resolution="solved", by=by, now=LATER)
    cast.settle(answer, "refused", reason="212")
    draft = Answer.objects.get(incident=incident, status=AnswerStatus.DRAFT)
    assert draft != answer
    assert (draft.photos, draft.shots.count()) == (2, 2)
    answer.refresh_from_db()
    assert (answer.photos, answer.shots.count()) == (2, 2)


@database
def test_the_check_knows_of_photos() -> None:
    asked = cast.message("Яма у дома 5 на улице Мира, засыпьте")
    incident, by = cast.incident("in_progress", message=asked), cast.dispatcher()

    said: dict[str, Any] = {"text": TEXT, "resolution": "solved", "by": by, "now": LATER}
    with pytest.raises(casework.AnswerAdvised) as caught:
        casework.publish(incident=incident, checked=casework.Checked(), **said)
    assert caught.value.codes == ("no_proof",)
    add(incident, shot(1), by=by)
    assert casework.publish(incident=incident, checked=casework.Checked(), **said).photos == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_number_their_photos_apart() -> None:
    incident, people = cast.incident("in_progress"), [cast.dispatcher() for _ in range(4)]
    results = _at_once(
        *(lambda by=by, at=at: add(incident, shot(3 * at), shot(3 * at + 1), shot(3 * at + 2), by=by)
          for at, by in enumerate(people))
    )  # fmt: skip
    assert sum(isinstance(each, photos.TooManyAnswerPhotos) for each in results) == 1
    numbers = list(AnswerPhoto.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 10))
    assert Answer.objects.get(incident=incident).photos == 9


def test_only_a_person_with_a_session_may_bring_many_photos() -> None:
    cookie = [(b"cookie", b"sessionid=x")]
    for path, headers, expected in (
        ("/desk/incidents/7/photos/", cookie, OF_PHOTOS.size),
        ("/desk/incidents/7/photos/", [], LARGEST_BODY),
        ("/desk/incidents/7/photos/x", cookie, LARGEST_BODY),
        ("/desk/incidents/x/photos/", cookie, LARGEST_BODY),
        ("/desk/incidents/٣/photos/", cookie, LARGEST_BODY),
    ):
        assert allowance_of({"path": path, "headers": headers}).size == expected, path


@database
@pytest.mark.parametrize("name", ["answer_photo_number", "answer_photo_ten"])
def test_the_database_keeps_the_photos(name: str) -> None:
    incident = cast.incident("in_progress")
    made = add(incident, shot(1))[0]
    fields: dict[str, Any] = {
        "answer": made.answer, "number": 1 if name == "answer_photo_number" else 11, "body": b"x",
        "digest": "x", "added_by": made.added_by, "added_at": NOW + timedelta(minutes=1),
    }  # fmt: skip
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        AnswerPhoto.objects.create(**fields)
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name
