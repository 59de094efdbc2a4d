"""Asks and instructs the provider of desktops, and says what came of it.

Raises Unavailable where a part could not be asked: nothing is known then, and nothing is concluded.
"""

from collections.abc import Sequence

from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.act_rules import Act
from quadrangle.meetings.desktops.findings_model import (
    Answered,
    Finding,
    Launched,
    NotFound,
    NotMade,
    Placed,
    Pointed,
    Seen,
    Spent,
    Unrouted,
)
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.desktops.ports import (
    Desktops,
    LaunchOrder,
    LaunchRefused,
    NoRoom,
    Routes,
    TokenMismatch,
    TokenSpent,
)
from quadrangle.meetings.model import Attempt, Desktop, Meeting


class Asking:
    """Does what the rules want done with machines and their names."""

    def __init__(self, desktops: Desktops, routes: Routes) -> None:
        self._desktops = desktops
        self._routes = routes

    async def look(self, desktops: Sequence[Desktop]) -> dict[str, Seen]:
        """Return what is known of the machines of desktops, by id."""
        ids = [each.machine_id for each in desktops if each.machine_id and not each.is_settled]
        known = await self._desktops.look_up(ids) if ids else {}
        return {machine_id: Seen(known.get(machine_id)) for machine_id in ids}

    async def terminate(self, machine_id: str) -> None:
        """Have a machine end that no meeting wants."""
        await self._desktops.terminate(machine_id)

    async def do(self, act: Act, desktop: Desktop, meeting: Meeting) -> Finding | None:
        """Do one thing for a desktop and return what it brought to light, if anything."""
        attempt = desktop.attempt
        match act:
            case Act.PLACE:
                return await self._place(desktop, meeting)
            case Act.LAUNCH if attempt:
                return await self._launch(_order(desktop, attempt, meeting))
            case Act.FIND if attempt:
                return await self._find(attempt)
            case Act.TERMINATE if desktop.machine_id:
                await self._desktops.terminate(desktop.machine_id)
                return None
            case _:
                machine = machine_of(desktop, meeting)
                return await self._of_machine(act, machine) if machine else None

    async def _of_machine(self, act: Act, machine: Machine) -> Finding | None:
        match act:
            case Act.ROUTE if machine.address:
                return Pointed(machine.address, await self._routes.point(machine))
            case Act.CHECK:
                return Answered(await self._desktops.answers(machine))
            case Act.TAKE_OFF:
                await self._routes.take_off(machine)
                return Unrouted()
            case _:
                return None

    async def _place(self, desktop: Desktop, meeting: Meeting) -> Placed:
        """Choose the next place in turn."""
        places = await self._desktops.placements(meeting.workspace)
        tried = desktop.attempt.number if desktop.attempt else 0
        return Placed(places[tried % len(places)])

    async def _launch(self, order: LaunchOrder) -> Finding | None:
        try:
            return Launched(order.attempt, await self._desktops.launch(order))
        except NoRoom as error:
            return NotMade(order.attempt, str(error) or "There was no room for another desktop.")
        except LaunchRefused as error:
            return NotMade(order.attempt, str(error) or "It cannot be launched.", final=True)
        except TokenSpent:
            machine = await self._desktops.find(order.token)
            return _found(order.attempt, machine) or Spent(order.attempt)
        except TokenMismatch:
            # What the token made may be there all the same, only not seen yet.
            machine = await self._desktops.find(order.token)
            return _found(order.attempt, machine) or NotFound(order.attempt)
        except Unavailable:
            machine = await self._desktops.find(order.token)
            return _found(order.attempt, machine) or NotFound(order.attempt)

    async def _find(self, attempt: Attempt) -> Finding:
        machine = await self._desktops.find(attempt.token)
        return _found(attempt.number, machine) or NotFound(attempt.number)


def machine_of(desktop: Desktop, meeting: Meeting) -> Machine | None:
    """Return the machine of a desktop as we remember it."""
    if desktop.machine_id is None or desktop.attempt is None:
        return None
    return Machine(
        machine_id=desktop.machine_id,
        meeting_id=meeting.meeting_id,
        role=desktop.role,
        generation=desktop.generation,
        token=desktop.attempt.token,
        state=MachineState.RUNNING,
        address=desktop.address,
    )


def _order(desktop: Desktop, attempt: Attempt, meeting: Meeting) -> LaunchOrder:
    return LaunchOrder(
        meeting_id=meeting.meeting_id,
        role=desktop.role,
        generation=desktop.generation,
        attempt=attempt.number,
        token=attempt.token,
        workspace=meeting.workspace,
        ends_at=attempt.ends_at,
        zone=attempt.zone,
        machine_type=attempt.machine_type,
    )


def _found(attempt: int, machine: Machine | None) -> Finding | None:
    if machine is None:
        return None
    if machine.state is MachineState.GONE:
        return Spent(attempt)
    return Launched(attempt, machine.machine_id)
