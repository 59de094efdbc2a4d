"""What every function begins with, once its modules are loaded."""

import gc
import os
import random
from importlib import import_module

from quadrangle.aws.base.clients import client
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.shared.logs import configure_logs

# Objects more than before until the collector looks: a request makes few cycles.
COLLECT_AFTER = 50_000


def started(*services: str) -> FunctionParts:
    """Return the parts, with logs set up and the garbage collector at work.

    Clients of `services` are made now, as the first call needs them: others have measured, though
    AWS does not promise, that a container has more of a processor while it starts than while it
    answers. The rest are made when they are first used. Each takes 6 to 40 ms.
    """
    gc.freeze()  # modules stay: looking through them again and again would find nothing
    gc.set_threshold(COLLECT_AFTER)
    parts = FunctionParts()
    configure_logs(parts.environment.log_level)
    for service in services:
        client(service)
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        _differ_when_restored()
    return parts


def _differ_when_restored() -> None:
    """Have containers that begin from one picture not draw the same random numbers: places and
    pauses are by `random`. What is secret comes from the system, which differs by itself."""
    # a part of Lambda's runtime, which is nowhere else
    import_module("snapshot_restore_py").register_after_restore(random.seed)
