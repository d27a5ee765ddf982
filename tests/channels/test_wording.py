"""How an answer is worded for the network: the person is named once, and nobody can write a mention of a stranger."""

import pytest

from otklik.channels.base import Letter, Target
from otklik.channels.vk.wording import with_mention


def worded(text: str, *, name: str = "Павел Ермолаев", place: str = "wall", author: str = "300100500") -> str:
    return with_mention(Letter("1", Target(place, "5", "7", author, name), text, key="00ff00ff"))


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Починим до пятницы.", "[id300100500|Павел], Починим до пятницы."),
        ("Павел, здравствуйте!", "[id300100500|Павел], здравствуйте!"),
        ("павел! Починим.", "[id300100500|Павел]! Починим."),
        ("Павел", "[id300100500|Павел]"),
        ("Здравствуйте! Починим.", "[id300100500|Павел], здравствуйте! Починим."),
        ("Добрый день! Починим.", "[id300100500|Павел], добрый день! Починим."),
        ("Добринская, 5: починим.", "[id300100500|Павел], Добринская, 5: починим."),
        ("Павеловская, 5: починим.", "[id300100500|Павел], Павеловская, 5: починим."),
    ],
)
def test_a_person_is_named_once(text: str, stands: str) -> None:
    assert worded(text) == stands


def test_a_name_cannot_carry_a_mention_of_its_own() -> None:
    assert worded("Починим.", name="[id1|Паша] Е") == "[id300100500|id1Паша], Починим."


@pytest.mark.parametrize(
    ("place", "author", "name"), [("direct", "5", "Павел"), ("wall", "", "Павел"), ("wall", "5", "")]
)
def test_without_somebody_to_call_the_text_stands_as_it_is(place: str, author: str, name: str) -> None:
    assert worded("Павел, починим.", place=place, author=author, name=name) == "Павел, починим."
