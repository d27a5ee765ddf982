"""How often a process looks for rings of dead objects."""

import gc

# A batch of letters, and a page of the desk, make tens of thousands of objects that live as long as it and hold no
# rings. With the usual thresholds (700, 10, 10) looking through them again and again took a tenth of the time of
# triage and a seventh of that of a page; with these a thirtieth.
COLLECTED_AFTER = (50_000, 20, 20)


def collect_seldom() -> None:
    """Look for rings as seldom as suits batches and pages, and never among what is loaded by now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
