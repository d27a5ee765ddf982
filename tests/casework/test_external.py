"""A link to somebody outside: one question, one term, one signature; what comes back is never published by itself."""

import io
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from PIL import Image

from otklik.audit.models import AuditLine
from otklik.casework.models import Answer, ExternalLink, ExternalPhoto, ExternalReply, Incident
from otklik.casework.operations import external
from otklik.common.bodies import LARGEST_BODY, LINKS_SALT, OF_A_LINK, allowance_of
from otklik.common.photos import SIDE, UnreadablePhoto, remade
from tests import cast

pytestmark = pytest.mark.django_db
TOMORROW = cast.after(days=1)


def picture(format: str = "JPEG", size: tuple[int, int] = (64, 48), **fields: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "green").save(made, format, **fields)
    return made.getvalue()


def link(incident: Incident | None = None, **fields: Any) -> ExternalLink:
    given: dict[str, Any] = {
        "addressee": "МУП «Водоканал»", "question": "Когда уберут воду?", "answer_by": TOMORROW,
        "by": cast.dispatcher(), "now": cast.NOW,
    }  # fmt: skip
    return external.make_link(incident=incident or cast.incident(), **given | fields)


def reply(to: ExternalLink, text: str = "Уберём завтра.", **fields: Any) -> ExternalReply:
    return external.reply_from_outside(
        link=to, **{"text": text, "photos": [], "address": "127.0.0.1", "now": cast.NOW} | fields
    )


def test_a_link_is_found_by_its_token_until_its_day_is_over() -> None:
    made = link()
    token = external.token_of(made)
    assert external.link_of(token, now=TOMORROW) == made
    for dead in (
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        "",
        "1",
        f"{made.pk}.{made.nonce}",
        "\0",
        "я" * 99,
    ):
        with pytest.raises(external.LinkIsDead):
            external.link_of(dead, now=cast.NOW)
    with pytest.raises(external.LinkIsDead):
        external.link_of(token, now=TOMORROW + timedelta(seconds=1))
    # The signature of another row, or of a row whose nonce is another.
    for value in (f"{made.pk}.{'a' * 22}", f"{made.pk + 1}.{made.nonce}"):
        with pytest.raises(external.LinkIsDead):
            external.link_of(signing.Signer(salt=LINKS_SALT).sign(value), now=cast.NOW)


def test_a_link_dies_with_its_incident_and_when_it_is_revoked() -> None:
    made, by = link(), cast.dispatcher()
    external.revoke_link(link=made, by=by, now=cast.NOW)
    external.revoke_link(link=made, by=by, now=cast.NOW)
    assert AuditLine.objects.filter(verb="revoke_link").count() == 1
    with pytest.raises(external.LinkIsDead):
        external.link_of(external.token_of(made), now=cast.NOW)
    with pytest.raises(external.LinkIsDead):
        reply(made)
    with pytest.raises(external.LinkOfEnded):
        link(cast.incident("closed"))


def test_what_a_link_must_have() -> None:
    incident = cast.incident()
    for wrong in ({"addressee": " "}, {"question": "\n"}):
        with pytest.raises(external.LinkNeedsWords):
            link(incident, **wrong)
    for day in (cast.NOW, cast.after(days=32)):
        with pytest.raises(external.LinkTermTooLong):
            link(incident, answer_by=day)
    assert not ExternalLink.objects.exists()


def test_an_answer_waits_for_a_person_and_is_journaled() -> None:
    made = link()
    external.note_opening(link=made, address="10.0.0.1", now=cast.NOW)
    got = reply(made, photos=[picture(), picture("PNG")])
    assert made.openings.get().address == "10.0.0.1"
    assert [each.number for each in got.photos.order_by("number")] == [1, 2]
    assert not Answer.objects.exists()
    line = AuditLine.objects.get(verb="reply_from_outside")
    assert (line.actor_id, line.actor_name) == (None, "МУП «Водоканал»")
    assert line.details == {"link": made.pk, "photos": 2, "length": len("Уберём завтра.")}


def test_what_is_no_answer_is_refused_whole() -> None:
    made = link()
    for wrong, fact in (
        ({"text": " "}, external.ReplyIsEmpty),
        ({"photos": [picture()] * 6}, external.TooManyPhotos),
        ({"photos": [picture(), b"<svg/>"]}, UnreadablePhoto),
    ):
        with pytest.raises(fact):
            reply(made, **wrong)
    assert not ExternalReply.objects.exists()
    for _number in range(external.MOST_REPLIES):
        reply(made)
    with pytest.raises(external.TooManyReplies):
        reply(made)


def test_a_photo_is_made_anew_without_its_secrets() -> None:
    exif = Image.Exif()
    exif[0x010E] = "кв. 45, Петрова"
    exif[0x0112] = 6
    body = remade(picture(exif=exif.tobytes()))
    with Image.open(io.BytesIO(body)) as made:
        assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (48, 64), {})
    assert "Петрова".encode() not in body
    with Image.open(io.BytesIO(remade(picture(size=(5000, 100))))) as made:
        assert max(made.size) == SIDE
    for wrong in (
        b"",
        b"GIF89a",
        picture("GIF"),
        picture("BMP"),
        picture()[:200],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
    ):
        with pytest.raises(UnreadablePhoto):
            remade(wrong)


def test_only_a_signed_address_may_bring_photos() -> None:
    good = f"/o/{external.token_of(link())}"
    for path, expected in ((good, OF_A_LINK.size), (f"{good}a", LARGEST_BODY), ("/o/x", LARGEST_BODY)):
        assert allowance_of({"path": path, "headers": []}).size == expected


NAMES = [
    "external_link_ends_later", "external_link_asks", "external_reply_says", "external_photo_number",
    "external_photo_five",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_database_keeps_what_is_promised(name: str) -> None:
    got = reply(link(), photos=[picture()])
    broken = {
        "external_link_ends_later": lambda: ExternalLink.objects.update(answer_by=cast.NOW),
        "external_link_asks": lambda: ExternalLink.objects.update(question=""),
        "external_reply_says": lambda: ExternalReply.objects.update(text=""),
        "external_photo_number": lambda: ExternalPhoto.objects.create(reply=got, number=1, body=b"x"),
        "external_photo_five": lambda: ExternalPhoto.objects.create(reply=got, number=6, body=b"x"),
    }
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        broken[name]()
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name
