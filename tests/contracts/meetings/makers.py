"""Whoever makes desktops, and whoever makes names lead to them, with what tells of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from quadrangle.kernel.clock import SystemClock, to_text
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.desktops.ports import Desktops, LaunchOrder, Routes
from quadrangle.meetings.model import MeetingRole, Workspace

T = TypeVar("T")


@dataclass
class Maker:
    """A provider, and the same of another process."""

    desktops: Desktops
    other: Desktops

    async def order(self, **fields: Any) -> LaunchOrder:
        """Return an order that nobody gave before, for the first place."""
        (place, *_) = await self.desktops.placements(Workspace.TERMINAL)
        values: dict[str, Any] = {
            "meeting_id": new_id(),
            "role": MeetingRole.STUDENT,
            "generation": 1,
            "attempt": 1,
            "token": new_id().replace("-", "") * 2,
            "workspace": Workspace.TERMINAL,
            "ends_at": to_text(SystemClock().now() + timedelta(minutes=5)),
            "zone": place.zone,
            "machine_type": place.machine_type,
        }
        return LaunchOrder(**values | fields)


@dataclass
class Guide:
    """What makes names lead to machines; `leads` tells whether one does, by the world's word."""

    routes: Routes
    other: Routes
    machines: list[Machine]
    leads: Callable[[Machine], Awaitable[bool]]


async def soon(ask: Callable[[], Awaitable[T]], holds: Callable[[T], object]) -> T:
    """Ask until the answer holds, for ten seconds at most: looking lags behind launching."""
    for _ in range(200):
        answer = await ask()
        if holds(answer):
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to hold")


def is_running(machine: Machine | None) -> bool:
    return machine is not None and machine.state is MachineState.RUNNING
