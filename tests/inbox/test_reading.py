"""From what networks tell to messages, threads, authors and attachments."""

import itertools
from typing import Any

import pytest

from otklik.audit.models import AuditLine
from otklik.channels.base import File, Incoming, What
from otklik.channels.models import Connection
from otklik.inbox import operations as inbox
from otklik.inbox.models import Attachment, Author, MessageVersion, SourceMessage, Thread
from otklik.news.models import Post
from tests import cast

pytestmark = pytest.mark.django_db


def _tell(page: Connection, *items: Incoming, later: int = 0) -> inbox.Received:
    return inbox.receive(items=[(page, item) for item in items], now=cast.after(minutes=later))


def _story(number: str = "9") -> list[Incoming]:
    return [
        cast.incoming("new", external_id=number, text="Нет тепла", files=(File("photo", external_id="1"),)),
        cast.incoming(
            "edited", external_id=number, text="Нет тепла и воды", files=(File("photo", external_id="2"),)
        ),
        cast.incoming("deleted", external_id=number),
    ]


def _facts() -> list[Any]:
    return sorted(
        (row.external_id, row.text, row.has_content, bool(row.deleted_at), str(row.author), row.thread.root_id,
         tuple(row.attachments.order_by("pk").values_list("external_id", flat=True)))
        for row in SourceMessage.objects.select_related("author", "thread")
        if row.thread
    )  # fmt: skip


def test_every_order_of_a_story_ends_alike() -> None:
    ends = []
    for order in itertools.permutations(_story()):
        page = cast.connection()
        for item in order:
            _tell(page, item)
        row = SourceMessage.objects.get(connection=page)
        assert list(row.attachments.values_list("external_id", flat=True)) == ["2"]
        ends.append((row.text, row.has_content, bool(row.deleted_at)))
    assert set(ends) == {("Нет тепла и воды", True, True)}


def test_a_batch_does_what_its_items_do_one_by_one() -> None:
    stories = [
        *_story("9"),
        *_story("10"),
        cast.incoming("restored", external_id="9", text="Нет тепла и воды"),
    ]
    one, many = cast.connection(), cast.connection()
    _tell(many, *stories)
    for item in stories:
        _tell(one, item)
    facts = [
        SourceMessage.objects.filter(connection=page).order_by("external_id").values_list(
            "external_id", "text", "has_content", "deleted_at", "attachments__external_id"
        )
        for page in (one, many)
    ]  # fmt: skip
    assert list(facts[0]) == list(facts[1])
    assert len(facts[0]) == 2


def test_an_edit_keeps_what_was_said_before_and_leaves_a_line() -> None:
    page, (new, edit, _deleted) = cast.connection(), _story()
    _tell(page, new)
    received = _tell(page, edit, later=5)
    version = MessageVersion.objects.get()
    assert (version.text, version.replaced_at) == ("Нет тепла", cast.after(minutes=5))
    assert [each.edited_at for each in received.changed] == [cast.after(minutes=5)]
    assert AuditLine.objects.get(verb="message_changed").subject_id == received.changed[0].pk


def test_an_edit_that_only_changes_the_picture_is_an_edit() -> None:
    page, (new, edit, _deleted) = cast.connection(), _story()
    _tell(page, new)
    same_words = cast.incoming("edited", external_id="9", text=new.text, files=edit.files)
    received = _tell(page, same_words, later=5)
    assert [each.edited_at for each in received.changed] == [cast.after(minutes=5)]
    assert Attachment.objects.get().external_id == "2"
    assert not _tell(page, same_words, later=6).changed
    assert not MessageVersion.objects.exists()


def test_pictures_of_a_late_new_do_not_replace_those_of_the_edit() -> None:
    page, (new, edit, deleted) = cast.connection(), _story()
    _tell(page, edit)
    _tell(page, new, deleted)
    assert Attachment.objects.get().external_id == "2"


