"""Runs the re-encoding of each picture in a child process of its own, over plain pipes.

For where ImageProcessor cannot run: its pool needs POSIX semaphores, which a function of Lambda
does not have. A start costs some 0.2 s for each picture, which matters little where few come.
"""

import asyncio
import os
import subprocess
import sys

import msgspec

from quadrangle.kernel.errors import InvalidInput, TooLarge, Unavailable
from quadrangle.portable.pictures.images import (
    FIELD,
    UNREADABLE,
    ImageLimits,
    Picture,
    accepted_kind,
)
from quadrangle.portable.pictures.picture_child import ChildLimits, Refusal, confine, re_encode_here

# Written once the decoders are loaded: what happens from then on is the picture's doing.
_READY = b"ready\n"
_NO_CHILD = "Pictures cannot be taken in just now. Please try again."


class _Order(msgspec.Struct, frozen=True):
    """What the child gets besides the picture."""

    parent_id: int
    memory_bytes: int
    seconds: float
    limits: ImageLimits


class _Answer(msgspec.Struct, frozen=True):
    picture: Picture | None = None
    refusal: Refusal | None = None


class ImageCommand:
    """Implements issues.ports.Pictures. `pictures` of the limits do not apply."""

    def __init__(
        self, limits: ImageLimits | None = None, child_limits: ChildLimits | None = None
    ) -> None:
        self._limits = limits or ImageLimits()
        self._child_limits = child_limits or ChildLimits()

    async def re_encode(self, content: bytes, sender: str = "") -> Picture:
        """Return what `images.re_encode` makes of `content`, whoever sends it.

        Raises TooLarge, InvalidInput (also when the picture takes the child more memory or time
        than it has), and Unavailable when no child can be started.
        """
        accepted_kind(content, self._limits)
        output = await asyncio.to_thread(self._output_for, content)
        if not output.startswith(_READY):
            raise Unavailable(_NO_CHILD)
        answer = _understood(output.removeprefix(_READY))
        if answer.picture is not None:
            return answer.picture
        if answer.refusal is not None and answer.refusal.too_large:
            raise TooLarge(answer.refusal.message)
        message = UNREADABLE if answer.refusal is None else answer.refusal.message
        raise InvalidInput.at(FIELD, message)

    def _output_for(self, content: bytes) -> bytes:
        """Return what the child wrote until it ended, or was ended."""
        child = self._child_limits
        order = _Order(os.getpid(), child.memory_bytes, child.seconds, self._limits)
        try:
            return subprocess.run(  # noqa: S603 - this interpreter, and nothing a client sent
                [sys.executable, "-m", __name__, msgspec.json.encode(order)],
                input=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                timeout=child.start_seconds + child.seconds,
                check=False,
            ).stdout
        except subprocess.TimeoutExpired as error:
            return error.stdout or b""
        except OSError as error:
            raise Unavailable(_NO_CHILD) from error


def _environment() -> dict[str, str]:
    """Return what the interpreter needs to start, and no secret of ours."""
    libraries = os.environ.get("LD_LIBRARY_PATH")
    found = {} if libraries is None else {"LD_LIBRARY_PATH": libraries}
    return {**found, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _understood(output: bytes) -> _Answer:
    """Return the answer of the child; an empty one when it died before it had one."""
    try:
        return msgspec.msgpack.decode(output, type=_Answer)
    except msgspec.DecodeError:
        return _Answer()


def main() -> None:
    """Be the child: re-encode what comes on standard input, as the first argument says."""
    order = msgspec.json.decode(sys.argv[1], type=_Order)
    confine(order.parent_id, order.memory_bytes)
    output = sys.stdout.buffer
    output.write(_READY)
    output.flush()
    outcome = re_encode_here(sys.stdin.buffer.read(), order.limits, order.seconds)
    refused = isinstance(outcome, Refusal)
    answer = _Answer(refusal=outcome) if refused else _Answer(picture=outcome)
    output.write(msgspec.msgpack.encode(answer))
    output.flush()


if __name__ == "__main__":
    main()
