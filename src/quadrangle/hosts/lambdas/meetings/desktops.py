"""What makes desktops on AWS and has names lead to them, as the reconciler needs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.stores import desktop_adapters
from quadrangle.kernel.lazily import lazily
from quadrangle.meetings.desktops.model import Machine, Placement
from quadrangle.meetings.desktops.ports import (
    Capacity,
    Desktops,
    LaunchOrder,
    LaunchRefused,
    Routes,
)
from quadrangle.meetings.model import Workspace

NONE = "This installation makes no desktops: its settings name no network for them."


@dataclass(frozen=True)
class MeetingDesktops:
    """`capacity` and `lead_minutes` ask AWS, and raise Unavailable."""

    desktops: Desktops
    routes: Routes
    capacity: Callable[[], Capacity]
    lead_minutes: Callable[[], int | None]


class NoDesktops:
    """Implements Desktops and Routes where there are none: meetings have their rooms alone."""

    async def placements(self, workspace: Workspace) -> Sequence[Placement]:
        return [Placement()]

    async def launch(self, order: LaunchOrder) -> str:
        raise LaunchRefused(NONE)

    async def find(self, token: str) -> Machine | None:
        return None

    async def look_up(self, machine_ids: Sequence[str]) -> dict[str, Machine]:
        return {}

    async def list_ours(self) -> list[Machine]:
        return []

    async def terminate(self, machine_id: str) -> None:
        return

    async def answers(self, machine: Machine) -> bool:
        return False

    async def point(self, machine: Machine) -> str:
        raise LaunchRefused(NONE)

    async def take_off(self, machine: Machine) -> None:
        return


def desktops_of(parts: FunctionParts) -> MeetingDesktops:
    made = desktop_adapters(parts)
    if made is not None:
        return MeetingDesktops(
            made.desktops, lazily(lambda: made.routes), made.capacity, made.lead_minutes
        )
    none = NoDesktops()
    return MeetingDesktops(none, none, lambda: Capacity(0, NONE), lambda: None)