def test_a_repeat_is_neither_new_nor_a_change() -> None:
    page, new = cast.connection(), _story()[0]
    assert len(_tell(page, new).new) == 1
    again = _tell(page, new)
    assert (again.new, again.changed) == ([], [])
    assert (SourceMessage.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_deletion_first_is_no_message_to_judge() -> None:
    page, (new, _edit, deleted) = cast.connection(), _story()
    _tell(page, deleted)
    assert not SourceMessage.objects.untriaged().exists()
    _tell(page, new)
    row = SourceMessage.objects.untriaged().get()
    assert (row.text, bool(row.deleted_at)) == ("Нет тепла", True)


def test_the_pages_own_words_are_kept_but_not_judged() -> None:
    page = cast.connection()
    _tell(page, cast.incoming(is_own=True, author_id=f"-{page.external_id}", text="Разбираемся"))
    assert SourceMessage.objects.get().is_own
    assert not SourceMessage.objects.untriaged().exists()


def test_one_author_and_one_thread_however_often_they_are_told_of() -> None:
    page = cast.connection()
    replies = [cast.incoming(root_id="9", external_id=str(each), reply_to="9") for each in (9, 11, 12)]
    _tell(page, *replies)
    _tell(page, cast.incoming(root_id="9", external_id="13"))
    assert (Author.objects.count(), Thread.objects.count(), Post.objects.count()) == (1, 1, 1)
    assert SourceMessage.objects.filter(thread=Thread.objects.get(), post=Post.objects.get()).count() == 4


def test_the_same_number_on_two_pages_is_two_messages() -> None:
    one, other, item = cast.connection(), cast.connection(), cast.incoming()
    inbox.receive(items=[(one, item), (other, item)], now=cast.NOW)
    assert SourceMessage.objects.count() == Thread.objects.count() == 2
    assert Author.objects.count() == 1


def test_a_post_told_in_full_gets_its_text_and_a_comment_does_not_take_it_away() -> None:
    page = cast.connection()
    post = Incoming(
        What.POST, "wall", "6", "6", "6", text="График\0 отключений", sent_at=cast.NOW, is_own=True
    )
    _tell(page, cast.incoming())
    _tell(page, post)
    _tell(page, cast.incoming())
    assert Post.objects.get().text == "График отключений"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("до\0после", "допосле"),
        ("сломано \ud83d конец", "сломано \ufffd конец"),
        ("пара \ud83d\ude00", "пара 😀"),
        ("<script>alert('1')</script>", "<script>alert('1')</script>"),
        ("'; drop table inbox_sourcemessage; --", "'; drop table inbox_sourcemessage; --"),
        ("%s %(a)s {0} \\", "%s %(a)s {0} \\"),
        ("\u202eтекст наоборот", "\u202eтекст наоборот"),
    ],
)
def test_hostile_text_is_kept_as_far_as_a_column_can_hold_it(text: str, kept: str) -> None:
    _tell(cast.connection(), cast.incoming(text=text, files=(File("doc", title=text, url="x"),)))
    assert SourceMessage.objects.get().text == kept
    assert Attachment.objects.get().title == kept


def test_a_megabyte_of_text_is_kept_whole() -> None:
    text = "слово " * 90_000
    _tell(cast.connection(), cast.incoming(text=text))
    assert SourceMessage.objects.get().text == text


def test_nothing_to_tell_writes_nothing() -> None:
    assert inbox.receive(items=[], now=cast.NOW) == inbox.Received()
    assert not Post.objects.exists()


def test_facts_of_two_pages_never_mix() -> None:
    one, other = cast.connection(), cast.connection()
    _tell(one, cast.incoming(external_id="9", text="первая"))
    _tell(other, cast.incoming("edited", external_id="9", text="вторая"))
    assert [row[1] for row in _facts()] == ["вторая", "первая"] or [row[1] for row in _facts()] == [
        "первая",
        "вторая",
    ]
