"""What both do about recordings, one verb per use case, and what is kept of them."""

from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import InvalidInput, NotFound, Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.desktops.ports import Recordings as Camera
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.recording import rules
from quadrangle.meetings.recording.model import (
    Recording,
    RecordingAction,
    Recordings,
    RecordingState,
)

log = structlog.get_logger(__name__)

Follow = Callable[[str], Awaitable[object]]


class Directing:
    """Every verb raises Unavailable, and Conflict when others write all the time.

    `follow` has a meeting's recordings looked at beside the job that does so: what is withdrawn is
    to stop at once.
    """

    def __init__(
        self, sheets: SheetStore[Recordings], camera: Camera, follow: Follow, clock: Clock
    ) -> None:
        self._sheets = sheets
        self._camera = camera
        self._follow = follow
        self._clock = clock

    async def show(self, meeting_id: str) -> Recordings:
        """Return the recordings of a meeting."""
        return await self._sheets.get(meeting_id)

    async def act(
        self,
        meeting: Meeting,
        side: MeetingRole,
        action: RecordingAction,
        desktop: MeetingRole | None = None,
    ) -> Recordings:
        """Do what a side wants; `desktop` is whose to record, for ASK. Raises InvalidInput,
        Forbidden, Conflict as the rules do."""
        recording_id = new_id()

        def decide(sheet: Recordings) -> rules.Told:
            now = self._clock.now()
            match action:
                case RecordingAction.ASK:
                    if desktop is None:
                        raise InvalidInput.at("desktop", "Please say whose desktop to record.")
                    return rules.ask(sheet, recording_id, desktop, meeting, side, now)
                case RecordingAction.AGREE:
                    return rules.agree(sheet, meeting, side, now)
                case RecordingAction.REFUSE:
                    return rules.refuse(sheet, meeting, side, now)
                case RecordingAction.STOP:
                    return rules.stop(sheet, meeting, side, now)

        sheet = await write(self._sheets, meeting.meeting_id, decide)
        if action is RecordingAction.STOP:
            return await self._followed(meeting.meeting_id, sheet)
        return sheet

    async def discard(self, meeting_id: str, recording_id: str, actor: Principal) -> Recordings:
        """Have a film removed. Raises NotFound, Conflict while it is made."""
        sheet = await write(
            self._sheets,
            meeting_id,
            lambda known: rules.discard(known, recording_id, actor, self._clock.now()),
        )
        return await self._followed(meeting_id, sheet)

    async def find(self, meeting_id: str, recording_id: str) -> Recording:
        """Return a recording whose film is kept. Raises NotFound."""
        recording = rules.find(await self.show(meeting_id), recording_id)
        if recording.state is not RecordingState.READY:
            raise NotFound("There is no such recording.")
        return recording

    def content(self, recording: Recording) -> AsyncIterator[bytes]:
        """Yield the film as MP4. Raises NotFound."""
        return self._camera.content(recording.machine_id or "", recording.recording_id)

    async def _followed(self, meeting_id: str, sheet: Recordings) -> Recordings:
        try:
            await self._follow(meeting_id)
            return await self.show(meeting_id)
        except Unavailable as error:  # then the job does it
            log.warning("a recording was not followed at once", cause=repr(error))
            return sheet
