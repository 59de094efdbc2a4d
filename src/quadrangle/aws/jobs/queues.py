"""SQS in plain values: sends many messages, and holds on to or hides what was received."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from quadrangle.aws.base.errors import translated
from quadrangle.kernel.errors import Unavailable

LONGEST_DELAY_S = 900  # SQS delays a message by 15 minutes at most
BATCH = 10  # messages, the most SQS takes or gives at once
BATCH_BYTES = 256 * 1024  # within what SQS takes at once, also where it takes no megabyte
ATTEMPTS = 4
FIRST_PAUSE_S = 0.1
WAIT_S = 1  # of a long poll, which asks all servers of a queue and not only some


class Outgoing(msgspec.Struct, frozen=True):
    """A message to send; `delay_s` whole seconds pass before anyone gets it."""

    queue_url: str
    body: str
    delay_s: int = 0


class Incoming(msgspec.Struct, frozen=True):
    """A received message. `handle` is good for deleting or hiding it until it is received again,
    `sent_ms` is when it was sent, in milliseconds since 1970."""

    queue_url: str
    message_id: str
    handle: str
    body: str
    attributes: dict[str, str]
    sent_ms: int


class Queues:
    """The calls jobs need. Each raises Unavailable when SQS refuses or does not answer."""

    def __init__(self, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep
        self._arns: dict[str, str] = {}

    def arn(self, url: str) -> str:
        """Return the ARN of a queue, asked for once."""
        if url not in self._arns:
            with translated():
                answer = self._client.get_queue_attributes(
                    QueueUrl=url, AttributeNames=["QueueArn"]
                )
            self._arns[url] = answer["Attributes"]["QueueArn"]
        return self._arns[url]

    def send_all(self, messages: Sequence[Outgoing]) -> list[int]:
        """Send messages in any order; return the places of those that could not be sent."""
        waiting = list(range(len(messages)))
        for attempt in range(ATTEMPTS):
            left = [n for batch in _batches(messages, waiting) for n in self._send(messages, batch)]
            waiting = sorted(left)
            if not waiting or attempt == ATTEMPTS - 1:
                break
            # full jitter: those that were refused together do not come back together
            pause_s = random.random() * FIRST_PAUSE_S * 2**attempt  # noqa: S311 - not a secret
            self._sleep(pause_s)
        return waiting

    def _send(self, messages: Sequence[Outgoing], batch: Sequence[int]) -> list[int]:
        """Send messages of one queue; return the places of those that were not taken."""
        entries = [
            {
                "Id": str(n),
                "MessageBody": messages[n].body,
                "DelaySeconds": messages[n].delay_s,
            }
            for n in batch
        ]
        try:
            with translated():
                answer = self._client.send_message_batch(
                    QueueUrl=messages[batch[0]].queue_url, Entries=entries
                )
        except Unavailable:
            return list(batch)
        return [int(failed["Id"]) for failed in answer.get("Failed", [])]

    def send(self, queue_url: str, body: str, attributes: dict[str, str]) -> None:
        """Send one message with texts beside its body; none of them may be empty."""
        typed = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        with translated():
            self._client.send_message(QueueUrl=queue_url, MessageBody=body, MessageAttributes=typed)

    def receive(self, queue_url: str, hold_s: int) -> list[Incoming]:
        """Return some messages, none when there are none, hidden from others for `hold_s`."""
        with translated():
            answer = self._client.receive_message(
                QueueUrl=queue_url,
                MaxNumberOfMessages=BATCH,
                WaitTimeSeconds=WAIT_S,
                VisibilityTimeout=hold_s,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp"],
            )
        return [_incoming(queue_url, each) for each in answer.get("Messages", [])]

    def release(self, queue_url: str, handles: Sequence[str]) -> None:
        """Let others have received messages at once. What fails comes back by itself."""
        for entries in _entries(handles, VisibilityTimeout=0):
            with translated():
                self._client.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)

    def delete_all(self, queue_url: str, handles: Sequence[str]) -> None:
        """Delete received messages. What fails comes back."""
        for entries in _entries(handles):
            with translated():
                self._client.delete_message_batch(QueueUrl=queue_url, Entries=entries)

    def hide(self, queue_url: str, handle: str, seconds: int) -> None:
        """Keep a received message from everyone for so many seconds from now."""
        with translated():
            self._client.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=handle, VisibilityTimeout=seconds
            )

    def delete(self, message: Incoming) -> None:
        with translated():
            self._client.delete_message(QueueUrl=message.queue_url, ReceiptHandle=message.handle)

    def count(self, queue_url: str) -> int:
        """Return about how many messages a queue holds, delayed and hidden ones among them."""
        names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        with translated():
            answer = self._client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
        return sum(int(answer["Attributes"].get(name, 0)) for name in names)


def _entries(handles: Sequence[str], **each_has: int) -> Iterator[list[dict[str, Any]]]:
    """Yield what names received messages, so many at once as SQS takes."""
    for start in range(0, len(handles), BATCH):
        batch = handles[start : start + BATCH]
        yield [{"Id": str(n), "ReceiptHandle": h, **each_has} for n, h in enumerate(batch)]


def _batches(messages: Sequence[Outgoing], places: Sequence[int]) -> Iterator[list[int]]:
    """Yield places by queue, so many at once as SQS takes in number and size."""
    by_queue: dict[str, list[int]] = {}
    for n in places:
        by_queue.setdefault(messages[n].queue_url, []).append(n)
    for of_queue in by_queue.values():
        batch: list[int] = []
        size = 0
        for n in of_queue:
            length = len(messages[n].body.encode())
            if batch and (len(batch) == BATCH or size + length > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(n)
            size += length
        yield batch


def _incoming(queue_url: str, received: dict[str, Any]) -> Incoming:
    attributes = received.get("MessageAttributes", {})
    return Incoming(
        queue_url,
        received["MessageId"],
        received["ReceiptHandle"],
        received["Body"],
        {name: each["StringValue"] for name, each in attributes.items() if "StringValue" in each},
        int(received["Attributes"]["SentTimestamp"]),
    )
