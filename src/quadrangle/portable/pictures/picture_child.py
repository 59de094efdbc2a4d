"""What a child process that decodes pictures may do, and its work.

Decoders of untrusted bytes do crash, and worse. So they run apart, with bounded memory and time,
without the settings' secrets, and end with their parent.
"""

import ctypes
import math
import os
import resource
import signal
import sys
import time

import msgspec

from quadrangle.kernel.errors import InvalidInput, TooLarge
from quadrangle.portable.pictures.images import ImageLimits, Picture, re_encode


class ChildLimits(msgspec.Struct, frozen=True):
    """What one child process may use.

    `memory_bytes` is address space; `seconds` are given to each picture, once on the clock and
    once on the processor; `start_seconds` to the start of the child. After `pictures` a new child
    takes over, so that leaks of the decoders stay small.
    """

    memory_bytes: int = 1_500_000_000
    seconds: float = 20
    start_seconds: float = 60
    pictures: int = 500


class Refusal(msgspec.Struct, frozen=True):
    """An error on its way to the parent; a raised one would bring a traceback of the child."""

    message: str
    too_large: bool = False


def confine(parent_id: int, memory_bytes: int) -> None:
    """Runs first in the child: bound it, tie it to its parent, load the decoders."""
    # A signal to the whole group (Ctrl-C, a service being stopped) is for the parent, which
    # finishes its requests first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with(parent_id)
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    os.environ.clear()  # secrets of the settings are not for the decoders
    import PIL.Image
    import PIL.ImageCms  # noqa: F401
    import pillow_heif  # noqa: F401


def _limit(what: int, wanted: int) -> None:
    """Set the soft limit: the one that counts, and that can be set anew for each picture."""
    _, hard = resource.getrlimit(what)
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (soft, hard))


def _die_with(parent_id: int) -> None:
    """Have the kernel kill this process when its parent ends, however that ends."""
    if sys.platform != "linux":
        return
    pr_set_pdeathsig = 1
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent_id:  # it ended before this was asked for
        os._exit(1)


def re_encode_here(content: bytes, limits: ImageLimits, seconds: float) -> Picture | Refusal:
    """Runs in the child, with `seconds` of processor time from now on."""
    _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + seconds))
    try:
        return re_encode(content, limits)
    except TooLarge as error:
        return Refusal(error.message, too_large=True)
    except InvalidInput as error:
        return Refusal(error.message)
