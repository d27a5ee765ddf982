"""The model as it lies in the package: arrays beside JSON, nothing that could run."""

import hashlib
import io
import json
from functools import cache
from importlib import resources

import numpy as np

from otklik.triage.nlp.starter.model import Starter, WordModel
from otklik.triage.nlp.starter.sources import load_shares
from otklik.triage.nlp.topics import load_topics

ARRAYS, FACTS = "starter.npz", "starter.json"


class ForeignStarter(ValueError):
    """The model was built for another list of topics."""


def pack(starter: Starter, sources: str) -> tuple[bytes, str]:
    """The arrays and the facts of a model that was built from `sources`."""
    arrays = io.BytesIO()
    np.savez_compressed(
        arrays,
        steps=starter.words.steps,
        scale=starter.words.scale.astype(np.float32),
        rarity=starter.words.rarity.astype(np.float32),
        bias=starter.words.bias.astype(np.float32),
    )
    facts = {
        "sources": sources,
        "whole": [round(weight, 4) for weight in starter.whole],
        "bare": [round(weight, 4) for weight in starter.bare],
        "topics": list(starter.topics),
        "words": list(starter.words.index),
    }
    return arrays.getvalue(), json.dumps(facts, ensure_ascii=False, indent=0) + "\n"


def unpack(arrays: bytes, facts: str) -> Starter:
    """The model again; raises ForeignStarter when the list of topics is another one."""
    told = json.loads(facts)
    if told["topics"] != list(load_topics()):
        raise ForeignStarter("the starter has to be built anew: python -m bench.build_starter")
    with np.load(io.BytesIO(arrays), allow_pickle=False) as found:
        words = WordModel(
            index={word: index for index, word in enumerate(told["words"])},
            rarity=found["rarity"].astype(np.float64),
            steps=found["steps"],
            scale=found["scale"].astype(np.float64),
            bias=found["bias"].astype(np.float64),
        )
    version = hashlib.sha256(arrays + facts.encode()).hexdigest()[:12]
    return assemble(f"starter-{version}", words, told["whole"], told["bare"])


def assemble(version: str, words: WordModel, whole: list[float], bare: list[float]) -> Starter:
    """A model over the closed list, with the shares of groups divided evenly among the topics of each."""
    topics = load_topics()
    groups = list(dict.fromkeys(topic.group for topic in topics.values()))
    members = np.array([[float(topic.group == group) for group in groups] for topic in topics.values()])
    shares = np.array([load_shares()[group] for group in groups])
    return Starter(
        version=version,
        topics=tuple(topics),
        groups=tuple(groups),
        members=members,
        prior=np.log(members @ (shares / members.sum(axis=0))),
        words=words,
        whole=(whole[0], whole[1], whole[2], whole[3]),
        bare=(bare[0], bare[1], bare[2], bare[3]),
    )


@cache
def load_starter() -> Starter:
    """The model that ships with the product, read once by a process."""
    folder = resources.files("otklik.triage").joinpath("data")
    return unpack(folder.joinpath(ARRAYS).read_bytes(), folder.joinpath(FACTS).read_text(encoding="utf-8"))


def shipped_sources() -> str:
    """The mark of the sources that the shipped model was built from."""
    text = resources.files("otklik.triage").joinpath("data", FACTS).read_text(encoding="utf-8")
    return str(json.loads(text)["sources"])
