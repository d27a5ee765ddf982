"""The model of topics for a region without history: the lexicon and hand-written examples weighed together.

Promises probabilities over the whole closed list that sum to one, the same for the same text; that no message of
a real person taught it; and that the file that ships says from which sources it was made.
"""

from otklik.triage.nlp.starter.groups import GroupGuess, guess_group, rank
from otklik.triage.nlp.starter.model import Starter
from otklik.triage.nlp.starter.store import load_starter

__all__ = ["GroupGuess", "Starter", "guess_group", "load_starter", "rank"]
