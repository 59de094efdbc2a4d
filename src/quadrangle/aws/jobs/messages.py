"""A job as the text of a message: what queues and schedules carry."""

from datetime import datetime
from typing import Any

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.jobs import NewJob


class Message(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A job between the one who puts it and the one who runs it.

    `run_at` is a text as `clock.to_text` writes it: whoever gets the message earlier waits.
    `spent` attempts were used up under earlier messages of the same job, as a queue counts only
    how often it handed out this one. `part` counts the calls that a job took which goes on in
    another when its own is over (kernel.jobs.GoOn).
    """

    function: str
    payload: dict[str, Any]
    run_at: str
    name: str | None = None
    spent: int = 0
    part: int = 1

    @property
    def due(self) -> datetime:
        return from_text(self.run_at)


def message_of(job: NewJob, now: datetime) -> Message:
    """Return the message of a job; without a time it is due `now`."""
    return Message(job.function, job.payload, to_text(job.run_at or now), job.name)


def encode(message: Message) -> str:
    """Return the message as JSON, without the two characters that queues refuse."""
    text = msgspec.json.encode(message).decode()
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def decode(body: str) -> Message | None:
    """Read a message; None when it is not one of ours."""
    try:
        message = msgspec.json.decode(body, type=Message)
        from_text(message.run_at)
    except (msgspec.MsgspecError, ValueError):
        return None
    return message
