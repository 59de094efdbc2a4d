"""Machines that ask us: whose a ticket is, and what is to be on them.

Where desktops are machines elsewhere, no connection runs through us. So the machine asks whose a
ticket is, tells who is connected, and hears what each may do. It proves itself with a key that only
this machine was given; nobody else is told anything.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import NotFound, QuadrangleError
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.desktops import dcv_rules, guests_rules
from quadrangle.meetings.desktops.asking import machine_of
from quadrangle.meetings.desktops.guests_model import Guests, LetIn
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import FileAddress, FileAddresses, GuestBook
from quadrangle.meetings.joining.standing import Standing
from quadrangle.meetings.joining.ticketing import Admission, Ticketing
from quadrangle.meetings.model import Desktop, Meeting, other_side
from quadrangle.meetings.ports import MachineKeys, MeetingStore, PresenceStore
from quadrangle.meetings.presence.model import OTHER_DESKTOP, OWN_DESKTOP, Connection
from quadrangle.meetings.writing import retrying

# A take-back is to be felt at once; where nobody watches there is nothing to take back.
AGAIN_S = 5
AGAIN_WATCHED_S = 2
UNKNOWN = "There is no such machine."


class Seen(msgspec.Struct, frozen=True):
    """A connection that a machine tells of, by its number there; `name` as dcv_rules has it."""

    number: str
    name: str
    ended: bool = False


class Report(msgspec.Struct, frozen=True):
    """What a machine tells. `take_home` is how many bytes it has to send, None for nothing new."""

    connections: Sequence[Seen] = ()
    wants_files: bool = False
    take_home: int | None = None


class Orders(msgspec.Struct, frozen=True):
    """What is to be on a machine.

    `permissions` is DCV's file, `welcome` who may be connected, `files` what it is to fetch,
    `take_home` where it may send what it has; it asks again after `again_s`.
    """

    permissions: str
    welcome: list[str]
    files: list[FileAddress]
    take_home: str | None
    again_s: int


@dataclass(frozen=True)
class MachinesParts:
    """What answering machines needs."""

    store: MeetingStore
    ticketing: Ticketing
    supervision: Supervision
    presence: PresenceStore
    keys: MachineKeys
    files: FileAddresses
    guests: GuestBook
    standing: Standing
    clock: Clock


class Machines:
    """Answers machines."""

    injected_as: ClassVar[str] = "machines"

    def __init__(self, parts: MachinesParts) -> None:
        self._parts = parts

    async def admit(self, machine_id: str, ticket: str) -> str | None:
        """Use a ticket up, and return who its holder is on that machine; None: let nobody in.

        A ticket for another machine is used up too, and opens neither.
        """
        try:
            admission = await self._parts.ticketing.take(ticket)
            meeting, desktop, holder = admission.meeting, admission.desktop, admission.holder
            if desktop.machine_id != machine_id:
                return None
            if not await self._may_come(machine_id, admission):
                return None
            if holder is not desktop.role:
                viewer = _viewer_id(machine_id)
                await self._parts.supervision.leave(meeting.meeting_id, viewer)
                await self._parts.supervision.connect(meeting, holder, viewer)
        except QuadrangleError:
            return None
        return dcv_rules.name_of(holder, desktop.role)

    async def _may_come(self, machine_id: str, admission: Admission) -> bool:
        """Note who comes, by what; tell whether others of that name have left."""
        whom = LetIn(
            name=dcv_rules.name_of(admission.holder, admission.desktop.role),
            meeting_id=admission.meeting.meeting_id,
            account_id=admission.account_id,
            link_generation=admission.meeting.link_generation,
            holder=admission.holder,
        )

        async def note(guests: Guests) -> Guests:
            is_leaving = whom.name in guests.leaving
            return guests if is_leaving else guests_rules.let_in(guests, whom)

        return whom.name not in (await self._write(machine_id, note)).leaving

    async def report(self, machine_id: str, key: str, report: Report) -> Orders:
        """Take in what a machine tells, and return what is to be on it.

        Raises NotFound alike for a machine that is nobody's (yet) and a key that is wrong, and
        Unavailable.
        """
        meeting, desktop = await self._known(machine_id, key)
        for seen in report.connections:
            await self._note(meeting, desktop, machine_id, seen)
        leaving = await self._leaving(machine_id, report)
        control = await self._parts.supervision.now(meeting.meeting_id)
        welcome = dcv_rules.welcome(control, desktop.role)
        files = self._parts.files
        machine = machine_of(desktop, meeting)
        return Orders(
            permissions=dcv_rules.permissions(control, desktop.role),
            welcome=[name for name in welcome if name not in leaving],
            files=await files.given(machine_id) if report.wants_files else [],
            take_home=await self._take_home(machine, report.take_home),
            again_s=AGAIN_WATCHED_S if control.watching else AGAIN_S,
        )

    async def _leaving(self, machine_id: str, report: Report) -> Collection[str]:
        """Return the names whose connections are to be closed: links were renewed, or accounts
        closed, by which somebody of that name was let in."""
        here: dict[str, bool] = {}
        for seen in report.connections:
            here[seen.name] = here.get(seen.name, False) or not seen.ended

        async def look(guests: Guests) -> Guests:
            now = self._parts.clock.now()
            holds = self._parts.standing.holds
            gone = [each for each in guests.let_in if not await holds(each)]
            return guests_rules.withdraw(guests_rules.told(guests, here, now), gone, now)

        return (await self._write(machine_id, look)).leaving

    async def _write(
        self, machine_id: str, decide: Callable[[Guests], Awaitable[Guests]]
    ) -> Guests:
        async def attempt() -> Guests:
            before = await self._parts.guests.get(machine_id)
            after = await decide(before)
            if after == before:
                return before
            written = msgspec.structs.replace(after, version=before.version + 1)
            await self._parts.guests.save(written)
            return written

        return await retrying(attempt)

    async def _take_home(self, machine: Machine | None, size: int | None) -> str | None:
        if machine is None or size is None:
            return None
        return await self._parts.files.for_take_home(machine, size)

    async def _known(self, machine_id: str, key: str) -> tuple[Meeting, Desktop]:
        store = self._parts.store
        meeting_id = await store.of_machine(machine_id)
        meeting = await store.get(meeting_id) if meeting_id is not None else None
        desktop = _desktop_of(meeting, machine_id) if meeting is not None else None
        attempt = desktop.attempt if desktop is not None else None
        if meeting is None or desktop is None or attempt is None:
            raise NotFound(UNKNOWN)
        if not self._parts.keys.is_key(key, attempt.token):
            raise NotFound(UNKNOWN)
        return meeting, desktop

    async def _note(self, meeting: Meeting, desktop: Desktop, machine_id: str, seen: Seen) -> None:
        """Remember who is connected, and with the other side's last connection its hand."""
        is_guest = seen.name != dcv_rules.OWNER
        now = to_text(self._parts.clock.now())
        await self._parts.presence.put(
            Connection(
                connection_id=f"{machine_id}-{seen.number}",
                meeting_id=meeting.meeting_id,
                role=other_side(desktop.role) if is_guest else desktop.role,
                kind=OTHER_DESKTOP if is_guest else OWN_DESKTOP,
                begun_at=now,
                seen_at=now,
                ended_at=now if seen.ended else None,
            )
        )
        if is_guest:
            supervision, viewer = self._parts.supervision, _viewer_id(machine_id)
            if seen.ended:
                await supervision.leave(meeting.meeting_id, viewer)
            else:
                await supervision.seen(meeting.meeting_id, viewer)


def _desktop_of(meeting: Meeting, machine_id: str) -> Desktop | None:
    return next((each for each in meeting.desktops if each.machine_id == machine_id), None)


def _viewer_id(machine_id: str) -> str:
    """Name all of the other side's connections to a machine: DCV numbers them only afterwards."""
    return f"{machine_id}-guest"
