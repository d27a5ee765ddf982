"""A model learnt from a region's own labelled history: numpy arrays and JSON, no neural network.

Promises that the same examples make the same model to the byte, that chances are honest on messages it has not
seen, that a label passes only above a threshold chosen for the precision asked, and that a file of a model is data
and never code.
"""

from otklik.triage.nlp.learning.model import Model, Predictions, Reason
from otklik.triage.nlp.learning.storing import BrokenModel, from_bytes, load, save, to_bytes
from otklik.triage.nlp.learning.training import NothingToLearn, train

load_bytes = from_bytes

__all__ = [
    "BrokenModel",
    "Model",
    "NothingToLearn",
    "Predictions",
    "Reason",
    "from_bytes",
    "load",
    "load_bytes",
    "save",
    "to_bytes",
    "train",
]
