"""What residents write: enough of it, of their own, and the same again for the same seed."""

import csv
import re
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from demo.data.pages import pages
from demo.messages.generator import SHARES, resident_messages
from demo.messages.people import residents
from demo.messages.photos import photo, scenes
from demo.messages.posts import page_posts, templates
from demo.messages.templates import HERE, Template, fill, load
from demo.messages.words import locative, slots_for

SHARED = Path(__file__).parents[2].parent / "shared"
NAMES = [path.stem for path in sorted((HERE / "residents").glob("*.txt"))]


def everything() -> list[Template]:
    return [template for name in NAMES for template in load("residents", name)]


def test_there_are_enough_templates_for_every_topic_group() -> None:
    found = everything()
    assert len(found) >= 300
    groups = {topic.partition(".")[0] for template in found for topic in template.topics}
    assert len(groups) == 20
    assert len(templates()) >= 80


def test_every_file_of_templates_is_used() -> None:
    assert set(NAMES) == set(SHARES) | {"followups"}


def test_every_topic_is_of_the_closed_list() -> None:
    topics = SHARED / "topics.md"
    if not topics.exists():
        pytest.skip("../shared/topics.md is absent: the closed list cannot be compared")
    text = topics.read_text(encoding="utf-8")
    known = {
        f"{block.group(1)}.{code}"
        for block in re.finditer(r"\*\*([A-Z]+) — .*?(?=\n\*\*|\Z)", text, re.DOTALL)
        for code in re.findall(r"`([a-z_]+)`", block.group(0))
    }
    used = {topic for template in everything() for topic in template.topics}
    assert len(known) == 150
    assert used <= known
    assert known - used == set()


@pytest.mark.parametrize("female", [False, True])
def test_every_slot_can_be_filled(female: bool) -> None:
    author = next(each for each in residents() if each.female is female)
    random = Random(3)
    for template in [*everything(), *templates()]:
        for municipality in ("50701000", "50603000"):
            slots = slots_for(
                municipality=municipality, place=None, author=author, today=date(2026, 11, 1), random=random
            )
            text = fill(template.text, slots, female=female, random=random)
            assert text.strip()
            assert not re.search(r"[{}<>]", text), text


def test_every_page_a_template_names_exists() -> None:
    known = {page.kind for page in pages()} | {page.body.code for page in pages()} | {"any"}
    for template in everything():
        assert set(template.pages) <= known, (template.pages, template.text)


def test_every_photo_exists_is_a_png_and_all_are_small() -> None:
    assert {template.photo for template in [*everything(), *templates()]} - {""} <= set(scenes())
    pictures = [photo(name) for name in scenes()]
    assert all(picture.startswith(b"\x89PNG\r\n\x1a\n") for picture in pictures)
    assert sum(len(picture) for picture in pictures) < 200_000
    assert len(set(pictures)) == len(pictures)


def test_the_stream_is_the_same_for_the_same_seed() -> None:
    once, again = (list(islice(resident_messages(5), 300)) for _ in range(2))
    assert once == again
    assert list(islice(resident_messages(6), 300)) != once


def test_the_stream_is_a_believable_mix() -> None:
    found = list(islice(resident_messages(1), 3000))
    share = {
        "direct": sum(message.is_direct for message in found),
        "photo": sum(bool(message.photo) for message in found),
        "two questions": sum(len(message.topics) > 1 for message in found),
        "no request": sum(not message.topics for message in found),
        "later": sum(bool(message.later) for message in found),
    }
    for what, number in share.items():
        assert 60 < number < 900, what
    assert {later.kind for message in found for later in message.later} == {
        "edit", "delete", "reminder", "neighbour",
    }  # fmt: skip
    requests = [message.text for message in found if message.topics]
    assert len(set(requests)) > len(requests) * 0.8
    assert max(found, key=lambda message: len(message.text)).text.count(" ") > 60


def test_an_edit_keeps_what_was_written() -> None:
    edits = [
        (message, later)
        for message in islice(resident_messages(2), 1000)
        for later in message.later
        if later.kind == "edit"
    ]
    assert edits
    for message, later in edits:
        assert later.text.startswith(message.text)
        assert len(later.text) > len(message.text)


def test_nobody_complains_of_snow_in_july() -> None:
    for message in islice(resident_messages(4, today=date(2026, 7, 10)), 1500):
        assert "каток" not in message.text.lower() or "залить каток" in message.text.lower()
        assert "ROADS.snow_ice" not in message.topics


def test_private_messages_have_no_post() -> None:
    for message in islice(resident_messages(8), 500):
        assert message.is_direct == (message.post is None)


def test_posts_of_a_page_are_its_own_and_differ() -> None:
    for page in pages()[::25]:
        posts = page_posts(page)
        assert len(posts) >= 3
        assert len({post.text for post in posts}) == len(posts)
        assert [post.age_hours for post in posts] == sorted((post.age_hours for post in posts), reverse=True)
        assert page_posts(page) == posts


@pytest.mark.parametrize(
    ("name", "after"),
    [("Бердск", "Бердске"), ("Колывань", "Колывани"), ("Чаны", "Чанах"), ("Кочки", "Кочках"),
     ("Северное", "Северном"), ("Усть-Тарка", "Усть-Тарке"), ("Мохнатый Лог", "Мохнатом Логе"),
     ("Ярково", "Ярково"), ("Яркуль", "Яркуле"),
     ("Красная Грива", "Красной Гриве"), ("Новые Решёты", "Новых Решётах"), ("Убинское", "Убинском")],
)  # fmt: skip
def test_locative(name: str, after: str) -> None:
    assert locative(name) == after


def _words(text: str) -> list[str]:
    return re.findall(r"[а-я0-9]+", text.lower().replace("ё", "е"))


def test_no_message_is_copied_from_the_data_for_measuring() -> None:
    folder = SHARED / "data" / "appeals"
    if not folder.exists():
        pytest.skip("../shared/data/appeals is absent: nothing to compare with")
    length = 6
    foreign: set[str] = set()
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words = _words(row["text"])
                foreign.update(" ".join(words[i : i + length]) for i in range(len(words) - length + 1))
                if 0 < len(words) < length:
                    foreign.add(" ".join(words))
    common: dict[str, str] = {}
    for template in everything():
        words = _words(re.sub(r"[{][^}]*[}]", " zz ", template.text).replace("zz", "слот"))
        for at in range(max(len(words) - length + 1, 1)):
            shingle = " ".join(words[at : at + length])
            if shingle in foreign and len(words) >= length:
                common[shingle] = template.text
    assert common == {}
