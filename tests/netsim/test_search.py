"""Searching communities: by beginnings of words, the exact name first, by type; only with a person's key."""

from __future__ import annotations

import itertools

import pytest

from tests.netsim.conftest import Place

NUMBERS = itertools.count(1)


@pytest.fixture
def word(place: Place) -> str:
    """A word that no other community has, in the names of four."""
    own = f"щур{next(NUMBERS)}х"
    for name, followers, more in (
        (f"Подслушано {own}овск", 900, {"type": "group"}),
        (f"{own}овск", 10, {}),
        (f"Минздрав {own}овской области", 500, {}),
        (f"Бывший {own}овск", 9000, {"deactivated": "banned"}),
    ):
        place.sim("communities", {"name": name, "members_count": followers, **more})
    return own


def names(place: Place, query: str, **more: object) -> list[str]:
    found = place.api("groups.search", "user", q=query, **more)
    return [each["name"] for each in found["items"]]


def test_every_word_of_the_query_begins_some_word_of_the_name(place: Place, word: str) -> None:
    assert names(place, f"{word}ов минз") == [f"Минздрав {word}овской области"]
    assert names(place, f"{word.upper()}ОВСК") != []
    assert names(place, f"овск{word}") == []
    assert names(place, f"{word} здрав") == []
    assert names(place, "?!") == []


def test_the_exact_name_is_first_then_those_with_more_followers(place: Place, word: str) -> None:
    assert names(place, f"{word}овск") == [
        f"{word}овск", f"Подслушано {word}овск", f"Минздрав {word}овской области",
    ]  # fmt: skip
    assert names(place, f"{word}овск", sort=6)[0] == f"Подслушано {word}овск"


def test_types_pages_of_answers_and_what_is_gone(place: Place, word: str) -> None:
    assert names(place, word, type="group") == [f"Подслушано {word}овск"]
    assert f"Бывший {word}овск" not in names(place, word)
    assert names(place, word, count=1, offset=1) == [f"Минздрав {word}овской области"]
    assert place.api("groups.search", "user", q=word, count=1)["count"] == 3
    assert place.error("groups.search", "user", q=word, type="club") == 100
    assert place.error("groups.search", "user", q=word, sort=7) == 100


@pytest.mark.parametrize("kind", ["community", "service"])
def test_only_a_person_may_search(place: Place, kind: str) -> None:
    assert place.error("groups.search", kind, q="школа") in {15, 27, 28}
