"""EventBridge Scheduler: messages that are sent to a queue at a time."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.kernel.errors import Unavailable

_TAKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
ATTEMPTS = 4  # to replace a schedule that comes and goes meanwhile


class Schedules:
    """One-off schedules of one group, each gone after it has sent its message.

    `role_arn` is what the scheduler acts as: it may send to the queues and nothing else. All
    methods raise Unavailable.

    The scheduler is precise to a minute: a message is sent within the 60 seconds from its time on.
    A schedule that has just sent its message is there a little longer, so `delete` and `exists`
    may answer True for a job that has gone to its queue moments ago.
    """

    def __init__(self, client: Any, group: str, role_arn: str) -> None:
        self._client = client
        self._group = group
        self._role_arn = role_arn

    def put(self, name: str, at: datetime, queue_arn: str, body: str) -> None:
        """Have `body` sent at `at`, in place of what was to be sent under that name."""
        arguments = self._arguments(name, at, queue_arn, body)
        for _ in range(ATTEMPTS):
            if self._called("create_schedule", "ConflictException", **arguments):
                return
            if self._called("update_schedule", "ResourceNotFoundException", **arguments):
                return
        raise Unavailable()

    def delete(self, name: str) -> bool:
        """Remove a schedule; False when there is none."""
        key = {"Name": _key(name), "GroupName": self._group}
        return self._called("delete_schedule", "ResourceNotFoundException", **key)

    def exists(self, name: str) -> bool:
        """Tell whether something waits under a name."""
        key = {"Name": _key(name), "GroupName": self._group}
        return self._called("get_schedule", "ResourceNotFoundException", **key)

    def _called(self, method: str, unless: str, **arguments: Any) -> bool:
        """Make a call; False when it ended with the error `unless`."""
        with translated():
            try:
                getattr(self._client, method)(**arguments)
            except ClientError as error:
                if code_of(error) != unless:
                    raise
                return False
        return True

    def _arguments(self, name: str, at: datetime, queue_arn: str, body: str) -> dict[str, Any]:
        return {
            "Name": _key(name),
            "GroupName": self._group,
            "ScheduleExpression": f"at({_whole_second(at):%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {"Arn": queue_arn, "RoleArn": self._role_arn, "Input": body},
        }


def _key(name: str) -> str:
    """Return a name the scheduler takes: `name`, or what stands for it where its characters or its
    length will not do."""
    if _TAKEN.fullmatch(name):
        return name
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()


def _whole_second(at: datetime) -> datetime:
    """Round up: a job is never sent before its time."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)
