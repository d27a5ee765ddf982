"""The model of a region without history: built from sources, the same for the same text, never out of date."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.triage.nlp import judge, load_lexicon, load_topics
from otklik.triage.nlp.scoring import Scored
from otklik.triage.nlp.starter import guess_group, load_starter, rank
from otklik.triage.nlp.starter import sources as of_starter
from otklik.triage.nlp.starter.building import build_starter
from otklik.triage.nlp.starter.sources import BrokenExample, load_examples, load_shares, mark_of_sources
from otklik.triage.nlp.starter.store import ForeignStarter, pack, shipped_sources, unpack
from otklik.triage.nlp.starter.store import load_starter as load
from otklik.triage.nlp.words import tokens_of


def test_the_shipped_model_is_as_new_as_its_sources() -> None:
    assert shipped_sources() == mark_of_sources(), (
        "run python -m bench.build_starter and commit its two files"
    )


def test_every_topic_has_at_least_eight_examples_and_no_text_stands_twice() -> None:
    examples = load_examples()
    counted = {topic: sum(each.topic == topic for each in examples) for topic in load_topics()}
    assert min(counted.values()) >= 8, min(counted, key=lambda topic: counted[topic])
    assert len({each.text for each in examples}) == len(examples)


def test_shares_cover_the_groups() -> None:
    shares = load_shares()
    assert set(shares) == {topic.group for topic in load_topics().values()}
    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares, key=lambda group: shares[group]) == "ROADS"


@pytest.mark.parametrize(
    "text", ["topic\ttext\nnosuch\tяма", "topic\ttext\npothole яма", "topic\ttext\npothole\t  "]
)
def test_a_broken_example_is_named_by_file_and_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_starter, "_texts", lambda folder: [("ROADS.tsv", text)])
    with pytest.raises(BrokenExample, match=r"ROADS\.tsv, line 2"):
        load_examples()


def test_shares_of_an_unknown_group_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_starter, "_read", lambda path: "group\tshare\twhy\nNOSUCH\t1\t-\n")
    load_shares.cache_clear()
    with pytest.raises(BrokenExample, match="every group"):
        load_shares()
    monkeypatch.undo()
    load_shares.cache_clear()


def test_packed_and_unpacked_it_says_the_same() -> None:
    starter = load_starter()
    arrays, facts = pack(starter, "sources")
    again = unpack(arrays, facts)
    ranked, words = [Scored("ROADS.pothole", 5.0, (0,))], ["яма", "дорога", "колесо"]
    assert np.allclose(starter.chances(ranked, words), again.chances(ranked, words), atol=1e-3)
    assert pack(again, "sources") == (arrays, facts)


def test_a_model_of_another_list_of_topics_is_refused() -> None:
    arrays, facts = pack(load(), "sources")
    with pytest.raises(ForeignStarter, match="build_starter"):
        unpack(arrays, facts.replace("ROADS.pothole", "ROADS.ditch"))


def test_building_twice_gives_the_same_model() -> None:
    few = [
        each for each in load_examples() if each.topic in {"ROADS.pothole", "HEALTH.drugs", "ANIMAL.stray"}
    ]
    one, two = (pack(build_starter(few), "few") for _ in range(2))
    assert one == two
    starter = unpack(*one)
    assert starter.topics[int(starter.words.logits(["инсулин", "аптека"]).argmax())] == "HEALTH.drugs"
    assert starter.topics[int(starter.words.logits(["собака", "стая"]).argmax())] == "ANIMAL.stray"


def test_words_that_no_example_knows_say_nothing() -> None:
    words = load_starter().words
    assert (words.logits([]) == words.logits(["абракадабра"])).all()
    assert words.speaks(["абракадабра"], 0) == [0.0]


def test_the_lexicon_decides_where_it_is_clear() -> None:
    starter = load_starter()
    chances = starter.chances([Scored("ENERGY.gas_out", 9.0, (0,))], None)
    assert starter.topics[int(chances.argmax())] == "ENERGY.gas_out"
    assert chances.sum() == pytest.approx(1)
    assert (chances >= 0).all()


@given(st.text(st.characters(exclude_categories=()), max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_has_a_group_and_always_the_same(text: str) -> None:
    guess = guess_group(text)
    assert guess.group in load_starter().groups
    assert 0 < guess.confidence <= 1
    assert guess_group(text) == guess


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Яма на Кузнечной, пробил колесо", "ROADS"),
        ("В поликлинике не записаться к хирургу", "HEALTH"),
        ("Спасибо за новый асфальт на Лесной!", "ROADS"),
        ("Маршрутка не остановилась, водитель нахамил", "TRANSIT"),
        ("Во дворе ни одного фонаря не горит, темно", "URBAN"),
        ("Пособие на ребёнка не пришло", "SOCIAL"),
        ("В садике нет мест, очередь 200 человек", "EDU"),
        ("Свинарник воняет на всю деревню", "ECO"),
    ],
)
def test_the_group_of_a_message(text: str, group: str) -> None:
    assert guess_group(text).group == group


def test_light_belongs_to_the_place_it_is_missing_in() -> None:
    assert judge("На улице Озёрной не горят фонари").topic == "ROADS.lighting"
    assert judge("Фонарь во дворе не горит вторую неделю").topic == "URBAN.yard"
    assert judge("В подъезде не горит лампочка на третьем этаже").topic == "HOUSING.entrance"
    assert judge("В сквере не горит освещение").topic == "URBAN.park"


def test_chances_of_the_answer_never_claim_more_than_one_together() -> None:
    for text in ("Яма на дороге у школы", "Нет воды и света", "врач школа дорога двор"):
        judgement = judge(text)
        assert judgement.confidence + sum(chance for _, chance in judgement.alternatives) <= 1.001


def test_examples_name_a_topic_the_lexicon_does_not_know_only_when_they_are_sure() -> None:
    lexicon, tokens = load_lexicon(), tokens_of("абракадабра фыва")
    assert rank(lexicon, tokens, [], None) == []
    assert judge("абракадабра фыва").topic == "GOV.other"


def test_a_verdict_names_the_starter() -> None:
    assert judge("яма").model_version == f"{load_lexicon().version}+{load_starter().version}"
