"""The queue that calls workers: a message for each turn, which names the video and no more, and for
each other job that takes their programs, by its name.

A message that is received says only that there may be something to do. Leases, attempts and delays
are the database's; messages are hidden for as long as these say.
"""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from quadrangle.aws.base.errors import translated
from quadrangle.aws.jobs.queues import Outgoing, Queues
from quadrangle.kernel.errors import Unavailable
from quadrangle.videos.jobs import turn_of

log = structlog.get_logger(__name__)
LONGEST_HIDDEN = timedelta(hours=12)  # that SQS has
_LONGEST_POLL_S = 20


class Call(msgspec.Struct, frozen=True):
    """One message: its handle, and the name of the job it calls for, None for what is no message of
    ours."""

    handle: str
    job: str | None


class _Body(msgspec.Struct, rename="camel", omit_defaults=True):
    video_id: int | None = None
    job: str | None = None


class TurnQueue:
    """Sends and receives calls. Raises Unavailable."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._queues = Queues(client)
        self._url = url

    async def send(self, video_ids: list[int]) -> list[int]:
        """Call workers for videos; return those of which nobody could be told."""
        bodies = [msgspec.json.encode(_Body(video_id)).decode() for video_id in video_ids]
        messages = [Outgoing(self._url, body) for body in bodies]
        left = await asyncio.to_thread(self._queues.send_all, messages)
        return [video_ids[place] for place in left]

    async def call_for(self, job: str) -> None:
        """Call a worker for a job by its name. Raises Unavailable."""
        body = msgspec.json.encode(_Body(job=job)).decode()
        if await asyncio.to_thread(self._queues.send_all, [Outgoing(self._url, body)]):
            raise Unavailable()

    async def receive(self, hidden: timedelta, wait_s: int = _LONGEST_POLL_S) -> Call | None:
        """Wait for a call; it is hidden from others for so long."""

        def receive() -> dict[str, Any]:
            with translated():
                return self._client.receive_message(
                    QueueUrl=self._url,
                    MaxNumberOfMessages=1,
                    WaitTimeSeconds=wait_s,
                    VisibilityTimeout=_seconds(hidden),
                )

        found = (await asyncio.to_thread(receive)).get("Messages", [])
        return _call(found[0]) if found else None

    async def hide(self, call: Call, longer: timedelta) -> None:
        """Keep a call from everyone for so long from now; what fails comes back by itself."""
        hide = self._queues.hide
        try:
            await asyncio.to_thread(hide, self._url, call.handle, _seconds(longer))
        except Unavailable as error:
            log.warning("a call comes back early", cause=repr(error.__cause__ or error))

    async def forget(self, call: Call) -> None:
        """Delete a call; one that cannot be comes again, and finds nothing to do."""

        def forget() -> None:
            with translated():
                self._client.delete_message(QueueUrl=self._url, ReceiptHandle=call.handle)

        try:
            await asyncio.to_thread(forget)
        except Unavailable as error:
            log.warning("a call was not deleted", cause=repr(error.__cause__ or error))


def _seconds(time: timedelta) -> int:
    return max(0, round(min(time, LONGEST_HIDDEN).total_seconds()))


def _call(message: dict[str, Any]) -> Call:
    try:
        body = msgspec.json.decode(message["Body"], type=_Body)
    except msgspec.MsgspecError:
        body = _Body()
    job = body.job if body.video_id is None else turn_of(body.video_id)
    return Call(message["ReceiptHandle"], job)
