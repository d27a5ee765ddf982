"""What later news means for what is known of a message, without a database."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from otklik.inbox.rules import Known, News, after

WHATS = ["new", "edited", "deleted", "restored"]
BEGINNING = datetime(2026, 11, 18, tzinfo=UTC)
NEWS = st.builds(
    News,
    st.sampled_from(WHATS),
    st.sampled_from(["а", "б", "в"]),
    st.integers(0, 100).map(lambda n: BEGINNING + timedelta(minutes=n)),
)


@given(NEWS, st.lists(NEWS, max_size=6))
def test_the_same_news_twice_changes_nothing(news: News, before: list[News]) -> None:
    known = Known()
    for each in before:
        known = after(known, each)
    once = after(known, news)
    assert after(once, news) == once


@given(st.lists(NEWS, max_size=12))
def test_what_was_once_known_is_never_emptied(told: list[News]) -> None:
    known = Known()
    for news in told:
        before, known = known, after(known, news)
        assert known.has_content >= before.has_content
        assert known.text in {"а", "б", "в"} or not known.has_content
        if news.what == "deleted":
            assert known.text == before.text
            assert known.deleted_at


def test_a_late_new_never_overwrites_an_edit() -> None:
    edited = after(Known(), News("edited", "исправлено", BEGINNING))
    assert after(edited, News("new", "опечатка", BEGINNING)) == edited
    assert edited.edited_at == BEGINNING


def test_a_deletion_that_comes_first_waits_for_its_message() -> None:
    deleted = after(Known(), News("deleted", "", BEGINNING))
    assert not deleted.has_content
    told = after(deleted, News("new", "текст", BEGINNING))
    assert (told.text, told.deleted_at) == ("текст", BEGINNING)


def test_a_restoration_lifts_the_deletion_and_may_bring_the_text() -> None:
    deleted = after(Known(), News("deleted", "", BEGINNING))
    restored = after(deleted, News("restored", "текст", BEGINNING))
    assert (restored.text, restored.has_content, restored.deleted_at, restored.edited_at) == (
        "текст",
        True,
        None,
        None,
    )
