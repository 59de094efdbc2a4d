"""Brings what runs and what is written together: the only part that launches and ends desktops.

Events only wake it; it asks what is true. Whatever is to be done stands in the meeting before it is
done, so that it may break off anywhere and begin again: a launch is repeated with its own token.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any

import msgspec
import structlog

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.desktops.act_rules import Act, acts_for
from quadrangle.meetings.desktops.asking import Asking
from quadrangle.meetings.desktops.finding_rules import Found, laid_on, unwanted
from quadrangle.meetings.desktops.findings_model import Finding
from quadrangle.meetings.model import Desktop, Meeting
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingStore, PresenceStore
from quadrangle.meetings.presence import rules as presence_rules
from quadrangle.meetings.settling import clock_rules
from quadrangle.meetings.status_rules import decide

log = structlog.get_logger(__name__)

MAX_ROUNDS = 30  # from wanted to healthy are seven; what is not done then is done at the next look
TRIES = 8


class Settled(msgspec.Struct, frozen=True):
    """What settling left: the version of the meeting it saw last, and when to look again.

    `look_at` None: nothing is left to do.
    """

    version: int
    look_at: datetime | None


class Reconciler:
    """Settles meetings."""

    def __init__(
        self,
        store: MeetingStore,
        presence: PresenceStore,
        asking: Asking,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._store = store
        self._presence = presence
        self._asking = asking
        self._clock = clock
        self._policy = policy

    async def settle(self, meeting_id: str) -> Settled | None:
        """Do all that can be done for a meeting now; None where there is none.

        Safe to repeat, and to run beside itself. Raises Unavailable when the store is away; what
        else is away is asked again at the next look.
        """
        run = _Run()
        for _ in range(MAX_ROUNDS):
            meeting = await self._store.get(meeting_id)
            if meeting is None:
                return None
            try:
                if not await self._round(meeting, run):
                    break
            except Conflict:
                continue
        return await self._settled(meeting_id, run)

    async def _settled(self, meeting_id: str, run: "_Run") -> Settled | None:
        meeting = await self._store.get(meeting_id)
        if meeting is None:
            return None
        now = self._clock.now()
        left_at = await self._left_at(meeting)
        look_at = clock_rules.look_again_at(meeting, left_at, now, self._policy)
        if look_at is not None and run.was_refused:
            look_at = max(look_at, now + self._policy.away_pause)
        return Settled(meeting.version, look_at)

    async def _round(self, meeting: Meeting, run: "_Run") -> bool:
        """Look, write down, act, write down; tell whether anything changed. Raises Conflict."""
        seen = await self._look(meeting, run)
        if await self._write(meeting, seen or []):
            return True
        now = self._clock.now()
        due = [
            self._do(act, desktop, meeting, run)
            for desktop in meeting.desktops
            for act in acts_for(desktop, meeting, now, self._policy)
            if run.is_due(act, desktop) and (seen is not None or act is not Act.CHECK)
        ]
        return any(await _all(due))

    async def _look(self, meeting: Meeting, run: "_Run") -> list[Found] | None:
        """Return what the provider says of the machines, None where it could not be asked."""
        try:
            seen = await self._asking.look(meeting.desktops)
        except Unavailable as error:
            run.note_refusal("look up", meeting, error)
            return None
        return [
            Found(each.role, each.generation, seen[each.machine_id])
            for each in meeting.desktops
            if each.machine_id in seen
        ]

    async def _do(self, act: Act, desktop: Desktop, meeting: Meeting, run: "_Run") -> bool:
        """Do one thing and write down at once what came of it."""
        finding: Finding | None = None
        try:
            finding = await self._asking.do(act, desktop, meeting)
        except Unavailable as error:
            run.note_refusal(act, meeting, error)
        async with run.writing:
            changed = finding is not None and await self._note(
                meeting.meeting_id, Found(desktop.role, desktop.generation, finding)
            )
        if not changed or act is Act.CHECK:
            run.note_done(act, desktop)
        return changed

    async def _note(self, meeting_id: str, found: Found) -> bool:
        """Lay a finding on the meeting as it is by now: it may not want what was made for it."""
        for _ in range(TRIES):
            meeting = await self._store.get(meeting_id)
            for machine_id in unwanted(meeting, [found]):
                await self._end(machine_id)
            if meeting is None:
                return False
            try:
                return await self._write(meeting, [found])
            except Conflict:
                continue
        return False

    async def _end(self, machine_id: str) -> None:
        log.info("a machine was made that is not wanted any more", machine_id=machine_id)
        try:
            await self._asking.terminate(machine_id)
        except Unavailable as error:  # then it is reaped
            log.warning("it could not be ended", machine_id=machine_id, cause=repr(error))

    async def _write(self, meeting: Meeting, founds: Sequence[Found]) -> bool:
        """Save what findings and the present instant make of a meeting, if anything."""
        left_at = await self._left_at(meeting)
        now = self._clock.now()
        found = laid_on(meeting, founds, now, self._policy)
        ticked, told = clock_rules.tick(found, left_at, now, self._policy)
        decided, changes = decide(meeting, ticked, told, SYSTEM, now, self._policy)
        if changes:
            await self._store.save(decided, changes)
        return bool(changes)

    async def _left_at(self, meeting: Meeting) -> datetime | None:
        """Return when everyone had left, None while somebody is there or nobody had joined."""
        if meeting.joined_at is None or meeting.is_over:
            return None
        connections = await self._presence.of_meeting(meeting.meeting_id)
        return presence_rules.left_at(meeting, connections, self._clock.now(), self._policy)


class _Run:
    """What one settling remembers: what it need not do again, and whether a part was away."""

    def __init__(self) -> None:
        self.writing = asyncio.Lock()
        self.was_refused = False
        self._done: set[tuple[Act, str, int, int]] = set()

    def is_due(self, act: Act, desktop: Desktop) -> bool:
        return _key(act, desktop) not in self._done

    def note_done(self, act: Act, desktop: Desktop) -> None:
        self._done.add(_key(act, desktop))

    def note_refusal(self, act: str, meeting: Meeting, error: Unavailable) -> None:
        self.was_refused = True
        cause = repr(error.__cause__ or error)
        log.warning("could not be asked", act=str(act), meeting=meeting.meeting_id, cause=cause)


def _key(act: Act, desktop: Desktop) -> tuple[Act, str, int, int]:
    attempt = desktop.attempt.number if desktop.attempt else 0
    return act, desktop.role, desktop.generation, attempt


async def _all(doing: Sequence[Coroutine[Any, Any, bool]]) -> list[bool]:
    """Do everything at once; when one fails, the others are stopped and its error is raised."""
    tasks = [asyncio.create_task(each) for each in doing]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
