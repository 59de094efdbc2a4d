"""The shim's start: `python -I -S -c "…main()" PLAN [LOCK]`. Says in one line what came of it."""

import contextlib
import os
import sys

from quadrangle.machine.desktops.shim.keeper import Keeper, Spent
from quadrangle.machine.desktops.shim.locks import take
from quadrangle.machine.desktops.shim.plan import FAILED, HELD, SPENT, STARTED, read_plan
from quadrangle.machine.desktops.shim.stage import StageFailed


def main() -> None:
    """Leave the caller, who reads our standard output to its end, and keep the sandbox.

    LOCK is a descriptor that we inherited, and close once that line was said.
    """
    plan = read_plan(sys.argv[1])
    os.umask(0o077)
    if os.fork() > 0:
        # What the caller started is done; it need not wait for, or reap, what keeps on.
        os._exit(0)
    if not take(f"{plan.folder}/lock"):
        _tell(HELD)
        return
    try:
        keeper = Keeper(plan)
    except Spent:
        _tell(SPENT)
    except StageFailed as error:
        _tell(f"{FAILED} {error}")
    except OSError as error:
        _tell(f"{FAILED} The sandbox cannot be started: {error.strerror}.")
    else:
        _tell(STARTED)
        keeper.keep()


def _tell(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # the caller was killed: all the same
        os.write(1, f"{line}\n".encode())
    for lock in sys.argv[2:]:
        os.close(int(lock))
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
