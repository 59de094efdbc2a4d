"""Orders for desktops, and waiting until EC2 tells of what they made."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.meetings.desktops.ports import LaunchOrder
from quadrangle.meetings.model import MeetingRole, Workspace

T = TypeVar("T")


def order_of(settings: Ec2Settings, **other: object) -> LaunchOrder:
    """Return an order that nobody gave before, in the first zone."""
    fields: dict[str, object] = {
        "meeting_id": secrets.token_hex(8),
        "role": MeetingRole.STUDENT,
        "generation": 1,
        "attempt": 1,
        "token": secrets.token_hex(32),
        "workspace": Workspace.DESKTOP,
        "ends_at": "2026-03-02T12:00:00.000Z",
        "zone": next(iter(settings.subnets)),
        "machine_type": settings.machine_types[0],
    }
    return LaunchOrder(**{**fields, **other})  # pyright: ignore[reportArgumentType]


async def soon(
    ask: Callable[[], Awaitable[T]], holds: Callable[[T], object], within_s: float = 5
) -> T:
    """Ask until the answer holds, and return it."""
    for _ in range(int(within_s / 0.05)):
        answer = await ask()
        if holds(answer):
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to hold")
