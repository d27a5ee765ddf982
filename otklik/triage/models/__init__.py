"""What triage remembers: topics and verdicts, and how questions find their bodies; one module a noun."""

from otklik.triage.models.learning import Example, ExampleTable, ModelFile, TablePiece, TopicModel
from otklik.triage.models.likeness import DuplicateHint, LikenessKey
from otklik.triage.models.routing import (
    RoutingCase,
    RoutingChange,
    RoutingNorm,
    RoutingProposal,
    RoutingRule,
)
from otklik.triage.models.surges import SurgeAlert
from otklik.triage.models.topics import Topic, TopicGroup, TopicsVersion
from otklik.triage.models.verdicts import Correction, Verdict

__all__ = [
    "Correction",
    "DuplicateHint",
    "Example",
    "ExampleTable",
    "LikenessKey",
    "ModelFile",
    "RoutingCase",
    "RoutingChange",
    "RoutingNorm",
    "RoutingProposal",
    "RoutingRule",
    "SurgeAlert",
    "TablePiece",
    "Topic",
    "TopicGroup",
    "TopicModel",
    "TopicsVersion",
    "Verdict",
]
