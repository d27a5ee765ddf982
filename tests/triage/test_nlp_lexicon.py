"""The lexicon as a region's specialist edits it."""

import pytest

from otklik.triage.nlp import judge, load_lexicon, load_topics
from otklik.triage.nlp.lexicon import BrokenLexicon, build_lexicon
from otklik.triage.nlp.words import tokens_of

WORDS = "# sets\nсвет\tсвет; электричество; уличный фонарь\n"


def found(phrases: str, text: str) -> bool:
    lexicon = build_lexicon({"words": WORDS, "roads": f"pothole\t3\t{phrases}\n"})
    return any(True for _ in lexicon.find(tokens_of(text)))


@pytest.mark.parametrize(
    ("phrases", "text", "meets"),
    [
        ("яма", "сплошными ямами", True),
        ("яма", "ямочный ремонт", False),
        ("ямоч*", "ямочного ремонта", True),
        ("яма дорога", "на дороге одна большая яма", True),
        ("яма дорога", "яма. А потом, после долгого рассказа обо всём, ещё и дорога", False),
        ("яма дорога|трасса", "яма на трассе", True),
        ("нет @свет", "электричества нет", True),
        ("нет @свет", "нет уличных фонарей", True),
        ("нет @свет", "нет фонарей", False),
        ("не_гореть", "фонари не горят", True),
        ("не_гореть", "фонари уже не везде горят", True),
        ("не_гореть", "фонари горят", False),
        ("ЁЛКА", "елку убрали", True),
        ("дом дом", "дом", False),
        ("нету; яма", "яма", True),
    ],
)
def test_how_phrases_meet_texts(phrases: str, text: str, meets: bool) -> None:
    assert found(phrases, text) is meets


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("roads", "nosuch\t3\tяма\n", "ROADS.nosuch"),
        ("roads", "pothole\tмного\tяма\n", "roads.tsv: pothole"),
        ("roads", "pothole\t3\t@нетнабора\n", "нетнабора"),
        ("roads", "pothole 3 яма\n", "line 1"),
        ("roads", "=default\tnosuch\n", "ROADS.nosuch"),
    ],
)
def test_a_mistake_is_named(name: str, text: str, said: str) -> None:
    with pytest.raises(BrokenLexicon, match=said):
        build_lexicon({"words": WORDS, name: text})


def test_the_version_changes_with_every_edit() -> None:
    one = build_lexicon({"words": WORDS, "roads": "pothole\t3\tяма\n"})
    two = build_lexicon({"words": WORDS, "roads": "pothole\t4\tяма\n"})
    assert one.version != two.version


def test_a_weight_below_zero_speaks_against_a_topic() -> None:
    rows = "pothole\t3\tяма\npothole\t-3\tяма двор\nrepair\t1\tяма\n"
    lexicon = build_lexicon({"words": WORDS, "roads": rows})
    assert judge("яма", lexicon=lexicon).topic == "ROADS.pothole"
    assert judge("яма во дворе", lexicon=lexicon).topic == "ROADS.repair"


def test_words_of_a_group_alone_lead_to_its_usual_topic() -> None:
    lexicon = build_lexicon({"words": WORDS, "health": "=default\tquality\n*\t2\tполиклиника\n"})
    judgement = judge("что там в поликлинике", lexicon=lexicon)
    assert judgement.topic == "HEALTH.quality"
    assert judgement.confidence < 0.75


def test_the_shipped_lexicon_covers_the_closed_list() -> None:
    lexicon = load_lexicon()
    assert set(load_topics()) <= lexicon.targets()
    assert set(lexicon.defaults) == {topic.group for topic in load_topics().values()}


def test_the_closed_list_is_whole() -> None:
    topics = load_topics()
    assert len(topics) == 150
    assert len({topic.group for topic in topics.values()}) == 20
    critical = {key for key, topic in topics.items() if topic.priority == "C"}
    assert critical == {"SAFETY.emergency", "SAFETY.flood", "SAFETY.fire", "ENERGY.gas_out"}
    assert {topic.executor for topic in topics.values()} == set("MRUS")
