"""The verbs of triage: judging messages, keeping corrections, the list of topics."""

from otklik.triage.operations.comparing import Comparison, compare
from otklik.triage.operations.corrections import keep_correction
from otklik.triage.operations.erasing import erase_verdicts
from otklik.triage.operations.example_tables import (
    TableIsEmpty,
    TableTooLarge,
    read_next,
    receive_examples,
    tables_wait,
)
from otklik.triage.operations.examples import NotExamples, forget_example, import_examples
from otklik.triage.operations.judging import Judged, judge_messages, judge_text, leave_to_person
from otklik.triage.operations.learning import (
    NothingToRollBackTo,
    NotReady,
    TooFewExamples,
    activate,
    ask_training,
    retire_model,
    roll_back,
    train_next,
    training_waits,
)
from otklik.triage.operations.parts import judge_part
from otklik.triage.operations.places import forget_gazetteer, gazetteer, learn_street
from otklik.triage.operations.routing_book import Asked, routes_for, suggested_body
from otklik.triage.operations.routing_defaults import load_routes
from otklik.triage.operations.topics import (
    NOWHERE,
    load_topics,
    shipped_topics,
    successors,
    topics_by_code,
    topics_for_writing,
    topics_version,
)

__all__ = [
    "NOWHERE",
    "Asked",
    "Comparison",
    "Judged",
    "NotExamples",
    "NotReady",
    "NothingToRollBackTo",
    "TableIsEmpty",
    "TableTooLarge",
    "TooFewExamples",
    "activate",
    "ask_training",
    "compare",
    "erase_verdicts",
    "forget_example",
    "forget_gazetteer",
    "gazetteer",
    "import_examples",
    "judge_messages",
    "judge_part",
    "judge_text",
    "keep_correction",
    "learn_street",
    "leave_to_person",
    "load_routes",
    "load_topics",
    "read_next",
    "receive_examples",
    "retire_model",
    "roll_back",
    "routes_for",
    "shipped_topics",
    "successors",
    "suggested_body",
    "tables_wait",
    "topics_by_code",
    "topics_for_writing",
    "topics_version",
    "train_next",
    "training_waits",
]
