"""A child of `otklik up` does not outlive it, even after kill -9."""

import ctypes
import os
import signal
import sys
import threading
import time

MARK = "OTKLIK_PARENT"
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the system to kill this process when the supervisor dies. Does nothing for a command of its own."""
    parent = os.environ.pop(MARK, "")
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(int(parent),), daemon=True).start()
    if os.getppid() != int(parent):  # it died before we could ask
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
