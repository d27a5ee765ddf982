"""How a process of many threads and batches uses the interpreter: when it looks for dead objects, whose turn it is."""

import gc
import sys

# A batch of letters, and a page of the desk, make tens of thousands of objects that live as long as it and hold no
# rings. With the usual thresholds (700, 10, 10) looking through them again and again took a tenth of the time of
# triage and a seventh of that of a page; with these a thirtieth.
COLLECTED_AFTER = (50_000, 20, 20)
# A page, and the taking of a receipt, ask the database twenty times, and after each answer wait for their turn among
# the threads of the process: with Python's five milliseconds a turn, what is ready to go on waits longer than it works.
TURN_SECONDS = 0.001


def collect_seldom() -> None:
    """Look for rings as seldom as suits batches and pages, and never among what is loaded by now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def take_short_turns() -> None:
    """Threads that ask the database let each other go on soon."""
    sys.setswitchinterval(TURN_SECONDS)
