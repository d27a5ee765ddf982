"""How the processes of the web and of the worker use the interpreter."""

import gc
import sys

from launch.interpreter import COLLECTED_AFTER, TURN_SECONDS, collect_seldom, take_short_turns


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


def test_threads_that_ask_the_database_let_each_other_go_on_soon() -> None:
    before = sys.getswitchinterval()
    try:
        take_short_turns()
        assert sys.getswitchinterval() == TURN_SECONDS < before
    finally:
        sys.setswitchinterval(before)
