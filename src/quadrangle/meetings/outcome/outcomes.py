"""What came of a meeting, for each side what is theirs to know, and for staff."""

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.meetings.joining.seats import View
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.outcome import note_rules
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import PresenceStore
from quadrangle.meetings.presence import rules as presence_rules
from quadrangle.meetings.presence.rules import Attendance
from quadrangle.meetings.recording.model import Recordings
from quadrangle.meetings.take_home import rules as take_home_rules
from quadrangle.meetings.take_home.model import TakeHome


class Outcome(msgspec.Struct, frozen=True):
    """A meeting as one side sees it once it is over, or staff, whose `side` is None.

    `may_note`: who looks is surely the teacher, whose note it is.
    """

    meeting: Meeting
    side: MeetingRole | None
    attendance: list[Attendance]
    take_home: TakeHome
    recordings: Recordings
    note: Note | None
    may_note: bool


class Outcomes:
    """Every verb raises Unavailable."""

    def __init__(
        self,
        notes: SheetStore[Note],
        take_home: SheetStore[TakeHome],
        recordings: SheetStore[Recordings],
        presence: PresenceStore,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._notes = notes
        self._take_home = take_home
        self._recordings = recordings
        self._presence = presence
        self._clock = clock
        self._policy = policy

    async def show(self, view: View) -> Outcome:
        """Return what came of a meeting, for who looks."""
        meeting_id = view.meeting.meeting_id
        connections = await self._presence.of_meeting(meeting_id)
        attended = presence_rules.attendance(
            view.meeting, connections, self._clock.now(), self._policy
        )
        return Outcome(
            meeting=view.meeting,
            side=view.side,
            attendance=presence_rules.seen_by(attended, view.side),
            take_home=take_home_rules.seen_by(await self._take_home.get(meeting_id), view.side),
            recordings=await self._recordings.get(meeting_id),
            note=note_rules.seen_by(await self._notes.get(meeting_id), view),
            may_note=note_rules.is_teacher(view) and view.meeting.joined_at is not None,
        )

    async def write_note(self, view: View, text: str, *, is_shared: bool) -> Note:
        """Have the teacher's note be that text. Raises Forbidden, InvalidInput, Conflict."""
        note_rules.require_teacher(view)
        meeting, now, actor = view.meeting, self._clock.now(), view.actor
        return await write(
            self._notes,
            meeting.meeting_id,
            lambda note: note_rules.write(note, text, meeting, actor, now, is_shared=is_shared),
        )
