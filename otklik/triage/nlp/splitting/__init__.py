"""Splitting a message into questions: each is spans of the text, and what asks for nothing is in none of them.

Promises that spans are ordered, lie within the text, never overlap and never cut a word, that the same text is
split in the same way, and that any Unicode is survived in a time that grows with its length.
"""

from otklik.triage.nlp.splitting.grouping import MAX_QUESTIONS
from otklik.triage.nlp.splitting.questions import Question, split

__all__ = ["MAX_QUESTIONS", "Question", "split"]
