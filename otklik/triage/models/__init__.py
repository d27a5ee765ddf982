"""What triage remembers: topics and verdicts; one module a noun."""

from otklik.triage.models.topics import Topic, TopicGroup
from otklik.triage.models.verdicts import Correction, Verdict

__all__ = ["Correction", "Topic", "TopicGroup", "Verdict"]
