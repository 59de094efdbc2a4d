"""Ties a child process to its parent, so that no worker outlives a killed server."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def stop_with_parent(parent: int) -> bool:
    """Have the kernel send SIGTERM when the parent ends; False when it has ended already.

    Linux only; elsewhere the child simply goes on.
    """
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    return os.getppid() == parent
