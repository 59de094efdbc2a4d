"""Hands changes on to reactions: what the function behind the change table's stream does."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import structlog

from quadrangle.aws.feed.changes import change_in_stream
from quadrangle.aws.jobs.messages import Message, encode
from quadrangle.aws.jobs.queues import Outgoing, Queues
from quadrangle.kernel.change import Change, Reaction, function_of
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Unavailable

log = structlog.get_logger(__name__)

BatchAnswer = dict[str, list[dict[str, str]]]


class StreamDispatcher:
    """Sends each change to the queue of every reaction to it; `urls` is by reaction name.

    A stream's records come again from the first that was not handed on, so a reaction may get
    changes more than once. The event source must be set to ReportBatchItemFailures.
    """

    def __init__(
        self,
        queues: Queues,
        reactions: Sequence[Reaction],
        urls: Mapping[str, str],
        clock: Clock,
    ) -> None:
        if len({reaction.name for reaction in reactions}) < len(reactions):
            raise ValueError("Two reactions have the same name.")
        if missing := sorted({reaction.name for reaction in reactions} - urls.keys()):
            raise ValueError(f"There is no queue for {', '.join(missing)}.")
        self._queues = queues
        self._clock = clock
        self._targets = [(each, function_of(each), urls[each.name]) for each in reactions]

    def handle(self, event: Mapping[str, Any]) -> BatchAnswer:
        """Hand a batch on. The answer names the first record that could not be, as the stream
        goes on from there."""
        now = to_text(self._clock.now())
        messages: list[Outgoing] = []
        sources: list[int] = []  # of each message, the place of its record
        records: Sequence[Mapping[str, Any]] = event["Records"]
        failed: list[int] = []
        for place, record in enumerate(records):
            try:
                new = self._messages(record, now)
            except (KeyError, TypeError, ValueError) as error:
                log.error("change cannot be read", sequence=_sequence(record), exc_info=error)
                failed.append(place)
                break  # those behind it come again with it
            messages += new
            sources += [place] * len(new)
        failed += [sources[n] for n in self._queues.send_all(messages)]
        if not failed:
            return {"batchItemFailures": []}
        first = _sequence(records[min(failed)])
        log.warning("changes wait", first=first, messages_left=len(failed))
        return {"batchItemFailures": [{"itemIdentifier": first}]}

    def hand_on(self, changes: Sequence[Change]) -> None:
        """Hand on changes by themselves. Raises Unavailable when some could not be, and others may
        have been."""
        now = to_text(self._clock.now())
        messages = [each for change in changes for each in self._messages_of(change, now)]
        if self._queues.send_all(messages):
            raise Unavailable()

    def _messages(self, record: Mapping[str, Any], now: str) -> list[Outgoing]:
        if record["eventName"] != "INSERT":
            return []  # a change is written once; what an operator removes is no news
        return self._messages_of(change_in_stream(dict(record)), now)

    def _messages_of(self, change: Change, now: str) -> list[Outgoing]:
        payload = _payload(change)
        return [
            Outgoing(url, encode(Message(function, payload, now)))
            for reaction, function, url in self._targets
            if reaction.answers_to(change)
        ]


def _payload(change: Change) -> dict[str, Any]:
    return msgspec.to_builtins(change)


def _sequence(record: Mapping[str, Any]) -> str:
    return record["dynamodb"]["SequenceNumber"]
