"""A queue that keeps what it is told, and refuses what it is told to refuse."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from quadrangle.aws.jobs.messages import Message, decode


class FakeSqs:
    """Stands for the SQS client where a test wants to see every call."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.hidden: dict[str, int] = {}
        self.deleted: list[str] = []
        self.batches: list[int] = []
        self.refuses: Callable[[dict[str, Any]], bool] = lambda entry: False
        self.away = False

    def send_message_batch(self, **call: Any) -> dict[str, Any]:
        self._answer()
        self.batches.append(len(call["Entries"]))
        failed = [entry for entry in call["Entries"] if self.refuses(entry)]
        self.sent += [
            {**entry, "QueueUrl": call["QueueUrl"]}
            for entry in call["Entries"]
            if entry not in failed
        ]
        return {"Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in failed]}

    def send_message(self, **call: Any) -> None:
        self._answer()
        self.sent.append(call)

    def change_message_visibility(self, **call: Any) -> None:
        self._answer()
        self.hidden[call["ReceiptHandle"]] = call["VisibilityTimeout"]

    def change_message_visibility_batch(self, **call: Any) -> None:
        self._answer()
        self.hidden |= {e["ReceiptHandle"]: e["VisibilityTimeout"] for e in call["Entries"]}

    def delete_message_batch(self, **call: Any) -> None:
        self._answer()
        self.deleted += [entry["ReceiptHandle"] for entry in call["Entries"]]

    def _answer(self) -> None:
        if self.away:
            raise ClientError({"Error": {"Code": "InternalError"}}, "SendMessage")

    def to(self, queue_url: str) -> list[dict[str, Any]]:
        return [each for each in self.sent if each["QueueUrl"] == queue_url]


def message_in(sent: dict[str, Any]) -> Message:
    message = decode(sent["MessageBody"])
    assert message is not None
    return message
