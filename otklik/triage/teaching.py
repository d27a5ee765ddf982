"""Training in a process of its own: examples come as JSON on the input, the model goes as a file to the output.

A worker that trained by itself would hold up the road for minutes and keep the memory afterwards.
"""

import json
import os
import sys


def main() -> None:
    """Read `{"texts": […], "labels": […], "names": {…}}`, train, write the model."""
    # The road comes first: learning takes what it leaves of the processors.
    os.nice(10)
    from otklik.triage.nlp.learning.storing import to_bytes
    from otklik.triage.nlp.learning.training import train

    given = json.load(sys.stdin)
    sys.stdout.buffer.write(to_bytes(train(given["texts"], given["labels"], label_names=given["names"])))


if __name__ == "__main__":
    main()
