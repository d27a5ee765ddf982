"""The process of the worker."""

import gc

from launch.garbage import COLLECTED_AFTER, collect_seldom


def test_a_worker_looks_for_dead_rings_seldom_and_not_among_what_it_was_born_with() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        collect_seldom()
        assert gc.get_threshold() == COLLECTED_AFTER
        assert gc.get_freeze_count() > frozen
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
