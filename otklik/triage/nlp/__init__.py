"""Reading a message without a network or a database: its kind, topic, urgency and what it rests on.

Promises that a topic is always of the closed list, that the same text gives the same verdict, that any
Unicode is survived, and that no real message taught what ships.
"""

from otklik.triage.nlp.judging import Judgement, Word, judge
from otklik.triage.nlp.lexicon import Lexicon, load_lexicon
from otklik.triage.nlp.messages import ReadMessage, read_message
from otklik.triage.nlp.parts import judge_parts, judge_read, parts_of
from otklik.triage.nlp.splitting import Question, split
from otklik.triage.nlp.topics import Topic, load_topics

__all__ = [
    "Judgement",
    "Lexicon",
    "Question",
    "ReadMessage",
    "Topic",
    "Word",
    "judge",
    "judge_parts",
    "judge_read",
    "load_lexicon",
    "load_topics",
    "parts_of",
    "read_message",
    "split",
]
